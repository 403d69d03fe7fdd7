"""Load a truce: record what its mechanism file says, and assess its incidents anew."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import ngettext

from monitoring import ledger, mechanism, mechanism_file, wording
from monitoring.errors import Refusal
from monitoring.models import MechanismVersion
from violations import assessment, codebook
from violations.management.told_moves import anew


class Command(BaseCommand):
    """One transaction, one stamp: the version and every assessment that it changes."""

    help = "Record the mechanism of a truce from FILE.toml and the GeoJSON beside it. A faulty file is refused whole."

    def add_arguments(self, parser: CommandParser) -> None:
        """Which file."""
        parser.add_argument("file", metavar="FILE.toml", type=Path)

    def handle(self, *args: object, file: Path, **options: object) -> None:
        """Read, record, reassess, and say what came of it."""
        try:
            truce = mechanism_file.read(file, **codebook.FOR_MECHANISMS)
            for warning in wording.of_mechanism(truce):
                self.stderr.write(f"Look at {warning}.")
            with ledger.writing() as entry:
                version = mechanism.record(truce, by=None, entry=entry)
                if version.recorded_at != entry.stamp():
                    self.stdout.write(f"{_told(version)} says the same already; nothing was written.")
                    return
                reassessed = assessment.reassess_agreement(version.agreement, recorded_at=entry.stamp())
        except Refusal as refusal:
            raise CommandError(refusal.message) from None
        self.stdout.write(f"{_told(version)} is recorded: {', '.join(_counted(truce))}; {anew(reassessed)}")


def _counted(truce: mechanism_file.MechanismFile) -> Iterator[str]:
    """How many of what the file names."""
    for said, found in (
        (ngettext("%(n)d party", "%(n)d parties", len(truce.parties)), truce.parties),
        (ngettext("%(n)d guarantor", "%(n)d guarantors", len(truce.guarantors)), truce.guarantors),
        (ngettext("%(n)d zone", "%(n)d zones", len(truce.zones)), truce.zones),
        (ngettext("%(n)d area", "%(n)d areas", len(truce.areas)), truce.areas),
    ):
        yield said % {"n": len(found)}


def _told(version: MechanismVersion) -> str:
    return f"{version.agreement.code}: mechanism version {version.number} ({version.file_sha256[:12]})"
