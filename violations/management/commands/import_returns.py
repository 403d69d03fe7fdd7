"""manage.py import_returns FILE... --agreement CODE: record what the sides of the joint commission announced."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from monitoring.management import named
from violations.importing.commission import SCHEME, Imported, import_returns
from violations.importing.stanzas import quoted
from violations.management import told_imports
from violations.returns import Outcome

OUTCOMES = {
    Outcome.RECORDED: gettext_lazy("recorded"),
    Outcome.CONTRADICTING: gettext_lazy("recorded beside a return with other numbers"),
    Outcome.CORRECTED: gettext_lazy("recorded as a correction"),
    Outcome.READ_ANEW: gettext_lazy("read anew, now that their names are known"),
    Outcome.SECOND_SOURCE: gettext_lazy("a second source of a return"),
    Outcome.KNOWN: gettext_lazy("known already"),
}
WOULD_BE = {
    Outcome.RECORDED: gettext_lazy("would be recorded"),
    Outcome.CONTRADICTING: gettext_lazy("would be recorded beside a return with other numbers"),
    Outcome.CORRECTED: gettext_lazy("would be recorded as a correction"),
    Outcome.READ_ANEW: gettext_lazy("would be read anew, now that their names are known"),
    Outcome.SECOND_SOURCE: gettext_lazy("would be a second source of a return"),
    Outcome.KNOWN: gettext_lazy("known already"),
}


class Command(BaseCommand):
    """Record daily returns from tables, all or none; what is recorded already is left alone."""

    help = "Record daily returns (CSV) of the sides of an agreement; a second run writes nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Name the files, the agreement, and how to run."""
        parser.add_argument("files", nargs="+", type=Path, metavar="FILE", help="Tables; a pair is given together.")
        parser.add_argument("--agreement", required=True, metavar="CODE", help="Code of the agreement.")
        parser.add_argument("--dry-run", action="store_true", help="Say what would be recorded, and record nothing.")
        parser.add_argument(
            "--correct",
            action="store_true",
            help="Numbers that differ from those first read at an address correct them.",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Import, or roll back after telling what would be recorded."""
        agreement = named.agreement(options["agreement"])
        with told_imports.ending_in_words(), transaction.atomic():
            imported = import_returns(agreement, options["files"], by=None, correct=options["correct"])
            transaction.set_rollback(options["dry_run"])
        self._tell(imported, dry_run=options["dry_run"])

    def _tell(self, imported: Imported, *, dry_run: bool) -> None:
        self.stdout.write(
            _("Read: %(returns)s of %(days)s, %(lines)s.")
            % {
                "returns": ngettext("%(n)d return", "%(n)d returns", imported.returns) % {"n": imported.returns},
                "days": ngettext("%(n)d day", "%(n)d days", imported.dates) % {"n": imported.dates},
                "lines": ngettext("%(n)d count by area", "%(n)d counts by area", imported.lines)
                % {"n": imported.lines},
            }
        )
        for outcome, meaning in (WOULD_BE if dry_run else OUTCOMES).items():
            if imported.outcomes[outcome]:
                self.stdout.write(f"  {imported.outcomes[outcome]:>5}  {meaning}")
        if imported.unplaced:
            self.stdout.write(
                _(
                    "Kept as written, for the mechanism knows no area of that name. Give each its area in the "
                    "mechanism file, load it, and run this again:"
                )
            )
            for name in imported.unplaced:
                self.stdout.write(f'\n[[areas]]\ncode = "..."\naliases = {{ {SCHEME} = [{quoted(name)}] }}')
        if dry_run:
            self.stdout.write(_("This was a dry run: nothing was recorded."))
