"""What the record holds of one incident, read whole in one statement, by now or as known at a past instant.

A new fact of an incident is hooked in here: a line in `_asked`, with a field of CaseRecord that it fills, costs no
further statement; what belongs to a row of another is given to it in `read`. It says what was known at `at` by
`until(at)`, and a row that was closed only later stands open then: that is `as_they_stood`, for all of them.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import models

from monitoring import accreditation
from monitoring.english_order import by_english_name
from monitoring.models import Accreditation, MechanismVersion, User
from monitoring.models.record import Closable, Recorded
from monitoring.together import give, together
from violations import duty_log, queue
from violations.models import (
    AgendaItem,
    Assessment,
    Dissent,
    FilerQuestion,
    Finding,
    FindingParty,
    FindingProvision,
    Grade,
    Incident,
    IncidentReport,
    LaneMove,
    ReportLink,
    ReportParty,
    ReviewStep,
    SittingOutcome,
)

# What is said to a row once, by another: the answer to a question, that a note holds no more, that a word was told,
# that it was taken off an agenda.
SAID_LATER = {"answer", "taken_back", "telling", "removal"}


@dataclass
class CaseRecord:
    """The rows that tell of one incident, each kind oldest first.

    `links`: every link that ever told of it, and those by which its reports went elsewhere. `reports`: every revision
    of what those tell of, with its parties and questions. `held`: the chains of them that stand with a duty officer.
    `assessed`: from when until when each assessment held.
    `also`: what the page asked along.
    `authors`: the last accreditation of whoever moved it to another lane, with their side.
    """

    links: list[ReportLink]
    reports: list[IncidentReport]
    steps: list[ReviewStep]
    grades: list[Grade]
    findings: list[Finding]
    moves: list[LaneMove]
    authors: list[Accreditation]
    agenda_items: list[AgendaItem]
    held: list[UUID]
    assessed: list[tuple[datetime, datetime | None]]
    also: dict[str, list[Any]]


KINDS = [field.name for field in fields(CaseRecord) if field.name != "also"]


def read(
    incident: Incident,
    version: MechanismVersion,
    user: User,
    at: datetime | None,
    also: dict[str, models.QuerySet] | None = None,
) -> CaseRecord:
    """Read it: what `user` may see of `incident`, whose truce's version in force is `version`; and what else is asked.

    `also`: questions of a page, by names of their own; they are asked of `at` by who asks them.
    """
    asked, also = _asked(incident, version, user, at), also or {}
    found = together(**asked, **{f"also_{name}": rows for name, rows in also.items()})
    told = {name: found.pop(f"also_{name}") for name in also}
    for name in asked:
        as_they_stood(found[name], at)
    give(found["reports"], "parties", found.pop("parties"))
    give(found["reports"], "questions", found.pop("questions"))
    give(found["agenda_items"], "outcomes", found.pop("outcomes"))
    for name in ("parties", "provisions", "dissents"):
        give(found["findings"], name, found.pop(f"finding_{name}"))
    return CaseRecord(**{name: found[name] for name in KINDS}, also=told)


def _asked(
    incident: Incident, version: MechanismVersion, user: User, at: datetime | None
) -> dict[str, models.QuerySet]:
    """Every question of the statement, by the name of its rows."""
    told_here = ReportLink.objects.until(at).filter(incident=incident).values("chain")
    chains = ReportLink.objects.until(at).members().filter(incident=incident).values("chain")
    reports = IncidentReport.objects.visible_to(user).until(at).filter(chain__in=chains)
    of_reports = {"report__in": IncidentReport.objects.until(at).filter(chain__in=chains).values("pk")}
    findings = Finding.objects.until(at).filter(incident=incident)
    items = AgendaItem.objects.until(at).filter(incident=incident)
    moves = LaneMove.objects.until(at).filter(incident=incident)
    return {
        "links": ReportLink.objects.until(at)
        .filter(report__chain__in=told_here)  # not by their own chain: that index has what is in effect alone
        .select_related("by", "incident", "report", "taken_back__by")
        .order_by("recorded_at", "pk"),
        "reports": reports.with_redactions()
        .with_grades(at)
        .select_related("stated_area", "told_by")
        .order_by("revision"),
        "parties": ReportParty.objects.filter(**of_reports).select_related("party").order_by("pk"),
        "questions": FilerQuestion.objects.until(at).filter(**of_reports).select_related("answer").order_by("pk"),
        "steps": ReviewStep.objects.until(at).filter(chain__in=chains).select_related("by").order_by("pk"),
        "grades": Grade.objects.until(at).filter(**of_reports).select_related("by", "side").order_by("pk"),
        "assessed": Assessment.objects.until(at)
        .filter(incident=incident)
        .order_by("pk")
        .values_list("recorded_at", "superseded_at"),
        "held": duty_log.standing_by([version], at).filter(chain__in=chains).values_list("chain", flat=True),
        "findings": queue.with_freshness(findings, at)
        .with_casualties(at)
        .select_related(
            "proposed_by", "proposed_side", "seconded_by", "seconded_side", "effect_report", "effect_incident"
        )
        .order_by("recorded_at", "pk"),
        "finding_parties": FindingParty.objects.filter(finding__in=findings.values("pk"))
        .select_related("party")
        .order_by(*by_english_name("party__")),
        "finding_provisions": FindingProvision.objects.filter(finding__in=findings.values("pk"))
        .select_related("provision__instrument")
        .order_by("provision__code"),
        "finding_dissents": Dissent.objects.until(at)
        .filter(finding__in=findings.values("pk"))
        .select_related("by", "side")
        .order_by("pk"),
        "agenda_items": items.select_related("sitting", "put_by", "put_side", "removal__by", "removal__side").order_by(
            "pk"
        ),
        "outcomes": SittingOutcome.objects.until(at)
        .filter(item__in=items.values("pk"))
        .select_related("recorded_by", "recorded_side", "confirmed_by", "confirmed_side", "finding")
        .order_by("pk"),
        "moves": moves.select_related("proposed_by", "proposed_side", "seconded_by", "seconded_side").order_by("pk"),
        "authors": accreditation.with_side(
            Accreditation.objects.filter(
                agreement=incident.agreement_id,
                role=accreditation.Role.MODERATOR,
                user__in=moves.values("proposed_by"),
            )
        )
        .order_by("user", "-pk")
        .distinct("user"),
    }


def as_they_stood(rows: list[Any], at: datetime | None) -> list[Any]:
    """Let what was closed after `at` be open as it was then, and what was said to a row after it not be said yet."""
    if at is not None:
        for row in rows:
            if isinstance(row, Closable) and row.superseded_at is not None and row.superseded_at > at:
                row.superseded_at = None
            for name, said in list(row._state.fields_cache.items()) if isinstance(row, Recorded) else ():
                if name in SAID_LATER and said is not None and said.recorded_at > at:
                    row._state.fields_cache[name] = None
    return rows
