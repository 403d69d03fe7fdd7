"""What commands say of incidents assessed anew: how many, and which changed place, from where to where, by level."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from violations.moved import WHAT, Move, Moved

if TYPE_CHECKING:
    from violations.assessment import Reassessed


def anew(reassessed: Reassessed) -> str:
    """How many incidents were assessed anew, and how many assessments that closed."""
    written = ngettext("%(n)d incident assessed anew", "%(n)d incidents assessed anew", reassessed.written)
    closed = ngettext("%(n)d assessment closed", "%(n)d assessments closed", reassessed.closed)
    return f"{written % {'n': reassessed.written}}, {closed % {'n': reassessed.closed}}."


def lines(compared: Moved, *, at_most: int | None) -> Iterator[str]:
    """Yield a line a move, the most frequent first; of each level at most `at_most`, and how many are left out."""
    yield ngettext(
        "  %(differing)d of %(compared)d incident changed area or scope",
        "  %(differing)d of %(compared)d incidents changed area or scope",
        compared.compared,
    ) % {"differing": compared.differing, "compared": compared.compared}
    for what in WHAT:
        moves = compared.of(what)
        if not moves:
            continue
        count = sum(move.count for move in moves)
        yield ngettext("  %(what)s: %(count)d incident", "  %(what)s: %(count)d incidents", count) % {
            "what": what,
            "count": count,
        }
        yield from (_line(move) for move in moves[:at_most])
        if left := len(moves[len(moves) if at_most is None else at_most :]):
            yield ngettext("    and %(count)d other way", "    and %(count)d other ways", left) % {"count": left}


def _line(move: Move) -> str:
    return f"{move.count:>9,}  {_named(move.was)} -> {_named(move.now)}"


def _named(codes: tuple[str, ...]) -> str:
    return " + ".join(codes) or _("not placed")
