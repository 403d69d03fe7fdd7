"""manage.py areas AGREEMENT: the boundary sets of a truce, what of them was mended, and what changed place by them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from monitoring.management import named
from monitoring.models import Agreement, Area, BoundarySet
from violations import moved
from violations.management.told_moves import lines

MOST_LINES = 20  # of a level; a first load moves incidents into every area there is


class Command(BaseCommand):
    """Reads alone; of incidents it tells numbers, never which or where."""

    help = (
        "List the boundary sets of a truce: whose they are, what was mended, which areas have no shape; "
        "with --moved, how many incidents changed area or scope by a set, or between two."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Which truce, and between what to compare."""
        parser.add_argument("agreement", metavar="AGREEMENT", help="Code of the truce.")
        parser.add_argument(
            "--moved",
            nargs="*",
            type=int,
            metavar="SET",
            help="Count what changed place: at the last load; with a set's number, when that was loaded; with two, "
            "between the record as known at the load of the one and of the other.",
        )
        parser.add_argument("--all", action="store_true", help=f"Every line of --moved, not {MOST_LINES} of a level.")

    def handle(self, *args: Any, **options: Any) -> None:
        """List, then compare where that is asked."""
        agreement = named.agreement(options["agreement"])
        sets = dict(enumerate(agreement.boundary_sets.order_by("recorded_at", "pk"), start=1))
        if options["moved"] is None:
            self._list(agreement, sets)
        else:
            self._compare(agreement, sets, options["moved"], None if options["all"] else MOST_LINES)

    def _list(self, agreement: Agreement, sets: dict[int, BoundarySet]) -> None:
        for level in Area.Level:
            areas = agreement.areas.filter(level=level)
            if not areas:
                continue
            self.stdout.write(
                ngettext("%(level)s: %(count)d area", "%(level)s: %(count)d areas", len(areas))
                % {"level": level.value, "count": len(areas)}
            )
            if level == Area.Level.GROUPING:
                for area in areas:
                    self.stdout.write(f"  {_grouping(area)}")
                continue
            of_level = {number: drawn for number, drawn in sets.items() if drawn.level == level}
            for number, drawn in of_level.items():
                self._tell(number, drawn)
            in_force = next((drawn for drawn in of_level.values() if drawn.superseded_at is None), None)
            if in_force is None:
                self.stdout.write(f"  {_('no shapes: counted as the source states the area')}")
                continue
            for area in areas.exclude(shapes__boundary_set=in_force):
                self.stdout.write(_("  without a shape: %(code)s (%(name)s)") % {"code": area.code, "name": area.name})

    def _tell(self, number: int, drawn: BoundarySet) -> None:
        until = _("superseded %(at)s") % {"at": _written(drawn.superseded_at)} if drawn.superseded_at else _("in force")
        shapes = drawn.shapes.count()
        told = [
            drawn.source,
            _("licence: %(licence)s") % {"licence": drawn.licence or _("not stated")},
            _("valid on %(day)s") % {"day": drawn.valid_on or _("a day not stated")},
            ngettext("%(count)d shape", "%(count)d shapes", shapes) % {"count": shapes},
            _("recorded %(at)s") % {"at": _written(drawn.recorded_at)},
            until,
        ]
        self.stdout.write(f"  {_('set %(number)d') % {'number': number}}: {'; '.join(told)}")
        for mended in drawn.mended:
            self.stdout.write(f"    {_('mended')}: {mended['code']} ({mended['why']})")

    def _compare(
        self, agreement: Agreement, sets: dict[int, BoundarySet], asked: list[int], at_most: int | None
    ) -> None:
        if not sets:
            raise CommandError(_("No shapes were ever loaded for this truce, so nothing changed place by them."))
        asked = asked or [max(sets)]
        unknown = [number for number in asked if number not in sets]
        if unknown or len(asked) > 2:
            raise CommandError(
                _("--moved takes at most two numbers of sets; there are 1 to %(count)d.") % {"count": len(sets)}
            )
        drawn = [sets[number] for number in sorted(set(asked))]
        if len(drawn) == 1:
            compared = moved.at_loading(drawn[0])
            told = _("When set %(number)d (%(level)s) was recorded, %(at)s:")
            self.stdout.write(
                told % {"number": asked[0], "level": drawn[0].level, "at": _written(drawn[0].recorded_at)}
            )
        else:
            compared = moved.between(agreement, drawn[0].recorded_at, drawn[1].recorded_at)
            told = _(
                "Between the record as known at %(before)s and at %(after)s, "
                "whichever boundaries or mechanism changed meanwhile:"
            )
            self.stdout.write(
                told % {"before": _written(drawn[0].recorded_at), "after": _written(drawn[1].recorded_at)}
            )
        for line in lines(compared, at_most=at_most):
            self.stdout.write(line)


def _grouping(area: Area) -> str:
    """Say what a grouping mixes: it has no shape, and what lies in one of its members is not counted in it by that."""
    return _("%(code)s: %(members)s told as one; it has no shapes, and holds what a source states to lie in it") % {
        "code": area.code,
        "members": " + ".join(area.members.order_by("code").values_list("code", flat=True)),
    }


def _written(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
