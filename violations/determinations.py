"""What a sitting said of the incidents on its agenda: recorded by one person, confirmed by another of another side.

Only `confirm` changes what is counted, and only where the sitting agreed: then the finding that was before it is
determined. Not agreed: every finding and proposal stands as it did. Referred back: so too, and the incident stands in
the queue again, with the words, until somebody proposes anew.

Both persons answer for what the sitting said, not for what they think; the determined finding bears their names as a
finding agreed by two does. Of each side one record may wait, for two who were there may have heard different things:
whichever a person of another side confirms closes the other.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from monitoring import audit
from monitoring.errors import Forbidden, Malformed, NotNow
from violations import (
    cases,
    decisions,
    docket,
    finding_rows,
    holding,
    lanes,
    membership,
    seconding,
    sittings,
    standing,
    taking_down,
)
from violations.codebook import Standing
from violations.models import AgendaItem, Finding, SittingOutcome
from violations.moderation_codes import SittingSaid

if TYPE_CHECKING:
    from monitoring.accreditation import Capacity
    from monitoring.ledger import Entry
    from monitoring.models import Agreement, User


def record(item: AgendaItem, outcome: str, *, grounds: str, by: User) -> SittingOutcome:
    """Record what the sitting said of an item, in the place of what the same side recorded and nobody confirmed.

    Raises Malformed (no such outcome; no grounds), Forbidden (no moderator here; filed a report of it), NotNow
    (`not_on_agenda`; `not_held_yet`; where it agreed: `not_open`, `stale`, `not_live` as `sittings.put_on`).
    """
    _check(outcome, grounds)
    with holding.deciding() as entry:
        holding.hold([item.incident_id])
        item = sittings.still_on(item)
        capacity = standing.moderating(by, item.agreement, membership.chains([item.incident_id]))
        sittings.require_held(item.sitting)
        if outcome == SittingSaid.AGREED:
            _require_stands(item)
        entry.close(SittingOutcome.objects.open().filter(item=item, recorded_side=capacity.side))
        said = SittingOutcome.objects.create(
            recorded_at=entry.stamp(),
            item=item,
            outcome=outcome,
            grounds=grounds.strip(),
            recorded_by=by,
            recorded_side=capacity.side,
        )
        docket.follow([item.incident_id], recorded_at=entry.stamp())
        audit.done("sitting.record_outcome", by=by, on=said)
    return said


def confirm(said: SittingOutcome, *, by: User) -> SittingOutcome:
    """Confirm what another side recorded; return the row that holds, with its finding where the sitting agreed.

    The finding before the sitting, and what was agreed until now, are closed by the determined one at the same instant.
    Raises Forbidden (no moderator here; the same person or side; filed a report of it), NotNow (`not_open`: confirmed,
    or recorded anew; where it agreed: `stale`, `not_live`).
    """
    with holding.deciding() as entry:
        holding.hold([said.item.incident_id])
        said = _still_waits(said)
        item = said.item
        capacity = standing.moderating(by, item.agreement, membership.chains([item.incident_id]))
        _require_another(said, capacity, by=by)
        finding = _require_stands(item) if said.outcome == SittingSaid.AGREED else None
        entry.close(SittingOutcome.objects.open().filter(item=item))
        entry.close(AgendaItem.objects.filter(pk=item.pk), expected=1)
        determined = _determine(finding, said, capacity, by=by, entry=entry) if finding is not None else None
        confirmed = SittingOutcome.objects.create(
            recorded_at=entry.stamp(),
            item=item,
            outcome=said.outcome,
            grounds=said.grounds,
            recorded_by=said.recorded_by,
            recorded_side=said.recorded_side,
            confirmed_by=by,
            confirmed_side=capacity.side,
            finding=determined,
        )
        cases.follow([item.incident_id], recorded_at=entry.stamp())
        docket.follow([item.incident_id], recorded_at=entry.stamp())
        audit.done("sitting.confirm", by=by, on=said)
    return confirmed


def may_confirm(said: SittingOutcome, agreement: Agreement, capacity: Capacity, by: User) -> bool:
    """Whether `by`, acting in `capacity`, is another person of another side than recorded this."""
    if said.recorded_by_id == by.pk:
        return False
    return standing.may_agree_with(said.recorded_by, said.recorded_side, agreement, capacity)


def _determine(finding: Finding, said: SittingOutcome, capacity: Capacity, *, by: User, entry: Entry) -> Finding:
    """Write the determined row in the place of what was before the sitting and of what was agreed."""
    before = finding_rows.agreed(finding.incident)
    decision = decisions.said_by(finding, grounds=said.grounds)
    changed = decisions.changed(decisions.said_by(before, grounds=""), decision)
    if before is None or before.standing != Standing.DETERMINED:
        changed.append(decisions.STANDING)
    entry.close(Finding.objects.filter(pk=finding.pk), expected=1)
    entry.close(Finding.objects.open().agreed().filter(incident=finding.incident_id))
    signed: dict[str, Any] = {
        "proposed_by": said.recorded_by,
        "proposed_side": said.recorded_side,
        "seconded_by": by,
        "seconded_side": capacity.side,
    }
    return finding_rows.write(
        finding.incident,
        decision,
        recorded_at=entry.stamp(),
        standing=Standing.DETERMINED,
        changed=changed,
        **signed,
    )


def _require_stands(item: AgendaItem) -> Finding:
    """Return what is before the sitting, where it can still be determined as it is."""
    finding = sittings.require_fresh(item.finding)
    seconding.require_together(finding, lanes.assessed_in_lane(finding.incident))
    return finding


def _require_another(said: SittingOutcome, capacity: Capacity, *, by: User) -> None:
    if said.recorded_by_id == by.pk:
        raise Forbidden(_("You recorded this: another person must confirm it."), code="same_person")
    if not may_confirm(said, said.agreement, capacity, by):
        raise Forbidden(
            _("This was recorded from your own side: a person of another side, or an independent, must confirm it."),
            code="same_side",
        )


def _still_waits(said: SittingOutcome) -> SittingOutcome:
    rows = SittingOutcome.objects.select_related(
        "item__sitting__agreement", "item__incident__agreement", "item__finding", "recorded_by", "recorded_side"
    )
    row = rows.get(pk=said.pk)
    if row.superseded_at is not None or row.confirmed_by_id is not None:
        raise NotNow(
            _("This waits no more: it was confirmed, or recorded otherwise. Look again, then decide."), code="not_open"
        )
    return row


def _check(outcome: str, grounds: str) -> None:
    faults = {}
    if outcome not in SittingSaid.values:
        faults["/outcome"] = [_("Choose what the sitting said: agreed, not agreed or referred back.")]
    if not grounds.strip() or len(grounds) > taking_down.LONGEST:
        faults["/grounds"] = [_("Write it in 1 to %(longest)s characters.") % {"longest": taking_down.LONGEST}]
    if faults:
        raise Malformed(_("Nothing was recorded: see each error."), fields=faults)
