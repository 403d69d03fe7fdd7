"""manage.py import_events --format FORMAT FILE --agreement CODE: record a set of events that others recorded."""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from monitoring.management import named
from monitoring.models import Agreement
from violations.codebook import Noticed
from violations.importing import rejects_place, stanzas
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
            "FILE with .rejects.csv, here. Where a table stands there that says anything else, the next number is "
            "put into the name: nothing is written over.",
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
            help="Say what would be recorded, and record nothing; what would be refused goes to a table of its own, "
            "with .dry-run in its name.",
        )
        parser.add_argument(
            "--anyway",
            action="store_true",
            help="Record the set though more than half of its events lie in no area of the truce; without this it is "
            "refused whole.",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Import and say what came of every line."""
        agreement = named.agreement(options["agreement"])
        rejects = rejects_place.of(options["file"], options["rejects"], dry_run=options["dry_run"])
        names = options["names"] or rejects.parent / f"{rejects_place.stem(options['file'])}.names.toml"
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
                anyway=options["anyway"],
                tell=self.stderr.write,
            )
        if imported.warning:
            self.stdout.write(_("Warning: %(warning)s") % {"warning": imported.warning})
        self._tell(imported, agreement, dry_run=options["dry_run"])
        self._tell_unknown(imported, agreement, reader.SCHEME, names)
        if options["dry_run"]:
            self.stdout.write(_("This was a dry run: nothing was recorded."))
            if imported.warning and not options["anyway"]:
                raise CommandError(_("Without --dry-run this is refused whole, for the warning; --anyway records it."))
        told_imports.end(imported.refused, imported.read, imported.rejects, dry_run=options["dry_run"])

    def _tell(self, imported: Imported, agreement: Agreement, *, dry_run: bool) -> None:
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
        odd = _odd(imported, agreement)
        if odd:
            self.stdout.write(_("Odd, and kept as it is told:"))
        self._write(told_imports.counts(odd))

    def _write(self, lines: Iterable[str]) -> None:
        for line in lines:
            self.stdout.write(line)

    def _tell_unknown(self, imported: Imported, agreement: Agreement, scheme: str, names: Path) -> None:
        taken = set(agreement.parties.values_list("code", flat=True))
        parties = stanzas.of_parties(imported.unknown_parties, scheme=scheme, taken=taken)
        areas = stanzas.of_areas(imported.unknown_areas, scheme=scheme)
        self._write(told_names.lines(list(parties), list(areas), file=names))


def _odd(imported: Imported, agreement: Agreement) -> dict[str, int]:
    """What is odd, of how many lines. Outside is one number: on no shape, and what the source says lies elsewhere."""
    told = {str(Noticed(code).label): count for code, count in imported.noticed.items() if code != Noticed.ON_NO_SHAPE}
    outside = _("in no area of %(agreement)s") % {"agreement": agreement.code}
    return told | ({outside: imported.outside} if imported.outside else {})
