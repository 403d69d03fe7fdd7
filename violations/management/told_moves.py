"""What commands say of incidents that changed place: how many, from where to where, for each level and the scope."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from violations.moved import WHAT, Move, Moved


def lines(compared: Moved, *, at_most: int | None) -> Iterator[str]:
    """Yield a line a move, the most frequent first; of each level at most `at_most`, and how many are left out."""
    yield _("  %(differing)d of %(compared)d incidents changed area or scope") % {
        "differing": compared.differing,
        "compared": compared.compared,
    }
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
