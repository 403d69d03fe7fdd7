"""The columns of a report counted once more, row by row in plain Python, from the record as known at an instant."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from monitoring.models import Adherence, Agreement, Area, InstrumentTerms, ProvisionTerms
from violations.models import Assessment, Finding, ReportLink, ReviewStep

OUT = ("outside_period", "outside_area", "excluded_designated", "excluded_non_signatory")
BINDS = ("signatory", "declared", "bound_through")


def known(row: Any, at: datetime) -> bool:
    """Whether the row held at the instant `at` of the record."""
    return row.recorded_at <= at and (row.superseded_at is None or at < row.superseded_at)


def stands(row: Any, at: datetime) -> bool:
    """Whether the interval of the row, in the world's time, holds `at`."""
    return (row.valid_from is None or row.valid_from <= at) and (row.valid_until is None or at < row.valid_until)


@dataclass(frozen=True)
class Counted:
    """One live incident: its column, and the keys of the rows that it stands in."""

    incident: int
    column: str
    act: str
    day: str
    districts: tuple[str, ...]
    parties: tuple[str, ...]
    attribution: str


def counted(agreement: Agreement, since: datetime, until: datetime, at: datetime) -> list[Counted]:
    """Every live incident of [since, until) as known at `at`."""
    (version,) = [version for version in agreement.versions.all() if known(version, at)]
    codes = dict(agreement.parties.values_list("pk", "code"))
    districts = dict(Area.objects.filter(agreement=agreement, level="district").values_list("pk", "code"))
    links = ReportLink.objects.filter(incident__agreement=agreement).exclude(kind="related")
    members: dict[int, set[int]] = {}
    for link in links:
        if known(link, at):
            members.setdefault(link.incident_id, set()).add(link.report_id)
    assessed = {row.incident_id: row for row in Assessment.objects.filter(agreement=agreement) if known(row, at)}
    assert assessed.keys() == members.keys(), "An incident is live while a report is a member of it, and only then."
    findings = list(Finding.objects.filter(agreement=agreement).prefetch_related("parties"))
    rows = []
    for incident, row in assessed.items():
        assert row.lead_report_id in members[incident]
        if not since <= row.occurred_from < until:
            continue
        of_it = [finding for finding in findings if finding.incident_id == incident and known(finding, at)]
        agreed = [finding for finding in of_it if finding.standing != "proposed"]
        assert len(agreed) <= 1
        finding = agreed[0] if agreed else None
        late = any(
            finding.standing == "proposed" and finding.effect == "finding" and finding.second_by <= at
            for finding in of_it
        )
        named = answerable(finding, row)
        rows.append(
            Counted(
                incident=incident,
                column=column(row, finding, version, late=late, named=named),
                act=row.act,
                day=row.occurred_from.astimezone(ZoneInfo(version.time_zone)).date().isoformat(),
                districts=tuple(districts[area] for area in row.areas if area in districts),
                parties=tuple(codes[party] for party in named)
                if finding is None or finding.attribution not in ("not_attributable", "contested")
                else (),
                attribution=finding.attribution if finding else "not_assessed",
            )
        )
    return rows


def work(agreement: Agreement, since: datetime, until: datetime, at: datetime) -> dict[str, int]:
    """Of incidents before `until`: cases pending at `at`, and those of [since, until) that nobody had taken up."""
    findings = [row for row in Finding.objects.filter(agreement=agreement).order_by("pk") if row.recorded_at <= at]
    chains = set(
        ReviewStep.objects.filter(report__agreement=agreement, state="under_review", recorded_at__lte=at).values_list(
            "chain", flat=True
        )
    )
    links = ReportLink.objects.filter(incident__agreement=agreement, chain__in=chains).exclude(kind="related")
    taken_up = {link.incident_id for link in links if known(link, at)}
    taken_up |= {row.incident_id for row in findings if row.standing != "data_set"}
    said = {row.incident_id: row.verification for row in findings if row.standing in ("preliminary", "determined")}
    told = Counter({"pending": 0, "not_taken_up": 0})
    for row in Assessment.objects.filter(agreement=agreement, occurred_from__lt=until):
        if known(row, at) and row.incident_id not in taken_up:
            told["not_taken_up"] += row.occurred_from >= since
        elif known(row, at):
            told["pending"] += said.get(row.incident_id) not in ("verified", "probable", "discounted")
    return dict(told)


def work_told_by(cases: dict[str, Any]) -> dict[str, int]:
    """The same as section 4 of a report tells it."""
    pending = cases["cases"]["all"]["pending"]
    assert pending["all"] == sum(count for age, count in pending.items() if age != "all")
    return {"pending": pending["all"], "not_taken_up": cases["cases"]["not_taken_up"]}


def answerable(finding: Finding | None, row: Assessment) -> list[int]:
    """Those attributed, else those alleged."""
    if finding is not None and finding.attribution in ("attributed", "to_several_parties"):
        parties = [party.party_id for party in finding.parties.all()]
        if parties:
            return parties
    return list(row.alleged)


