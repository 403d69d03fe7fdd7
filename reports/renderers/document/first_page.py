"""Page 1 under its masthead: what a reader must know who reads nothing else (PRESENTATION, Report, b to d)."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from reports.renderers import values
from reports.renderers.document import chosen, data_sets, effort
from reports.renderers.document.blocks import Block, cell, column, heading, paragraph, place, points, row, spring, table
from reports.renderers.document.certainty import nothing_known
from reports.renderers.document.tallies import tally_table
from reports.renderers.measured import measure
from reports.renderers.reading import (
    Reading,
    counted,
    out_of_scope,
    side_name,
    sides,
    violations_of_registered,
    word,
)
from reports.renderers.sentences import NO_TOTAL_SHORT, NOT_RECORDED, NOT_RECORDED_THEN, NOT_TOLD_OF_A_DAY

MOST_RESERVATIONS = 6
MOST_DATES = 3
FEW_DAYS = 8


def first_page(reading: Reading) -> list[Block]:
    """(b) returns held, (c) the columns by side, (d) events, requests, reservations; what this does not say."""
    return [
        heading(_("Returns held of returns due") if reading.ledgers else _("Daily returns"), level=2),
        returns_held(reading) if reading.ledgers else no_ledger(),
        monitored(reading),
        heading(_("Incidents and where they stand"), level=2),
        *_incidents(reading),
        heading(_("Events, requests and reservations"), level=2),
        paragraph(not_recorded(reading, "events_of_concern", "improvements", "information_requests"), tone="note"),
        *chosen.chosen(reading),
        *_requests(reading),
        *_reservations(reading),
        spring(),
        paragraph(without_prejudice(), tone="note"),
    ]


def monitored(reading: Reading) -> Block:
    """What was under observation and how often access was restricted, or that this is not recorded."""
    told = effort.in_brief(reading)
    if told:
        return paragraph(told)
    return paragraph(not_recorded(reading, "monitoring_coverage", "refused_access"), tone="note")


def returns_held(reading: Reading) -> Block:
    """A line for each ledger: whose telling, how many of the days due are held, what was announced."""
    return table(
        "returns-held",
        _("Announced by the guarantors: days held of days due, and what was announced"),
        columns=[column("1fr"), column("1fr"), *(column(end=True) for _ in range(6)), column("50mm")],
        head=[
            [
                _("Ledger of"),
                _("As told by"),
                cell(_("Held of due"), strong=True),
                _("of these nil"),
                _("Missing"),
                _("Not held"),
                _("None known"),
                _("Not due"),
                _("Announced"),
            ]
        ],
        rows=[_ledger_line(reading, ledger) for ledger in reading.ledgers],
        note=_(
            "Missing: due and not received. Not held: published, but not held by this service. None known: no "
            "publication is known. None of these is zero. Announced figures are never added to what monitors filed."
        ),
        whole=True,
        **measure(reading, "returns-held"),
    )


def _ledger_line(reading: Reading, ledger: dict[str, Any]) -> dict[str, Any]:
    announced = ledger["announced"]
    states = announced["states"]
    tellers = {told["teller"] for day in ledger["days"] for told in day["returns"]}
    held = _("%(held)s of %(due)s") % {
        "held": values.count(announced["days_held"]),
        "due": values.count(announced["days_due"]),
    }
    return row(
        reading.name("guarantor", ledger["guarantor"]),
        reading.names("guarantor", tellers) if tellers else _("nobody, as far as known"),
        cell(held, strong=True),
        *(
            cell(values.count(states[state]), faint=states[state] == 0)
            for state in ("nil", "missing", "not_held", "none_known", "not_due")
        ),
        _announced(ledger),
    )


def _announced(ledger: dict[str, Any]) -> str:
    """The total; else, where only a few days are held, what each of them says, which is no sum."""
    announced = ledger["announced"]
    told = [
        f"{values.short_day(day['date'])}:\u00a0{values.count(telling['total'])}"
        for day in ledger["days"]
        for telling in day["returns"]
    ]
    if announced["total"] is not None or not 0 < len(told) <= FEW_DAYS:
        return total_announced(announced)
    return _("%(days)s; %(no_total)s") % {"days": values.listed(told), "no_total": total_announced(announced)}


def total_announced(announced: dict[str, Any]) -> str:
    """The announced total with its unit, or why there is none."""
    if announced["total"] is None:
        return str(NO_TOTAL_SHORT[announced["no_total"]])
    return counted(announced["total"], announced["unit"])


def _incidents(reading: Reading) -> list[Block]:
    earlier = on_earlier(reading) or not_recorded(reading, "determinations_on_earlier")
    tone = "body" if reading.cases else "note"
    if not reading.registered:
        return [paragraph(nothing_filed(reading)), paragraph(earlier, tone=tone)]
    return [
        paragraph(stand(reading.sections["incidents"]["total"]), tone="lead"),
        by_side(reading, anchor="first-by-side", brief=True),
        paragraph(" ".join(filter(None, [imported(reading), _casualties(reading)]))),
        paragraph(earlier, tone=tone),
    ]


def stand(tally: dict[str, Any]) -> str:
    """Where the incidents stand, in a sentence: each of them once, as in the columns of the table below it."""
    columns, out = tally["columns"], out_of_scope(tally)
    rest = tally["registered"] - tally["subtotals"]["violations"] - out - columns["pending"]
    return _(
        "%(violations)s (determined: %(determined)s; preliminary: %(preliminary)s). Out of scope: %(out)s; pending: "
        "%(pending)s; in the other columns: %(rest)s."
    ) % {
        "violations": violations_of_registered(tally),
        "determined": values.count(columns["violations_determined"]),
        "preliminary": values.count(columns["violations_preliminary"]),
        "out": values.count(out),
        "pending": values.count(columns["pending"]),
        "rest": values.count(rest),
    }


def on_earlier(reading: Reading) -> str:
    """What was determined in this period on incidents of earlier ones, in a sentence; '' where it is not told."""
    cases = reading.cases
    if cases is None:
        return ""
    determined = cases["determinations"]
    if determined is None:
        return _(
            "Determinations in this period on earlier incidents: none could be recorded in it, since the record of "
            "this truce begins later, on %(instant)s."
        ) % {"instant": reading.instant(cases["record_began_at"])}
    number = determined["all"]["registered"]
    if not number:
        return _("Determinations in this period on earlier incidents: none was recorded in it.")
    return _(
        "Determinations in this period on earlier incidents: %(number)s, of which %(determined)s by a sitting and "
        "%(preliminary)s preliminary; %(violations)s of these incidents now stand as violations (section 4)."
    ) % {
        "number": values.count(number),
        "determined": values.count(determined["standings"]["determined"]),
        "preliminary": values.count(determined["standings"]["preliminary"]),
        "violations": values.count(determined["all"]["subtotals"]["violations"]),
    }


def nothing_filed(reading: Reading) -> str:
    """Why there are no figures of incidents."""
    if not reading.ledgers:
        return _(
            "No incident report of this period had been filed when the record was read, so there are no figures of "
            "incidents. This is not a count of zero: it does not say that nothing happened."
        )
    return _(
        "No incident report of this period had been filed when the record was read, so there are no figures of "
        "incidents. This is not a count of zero: it does not say that nothing happened, and what the guarantors "
        "announced stands apart."
    )


def no_ledger() -> Block:
    """Why there are no ledgers: of a truce that no State guarantees, or not then."""
    return paragraph(
        _("No ledger is kept: no State was guarantor of this truce in this period, and no return is recorded.")
    )


def by_side(reading: Reading, *, anchor: str, brief: bool) -> Block:
    """One row for each side, own forces of guarantors apart, then those without a side, then the whole."""
    incidents = reading.sections["incidents"]
    casualties = next(row for row in incidents["casualties"] if row["of"] == "violations")
    whole = {
        **incidents["total"],
        "killed_verified": casualties["killed"]["verified_minimum"],
        "injured_verified": casualties["injured"]["verified_minimum"],
    }
    rows = [
        (side_name(reading, row), row, "")
        for row in sides(reading, incidents["by_side"])
        if row["side"] or row["registered"]
    ]
    return tally_table(
        anchor,
        _("Incidents registered, by side of the party concerned"),
        _("Side"),
        [*rows, (_("All incidents"), whole, "total")],
        note=_by_side_note(reading, brief=brief),
        **measure(reading, "incidents"),
        brief=brief,
        casualties=True,
    )


def _by_side_note(reading: Reading, *, brief: bool) -> str:
    incidents = reading.sections["incidents"]
    if reading.withheld_parties:
        return _("This truce does not publish attribution: figures by side are not made.")
    note = _(
        "The columns add up to the registered; the subtotals run across them. One-sided and probable (data set) "
        "enter no total. Killed and injured: verified minimum of the violations."
    )
    joint = incidents["by_side_joint"]
    if joint:
        note += " " + ngettext(
            "%(count)s incident concerns several sides: it counts in each row and once in the whole.",
            "%(count)s incidents concern several sides: they count in each row and once in the whole.",
            joint,
        ) % {"count": values.count(joint)}
    if brief:
        note += " " + _("What each column holds: %(table)s.") % {"table": place("column-key")}
    return note


def imported(reading: Reading) -> str:
    """How many of the reports no team filed: a data set told of them."""
    number = sum(row["total"] for row in reading.sections["ledgers"]["filed_by_others"] if row["team_kind"] == "none")
    if not number:
        return ""
    said = ngettext(
        "%(count)s incident report was imported from a data set and filed by no team.",
        "%(count)s incident reports were imported from a data set and filed by no team.",
        number,
    ) % {"count": values.count(number)}
    names = data_sets.names(reading)
    return f"{said} {_('Data set: %(names)s.') % {'names': names}}" if names else said


def _casualties(reading: Reading) -> str:
    rows = {row["of"]: row for row in reading.sections["incidents"]["casualties"]}
    violations, others = rows["violations"], rows["not_discounted"]
    reported = {
        (of, harm): _("an unknown number of") if unknown else values.count(rows[of][harm]["reported_maximum"])
        for of in rows
        for harm in ("killed", "injured")
        for unknown in [nothing_known(reading, rows[of], harm)]
    }
    said = _(
        "In the violations, at least %(killed)s killed and %(injured)s injured are verified. Over all incidents that "
        "were not discounted, at most %(killed_reported)s killed and %(injured_reported)s injured are reported; "
        "nothing is known of the killed in %(killed_unknown)s and of the injured in %(injured_unknown)s of them."
    ) % {
        "killed": values.count(violations["killed"]["verified_minimum"]),
        "injured": values.count(violations["injured"]["verified_minimum"]),
        "killed_reported": reported["not_discounted", "killed"],
        "injured_reported": reported["not_discounted", "injured"],
        "killed_unknown": values.count(others["killed"]["incidents_unknown"]),
        "injured_unknown": values.count(others["injured"]["incidents_unknown"]),
    }
    beyond = rows.get("across_the_edge", {})
    if any(beyond[harm]["reported_maximum"] for harm in ("killed", "injured") if beyond):
        said += " " + _(
            "Of those reported, up to %(killed)s killed and %(injured)s injured are told of incidents that go on "
            "beyond the end of the period: no source says how many of them fell within it."
        ) % {harm: reported["across_the_edge", harm] for harm in ("killed", "injured")}
    return said


def not_recorded(reading: Reading, *codes: str) -> str:
    """That the report does not tell these, as its header says: a day's, or one made before they were recorded."""
    absent = [str(NOT_RECORDED.get(code, code)) for code in codes if code in reading.header["not_recorded"]]
    said = NOT_TOLD_OF_A_DAY if reading.registrations_only else NOT_RECORDED_THEN
    return str(said) % {"what": values.listed(absent)} if absent else ""


