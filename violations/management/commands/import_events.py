"""manage.py import_events --format FORMAT FILE --agreement CODE: record a set of events that others recorded."""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from monitoring.management import named
from monitoring.models import Agreement
from violations.codebook import Noticed
from violations.importing import stanzas
from violations.importing.events import FORMATS, Imported, import_events
from violations.management import told_imports, told_names


class Command(BaseCommand):
    """Import in one transaction; lines that cannot be taken go to a table beside, the rest comes in."""

    help = "Record a set of events (CSV) as reports; a second run writes nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Name the file, what it is, the agreement, and how to run."""
        parser.epilog = str(told_imports.CODES)
        parser.add_argument("file", type=Path, metavar="FILE")
        parser.add_argument("--format", required=True, choices=sorted(FORMATS), help="What kind of set it is.")
        parser.add_argument("--agreement", required=True, metavar="CODE", help="Code of the agreement.")
        parser.add_argument(
            "--rejects",
            type=Path,
            metavar="FILE",
            help="Where lines that cannot be taken are written, to be mended and handed in; by default the name of "
            "FILE with .rejects.csv, here. Removed where every line is taken.",
        )
        parser.add_argument(
            "--names",
            type=Path,
            metavar="FILE",
            help="Where names that the mechanism does not know are written if they are many; by default the name of "
            "FILE with .names.toml, beside the rejects.",
        )
        parser.add_argument("--strict", action="store_true", help="Refuse the file whole where a line cannot be taken.")
        parser.add_argument(
            "--dry-run",
            action="store_true",
            help="Say what would be recorded and write the rejects, and record nothing.",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Import and say what came of every line."""
        agreement = named.agreement(options["agreement"])
        rejects = options["rejects"] or Path(options["file"].stem + ".rejects.csv")
        names = options["names"] or rejects.parent / (options["file"].stem + ".names.toml")
        told_names.require_free(names)
        reader = FORMATS[options["format"]]
        with told_imports.ending_in_words():
            imported = import_events(
                agreement,
                options["file"],
                reader=reader,
                by=None,
                rejects=rejects,
                strict=options["strict"],
                dry_run=options["dry_run"],
                tell=self.stderr.write,
            )
        self._tell(imported, dry_run=options["dry_run"])
        self._tell_unknown(imported, agreement, reader.SCHEME, names)
        if options["dry_run"]:
            self.stdout.write(_("This was a dry run: nothing was recorded."))
        told_imports.end(imported.refused, imported.read, rejects, dry_run=options["dry_run"])

    def _tell(self, imported: Imported, *, dry_run: bool) -> None:
        self._write(imported.warnings)
        became = {
            _("new"): imported.new,
            _("told otherwise than before, a revision each"): imported.revised,
            _("read anew, now that their names are known"): imported.read_anew,
            _("known already"): imported.known,
            _("repeating a line that stands in the file before"): imported.repeated,
            _("refused"): imported.refused,
        }
        self._write(told_imports.summary(imported.read, became, dry_run=dry_run))
        if imported.new + imported.revised + imported.read_anew:
            self.stdout.write(_("Of what would be recorded:") if dry_run else _("Of what was recorded:"))
        self._write(
            told_imports.counts(
                {
                    _("incidents assessed"): imported.assessed,
                    _("revisions that wait for a proposal, for something was found or proposed"): imported.waiting,
                }
            )
        )
        if imported.noticed:
            self.stdout.write(_("Odd, and kept as it is told:"))
        self._write(told_imports.counts({str(Noticed(code).label): count for code, count in imported.noticed.items()}))

    def _write(self, lines: Iterable[str]) -> None:
        for line in lines:
            self.stdout.write(line)

    def _tell_unknown(self, imported: Imported, agreement: Agreement, scheme: str, names: Path) -> None:
        taken = set(agreement.parties.values_list("code", flat=True))
        parties = stanzas.of_parties(imported.unknown_parties, scheme=scheme, taken=taken)
        areas = stanzas.of_areas(imported.unknown_areas, scheme=scheme)
        self._write(told_names.lines(list(parties), list(areas), file=names))
