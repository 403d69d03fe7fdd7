"""Whether the whole record is sound: every invariant of every room, in the order in which they are asked and told."""

from monitoring.integrity import Invariant
from reports.integrity.examining import INVARIANTS, Result, examine_all

__all__ = ["INVARIANTS", "Invariant", "Result", "examine_all"]
