"""Section 3, on: incidents by area, zone and day."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from reports.renderers import values
from reports.renderers.document.blocks import Block, paragraph
from reports.renderers.document.tallies import joint_note, tally_table
from reports.renderers.measured import measure
from reports.renderers.reading import Reading, initial, word


def where(reading: Reading, section: dict[str, Any]) -> list[Block]:
    """By each level of area that the truce lists and may show, and by zone; or why not."""
    blocks = []
    for level in section["by_area"]:
        placed = reading.sorted("area", [row for row in level["rows"] if row["area"]], lambda row: row["area"])
        rest = [row for row in level["rows"] if not row["area"]]
        blocks.append(
            tally_table(
                f"by-area-{level['level']}",
                _("Incidents by %(level)s") % {"level": reading.level(level["level"])},
                initial(reading.level(level["level"])),
                [
                    *((reading.area(row["area"], level["level"]), row, "") for row in [*placed, *rest]),
                    (_("All incidents"), section["total"], "total"),
                ],
                note=joint_note(level["joint"]),
                **measure(reading, "incidents"),
            )
        )
    if not blocks:
        blocks.append(paragraph(_("By area: not made, since this truce lists no areas."), tone="note"))
    zones = [row for row in section["by_zone"] if row["zone"]]
    if not zones:
        return [*blocks, paragraph(_("By zone: not made, since no zone stood in this period."), tone="note")]
    return [*blocks, _by_zone(reading, section, zones)]


def _by_zone(reading: Reading, section: dict[str, Any], zones: list[dict[str, Any]]) -> Block:
    rows = [
        (
            _("%(zone)s (several drawings)") % {"zone": reading.name("zone", row["zone"])}
            if row["rival_lines"]
            else reading.name("zone", row["zone"]),
            row,
            "",
        )
        for row in reading.sorted("zone", zones, lambda row: row["zone"])
    ]
    rows += [(_("In no zone"), row, "") for row in section["by_zone"] if not row["zone"]]
    note = [joint_note(section["by_zone_joint"])]
    if any(row["rival_lines"] for row in zones):
        note.append(
            _("Several drawings: a place within any of them counts here; section 5 says what each reading changes.")
        )
    return tally_table(
        "by-zone",
        _("Incidents by zone of the truce"),
        _("Zone"),
        [*rows, (_("All incidents"), section["total"], "total")],
        note=" ".join(filter(None, note)),
        **measure(reading, "incidents"),
    )


def by_day(reading: Reading, section: dict[str, Any]) -> Block:
    """Every day, zero included, then what is not dated to one."""
    rows = [
        (values.short_day(row["date"]) if row["date"] else word("dated", row["dated"]), row, "")
        for row in section["by_day"]
    ]
    return tally_table(
        "by-day",
        _("Incidents by day of their earliest instant"),
        _("Day"),
        [*rows, (_("All incidents"), section["total"], "total")],
        note=_("Days of the truce in %(zone)s, beginning at %(time)s.")
        % {"zone": values.zone_of(reading.period), "time": values.code(reading.header["day_begins"])},
        **measure(reading, "incidents"),
    )
