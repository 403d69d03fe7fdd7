"""Files of a folder of their own."""

from tests.reports.conftest import files

__all__ = ["files"]
