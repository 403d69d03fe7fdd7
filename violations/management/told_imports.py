"""What the import commands say in the end, and how they end.

What became of the lines adds up to the lines read: each line of a file is counted under one word. An import that
refused lines ends with a code of its own, so that a script notices; what could be taken stays taken.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from django.core.management.base import CommandError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from monitoring.errors import Refusal
from monitoring.management import terminal

LINES_REFUSED = 3
CODES = gettext_lazy(
    "Ends with 0 where every line was taken; with 3 where lines were refused, and what could be taken was; with 1 "
    "where the file was refused whole, and nothing was recorded."
)


@contextmanager
def ending_in_words() -> Iterator[None]:
    """Raise CommandError with what the import was refused for, or that the person ended it."""
    try:
        # Whether it was recorded is not known here: the signal may come when it is.
        with terminal.interruptible(_("Interrupted. Run it again: what is recorded by now is known then.")):
            yield
    except Refusal as refusal:
        raise CommandError(refusal.message) from None


def summary(read: int, became: Mapping[str, int], *, dry_run: bool) -> Iterator[str]:
    """Yield how many lines were read and what became of them, or would."""
    lines = ngettext("%(count)s line read", "%(count)s lines read", read) % {"count": f"{read:,}"}
    yield (_("%(lines)s; without --dry-run they would be:") if dry_run else "%(lines)s:") % {"lines": lines}
    yield from counts(became)


def counts(told: Mapping[str, int]) -> Iterator[str]:
    """Yield a line for each of what was counted, where it is any."""
    for what, count in told.items():
        if count:
            yield f"{count:>9,}  {what}"


def end(refused: int, read: int, rejects: Path | None, *, dry_run: bool) -> None:
    """Raise CommandError with the code that says so, where lines were refused."""
    if not refused:
        return
    if dry_run:
        message = ngettext(
            "%(refused)s of %(read)s lines would be refused: with its reasons in %(file)s.",
            "%(refused)s of %(read)s lines would be refused: with their reasons in %(file)s.",
            refused,
        )
    else:
        message = ngettext(
            "%(refused)s of %(read)s lines was refused: with its reasons in %(file)s, to be mended and handed in.",
            "%(refused)s of %(read)s lines were refused: with their reasons in %(file)s, to be mended and handed in.",
            refused,
        )
    told = {"refused": f"{refused:,}", "read": f"{read:,}", "file": rejects}
    raise CommandError(message % told, returncode=LINES_REFUSED)
