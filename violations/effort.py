"""How a team files its own work: patrols, posts and watch logs with their hours, and restrictions of movement.

A monitor files it, or a duty officer from paper. A client names each filing; the same again is the first answer. Who
filed is not kept: a correction is made by whoever files for the team now, and names what it replaces.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from monitoring import audit, ledger
from monitoring.errors import Malformed, NotFound, NotNow
from monitoring.models import Agreement, Team, User
from violations import filers, naming, report_document, waiting
from violations.effort_content import Observation, PatrolContent, RestrictionContent, Stretch, written
from violations.filer_tags import tag_of
from violations.models import MovementRestriction, Patrol, PatrolStretch, WatchObservation

Row = Patrol | MovementRestriction


@dataclass(frozen=True)
class FiledEffort:
    """What came of a filing: the row, and whether it is new or was there already under that client id."""

    row: Any
    created: bool


def file_patrol(
    agreement: Agreement, content: PatrolContent, *, by: User, client_id: str, replaces: UUID | None = None
) -> FiledEffort:
    """Record hours of observation; `replaces` names the patrol that they correct.

    Raises Forbidden (neither monitor nor duty officer here now), Malformed (`fields` by JSON pointer), NotFound
    (`replaces` is none of the team's), NotNow (`client_id_taken`, `not_latest`).
    """

    def parts(patrol: Patrol) -> None:
        areas = {area.code: area for area in agreement.areas.all()}
        PatrolStretch.objects.bulk_create(
            PatrolStretch(
                patrol=patrol,
                number=number,
                started_at=stretch.started_at,
                ended_at=stretch.ended_at,
                area=areas[stretch.area],
                position=stretch.position,
            )
            for number, stretch in enumerate(content.stretches, 1)
        )
        WatchObservation.objects.bulk_create(
            WatchObservation(
                patrol=patrol,
                number=number,
                observed_at=seen.observed_at,
                observed=seen.observed,
                phase=seen.phase,
                count=seen.count,
                qualifier=seen.qualifier,
                bearing=seen.bearing,
                metres=seen.metres,
            )
            for number, seen in enumerate(content.observations, 1)
        )

    return _file(agreement, Patrol, content, {}, parts, by=by, client_id=client_id, replaces=replaces)


def file_restriction(
    agreement: Agreement, content: RestrictionContent, *, by: User, client_id: str, replaces: UUID | None = None
) -> FiledEffort:
    """Record that a team was kept from going somewhere. Raises as `file_patrol` does."""
    party = naming.parties_named(agreement.terms, [content.by_as_written]).get(content.by_as_written)
    told = {
        "area": agreement.areas.filter(code=content.area).first() if content.area else None,
        "place_as_written": content.place_as_written,
        "by_as_written": content.by_as_written,
        "by_party": party,
    }
    return _file(
        agreement, MovementRestriction, content, told, lambda row: None, by=by, client_id=client_id, replaces=replaces
    )


def withdraw(model: type[Row], public_id: UUID, *, by: User) -> Any:
    """Take back what was filed by mistake: it is no longer counted and stays in the record. Again is no fault."""
    with ledger.writing() as entry:
        row = of_teams(model, by).select_for_update(no_key=True, of=("self",)).filter(public_id=public_id).first()
        if row is None:
            raise NotFound(_("There is no such filing of your team's."), code="not_found")
        if row.superseded_at is None:
            entry.close(model.objects.filter(pk=row.pk), expected=1)
            audit.done("effort.withdraw", by=by, on=row.agreement, agreement=row.agreement)
    return model.objects.get(pk=row.pk)


def of_teams(model: type[Row], user: User) -> Any:
    """What the teams filed for which `user` files now, closed or not."""
    held = filers.teams_of(user)
    return model.objects.filter(team__in=[team.pk for team in held]).select_related("agreement", "team")


def _file(
    agreement: Agreement,
    model: type[Row],
    content: PatrolContent | RestrictionContent,
    told: dict[str, Any],
    parts: Any,
    *,
    by: User,
    client_id: str,
    replaces: UUID | None,
) -> FiledEffort:
    team = filers.team_of(by, agreement, content.team)
    fields: dict[str, list[str]] = {}
    for pointer, message in content.faults(set(agreement.areas.values_list("code", flat=True)), timezone.now()):
        fields.setdefault(pointer, []).append(message)
    if fields:
        raise Malformed(_("The document cannot be taken like this; see each error."), fields=fields)
    key = _key(by, client_id)
    with ledger.writing() as entry:
        waiting.hold(by, alone=True)  # under the same id for two teams at once, the second must find the first
        Team.objects.select_for_update(no_key=True).get(pk=team.pk)
        before = model.objects.filter(filing_key=key).first()
        if before is not None:
            return FiledEffort(_same(before, content, replaces), created=False)
        if replaces is not None:
            _close(entry, model, replaces, team)
        row = model.objects.create(
            recorded_at=entry.stamp(),
            agreement=agreement,
            team=team,
            filing_key=key,
            kind=content.kind,
            started_at=content.started_at,
            ended_at=content.ended_at,
            note=content.note,
            content_sha256=content.sha256(),
            **told,
        )
        parts(row)
        # The act is audited on the agreement: an entry on the row would say who observed where.
        audit.done("effort.file", by=by, on=agreement, agreement=agreement)
    return FiledEffort(row, created=True)


def _close(entry: ledger.Entry, model: type[Row], replaces: UUID, team: Team) -> None:
    found = model.objects.filter(public_id=replaces, team=team).first()
    if found is None:
        raise NotFound(_("What you correct is no filing of your team's."), code="not_found")
    if found.superseded_at is not None:
        raise NotNow(_("What you correct was corrected or withdrawn before."), code="not_latest")
    entry.close(model.objects.filter(pk=found.pk), expected=1)


def _same(before: Row, content: PatrolContent | RestrictionContent, replaces: UUID | None) -> Row:
    replaced = _replaced_by(before)
    if (before.content_sha256, replaced) != (content.sha256(), replaces):
        told = _differences(before, content, filed=replaced, sent=replaces)
        raise filers.taken(told, latest=str(_latest(before).public_id))
    return before


def _replaced_by(row: Row) -> UUID | None:
    # What a filing took the place of was closed as it was recorded, and nothing else of its team was.
    before = type(row).objects.filter(team=row.team_id, superseded_at=row.recorded_at).first()
    return before.public_id if before else None


def _latest(row: Row) -> Row:
    """What stands in the place of a filing by now: itself, or what corrected it in the end."""
    while row.superseded_at is not None:
        after = type(row).objects.filter(team=row.team_id, recorded_at=row.superseded_at).first()
        if after is None:
            break
        row = after
    return row


def _differences(
    before: Row, content: PatrolContent | RestrictionContent, *, filed: UUID | None, sent: UUID | None
) -> list[dict[str, Any]]:
    """Where what is sent says something else than what was filed, by pointer."""
    was = written(_content_of(before)) | {"replaces": filed and str(filed)}
    now = written(content) | {"replaces": sent and str(sent)}
    stated = now.get("team", "")
    told = report_document.of_another(was, {"team": was["team"], **now})
    # Else the same team was stated in one of the two alone.
    return told or report_document.of_another({"team": "" if stated else was["team"]}, {"team": stated})


def _content_of(row: Row) -> PatrolContent | RestrictionContent:
    common: dict[str, Any] = {
        "kind": row.kind,
        "started_at": row.started_at,
        "ended_at": row.ended_at,
        "team": row.team.code,
        "note": row.note,
    }
    if isinstance(row, MovementRestriction):
        area = row.area.code if row.area else ""
        return RestrictionContent(
            **common, area=area, place_as_written=row.place_as_written, by_as_written=row.by_as_written
        )
    return PatrolContent(
        **common,
        stretches=tuple(
            Stretch(part.area.code, part.started_at, part.ended_at, part.position)
            for part in row.stretches.select_related("area").order_by("number")
        ),
        observations=tuple(
            Observation(
                observed_at=seen.observed_at,
                observed=seen.observed,
                qualifier=seen.qualifier,
                count=seen.count,
                phase=seen.phase,
                bearing=seen.bearing,
                metres=seen.metres,
            )
            for seen in row.observations.order_by("number")
        ),
    )


def _key(by: User, client_id: str) -> str:
    """What stands for account and client id: the same again is known, and two filings of one account are not linked."""
    return hashlib.sha256(f"{tag_of(by)} {client_id}".encode()).hexdigest()
