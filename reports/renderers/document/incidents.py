"""Section 3: incidents and violations, in every breakdown with the whole vector of columns."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from reports.renderers import values
from reports.renderers.document import data_sets
from reports.renderers.document.blocks import Block, cell, column, heading, paragraph, row, table
from reports.renderers.document.certainty import attribution, casualties
from reports.renderers.document.first_page import by_side, nothing_filed
from reports.renderers.document.places import by_day, where
from reports.renderers.document.tallies import joint_note, tally_table
from reports.renderers.measured import measure
from reports.renderers.reading import Reading, initial, word
from reports.renderers.words import COLUMNS, MEANINGS, OUT_OF_SCOPE

GROUPS = ("guarantor_forces", "undertaken", "not_undertaken", "involved", "not_named", "not_attributable", "contested")

ROLES = ("alleged", "target", "involved")


def incidents(reading: Reading) -> list[Block]:
    """By side, party, provision, act, object, weapon, area, zone and day; attribution and casualties."""
    blocks = [heading(_("3. Incidents and violations")), column_key(reading)]
    if not reading.registered:
        return [*blocks, paragraph(nothing_filed(reading))]
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
        *where(reading, section),
        by_day(reading, section),
        *attribution(reading, section),
        casualties(reading, section),
    ]


def column_key(reading: Reading) -> Block:
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
        note=" ".join(
            filter(
                None,
                [
                    _(
                        "Determined: by a sitting of the standing body. Preliminary: agreed by people of different "
                        "sides. Subtotals run across the columns: verified holds scope not assessed and in scope; in "
                        "scope holds conduct undetermined, no breach, no provision and the violations."
                    ),
                    data_sets.of_incidents(reading),
                ],
            )
        ),
        **measure(reading, "column-key"),
    )


def _who(reading: Reading, section: dict[str, Any]) -> list[Block]:
    if reading.withheld_parties:
        return [paragraph(_("By side and party: not made, since this truce does not publish attribution."))]
    return [
        by_side(reading, anchor="by-side", brief=False),
        _by_party(reading, section),
        *_by_party_named(reading, section),
    ]


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
                    joint_note(section["by_party_joint"]),
                ],
            )
        ),
        **measure(reading, "incidents"),
    )


def _by_party_named(reading: Reading, section: dict[str, Any]) -> list[Block]:
    """Every party that incidents name, in whatever role: also where nobody says who acted."""
    named = section.get("by_party_named")
    if not named:
        return []
    rows: list[tuple[str, Any, str]] = []
    for role in ROLES:
        members = [item for item in named if item["role"] == role]
        if members:
            rows.append((initial(word("role_in_incident", role)), None, ""))
        rows += [
            (reading.name("party", item["party"]), item, "")
            for item in reading.sorted("party", members, lambda item: item["party"])
        ]
    return [
        tally_table(
            "by-party-named",
            _("Incidents by party that they name, in each role as reported"),
            _("Party"),
            rows,
            note=_(
                "An incident that names several parties counts in each row; the rows are not added. That a party is "
                "involved does not say that it acted."
            ),
            **measure(reading, "by-party-named"),
        )
    ]


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
    lines = [(initial(word(kind, row[key])) if row[key] else _("Not stated"), row, "") for row in rows]
    return tally_table(
        anchor,
        caption,
        first,
        [*lines, (_("All incidents"), reading.sections["incidents"]["total"], "total")],
        note=joint_note(joint),
        **measure(reading, "incidents"),
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
        note=joint_note(section["by_provision_joint"]),
        **measure(reading, "incidents"),
    )