def _requests(reading: Reading) -> list[Block]:
    """How many requests are open to the reader's state, and by when; nothing where the edition does not tell."""
    rows = reading.requests
    if rows is None:
        return []
    return [paragraph(open_to_it(reading, rows))]


def open_to_it(reading: Reading, rows: list[dict[str, Any]]) -> str:
    """The requests open to the reader's state, in a sentence, with the dates of the first few."""
    names = {"guarantor": reading.guarantor}
    if not rows:
        return _("Requests for information open to %(guarantor)s at the cut-off: none.") % names
    dates = values.listed([reading.instant(item["due_at"]) for item in rows[:MOST_DATES]])
    said = _("Requests for information open to %(guarantor)s at the cut-off: %(count)s, due %(dates)s") % {
        **names,
        "count": values.count(len(rows)),
        "dates": dates,
    }
    more = _(" and later") if len(rows) > MOST_DATES else ""
    return _("%(said)s%(more)s; they stand at the end of this edition.") % {"said": said, "more": more}


def _reservations(reading: Reading) -> list[Block]:
    rows = reading.sections["reservations"]["reservations"]
    if not rows:
        return [paragraph(_("No reservation bears on this period."))]
    lines = [reservation_line(reading, row) for row in rows[:MOST_RESERVATIONS]]
    if len(rows) > MOST_RESERVATIONS:
        more = len(rows) - MOST_RESERVATIONS
        lines.append(
            ngettext(
                "%(count)s more reservation stands in section 8.",
                "%(count)s more reservations stand in section 8.",
                more,
            )
            % {"count": values.count(more)}
        )
    return [paragraph(_("Reservations that bear on this period:")), points(lines)]


def reservation_line(reading: Reading, reservation: dict[str, Any]) -> str:
    """Who reserves what, in a line."""
    return _("%(holder)s, on %(subject)s: %(text)s") % {
        "holder": values.name(reservation["holder"]),
        "subject": subject(reading, reservation["on_kind"], reservation["on_code"]),
        "text": reading.told(reservation["text"]),
    }


def subject(reading: Reading, kind: str, code: str) -> str:
    """What a reservation is on: 'guarantor Iran'."""
    if kind == "agreement":
        return word("on_kind", kind)
    return _("%(kind)s %(name)s") % {"kind": word("on_kind", kind), "name": reading.name(kind, code)}


def without_prejudice() -> str:
    """What a figure here does not say."""
    return _(
        "This report is without prejudice to the status or recognition of any territory, authority or party, or to any "
        "boundary or line. It does not show that all incidents were reported."
    )
