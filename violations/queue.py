"""What waits for whom: every live incident with what a moderator has to do about it, gravest and longest waiting first.

Nothing here decides: it reads where reviews and findings stand. The rules that it foretells are held by the verbs.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db import models
from django.db.models import Case, Exists, OuterRef, Q, Subquery, Value, When
from django.utils.translation import gettext_lazy as _

from monitoring.models import User
from violations.codebook import ReviewState as State
from violations.models import Assessment, Dissent, Finding, IncidentReport, ReportLink, ReviewStep


class Need(models.TextChoices):
    """What an incident needs of the moderator who asks, the first that fits."""

    SECOND = "second", _("second or dissent")
    REVIEW = "review", _("take under review")
    SETTLE = "settle", _("let a correction or withdrawal take effect")
    DECIDE = "decide", _("decide")
    ACCEPT = "accept", _("end the review of its report")
    OTHERS_ANSWER = "others_answer", _("waits for an answer")
    OTHERS_SECOND = "others_second", _("waits for a second")
    NOTHING = "nothing", _("nothing: decided")


MINE = (Need.SECOND, Need.REVIEW, Need.SETTLE, Need.DECIDE, Need.ACCEPT)
OTHERS = (Need.OTHERS_ANSWER, Need.OTHERS_SECOND)


def waiting(user: User, sides: Mapping[int, int | None]) -> Any:
    """Return the open assessments that `user` may see, annotated with `states`, `need`, `lane` and `gravity`, in order.

    `sides` gives the id of the side that the user acts for in each agreement moderated, None for an independent.
    `states` holds where the review of each report of the incident stands, that of its chain's newest revision.
    """
    rows = Assessment.objects.visible_to(user).filter(agreement__in=list(sides)).open()
    proposals = Finding.objects.open().proposals().filter(incident=OuterRef("incident"))
    dissented = Exists(Dissent.objects.filter(finding=OuterRef("pk"), by=user))
    rows = rows.annotate(
        states=_states(),
        agreed_at=Subquery(
            Finding.objects.open().agreed().filter(incident=OuterRef("incident")).values("recorded_at")[:1]
        ),
        to_second=Exists(
            proposals.filter(_others_proposals(sides), *_fresh()).exclude(proposed_by=user).exclude(dissented)
        ),
        own_proposal=Exists(proposals.filter(_own_proposals(sides), *_fresh())),
        answered_otherwise=Exists(proposals.filter(dissented)),
        unsettled=_unsettled(),
        taken_since=_taken_since(),
    )
    return rows.with_lane().annotate(need=_need()).order_by("gravity", "incident__recorded_at", "pk")


def _states() -> ArraySubquery:
    """The states of the chains that are members of the incident."""
    step = ReviewStep.objects.filter(chain=OuterRef("chain")).order_by("-id").values("state")[:1]
    members = ReportLink.objects.open().members().filter(incident=OuterRef("incident"))
    return ArraySubquery(members.annotate(state=Subquery(step)).values("state"))


def _unsettled() -> Exists:
    """Whether a report of the incident was corrected and the count still rests on the older revision."""
    newer = IncidentReport.objects.filter(chain=OuterRef("chain"), revision__gt=OuterRef("report__revision"))
    members = ReportLink.objects.open().members().filter(incident=OuterRef("incident"))
    return Exists(members.filter(Exists(newer)))


def _taken_since() -> Exists:
    """Whether a report of the incident was taken under review after the agreed finding: reopened, or corrected."""
    since = OuterRef(OuterRef("agreed_at"))
    steps = ReviewStep.objects.filter(chain=OuterRef("chain"), state=State.UNDER_REVIEW, recorded_at__gt=since)
    members = ReportLink.objects.open().members().filter(incident=OuterRef("incident"))
    return Exists(members.filter(Exists(steps)))


def _fresh() -> tuple[Any, ...]:
    """Conditions on a proposal: nothing was agreed and no report moved since, so that it can be seconded as it is."""
    since = OuterRef("recorded_at")
    concerned = Q(incident=OuterRef("incident")) | Q(incident=OuterRef("effect_incident"))
    agreed = Finding.objects.agreed().filter(concerned, recorded_at__gt=since)
    moved = Q(recorded_at__gt=since) | Q(superseded_at__gt=since)
    return ~Exists(agreed), ~Exists(ReportLink.objects.members().filter(concerned, moved))


def is_fresh(proposal: Finding) -> bool:
    """Whether an open proposal can be seconded as it is: nothing was agreed and no report moved since it was made."""
    return Finding.objects.filter(*_fresh(), pk=proposal.pk).exists()


def _others_proposals(sides: Mapping[int, int | None]) -> Q:
    """Proposals that a person of these sides may second: of another side, or either of the two independent."""
    return _any(
        Q(agreement=agreement)
        if side is None
        else Q(agreement=agreement) & (Q(proposed_side__isnull=True) | ~Q(proposed_side=side))
        for agreement, side in sides.items()
    )


def _own_proposals(sides: Mapping[int, int | None]) -> Q:
    """Proposals of the person's own side; independents are counted as one."""
    return _any(
        Q(agreement=agreement, proposed_side__isnull=True)
        if side is None
        else Q(agreement=agreement, proposed_side=side)
        for agreement, side in sides.items()
    )


def _any(conditions: Any) -> Q:
    met = Q(pk__in=[])
    for condition in conditions:
        met |= condition
    return met


def _need() -> Case:
    """Which need comes first; a routine incident whose reports are accepted needs no finding."""
    undecided = Q(agreed_at__isnull=True, own_proposal=False, answered_otherwise=False) & ~Q(lane="routine")
    ours_to_do = Q(own_proposal=False)
    under_review = Q(states__contains=[State.UNDER_REVIEW]) & ours_to_do
    return Case(
        When(to_second=True, then=Value(Need.SECOND)),
        When(states__contains=[State.SUBMITTED], then=Value(Need.REVIEW)),
        When((Q(states__contains=[State.WITHDRAWN]) | Q(unsettled=True)) & ours_to_do, then=Value(Need.SETTLE)),
        When(under_review & Q(agreed_at__isnull=True), then=Value(Need.DECIDE)),
        When(under_review & Q(taken_since=True), then=Value(Need.ACCEPT)),
        When(states__overlap=[State.RETURNED, State.AWAITING_REPLY], then=Value(Need.OTHERS_ANSWER)),
        When(own_proposal=True, then=Value(Need.OTHERS_SECOND)),
        When(undecided, then=Value(Need.DECIDE)),
        default=Value(Need.NOTHING),
        output_field=models.CharField(),
    )