def column(row: Assessment, finding: Finding | None, version: Any, *, late: bool, named: list[int]) -> str:
    """The first column that fits, as the design lists them."""
    verification = finding.verification if finding else None
    scope = (finding.scope if finding else "") or row.scope
    if verification == "discounted":
        return "discounted"
    if scope in OUT:
        return scope
    if scope == "disputed":
        return "scope_disputed"
    if finding is None:
        return "one_sided" if late else "pending"
    if verification in ("not_checked", "inconclusive"):
        return "pending"
    if finding.standing == "data_set":
        return "probable_data_set"
    if scope == "not_assessed":
        return "scope_not_assessed"
    return by_conduct(finding, breached=forbidden(row, version, named))


def by_conduct(finding: Finding, *, breached: bool) -> str:
    """The column of what was found by people and lies in scope; `breached`: a provision forbids it."""
    if finding.conduct == "undetermined":
        return "conduct_undetermined"
    if finding.conduct == "no_breach":
        return "no_breach"
    if not breached:
        return "no_provision"
    return {"determined": "violations_determined", "preliminary": "violations_preliminary"}[finding.standing]


def forbidden(row: Assessment, version: Any, named: list[int]) -> bool:
    """Whether a provision of a text adopted, in force there and then, forbids the act to one of those named."""
    at = row.occurred_from
    adopted = {
        text.instrument_id
        for text in InstrumentTerms.objects.filter(version=version)
        if text.kind == "adopted" and stands(text, at)
    }
    for terms in ProvisionTerms.objects.filter(version=version).select_related("provision").prefetch_related("zones"):
        if terms.reading or row.act not in terms.acts or not stands(terms, at):
            continue
        zones = {zone.pk for zone in terms.zones.all()}
        if terms.provision.instrument_id not in adopted or (zones and not zones & set(row.zones)):
            continue
        for bond in Adherence.objects.filter(version=version, instrument=terms.provision.instrument_id):
            binds = bond.kind in BINDS and not bond.reading and stands(bond, at)
            if binds and (bond.party_id in named or (not named and version.attribution == "not_made")):
                return True
    return False


def tallies(rows: list[Counted], *, named: bool) -> dict[str, dict[str, Counter]]:
    """Count the rows by column: in all, and by act, day and district; where parties are `named`, by these too."""
    told: dict[str, dict[str, Counter]] = {"total": {"": Counter(row.column for row in rows)}}
    for breakdown, keys in {
        "act": lambda row: (row.act,),
        "day": lambda row: (row.day,),
        "district": lambda row: row.districts or ("",),
        "party": lambda row: row.parties,
        "attribution": lambda row: (row.attribution,),
    }.items():
        told[breakdown] = {}
        for row in rows if named or breakdown not in ("party", "attribution") else []:
            for key in keys(row):
                told[breakdown].setdefault(key, Counter())[row.column] += 1
    return told


def told_by(incidents: dict[str, Any]) -> dict[str, dict[str, Counter]]:
    """The same tallies as section 3 of a report tells them; rows of nothing but zeros left out."""

    def columns(row: dict[str, Any]) -> Counter:
        return Counter({name: number for name, number in row["columns"].items() if number})

    districts = [level["rows"] for level in incidents["by_area"] if level["level"] == "district"]
    told = {
        "total": {"": columns(incidents["total"])},
        "act": {row["act"]: columns(row) for row in incidents["by_act"]},
        "day": {row["date"]: columns(row) for row in incidents["by_day"] if row["date"]},
        "district": {row["area"] or "": columns(row) for rows in districts for row in rows},
        "party": {row["party"]: columns(row) for row in incidents["by_party"] if row["party"]},
        "attribution": {row["attribution"]: columns(row) for row in incidents["attribution"]},
    }
    return {
        breakdown: {key: row for key, row in rows.items() if row or breakdown == "total"}
        for breakdown, rows in told.items()
    }


def registered_by(registrations: dict[str, Any]) -> dict[str, dict[str, int]]:
    """What a day's report counts of them: no columns; rows of zeros left out."""
    areas = registrations["by_area"]
    assert areas["level"] == "district"
    told = {
        "total": {"": registrations["total"]},
        "act": {row["act"]: row["count"] for row in registrations["by_act"]},
        "district": {row["area"] or "": row["count"] for row in areas["rows"]},
    }
    return {breakdown: {key: count for key, count in rows.items() if count} for breakdown, rows in told.items()}


def add_up(part: Any) -> None:
    """In every row anywhere in `part`, the columns make up the registered and the subtotals what they say."""
    if isinstance(part, dict):
        if {"registered", "columns", "subtotals"} <= part.keys():
            columns = part["columns"]
            assert sum(columns.values()) == part["registered"]
            violations = columns["violations_determined"] + columns["violations_preliminary"]
            assert part["subtotals"]["violations"] == violations
            in_scope = violations + columns["conduct_undetermined"] + columns["no_breach"] + columns["no_provision"]
            assert part["subtotals"]["in_scope"] == in_scope
            assert part["subtotals"]["verified"] == in_scope + columns["scope_not_assessed"]
        for inner in part.values():
            add_up(inner)
    elif isinstance(part, list):
        for inner in part:
            add_up(inner)
