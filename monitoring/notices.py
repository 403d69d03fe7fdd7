"""Telling moderators, operators and a guarantor's people that something waits, once; and what each of them has seen.

Who finds what waits is elsewhere: each room tells of its own. A notice is for whoever holds its role in its agreement
at the moment of asking, so that an accreditation that ends takes the notices with it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.db import connection
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from monitoring import accreditation, audit, ledger
from monitoring.accreditation import Role
from monitoring.models import Accreditation, Agreement, Notice, NoticeSeen

if TYPE_CHECKING:
    from monitoring.models import GuarantorState, User

AT_DESK = (Role.MODERATOR, Role.OPERATOR)  # told of on the page of notices; a guarantor where what waits for it stands
ROLES = (*AT_DESK, Role.GUARANTOR)
# What nobody saw in this time waits no longer: it stands in the list, and neither the number nor a mail tells of it. Of
# what waits for a guarantor the same is so once its time is over, for nothing can be done any more.
WAITS_FOR = timedelta(days=30)
# What became due or late, or was filed, longer ago than this is told of no more, wherever the workers were meanwhile.
TOLD_WITHIN = timedelta(days=7)


@dataclass(frozen=True)
class Told:
    """What is told: its kind, what makes it the one of its kind, what it is about, until when; codes and numbers."""

    kind: str
    once: str
    object_kind: str = ""
    object_id: str = ""
    due_at: datetime | None = None
    details: dict[str, Any] = field(default_factory=dict)
    role: str = Role.MODERATOR
    guarantor: GuarantorState | None = None


def give(agreement: Agreement, told: Iterable[Told]) -> int:
    """Write a notice of each that there is none of yet; return how many. May run twice, also at once: one is written.

    Nothing is locked and nothing written where there is nothing new.
    """
    asked = list({(one.kind, one.once): one for one in told}.values())
    there = set(
        Notice.objects.filter(agreement=agreement, once__in=[one.once for one in asked]).values_list("kind", "once")
        if asked
        else ()
    )
    new = [one for one in asked if (one.kind, one.once) not in there]
    if not new:
        return 0
    with ledger.writing() as entry:
        Notice.objects.bulk_create(
            [Notice(agreement=agreement, recorded_at=entry.stamp(), **vars(one)) for one in new],
            ignore_conflicts=True,  # another worker was first
        )
        return Notice.objects.filter(agreement=agreement, recorded_at=entry.stamp()).count()


def of(user: User) -> Any:
    """The notices that are for `user` now, with `is_seen` by them; newest first."""
    seen = NoticeSeen.objects.filter(notice=OuterRef("pk"), user=user)
    asked = Q(pk__in=[])
    held = accreditation.held_by(user, *ROLES).values_list("agreement", "role", "sent_by_guarantor")
    for agreement, role, state in held.distinct():
        asked |= Q(agreement=agreement, role=role, guarantor=state if role == Role.GUARANTOR else None)
    return Notice.objects.filter(asked).annotate(is_seen=Exists(seen)).order_by("-pk")


def waiting_for(user: User) -> Any:
    """Those that they have not seen, of the time in which a notice waits."""
    return of_late(of(user)).filter(is_seen=False)


def of_late(rows: Any) -> Any:
    """Those of `rows` that are of the time in which a notice waits."""
    now = timezone.now()
    return rows.filter(recorded_at__gt=now - WAITS_FOR).exclude(role=Role.GUARANTOR, due_at__lte=now)


def see(user: User, rows: Any) -> int:
    """Note that `user` saw those of `rows` (of `of`) that they had not; return how many. The same again notes none."""
    with ledger.writing() as entry:
        chosen = list(rows.filter(is_seen=False).order_by("pk").values_list("pk", flat=True))
        if not chosen:
            return 0
        with connection.cursor() as cursor:
            cursor.execute(
                """insert into monitoring_noticeseen (recorded_at, notice_id, user_id)
                select %s, unnest(%s::bigint[]), %s on conflict do nothing""",
                [entry.stamp(), chosen, user.pk],
            )
            noted = cursor.rowcount
        if noted:
            audit.done("notice.see", by=user, agreement=accreditation.the_one_agreement(user))
    return noted


# SQL: how many notices wait for the account `person` at the instant $2, up to MOST; for a statement sent anyhow. What
# was seen is looked up one by one (`offset 0`), for joined as a set all that they ever saw would be read.
MOST = 100
WAITING = f"""
    (select count(*) from (
        select from (
            select distinct held.agreement_id, held.role,
                   case when held.role = '{Role.GUARANTOR.value}' then held.sent_by_guarantor_id end as guarantor_id
            from {Accreditation._meta.db_table} held
            where held.user_id = person.id and held.superseded_at is null and held.valid_from <= $2
              and (held.valid_until is null or held.valid_until > $2)
              and held.role in ({", ".join(f"'{role.value}'" for role in ROLES)})
        ) acts
        join {Notice._meta.db_table} notice
          on notice.agreement_id = acts.agreement_id and notice.role = acts.role
             and notice.guarantor_id is not distinct from acts.guarantor_id
        where notice.recorded_at > $2 - interval '{WAITS_FOR.days} days'
          and (notice.role <> '{Role.GUARANTOR.value}' or notice.due_at > $2)
          and not exists (select from {NoticeSeen._meta.db_table} seen
                          where seen.notice_id = notice.id and seen.user_id = person.id offset 0)
        limit {MOST}) waiting)"""
