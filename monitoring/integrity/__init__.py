"""What must hold of the whole record, asked of all of it at once; here the form, and what holds of every table."""

from monitoring.integrity.invariants import Broken, Invariant, examine

__all__ = ["Broken", "Invariant", "examine"]
