"""Sections 4 and 6 once more, in plain Python: what was determined late, how old cases are, two periods compared."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import datetime, timedelta
from decimal import ROUND_HALF_EVEN, Decimal
from fractions import Fraction

from scipy import stats

from monitoring.models import Adherence, InstrumentTerms, ProvisionTerms, ZoneLine
from reports.figures.known import Known
from tests.reports.oracle import Case, Oracle, held_at
from violations.models import Finding, ReportLink, ReviewStep

AGES = (("days_0_7", 7), ("days_8_30", 30), ("days_31_90", 90), ("days_91_more", 10**6))
DECISIVE = ("verified", "probable", "discounted")


def within(known: Known, at: datetime | None) -> bool:
    return at is not None and known.period.starts_at <= at < known.period.ends_at


def agreed_by_people(known: Known, *, effects: bool) -> dict[int, list[Finding]]:
    """By incident the findings that people agreed on by the cut-off, in order; those of `effects` too, or not."""
    agreed = defaultdict(list)
    for finding in Finding.objects.filter(agreement=known.agreement).order_by("recorded_at"):
        told = effects or finding.effect == "finding"
        if told and finding.standing in ("preliminary", "determined") and finding.recorded_at <= known.known_at:
            agreed[finding.incident_id].append(finding)
    return agreed


def determined(known: Known, oracle: Oracle) -> list[tuple[Case, str]]:
    """Earlier incidents on which a finding was agreed in the period, with the highest standing given in it."""
    agreed = agreed_by_people(known, effects=False)
    late = []
    for case in oracle.cases(earlier=True):
        standings = [row.standing for row in agreed[case.assessment.incident_id] if within(known, row.recorded_at)]
        if standings:
            late.append((case, "determined" if "determined" in standings else "preliminary"))
    return late


def month_of(case: Case) -> str | None:
    """The month, of those from the truce's first, in which the incident happened, by the exercise's clock (UTC-8)."""
    month = (case.assessment.occurred_from - timedelta(hours=8)).strftime("%Y-%m")
    return month if month >= "2025-02" else None


def accepted(known: Known, oracle: Oracle) -> int:
    """Earlier incidents that a data set's finding was recorded of in the period."""
    earlier = {case.assessment.incident_id for case in oracle.cases(earlier=True)}
    return len(
        {
            row.incident_id
            for row in Finding.objects.filter(standing="data_set", incident__in=earlier)
            if within(known, row.recorded_at) and row.recorded_at <= known.known_at
        }
    )


def opened(known: Known) -> dict[int, datetime]:
    """By incident when it was first taken up: by review of a report that it holds now, or by a finding."""
    acts = defaultdict(list)
    for link in ReportLink.objects.filter(incident__agreement=known.agreement):
        if held_at(link, known.known_at) and link.kind != "related":
            for step in ReviewStep.objects.filter(chain=link.chain, state="under_review"):
                acts[link.incident_id].append(step.recorded_at)
    for finding in Finding.objects.filter(agreement=known.agreement):
        if finding.standing != "data_set":
            acts[finding.incident_id].append(finding.recorded_at)
    known_acts = {incident: [at for at in times if at <= known.known_at] for incident, times in acts.items()}
    return {incident: min(times) for incident, times in known_acts.items() if times}


def closed(known: Known) -> dict[int, datetime]:
    """By incident since when it has been decided, without a later finding that nothing can be established."""
    since: dict[int, datetime] = {}
    for incident, findings in agreed_by_people(known, effects=True).items():
        for finding in findings:
            if finding.verification in DECISIVE:
                since.setdefault(incident, finding.recorded_at)
            else:
                since.pop(incident, None)
    return since


def age(lasted: timedelta) -> str:
    return next(name for name, days in AGES if lasted <= timedelta(days=days))


def moves(known: Known, oracle: Oracle) -> dict[str, Counter]:
    """By row of section 4 (`all`, or a side with its forces): opened, and closed and pending by age."""
    opened_at, closed_at = opened(known), closed(known)
    rows: dict = defaultdict(Counter)
    for case in [*oracle.cases(earlier=True), *oracle.cases()]:
        incident = case.assessment.incident_id
        if incident not in opened_at:
            continue
        told = []
        if within(known, opened_at[incident]):
            told.append("opened")
        if incident not in closed_at:
            told.append(f"pending {age(known.known_at - opened_at[incident])}")
        elif within(known, closed_at[incident]):
            told.append(f"closed {age(closed_at[incident] - opened_at[incident])}")
        for row in ["all", *oracle.sides(case)] if told else []:
            rows[row].update(told)
    return rows


def days_of(oracle: Oracle, cases: list[Case], dates: list[str]) -> list[int]:
    dated = Counter(oracle.dated(case)[0] for case in cases)
    return [dated[date] for date in dates]


def compared(x1: int, x2: int, t1: int, t2: int, daily: list[list[int]]) -> dict[str, str | None]:
    """The ratio of two rates a day, its interval and p, by other functions than the product's."""
    squares, freedom = 0.0, 0
    for days in daily:
        mean = sum(days) / len(days)
        if mean:
            squares += sum((day - mean) ** 2 / mean for day in days)
            freedom += len(days) - 1
    phi = squares / freedom if freedom else None
    divisor = max(1.0, phi or 0)
    a, b = x1 / divisor, x2 / divisor
    under = t1 / (t1 + t2)
    lower = stats.beta.ppf(0.025, a, b + 1) if a else 0.0
    upper = stats.beta.ppf(0.975, a + 1, b) if b else 1.0
    at_least = stats.beta.cdf(under, a, b + 1) if a else 1.0
    at_most = stats.beta.sf(under, a + 1, b) if b else 1.0
    return {
        "dispersion": None if phi is None else six(phi),
        "ratio": six(Fraction(x1, x2) * Fraction(t2, t1)) if x2 else "infinite",
        "lower": six(lower / (1 - lower) * t2 / t1),
        "upper": six(upper / (1 - upper) * t2 / t1) if b else "infinite",
        "p": six(min(1.0, 2 * min(at_least, at_most))),
    }


def six(value: float | Fraction) -> str:
    exact = Decimal(value.numerator) / value.denominator if isinstance(value, Fraction) else Decimal(repr(float(value)))
    return str(exact.quantize(Decimal("0.000001"), rounding=ROUND_HALF_EVEN))


def rules_changed(known: Known, before: Known) -> bool:
    """Whether anything that makes an incident a violation began or ended inside the two periods."""
    rows = [
        *InstrumentTerms.objects.filter(version=known.version, kind="adopted"),
        *ProvisionTerms.objects.filter(version=known.version, reading=""),
        *Adherence.objects.filter(version=known.version, reading=""),
        *ZoneLine.objects.filter(version=known.version),
    ]
    ends = [end for row in rows for end in (row.valid_from, row.valid_until) if end is not None]
    return any(before.period.starts_at < end < known.period.ends_at for end in ends)
