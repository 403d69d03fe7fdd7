"""Ask of the whole record what must always hold of it."""

from __future__ import annotations

import time
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from reports import integrity
from reports.integrity import Result

ERASED_NEXT = "\r"  # back to the beginning of the line, over which what comes of it is written


class Command(BaseCommand):
    """Ends with exit code 1 where an invariant does not hold. Writers need not stop meanwhile."""

    help = "Check the invariants of the whole record: each holds, or how many break it and the first of them."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the names of some."""
        parser.add_argument(
            "--check",
            action="append",
            default=[],
            metavar="NAME",
            choices=[invariant.name for invariant in integrity.INVARIANTS],
            help="only this one; may be given several times (--list tells them)",
        )
        parser.add_argument("--list", action="store_true", help="tell the checks and what each says, and ask nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        """Ask one after the other, a line each."""
        if options["list"]:
            for number, invariant in enumerate(integrity.INVARIANTS, start=1):
                self.stdout.write(f"{number:>3}  {invariant.name}: {invariant.says}.")
            return
        asked = broken = 0
        began = time.monotonic()
        for result in integrity.examine_all(names=options["check"], tell=self._progress):
            self._tell(result, time.monotonic() - began)
            asked += 1
            broken += bool(result.broken.count)
            began = time.monotonic()
        self.stdout.write(_("%(holding)d of %(asked)d hold.") % {"holding": asked - broken, "asked": asked})
        if broken:
            self.stderr.write(
                ngettext("%(count)d invariant does not hold.", "%(count)d invariants do not hold.", broken)
                % {"count": broken}
            )
            raise SystemExit(1)

    def _progress(self, number: int, invariant: integrity.Invariant) -> None:
        """Tell a person what is being asked, in one line that what came of it takes the place of."""
        if self.stderr.isatty():
            told = {"number": number, "all": len(integrity.INVARIANTS), "name": invariant.name}
            self.stderr.write(_("%(number)d of %(all)d: %(name)s") % told, ending=ERASED_NEXT)
            self.stderr.flush()

    def _tell(self, result: Result, seconds: float) -> None:
        said = _("holds") if not result.broken.count else _("%(count)d do not") % {"count": result.broken.count}
        if self.stderr.isatty():
            self.stderr.write("\x1b[K", ending="")
            self.stderr.flush()
        name = f"{result.number:>3}  {result.invariant.name}"
        self.stdout.write(f"{name:<36}{said}  ({seconds:.1f} s)")
        if not result.broken.count:
            return
        self.stdout.write(f"     {result.invariant.says}.")
        for what in result.broken.first:
            self.stdout.write(f"       {what}")
        if result.broken.count > len(result.broken.first):
            self.stdout.write("       ...")
