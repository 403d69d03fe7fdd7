"""Section 6: change against the previous period, where the two can be compared.

Both periods are counted anew as known at this cut-off and under the mechanism known then: nothing is read from an older
closing. Months are of 28 to 31 days, so rates are compared, not counts: the exposure is the period's days. What was
monitored is told in section 5, and a day is no measure of it. Counts are divided by max(1, phi) before the interval is
taken, phi being Pearson's dispersion of the days of both periods, each about its own mean; what is not dated to a day
is counted, and says nothing of phi. Decimals are texts of six places (`statistics.rounded`).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from monitoring.models import InstrumentTerms
from reports import periods, statistics
from reports.figures.breakdowns import Key
from reports.figures.columns import VIOLATIONS, tally
from reports.figures.counting import counted
from reports.figures.incidents import side_rows
from reports.figures.known import Known, holds_at_cutoff
from reports.figures.ledgers import announced, days_by_owner

if TYPE_CHECKING:
    from violations.ledger_days import LedgerDay

PLACES = 6
# Fewer than this in both periods together are shown and not compared.
FEWEST = 5

# What decides whether an incident is a violation, and began or ended within the two periods.
RULES = f"""
select exists (
    select from (
        select valid_from, valid_until from monitoring_instrumentterms
        where version_id = %(version)s and kind = '{InstrumentTerms.Kind.ADOPTED.value}'
        union all
        select valid_from, valid_until from monitoring_provisionterms where version_id = %(version)s and reading = ''
        union all
        select valid_from, valid_until from monitoring_adherence where version_id = %(version)s and reading = ''
        union all
        select valid_from, valid_until from monitoring_zoneline where version_id = %(version)s
    ) rule
    where (rule.valid_from > %(earlier)s and rule.valid_from < %(until)s)
       or (rule.valid_until > %(earlier)s and rule.valid_until < %(until)s)
) as changed
"""

# The data sets that any incident of the period comes from. The agreement's are told by stepping from one to the next in
# the index of what is imported; each is then looked for until one of its incidents is met.
SOURCES = f"""
with recursive imported as (
    (select source from violations_incidentreport where agreement_id = %(agreement)s and source <> ''
     order by source limit 1)
    union all
    select (select source from violations_incidentreport
            where agreement_id = %(agreement)s and source <> '' and source > imported.source order by source limit 1)
    from imported where imported.source is not null
)
select source from imported
where source is not null and exists (
    select from violations_assessment assessment
    join violations_incidentreport report on report.id = assessment.lead_report_id
    where assessment.agreement_id = %(agreement)s
      and assessment.occurred_from >= %(from)s and assessment.occurred_from < %(until)s
      and {holds_at_cutoff("assessment")} and report.source = imported.source
)
order by source collate "C"
"""

# By row (None: every incident), by day (None: not dated to one): the columns.
Series = dict[Key | None, dict[str | None, Counter[str]]]


def section(known: Known) -> dict[str, Any]:
    """Return section 6."""
    former = periods.before(known.version, known.period)
    why_none = _why_none(known, former)
    told: dict[str, Any] = {
        "why_none": why_none,
        "days": len(known.period.days),
        "previous": None,
        "standing": None,
        "measures": [],
        "announced": [],
    }
    before = known.once(compared_with)
    if before is None:
        return told
    return told | {
        "previous": {"period": former.code, "days": len(former.days)},
        "standing": {"current": _standing(known), "previous": _standing(before)},
        "measures": _measures(known, before),
        "announced": _announced(known, before),
    }


def compared_with(known: Known) -> Known | None:
    """The period before, as known at the same cut-off; None where the two cannot be compared."""
    former = periods.before(known.version, known.period)
    return None if _why_none(known, former) else known.over(former)


def _why_none(known: Known, former: periods.Period) -> str:
    """Why there is no comparable previous period; '' where there is one."""
    version = known.version
    if periods.before_the_truce(version, former):
        return "first_period"
    begins_within = version.in_force_from > former.starts_at
    ends_within = version.in_force_until is not None and version.in_force_until < known.period.ends_at
    return "truce_in_part" if begins_within or ends_within else ""


def _measures(known: Known, before: Known) -> list[dict[str, Any]]:
    """The registered and the violations: of all incidents, and by side where the truce publishes attribution."""
    other_sources = "" if _sources(known) == _sources(before) else "sources_differ"
    other_rules = "rules_changed" if known.rows(RULES, earlier=before.period.starts_at)[0]["changed"] else ""
    return [
        _measure(known, before, "registered", None, other_sources),
        _measure(known, before, "violations", VIOLATIONS, other_sources or other_rules),
    ]


def _measure(known: Known, before: Known, measure: str, columns: Sequence[str] | None, why_not: str) -> dict[str, Any]:
    def row(key: Key | None) -> dict[str, Any]:
        current, previous = (_counts(one, key, columns) for one in (known, before))
        return compared(
            current.total(),
            previous.total(),
            days=(len(known.period.days), len(before.period.days)),
            daily=[_by_day(known, current), _by_day(before, previous)],
            why_not=why_not,
        )

    met = {key for one in (known, before) for key in one.once(series) if key is not None}
    return {
        "measure": measure,
        "why_not": why_not,
        "all": row(None),
        "by_side": [{"side": side, "forces": forces, **row((side, forces))} for side, forces in side_rows(known, met)],
    }


def series(known: Known) -> Series:
    """Return how many incidents stand in which column, by row and day."""
    told: Series = defaultdict(lambda: defaultdict(Counter))
    parts = known.once(counted)
    for row in parts.get("day", ()):
        told[None][row.first][row.stands_in] += row.numbers[0]
    for row in parts.get("side", ()):
        told[row.first, row.second][row.date][row.stands_in] += row.numbers[0]
    return told


def _counts(known: Known, key: Key | None, columns: Sequence[str] | None) -> Counter[str | None]:
    """By day (None: not dated to one) the incidents of a row that stand in one of `columns`; in any where None."""
    days = known.once(series).get(key, {})
    return Counter(
        {
            date: sum(number for column, number in stands.items() if columns is None or column in columns)
            for date, stands in days.items()
        }
    )


def _by_day(known: Known, counts: Counter[str | None]) -> list[int]:
    return [counts[date.isoformat()] for date in known.period.dates]


def compared(
    current: int | None,
    previous: int | None,
    *,
    days: tuple[int, int],
    daily: Sequence[Sequence[int]],
    why_not: str = "",
) -> dict[str, Any]:
    """Return a row: the two counts and, where they can be compared, the ratio of the rates a day with its interval."""
    row: dict[str, Any] = {
        "current": current,
        "previous": previous,
        "outcome": "not_compared",
        "dispersion": None,
        "ratio": None,
        "lower": None,
        "upper": None,
        "p": None,
    }
    if why_not or current is None or previous is None:
        return row
    if current == previous == 0:
        return row | {"outcome": "none_in_either"}
    if current + previous < FEWEST:
        return row | {"outcome": "too_few"}
    phi = statistics.dispersion(daily)
    ratio = statistics.compare(current, days[0], previous, days[1], phi=phi or statistics.NOT_CLUSTERED)
    assert ratio is not None  # noqa: S101 - something was counted
    return row | {
        "outcome": "compared",
        "dispersion": None if phi is None else statistics.rounded(phi, PLACES),
        "ratio": statistics.rounded(ratio.ratio, PLACES),
        "lower": statistics.rounded(ratio.since, PLACES),
        "upper": statistics.rounded(ratio.until, PLACES),
        "p": statistics.rounded(ratio.p, PLACES),
    }


def _standing(known: Known) -> dict[str, Any]:
    """All incidents of the period in their columns, as they stand at this cut-off."""
    days = known.once(series).get(None, {})
    return tally(sum(days.values(), Counter()))


def _sources(known: Known) -> list[str]:
    return [row["source"] for row in known.rows(SOURCES)]


def _announced(known: Known, before: Known) -> list[dict[str, Any]]:
    """Of each ledger that has days in either period: compared only where both totals are there, in one unit."""
    now, then = known.once(days_by_owner), before.once(days_by_owner)
    return [_ledger(owner, now.get(owner, []), then.get(owner, [])) for owner in sorted(now.keys() | then.keys())]


def _ledger(owner: str, now: Sequence[LedgerDay], then: Sequence[LedgerDay]) -> dict[str, Any]:
    told = [announced(days) for days in (now, then)]
    current, previous = told
    why_not = current["no_total"] or previous["no_total"]
    if not why_not and current["unit"] != previous["unit"]:
        why_not = "units_differ"
    return {
        "guarantor": owner,
        "unit": None if why_not else current["unit"],
        "why_not": why_not,
        "days_held": {"current": current["days_held"], "previous": previous["days_held"]},
        **compared(
            current["total"],
            previous["total"],
            days=(current["days_held"], previous["days_held"]),
            daily=[[day.returns[0].total for day in days if day.held] for days in (now, then)],
            why_not=why_not,
        ),
    }
