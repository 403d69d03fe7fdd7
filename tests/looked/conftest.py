"""Files of a folder of their own, and closings that store no page: the pages are made where they are looked at."""

from tests.reports.conftest import files, json_alone

__all__ = ["files", "json_alone"]
