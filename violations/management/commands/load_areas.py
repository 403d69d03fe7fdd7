"""Load the shapes of a truce's areas as a boundary set, and assess its incidents anew."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import ngettext

from monitoring import areas, ledger
from monitoring.errors import Refusal
from monitoring.management import named
from monitoring.models import Agreement, Area, BoundarySet
from violations import assessment, moved
from violations.management.told_moves import anew, lines

MOST_LISTED = 20  # of what was mended, or has no shape
MOST_LINES = 5  # of a level; `areas --moved --all` tells every one


class Command(BaseCommand):
    """One transaction, one stamp: the boundary set and every assessment that it changes."""

    help = (
        "Record the shapes of one level of areas from a GeoJSON or GeoPackage. Rings that cross themselves are mended."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Which truce, which file, and what in it means what."""
        parser.add_argument("agreement", metavar="AGREEMENT", help="Code of the truce.")
        parser.add_argument("file", metavar="FILE", type=Path, help="GeoJSON (WGS84) or GeoPackage (any system).")
        parser.add_argument("--level", required=True, choices=Area.Level.values[1:])
        parser.add_argument("--source", required=True, help="Who drew them, printed under every map.")
        parser.add_argument("--licence", default="", help="On what terms they may be used.")
        parser.add_argument("--valid-on", type=date.fromisoformat, help="The day they are true of, as 2020-12-17.")
        parser.add_argument("--code", required=True, metavar="PROPERTY", help="The property that holds an area's code.")
        parser.add_argument(
            "--name",
            action="append",
            default=[],
            metavar="LANGUAGE=PROPERTY",
            help="The property that holds its name in a language, as en=adm2_name; for areas not yet recorded.",
        )
        parser.add_argument(
            "--parent", default="", metavar="PROPERTY", help="The property with the code of its parent."
        )
        parser.add_argument("--layer", default="", help="Which layer of a GeoPackage that has several.")

    def handle(self, *args: object, **options: Any) -> None:
        """Read, record, reassess, and say what came of it."""
        names = dict(name.partition("=")[::2] for name in options["name"])
        if not all(names.values()):
            raise CommandError("Write --name as LANGUAGE=PROPERTY, for instance --name en=adm2_name.")
        agreement = named.agreement(options["agreement"])
        try:
            with ledger.writing() as entry:
                boundary_set = areas.load(
                    agreement,
                    options["file"],
                    level=options["level"],
                    source=options["source"],
                    licence=options["licence"],
                    valid_on=options["valid_on"],
                    layer=options["layer"],
                    code_property=options["code"],
                    name_properties=names,
                    parent_property=options["parent"],
                    by=None,
                    entry=entry,
                )
                if boundary_set.recorded_at != entry.stamp():
                    self.stdout.write(f"{agreement.code}: these shapes are recorded already; nothing was written.")
                    return
                reassessed = assessment.reassess_agreement(agreement, recorded_at=entry.stamp())
        except Refusal as refusal:
            raise CommandError(refusal.message) from None
        self._tell(agreement, boundary_set)
        self.stdout.write(anew(reassessed))
        if reassessed.closed:
            for line in lines(moved.at_loading(boundary_set), at_most=MOST_LINES):
                self.stdout.write(line)

    def _tell(self, agreement: Agreement, boundary_set: BoundarySet) -> None:
        shapes = boundary_set.shapes.count()
        said = ngettext(
            "%(truce)s: %(n)d shape of level %(level)s is recorded.",
            "%(truce)s: %(n)d shapes of level %(level)s are recorded.",
            shapes,
        )
        self.stdout.write(said % {"truce": agreement.code, "n": shapes, "level": boundary_set.level})
        self._list([f"  mended: {mended['code']} ({mended['why']})" for mended in boundary_set.mended])
        without = agreement.areas.filter(level=boundary_set.level).exclude(shapes__boundary_set=boundary_set)
        self._list([f"  without a shape: {area.code} ({area.name})" for area in without])

    def _list(self, lines: list[str]) -> None:
        for line in lines[:MOST_LISTED]:
            self.stdout.write(line)
        if left := len(lines[MOST_LISTED:]):
            self.stdout.write(f"  and {left} more; `areas` lists every one")
