"""Where nothing was filed, there is nothing to count: the table has no zero there, but an empty value and why."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from reports.renderers.reading import Reading
from reports.renderers.tidy.line import Line
from reports.renderers.uncounted import Place, uncounted


def no_claims(reading: Reading, lines: Iterator[Line]) -> Iterator[Line]:
    """Yield `lines`, those that would count what nobody filed without their zero."""
    nothing = uncounted(reading)
    for line in lines:
        why = nothing.why(Place(line.section, line.table, line.measure_code), line.value)
        yield replace(line, value=None, note=why) if why else line
