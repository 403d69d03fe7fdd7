"""What holds after a restore: every release that was made is known, and what two people said of it is in the audit."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from monitoring.errors import NotNow
from monitoring.integrity import Invariant
from monitoring.models import Agreement
from reports.closings import logged
from reports.closings.held import of_each

ACTS = (
    ("restoration", "restoration.note", "null::bigint", "recorded_at"),
    ("resumption", "resumption.propose", "row.proposed_by_id", "recorded_at"),
    ("resumption", "resumption.second", "row.seconded_by_id", "seconded_at"),
)
AUDITED = " union all ".join(
    f"""
    select '{table} ' || row.public_id as what from reports_{table} row
    where row.{since} is not null and not exists (
        select from monitoring_auditentry entry
        where entry.action = '{action}' and entry.outcome = 'done' and entry.object_id = row.public_id::text
          and entry.actor_id is not distinct from {by} and entry.recorded_at >= row.{since})
    """
    for table, action, by, since in ACTS
)


def unknown_releases() -> Iterator[str]:
    """Releases that the log tells of and not the record, or the record and not the log; truces nobody can tell of."""
    agreements = list(Agreement.objects.order_by("code"))
    try:
        told, whys = logged.told(), of_each(agreements)
    except NotNow as refusal:
        yield f"the log of releases ({refusal.code})"
        return
    for agreement in agreements:
        why = whys[agreement.pk]
        yield from (f"release {line}" for line in why.lines)
        yield from (f"release {line} (in no log of releases)" for line in why.unlogged)
        if why.restored_at is not None:
            yield f"truce {agreement.code} (restored without the log of releases kept apart)"
    yield from (f"release {line}" for line in told if line.truce not in {one.code for one in agreements})


INVARIANTS = (
    Invariant(
        "releases_known",
        _("Every release that the log outside the database tells of is in the record, or lost as two say; and back"),
        find=unknown_releases,
    ),
    Invariant(
        "restorations_audited",
        _("Every restore, and who said what is lost by it, has its rows in the audit"),
        AUDITED,
    ),
)
