"""Section 3: incidents and violations, in every breakdown with the whole vector of columns."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from reports.renderers import values
from reports.renderers.document.blocks import Block, cell, column, heading, paragraph, row, table
from reports.renderers.document.first_page import by_side, nothing_filed
from reports.renderers.document.tallies import tally_table
from reports.renderers.reading import Reading, word
from reports.renderers.words import COLUMNS, MEANINGS, OUT_OF_SCOPE

GROUPS = ("guarantor_forces", "undertaken", "not_undertaken", "not_named", "not_attributable", "contested")


def incidents(reading: Reading) -> list[Block]:
    """By side, party, provision, act, object, weapon, area, zone and day; attribution and casualties."""
    blocks = [heading(_("3. Incidents and violations"), new_page=True), column_key()]
    if not reading.registered:
        return [*blocks, paragraph(nothing_filed())]
    section = reading.sections["incidents"]
    return [
        *blocks,
        *_who(reading, section),
        _simple(reading, "by-act", _("Incidents by act"), _("Act"), section["by_act"], "act", "act"),
        _simple(
            reading,
            "by-object",
            _("Incidents by object hit"),
            _("Object hit"),
            section["by_object_hit"],
            "object",
            "object",
            joint=section["by_object_hit_joint"],
        ),
        _simple(reading, "by-weapon", _("Incidents by weapon"), _("Weapon"), section["by_weapon"], "weapon", "weapon"),
        _by_provision(reading, section),
        *_where(reading, section),
        _by_day(reading, section),
        *_attribution(reading, section),
        _casualties(reading, section),
    ]


def column_key() -> Block:
    """What each column holds, in the order in which an incident is tried."""
    names = {
        **{code: str(text) for code, text in COLUMNS.items() if code not in OUT_OF_SCOPE},
        "out_of_scope": _("Out of scope"),
        "violations": _("Violations: determined, preliminary"),
    }
    return table(
        "column-key",
        _("The columns: each incident stands in the first that fits"),
        columns=[column("48mm"), column("1fr")],
        head=[[_("Column"), _("What stands in it")]],
        rows=[row(cell(names[code], strong=True), str(text)) for code, text in MEANINGS.items()],
        note=_(
            "Determined: by a sitting of the standing body. Preliminary: agreed by people of different sides. "
            "Subtotals run across the columns: verified holds scope not assessed and in scope; in scope holds "
            "conduct undetermined, no breach, no provision and the violations."
        ),
    )


def _who(reading: Reading, section: dict[str, Any]) -> list[Block]:
    if reading.withheld_parties:
        return [paragraph(_("By side and party: not made, since this truce does not publish attribution."))]
    return [by_side(reading, anchor="by-side", brief=False), _by_party(reading, section)]


def _by_party(reading: Reading, section: dict[str, Any]) -> Block:
    rows: list[tuple[str, Any, str]] = []
    for group in GROUPS:
        members = [row for row in section["by_party"] if row["group"] == group]
        if not members:
            continue
        if members[0]["party"] is None:
            rows += [(word("group", group), row, "") for row in members]
            continue
        rows.append((word("group", group), None, ""))
        rows += [
            (_party_name(reading, row), row, "") for row in reading.sorted("party", members, lambda row: row["party"])
        ]
    rows.append((_("All incidents"), section["total"], "total"))
    return tally_table(
        "by-party",
        _("Incidents by party concerned"),
        _("Party"),
        rows,
        note=" ".join(
            filter(
                None,
                [
                    _("Party concerned: the one an agreed finding attributes the incident to, else the one alleged."),
                    _attributed_note(reading, section),
                    _joint_note(section["by_party_joint"]),
                ],
            )
        ),
    )


def _party_name(reading: Reading, row: dict[str, Any]) -> str:
    name = reading.party(row["party"], row["group"])
    undertaken = [
        _("%(guarantor)s, %(basis)s")
        % {"guarantor": reading.name("guarantor", item["guarantor"]), "basis": word("undertaking", item["basis"])}
        for item in reading.sorted("guarantor", row["undertaken_by"], lambda item: item["guarantor"])
    ]
    return f"{name} ({values.listed(undertaken)})" if undertaken else name


def _attributed_note(reading: Reading, section: dict[str, Any]) -> str:
    rows = [row for row in section["by_party"] if row["party"] and row["attributed"]["registered"]]
    if not rows:
        return _("No agreed finding attributes an incident: every party here is alleged only.")
    return _("By attribution: %(rows)s; the others are alleged only.") % {
        "rows": values.listed(
            [
                f"{reading.name('party', row['party'])} {values.count(row['attributed']['registered'])}"
                for row in reading.sorted("party", rows, lambda row: row["party"])
            ]
        )
    }


def _joint_note(joint: int) -> str:
    if not joint:
        return ""
    return ngettext(
        "%(count)s incident belongs in several rows: it counts in each and once in the whole.",
        "%(count)s incidents belong in several rows: they count in each and once in the whole.",
        joint,
    ) % {"count": values.count(joint)}


def _simple(
    reading: Reading,
    anchor: str,
    caption: str,
    first: str,
    rows: list[dict[str, Any]],
    key: str,
    kind: str,
    *,
    joint: int = 0,
) -> Block:
    """A breakdown by the codes of one list of the codebook."""
    lines = [(_initial(word(kind, row[key])) if row[key] else _("Not stated"), row, "") for row in rows]
    return tally_table(
        anchor,
        caption,
        first,
        [*lines, (_("All incidents"), reading.sections["incidents"]["total"], "total")],
        note=_joint_note(joint),
    )


def _by_provision(reading: Reading, section: dict[str, Any]) -> Block:
    rows = []
    for item in section["by_provision"]:
        if item["provision"] is None:
            rows.append((_("No finding names a provision"), item, ""))
            continue
        name = _("%(provision)s, %(instrument)s") % {
            "provision": reading.name("provision", f"{item['instrument']}/{item['provision']}"),
            "instrument": reading.name("instrument", item["instrument"]),
        }
        rows.append((name, item, ""))
    return tally_table(
        "by-provision",
        _("Incidents by provision, as agreed findings name them"),
        _("Provision"),
        [*rows, (_("All incidents"), section["total"], "total")],
        note=_joint_note(section["by_provision_joint"]),
    )


def _where(reading: Reading, section: dict[str, Any]) -> list[Block]:
    blocks = []
    for level in section["by_area"]:
        placed = reading.sorted("area", [row for row in level["rows"] if row["area"]], lambda row: row["area"])
        rest = [row for row in level["rows"] if not row["area"]]
        blocks.append(
            tally_table(
                f"by-area-{level['level']}",
                _("Incidents by %(level)s") % {"level": word("level", level["level"])},
                _initial(word("level", level["level"])),
                [
                    *((reading.area(row["area"], level["level"]), row, "") for row in [*placed, *rest]),
                    (_("All incidents"), section["total"], "total"),
                ],
                note=_joint_note(level["joint"]),
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
    note = [_joint_note(section["by_zone_joint"])]
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
    )


def _by_day(reading: Reading, section: dict[str, Any]) -> Block:
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
    )


def _attribution(reading: Reading, section: dict[str, Any]) -> list[Block]:
    if reading.withheld_parties:
        return []
    rows = []
    for item in section["attribution"]:
        sure = item["confidence"]
        rows.append(
            row(
                _initial(word("attribution", item["attribution"])),
                cell(values.count(item["registered"]), strong=True),
                *(
                    cell(values.count(sure[grade]), faint=sure[grade] == 0)
                    for grade in ("high", "moderate", "low", "none")
                ),
                cell(values.count(item["subtotals"]["violations"]), strong=True),
            )
        )
    return [
        table(
            "attribution",
            _("Attribution by agreed finding, and its confidence"),
            columns=[column("1fr"), *(column("22mm", end=True) for _ in range(6))],
            head=[
                [
                    cell(_("Attribution"), rowspan=2),
                    cell(_("Registered"), rowspan=2),
                    cell(_("Confidence"), colspan=4),
                    cell(_("Violations"), rowspan=2),
                ],
                [_("high"), _("moderate"), _("low"), _("not stated")],
            ],
            rows=rows,
            note=_("Not assessed: there is no agreed finding, or it says nothing of who acted."),
            whole=True,
        )
    ]


def _casualties(reading: Reading, section: dict[str, Any]) -> Block:
    names = {
        "violations": _("In the violations"),
        "not_discounted": _("In all incidents but the discounted"),
    }
    rows = [
        row(
            _("%(which)s: %(what)s") % {"which": names[item["of"]], "what": what},
            *(
                values.count(item[kind][key])
                for key in ("verified_minimum", "verified_incidents", "reported_maximum", "incidents_unknown")
            ),
        )
        for item in section["casualties"]
        for kind, what in (("killed", _("killed")), ("injured", _("injured")))
    ]
    return table(
        "casualties",
        _("Killed and injured: verified minimum and reported maximum"),
        columns=[column("1fr"), *(column("25mm", end=True) for _ in range(4))],
        head=[
            [
                _("Casualties"),
                _("Verified minimum"),
                _("Incidents with a verified number"),
                _("Reported maximum"),
                _("Incidents of which nothing is known"),
            ]
        ],
        rows=rows,
        note=_("Unknown is not zero. A best estimate is never summed."),
        whole=True,
    )


def _initial(text: str) -> str:
    return text[:1].upper() + text[1:]
