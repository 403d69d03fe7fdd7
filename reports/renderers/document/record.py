"""Sections 8 and 9: reservations, how this came about, the rules, how to verify. What changed is told in `changes`."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from reports.renderers import values
from reports.renderers.document import third_party
from reports.renderers.document.blocks import Block, column, facts, heading, paragraph, points, row, table, together
from reports.renderers.document.first_page import not_recorded, subject
from reports.renderers.maps import boundary_source
from reports.renderers.measured import measure
from reports.renderers.reading import Reading, word
from reports.renderers.sentences import NOT_SHOWN, VERIFY


def reservations(reading: Reading) -> list[Block]:
    """Section 8: who contests what, in full; figures of third parties."""
    rows = reading.sections["reservations"]["reservations"]
    blocks = [heading(_("8. Reservations and third-party figures"))]
    if not rows:
        blocks.append(paragraph(_("No reservation bears on this period: the mechanism file holds none for it.")))
    else:
        blocks.append(
            table(
                "reservations",
                _("Reservations that bear on this period"),
                columns=[column("34mm"), column("42mm"), column("1fr"), column("42mm")],
                head=[[_("Held by"), _("On"), _("What is reserved"), _("Source")]],
                rows=[
                    row(
                        values.name(item["holder"]),
                        subject(reading, item["on_kind"], item["on_code"]),
                        reading.told(item["text"]),
                        values.code(item["source"]) or "–",
                    )
                    for item in rows
                ],
                whole=False,
                **measure(reading, "reservations"),
            )
        )
    if "third_party_figures" in reading.header["not_recorded"]:
        return [*blocks, paragraph(not_recorded(reading, "third_party_figures"))]
    return [*blocks, *third_party.figures(reading)]


def how_it_came_about(reading: Reading) -> list[Block]:
    """Section 9, on: the steps by role and time, the rules, the versions used."""
    steps = reading.content["beside"]["steps"]
    return [
        heading(_("The steps that led here"), level=2),
        facts(
            [
                (
                    word("step", step["step"]),
                    _("%(instant)s, by %(role)s")
                    % {"instant": reading.instant(step["at"]), "role": word("role", step["role"])},
                )
                for step in steps["closing"]
            ]
        ),
        steps_table(reading, "steps", _("What the record took in, by role and day"), steps["record"]),
    ]


def steps_table(reading: Reading, anchor: str, caption: str, steps: list[dict[str, Any]]) -> Block:
    """Steps by role, side and day; never a person, never the time of a filing."""
    return table(
        anchor,
        caption,
        columns=[column("1fr"), column("32mm"), column("44mm"), column("30mm"), column("18mm", end=True)],
        head=[[_("Step"), _("By"), _("Side"), _("Day (UTC)"), _("Number")]],
        rows=[
            row(
                word("step", step["step"]),
                word("role", step["role"]),
                reading.name("side", step["side"]) if step["side"] else "–",
                values.day(step["date"]) if step["date"] else _("not told"),
                values.count(step["count"]),
            )
            for step in steps
        ],
        note=_("The time of a filing does not leave the service. A dash: independent, not told, or by rule."),
        **measure(reading, "steps"),
    )


def how_to_verify(reading: Reading) -> list[Block]:
    """Section 9, end: hashes, what this report does not show."""
    header = reading.header
    version = header["mechanism_version"]
    return [
        heading(_("How to verify it"), level=2),
        facts(
            [
                (_("Content hash (SHA-256)"), values.code(reading.content_sha256)),
                (_("Closing"), values.code(header["closing"])),
                (
                    _("Mechanism file"),
                    _("version %(number)s, recorded %(instant)s")
                    % {"number": values.count(version["number"]), "instant": reading.instant(version["recorded_at"])},
                ),
                (_("Mechanism file (SHA-256)"), values.code(version["file_sha256"])),
                *_boundaries(reading),
                (_("Codebook"), _("version %(number)s") % {"number": values.count(reading.head["codebook"])}),
            ]
        ),
        points([str(VERIFY[code]) for code in header["verify"] if code in VERIFY]),
        together(
            table(
                "sections",
                _("The common sections and their hashes"),
                columns=[column("40mm"), column("18mm", end=True), column("1fr")],
                head=[[_("Section"), _("Version"), "SHA-256"]],
                rows=[
                    row(values.code(item["code"]), values.count(item["version"]), values.code(item["sha256"]))
                    for item in reading.head["sections"]
                ],
                whole=True,
                **measure(reading, "sections"),
            ),
            heading(_("What this report does not show"), level=2),
            points([str(NOT_SHOWN[code]) for code in header["not_shown"] if code in NOT_SHOWN]),
        ),
    ]


def _boundaries(reading: Reading) -> list[tuple[str, str]]:
    pairs = []
    for item in reading.header["boundary_sets"]:
        level = reading.level(item["level"])
        pairs += [
            (_("Boundaries, %(level)s") % {"level": level}, boundary_source(item)),
            (_("Boundaries, %(level)s (SHA-256)") % {"level": level}, values.code(item["file_sha256"])),
        ]
    return pairs


def _revised(days: list[int]) -> list[tuple[str, str]]:
    """On which days a month is revised by the calendar; nothing where the truce names none."""
    if not days:
        return []
    told = _("%(days)s days after its first release")
    return [(_("A month is revised"), told % {"days": values.listed([values.count(number) for number in days])})]


def rules(reading: Reading) -> list[Block]:
    """The truce's rules that bear on these figures."""
    rules = reading.header["rules"]
    return [
        heading(_("The truce's rules that bear on this report"), level=2),
        facts(
            [
                (
                    _("Time allowed for late filing"),
                    _("%(hours)s hours") % {"hours": values.count(rules["filing_grace_hours"])},
                ),
                (_("To second a finding"), _("%(days)s days") % {"days": values.count(rules["seconding_days"])}),
                (_("Finest place in this report"), reading.level(rules["place_level"])),
                (_("Finest time in this report"), _("an hour") if rules["time_step"] == "hour" else _("a day")),
                (
                    _("Delay before an incident is listed"),
                    _("%(hours)s hours") % {"hours": values.count(rules["delay_hours"])},
                ),
                *_revised(rules.get("revision_days", [])),
                (_("Standing body that determines"), values.name(reading.header["determining_body"]) or _("none")),
            ]
        ),
    ]
