"""The columns and their rows once more, in plain Python over plain objects: what the figures are compared with."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import datetime

from monitoring.models import (
    Adherence,
    Area,
    AreaShape,
    InstrumentTerms,
    Party,
    PartyTerms,
    ProvisionTerms,
    Undertaking,
    Zone,
    ZoneLine,
)
from reports.figures.known import Known
from violations.models import Assessment, Finding, IncidentReport

BINDING = {"signatory", "declared", "bound_through"}
PRECEDENCE = [
    "outside_period",
    "outside_area",
    "excluded_designated",
    "excluded_non_signatory",
    "disputed",
    "not_assessed",
    "in_scope",
]
OUT = PRECEDENCE[:4]


def holds(row, at: datetime) -> bool:
    return (row.valid_from is None or row.valid_from <= at) and (row.valid_until is None or at < row.valid_until)


def held_at(row, at: datetime) -> bool:
    return row.recorded_at <= at and (row.superseded_at is None or at < row.superseded_at)


@dataclass
class Case:
    """An incident as known at the cut-off, with its column."""

    assessment: Assessment
    finding: Finding | None
    one_sided: bool
    attributed: list[int]
    answerable: list[int]
    concerned: list[int]
    naming: str
    scope: str
    column: str = ""

    @property
    def violation(self) -> bool:
        return self.column in ("violations_determined", "violations_preliminary")


class Oracle:
    """Everything of the mechanism that bears on a column, read once."""

    def __init__(self, known: Known) -> None:
        self.known = known
        version = known.version
        self.adherences = list(Adherence.objects.filter(version=version))
        self.texts = list(InstrumentTerms.objects.filter(version=version))
        self.provisions = list(
            ProvisionTerms.objects.filter(version=version).select_related("provision").prefetch_related("zones")
        )
        self.lines = list(ZoneLine.objects.filter(version=version))
        self.terms = {row.party_id: row for row in PartyTerms.objects.filter(version=version).select_related("side")}
        self.codes = dict(Party.objects.values_list("pk", "code"))
        self.ids = {code: pk for pk, code in self.codes.items()}
        self.zones = dict(Zone.objects.values_list("pk", "code"))
        self.areas = dict(Area.objects.filter(level="district").values_list("pk", "code"))
        self.shapes = list(AreaShape.objects.values_list("area__code", "boundary"))
        self.undertaken = set(Undertaking.objects.filter(version=version).values_list("party__code", flat=True))
        self.reports = IncidentReport.objects.in_bulk()

    def cases(self, reading: str | None = None, *, earlier: bool = False) -> list[Case]:
        """Every live incident of the period, in the common reading or in another's; or those of before it."""
        known = self.known
        findings = defaultdict(list)
        for finding in Finding.objects.filter(agreement=known.agreement).prefetch_related("parties", "provisions"):
            if held_at(finding, known.known_at):
                findings[finding.incident_id].append(finding)
        cases = []
        for assessment in Assessment.objects.filter(agreement=known.agreement):
            inside = known.period.starts_at <= assessment.occurred_from < known.period.ends_at
            if earlier:
                inside = assessment.occurred_from < known.period.starts_at
            if inside and held_at(assessment, known.known_at):
                cases.append(self.case(assessment, findings[assessment.incident_id], reading))
        return cases

    def case(self, assessment: Assessment, findings: list[Finding], reading: str | None) -> Case:
        agreed = next((finding for finding in findings if finding.standing != "proposed"), None)
        late = any(
            finding.standing == "proposed" and finding.effect == "finding" and finding.second_by <= self.known.known_at
            for finding in findings
        )
        parties = sorted(row.party_id for row in agreed.parties.all()) if agreed else []
        attributed = parties if agreed and agreed.attribution in ("attributed", "to_several_parties") else []
        answerable = attributed or list(assessment.alleged)
        naming = "party" if answerable else "involved" if assessment.involved else "not_named"
        concerned = answerable
        if agreed and agreed.attribution in ("not_attributable", "contested"):
            naming, concerned = agreed.attribution, []
        assessed = assessment.scope if reading is None else self.scope_read(assessment, reading)
        scope = (agreed.scope if agreed else "") or assessed
        case = Case(assessment, agreed, not agreed and late, attributed, answerable, concerned, naming, scope)
        case.column = self.column(case, reading or "")
        return case

    def column(self, case: Case, reading: str) -> str:
        found = case.finding
        if found and found.verification == "discounted":
            return "discounted"
        if case.scope in OUT:
            return case.scope
        if case.scope == "disputed":
            return "scope_disputed"
        if case.one_sided:
            return "one_sided"
        if not found or found.verification in ("not_checked", "inconclusive"):
            return "pending"
        if found.standing == "data_set":
            return "probable_data_set"
        if case.scope == "not_assessed":
            return "scope_not_assessed"
        return self.by_conduct(found, breached=self.forbidden(case, reading))

    @staticmethod
    def by_conduct(found: Finding, *, breached: bool) -> str:
        if found.conduct == "undetermined":
            return "conduct_undetermined"
        if found.conduct == "no_breach":
            return "no_breach"
        if not breached:
            return "no_provision"
        return {"determined": "violations_determined", "preliminary": "violations_preliminary"}[found.standing]

    def forbidden(self, case: Case, reading: str) -> bool:
        at = case.assessment.occurred_from
        zones = set(self.zones_read(case.assessment, reading)) if reading else set(case.assessment.zones)
        for terms in self.taken(self.provisions, at, reading, lambda row: row.provision_id):
            where = {zone.pk for zone in terms.zones.all()}
            if case.assessment.act not in terms.acts or (where and not where & zones):
                continue
            instrument = terms.provision.instrument_id
            if not any(
                text.instrument_id == instrument and text.kind == "adopted" and holds(text, at) for text in self.texts
            ):
                continue
            bonds = self.taken(self.adherences, at, reading, lambda row: (row.party_id, row.instrument_id))
            bound = {row.party_id for row in bonds if row.instrument_id == instrument and row.kind in BINDING}
            anyone = not case.answerable and self.known.version.attribution == "not_made"
            if bound & set(case.answerable) or (anyone and bound):
                return True
        return False

    @staticmethod
    def taken(rows, at: datetime, reading: str, of) -> list:
        """Rows in force; where the reading speaks of something, its row, else the common one."""
        in_force = [row for row in rows if holds(row, at)]
        spoken = {of(row) for row in in_force if row.reading == reading}
        return [row for row in in_force if row.reading == reading or (row.reading == "" and of(row) not in spoken)]

    def scope_read(self, assessment: Assessment, reading: str) -> str:
        """The scope where rival adherences are read in one way."""
        contested = {row.party_id for row in self.adherences if row.reading}
        classes = []
        for reason in assessment.scope_reasons:
            party = self.ids.get(reason["party"])
            classes.append(
                self.class_read(party, assessment.occurred_from, reading) or reason["class"]
                if party in contested
                else reason["class"]
            )
        return min(classes, key=PRECEDENCE.index)

    def class_read(self, party: int, at: datetime, reading: str) -> str | None:
        adopted = {text.instrument_id for text in self.texts if text.kind == "adopted" and holds(text, at)}
        bonds = self.taken(self.adherences, at, reading, lambda row: (row.party_id, row.instrument_id))
        kinds = {row.kind for row in bonds if row.party_id == party and row.instrument_id in adopted}
        if "designated" in kinds:
            return "excluded_designated"
        if kinds & BINDING:
            return "in_scope"
        if "disputed" in kinds:
            return "disputed"
        return "excluded_non_signatory" if "non_signatory" in kinds else None

    def zones_read(self, assessment: Assessment, reading: str) -> list[int]:
        report = self.reports[assessment.lead_report_id]
        at = assessment.occurred_from
        kept = []
        for zone in assessment.zones:
            own = [line for line in self.lines if line.zone_id == zone and line.drawn_by == reading and holds(line, at)]
            if not own or any(line.boundary.covers(report.point) for line in own):
                kept.append(zone)
        return kept

    # --- rows ---------------------------------------------------------------------------------------------------------

    def dated(self, case: Case) -> tuple[str | None, str]:
        assessment = case.assessment
        day = next(day for day in self.known.period.days if day.starts_at <= assessment.occurred_from < day.ends_at)
        if assessment.occurred_until > self.known.period.ends_at:
            return None, "across_the_edge"
        if assessment.occurred_until - assessment.occurred_from > day.ends_at - day.starts_at:
            return None, "not_dated_to_the_day"
        return day.date.isoformat(), "day"

    def sides(self, case: Case) -> set[tuple[str | None, str]]:
        if case.naming != "party":
            return {(None, case.naming)}
        sides = set()
        for party in case.concerned:
            terms = self.terms[party]
            forces = "guarantor_forces" if terms.kind == "guarantor_forces" else "parties"
            sides.add((terms.side.code if terms.side else None, forces))
        return sides

    def districts(self, case: Case) -> set[str | None]:
        return {self.areas[area] for area in case.assessment.areas if area in self.areas} or {None}

    def districts_of(self, report: IncidentReport) -> set[str | None]:
        """Where a report says by itself that it was, asked of the shapes one by one."""
        if report.place_precision not in ("exact", "vicinity", "locality"):
            return {None}
        return {code for code, shape in self.shapes if shape.covers(report.point)} or {None}

    def rows(self, cases: list[Case]) -> dict[str, dict]:
        """Every breakdown: row -> column -> incidents."""
        counted: dict[str, dict] = defaultdict(lambda: defaultdict(Counter))
        for case in cases:
            facts = case.assessment
            provisions = {row.provision.code for row in case.finding.provisions.all()} if case.finding else set()
            for breakdown, keys in {
                "total": {()},
                "by_side": self.sides(case),
                "by_party": {(self.codes[party], "party") for party in case.concerned}
                if case.naming == "party"
                else {(None, case.naming)},
                "by_party_named": {
                    (self.codes[party], role)
                    for role in ("alleged", "target", "involved")
                    for party in getattr(facts, role)
                },
                "by_provision": provisions or {None},
                "by_act": {facts.act},
                "by_object_hit": set(facts.objects_hit) or {None},
                "by_weapon": {facts.weapon_family or None},
                "by_area": self.districts(case),
                "by_zone": {self.zones[zone] for zone in facts.zones} or {None},
                "by_day": {self.dated(case)},
                "attribution": {case.finding.attribution if case.finding else "not_assessed"},
            }.items():
                for key in keys:
                    counted[breakdown][key][case.column] += 1
        return counted
