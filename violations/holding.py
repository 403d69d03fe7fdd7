"""Holding incidents while a verb decides on them: one verb at a time an incident.

The application may change no column of an incident, so PostgreSQL refuses it `select ... for update` there. What is
locked instead is the incident's number: an advisory lock that ends with the transaction. Every verb that moves the
membership of an incident, or decides on it, holds it first; several are held in id order, in one call.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import IntegrityError, connection
from django.utils.translation import gettext as _

from monitoring import ledger
from monitoring.errors import NotNow
from violations.models import Incident, ReportLink

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from monitoring.row_context import Ask

# Apart from every other advisory lock: the upper half of the key.
SPACE = 20161231 << 32


@contextmanager
def deciding() -> Iterator[ledger.Entry]:
    """Open the transaction of a decision; a race lost inside it is a NotNow, never a silent nothing."""
    try:
        with ledger.writing() as entry:
            yield entry
    except (ledger.Conflict, IntegrityError) as error:
        if isinstance(error, IntegrityError) and "unique constraint" not in str(error):
            raise
        raise NotNow(
            _("Somebody else decided on this at the same moment. Look at it again, then decide."), code="raced"
        ) from error


def hold(incident_ids: Iterable[int]) -> None:
    """Wait for the incidents and hold them until the transaction ends. Ask before `entry.stamp()`, once a verb.

    The mechanism that they are assessed by is held, too.
    """
    incident_ids = set(incident_ids)
    hold_mechanism(Incident.objects.filter(pk__in=incident_ids).values_list("agreement_id", flat=True).distinct())
    with connection.cursor() as cursor:
        for key in sorted({SPACE | incident_id for incident_id in incident_ids}):
            cursor.execute("select pg_advisory_xact_lock(%s)", [key])


def hold_mechanism(agreement_ids: Iterable[int]) -> None:
    """Keep the mechanism of these agreements as it is until the transaction ends; ask before `entry.stamp()`.

    Who records a version or shapes locks the agreement's row before stamping, so a verb is wholly before or after it,
    by its stamp as well as by the version that it assesses by.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "select id from monitoring_agreement where id = any(%s) order by id for key share", [list(agreement_ids)]
        )


def mechanism_lock(code: str) -> Ask:
    """The lock of `hold_mechanism` on the agreement of a code, for a verb that takes several in one statement."""
    return "(select id from monitoring_agreement where code = %s for key share)", [code]


def membership(chain: UUID) -> ReportLink | None:
    """Return the open link that makes `chain` a member of an incident, or None where it is in none (withdrawn)."""
    return ReportLink.objects.open().members().filter(chain=chain).select_related("report", "incident").first()


def hold_chain(chain: UUID, *others: int) -> ReportLink | None:
    """Hold the incident that `chain` is a member of, with the incidents `others`; return its open member link.

    None where the chain is in no incident (withdrawn). Raises NotNow where it was moved while this verb waited.
    """
    before = membership(chain)
    hold([*others, *([before.incident_id] if before else [])])
    now = membership(chain)
    if (now and now.incident_id) != (before and before.incident_id):
        raise NotNow(
            _("The report was just moved to another incident. Look at it again, then decide."), code="just_moved"
        )
    return now


def hold_chains(chains: Iterable[UUID], *others: int) -> list[ReportLink]:
    """Hold the incidents of all `chains`, with the incidents `others`; return the open member links, filed first first.

    Those in no incident (withdrawn) are left out. Raises NotNow where one was moved while this verb waited.
    """
    links = ReportLink.objects.open().members().filter(chain__in=list(chains)).order_by("pk")
    before = dict(links.values_list("chain", "incident"))
    hold([*others, *before.values()])
    now = list(links.select_related("report__agreement", "incident"))
    if {link.chain: link.incident_id for link in now} != before:
        raise NotNow(_("A report was just moved to another incident. Look again, then decide."), code="just_moved")
    return sorted(now, key=lambda link: (link.incident_id, link.pk))


def hold_chain_wherever(chain: UUID) -> ReportLink | None:
    """The same for a filer, who need not know where the report belongs: asked again where it was moved meanwhile."""
    try:
        return hold_chain(chain)
    except NotNow:
        return hold_chain(chain)
