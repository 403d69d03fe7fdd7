"""Section 1: what a reader must know before the figures. It stands beside the content hash, with a hash of its own."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime
from typing import TYPE_CHECKING, Any

from monitoring import canonical
from monitoring.days import Day
from monitoring.models import (
    Adherence,
    BoundarySet,
    GuarantorTerm,
    InstrumentTerms,
    ObserverTerm,
    PartyTerms,
    Undertaking,
)
from reports.figures.data_sets import data_sets
from reports.figures.known import Known
from reports.models import PeriodKind

if TYPE_CHECKING:
    from reports.models import Closing

# What a report does not tell, and says so instead of printing zero. Of a month nothing is left: each was taken away as
# it came to be recorded.
NOT_RECORDED: tuple[str, ...] = ()
NOT_SHOWN = (
    "all_incidents_were_reported",
    "status_recognition_boundaries",
    "truth_of_a_report",
    "narrative_and_sources",
    "recent_incidents_in_annex",
    "annex_after_cutoff",
)
# Of a week that its month is counted anew.
NOT_SHOWN_OF_A_WEEK = ("counted_in_the_month", *NOT_SHOWN)
# The same of a day, whose report has no findings to begin with; that of its month has what is not told here.
NOT_RECORDED_OF_A_DAY = ("monitoring_coverage", "refused_access")
NOT_SHOWN_OF_A_DAY = (
    "findings_and_attribution",
    "registered_later",
    "all_incidents_were_reported",
    "truth_of_a_report",
    "narrative_and_sources",
    "status_recognition_boundaries",
)
NOT_SHOWN_OF: dict[str, tuple[str, ...]] = {
    PeriodKind.DAY: NOT_SHOWN_OF_A_DAY,
    PeriodKind.WEEK: NOT_SHOWN_OF_A_WEEK,
    PeriodKind.MONTH: NOT_SHOWN,
}
VERIFY = ("recompute_head", "recompute_sections", "verify_closings")
WHERE_THERE_ARE_EDITIONS = "same_hash_in_all_capitals"


def header(known: Known, closing: Closing, number: int) -> dict[str, Any]:
    """Return the header of `closing`, which will bear `number`."""
    version = known.version
    of_a_day = known.period.kind == PeriodKind.DAY
    return {
        "closing": str(closing.public_id),
        "number": number,
        "cutoff_at": canonical.instant(closing.cutoff_at),
        "cutoff_chosen": closing.cutoff_chosen,
        "requested_at": canonical.instant(closing.recorded_at),
        "requested_how": str(closing.requested_how),
        "release": str(version.release),
        "marking": version.handling_marking,
        "authentic_language": version.authentic_language,
        "time_zone": version.time_zone,
        "day_begins": version.day_begins.strftime("%H:%M"),
        "day_named_for": str(version.day_named_for),
        "days": [_day(day) for day in known.period.days],
        "in_force": {"from": canonical.instant(version.in_force_from), "until": _instant(version.in_force_until)},
        "determining_body": version.determining_body,
        "rules": {
            "filing_grace_hours": version.filing_grace_hours,
            "seconding_days": version.seconding_days,
            "reply_deadline_days": version.reply_deadline_days,
            "comment_window_days": version.comment_window_days,
            "revision_days": list(version.revision_days),
            "place_level": version.guarantor_place_level,
            "time_step": version.guarantor_time_step,
            "delay_hours": version.guarantor_delay_hours,
            "attribution": str(version.attribution),
            "ledgers_from": str(version.ledgers_from),
        },
        "mechanism_version": {
            "number": version.number,
            "file_sha256": version.file_sha256,
            "recorded_at": canonical.instant(version.recorded_at),
        },
        "boundary_sets": _boundary_sets(known),
        "data_sets": data_sets(known),
        "guarantors": _guarantors(known),
        "observers": _observers(known),
        "instruments": _instruments(known),
        "parties": _parties(known),
        "not_recorded": list(NOT_RECORDED_OF_A_DAY if of_a_day else NOT_RECORDED),
        "not_shown": list(NOT_SHOWN_OF[known.period.kind]),
        "verify": [WHERE_THERE_ARE_EDITIONS, *VERIFY] if _arranged(known) else list(VERIFY),
    }


def in_period(known: Known, row: GuarantorTerm | ObserverTerm | Adherence | Undertaking) -> bool:
    """Whether the interval of `row` overlaps the period."""
    return (row.valid_from is None or row.valid_from < known.period.ends_at) and (
        row.valid_until is None or row.valid_until > known.period.starts_at
    )


def guarantor_terms(known: Known) -> list[GuarantorTerm]:
    """The terms of the guarantors, by code and time."""
    rows = GuarantorTerm.objects.filter(version=known.version).select_related("guarantor", "side", "own_forces")
    return sorted(rows, key=lambda term: (term.guarantor.code, term.valid_from is not None, term.valid_from))


def _arranged(known: Known) -> bool:
    """Whether any State is guarantor within the period, so that editions are arranged."""
    return any(in_period(known, term) for term in guarantor_terms(known))


def _guarantors(known: Known) -> list[dict[str, Any]]:
    return [
        {
            "guarantor": term.guarantor.code,
            "side": term.side.code,
            "own_forces": term.own_forces.code if term.own_forces else None,
            "language": term.language,
            "from": _instant(term.valid_from),
            "until": _instant(term.valid_until),
            "contested_by": list(term.contested_by),
            "note": term.note,
            "in_period": in_period(known, term),
        }
        for term in guarantor_terms(known)
    ]


def _observers(known: Known) -> list[dict[str, Any]]:
    rows = ObserverTerm.objects.filter(version=known.version).select_related("observer")
    return [
        {
            "observer": term.observer.code,
            "tier": term.tier,
            "consent_of": list(term.consent_of),
            "contested_by": list(term.contested_by),
            "from": _instant(term.valid_from),
            "until": _instant(term.valid_until),
        }
        for term in sorted(rows, key=lambda term: (term.observer.code, term.pk))
        if in_period(known, term)
    ]


def _instruments(known: Known) -> list[dict[str, Any]]:
    rows = InstrumentTerms.objects.filter(version=known.version).select_related("instrument")
    return [
        {
            "instrument": terms.instrument.code,
            "kind": str(terms.kind),
            "adopted_on": terms.adopted_on and terms.adopted_on.isoformat(),
            "holder": terms.holder,
        }
        for terms in sorted(rows, key=lambda terms: (terms.instrument.code, terms.pk))
    ]


def _parties(known: Known) -> list[dict[str, Any]]:
    adherences: dict[int, list[Adherence]] = defaultdict(list)
    for adherence in Adherence.objects.filter(version=known.version).select_related("instrument", "inherited_from"):
        if in_period(known, adherence):
            adherences[adherence.party_id].append(adherence)
    answering = _undertakings(known)
    rows = PartyTerms.objects.filter(version=known.version).select_related("party", "parent", "side")
    return [
        {
            "party": terms.party.code,
            "parent": terms.parent.code if terms.parent else None,
            "side": terms.side.code if terms.side else None,
            "kind": str(terms.kind),
            "undertakings": answering.get(terms.party.code, []),
            "adherence": [
                {
                    "instrument": adherence.instrument.code,
                    "kind": str(adherence.kind),
                    "reading": adherence.reading,
                    "inherited_from": adherence.inherited_from.code if adherence.inherited_from else None,
                }
                for adherence in sorted(
                    adherences[terms.party_id], key=lambda row: (row.instrument.code, row.reading, row.pk)
                )
            ],
        }
        for terms in sorted(rows, key=lambda terms: terms.party.code)
    ]


def _undertakings(known: Known) -> dict[str, list[dict[str, Any]]]:
    """By party: the guarantors that answer for it within the period, on whose word, when, and by which source.

    The section on incidents has its own: what a source is called moves no figure.
    """
    answering: dict[str, list[dict[str, Any]]] = defaultdict(list)
    rows = Undertaking.objects.filter(version=known.version).select_related("party", "guarantor")
    for row in sorted(rows, key=lambda row: (row.guarantor.code, row.basis, row.pk)):
        if in_period(known, row):
            answering[row.party.code].append(
                {
                    "guarantor": row.guarantor.code,
                    "basis": str(row.basis),
                    "from": _instant(row.valid_from),
                    "until": _instant(row.valid_until),
                    "source": row.source,
                }
            )
    return answering


def _boundary_sets(known: Known) -> list[dict[str, Any]]:
    rows = BoundarySet.objects.as_known_at(known.known_at).filter(agreement=known.agreement)
    return [
        {
            "level": str(row.level),
            "source": row.source,
            "licence": row.licence,
            "valid_on": row.valid_on and row.valid_on.isoformat(),
            "file_sha256": row.file_sha256,
            "mended": len(row.mended),
        }
        for row in sorted(rows, key=lambda row: row.level)
    ]


def _day(day: Day) -> dict[str, str]:
    return {
        "date": day.date.isoformat(),
        "from": canonical.instant(day.starts_at),
        "until": canonical.instant(day.ends_at),
    }


def _instant(at: datetime | None) -> str | None:
    return None if at is None else canonical.instant(at)
