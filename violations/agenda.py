"""Where an incident stands with sittings of the determining body: asked by whoever decides, and by the queue in SQL.

A sitting that did not agree, or that refers back, leaves every row as it was. But what was proposed before is not
seconded as it is: the body had it before it, so its side says it anew. A determined finding is changed by another
sitting alone, while the truce's file names a body that could; what two sides let take effect on its reports (a link, a
correction, a withdrawal) carries it over.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import connection
from django.db.models import Case, Exists, OuterRef, Q, Value, When
from django.utils.translation import gettext_lazy as _

from monitoring.errors import NotNow
from monitoring.models import MechanismVersion
from violations.codebook import Standing
from violations.models import AgendaItem, Finding, SittingOutcome
from violations.moderation_codes import SittingSaid

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

_WORD = Finding.Effect.FINDING.value
WHY_NOT = {
    "determined": _("A sitting determined what stands here, so only a sitting can change it: put this on its agenda."),
    "stale": _("A sitting had this before it and did not agree, or referred it back: propose again."),
}


def outcome_waits(incident: str) -> str:
    """SQL: whether what a sitting said of the incident is recorded and waits to be confirmed."""
    return f"""exists (
        select from violations_agendaitem item join violations_sittingoutcome said on said.item_id = item.id
        where item.incident_id = {incident} and said.superseded_at is null and said.confirmed_by_id is null)"""


def referred_back(incident: str) -> str:
    """SQL: whether a sitting referred the incident back and nobody has said anything of it since."""
    return f"exists (select {_referral(incident)})"


def words_of_referral(incident: str) -> str:
    """SQL: on what grounds it did; null where it did not."""
    return f"(select said.grounds {_referral(incident)} order by said.id desc limit 1)"


def _referral(incident: str) -> str:
    return f"""from violations_agendaitem item join violations_sittingoutcome said on said.item_id = item.id
        where item.incident_id = {incident} and said.confirmed_by_id is not null
          and said.outcome = '{SittingSaid.REFERRED_BACK.value}'
          and not exists (
              select from violations_finding later
              where later.incident_id = item.incident_id and later.effect = '{_WORD}'
                and later.recorded_at > said.recorded_at)
          and not exists (
              select from violations_agendaitem again
              where again.incident_id = item.incident_id and again.recorded_at > said.recorded_at
                and not exists (select from violations_agendaremoval off where off.item_id = again.id))"""


def said_after(finding: str) -> str:
    """SQL: whether a sitting said something of the incident after the proposal of a finding was made."""
    return f"""exists (
        select from violations_agendaitem item join violations_sittingoutcome said on said.item_id = item.id
        where {finding}.effect = '{_WORD}' and item.incident_id = {finding}.incident_id
          and said.confirmed_by_id is not null and said.recorded_at > {finding}.recorded_at)"""


def is_held_by_a_sitting(incident: str) -> str:
    """SQL: whether what is agreed on the incident is determined, by a body that the truce's file still names."""
    return f"""exists (
        select from violations_finding determined
        join monitoring_mechanismversion terms
          on terms.agreement_id = determined.agreement_id and terms.superseded_at is null
        where determined.incident_id = {incident} and determined.superseded_at is null
          and determined.standing = '{Standing.DETERMINED.value}' and terms.determining_body <> '')"""


NOT_FOR_MODERATORS = f"""
select finding.id, case
    when finding.effect <> '{_WORD}' then null
    when {is_held_by_a_sitting("finding.incident_id")} then 'determined'
    when {said_after("finding")} then 'stale' end
from violations_finding finding where finding.id = any(%s)
"""


def refused_as(at: datetime | None) -> Any:
    """The same code for a queryset of findings, by now or as known at `at`; '' where moderators may second it."""
    determined = Finding.objects.holding(at).filter(incident=OuterRef("incident"), standing=Standing.DETERMINED)
    named = MechanismVersion.objects.holding(at).filter(agreement=OuterRef("agreement")).exclude(determining_body="")
    said = SittingOutcome.objects.until(at).exclude(confirmed_by=None)
    after = said.filter(item__incident=OuterRef("incident"), recorded_at__gt=OuterRef("recorded_at"))
    return Case(
        When(~Q(effect=_WORD), then=Value("")),
        When(Exists(determined) & Exists(named), then=Value("determined")),
        When(Exists(after), then=Value("stale")),
        default=Value(""),
    )


def has_spoken_since(incident_id: int, instant: datetime) -> bool:
    """Whether a sitting said something of the incident after `instant`, and another side confirmed it."""
    said = SittingOutcome.objects.filter(item__incident=incident_id, recorded_at__gt=instant)
    return said.exclude(confirmed_by=None).exists()


def not_for_moderators(proposals: Collection[int]) -> dict[int, str]:
    """Which of the proposals moderators may not second, by number, each with the code of `require_second`."""
    with connection.cursor() as cursor:
        cursor.execute(NOT_FOR_MODERATORS, [list(proposals)])
        return {pk: code for pk, code in cursor.fetchall() if code}


def require_second(proposal: Finding) -> None:
    """Raise NotNow where a finding proposed is not for moderators to second: `determined`, or `stale` by a sitting."""
    code = not_for_moderators([proposal.pk]).get(proposal.pk)
    if code is not None:
        raise NotNow(str(WHY_NOT[code]), code=code)


def require_unsaid(proposal: Finding) -> None:
    """Raise NotNow (`stale`) where a sitting said something of the incident after `proposal` was made."""
    if has_spoken_since(proposal.incident_id, proposal.recorded_at):
        raise NotNow(str(WHY_NOT["stale"]), code="stale")


def open_item(incident_id: int) -> AgendaItem | None:
    """The place of the incident on an agenda, where it stands on one now."""
    return AgendaItem.objects.open().filter(incident=incident_id).select_related("sitting").first()
