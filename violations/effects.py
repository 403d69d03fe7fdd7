"""What linking, withdrawing and correcting ask for before they happen, and what happens then.

Called by the verbs of `linking` and `findings`, which hold the incidents and have checked the person.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from monitoring.errors import Malformed, NotNow
from violations import casualties, membership, review
from violations.codebook import LinkKind, ReviewState
from violations.models import Assessment, Finding, Incident, IncidentReport, ReportLink

if TYPE_CHECKING:
    from collections.abc import Collection

    from monitoring.ledger import Entry
    from monitoring.models import User

Effect = Finding.Effect
Claimed = dict[int, tuple[int | None, int | None]]

# Where the review of a report stands once it is linked so.
STATE_AFTER = {
    LinkKind.SAME_EVENT: ReviewState.LINKED,
    LinkKind.PART_OF_SERIES: ReviewState.LINKED,
    LinkKind.DUPLICATE: ReviewState.DUPLICATE,
}


def require(
    effect: str, present: ReportLink | None, report: IncidentReport, incident_to: Incident | None = None
) -> ReportLink:
    """Return the link `present` of the report where `effect` can happen now. Raises NotNow or Malformed where not."""
    if present is None:
        raise NotNow(_("This report belongs to no incident any more: it was withdrawn."), code="withdrawn")
    if effect == Effect.LINK:
        _require_link(present, report, incident_to)
    elif effect == Effect.WITHDRAWAL:
        review.require(membership.newest(report), {ReviewState.WITHDRAWN})
    elif effect == Effect.CORRECTION:
        _require_correction(present, report)
    else:
        raise Malformed(_("Say what is to take effect: a link, a withdrawal or a correction."))
    return present


def _require_link(present: ReportLink, report: IncidentReport, incident_to: Incident | None) -> None:
    if incident_to is None or incident_to.agreement_id != report.agreement_id:
        message = _("Choose an incident of the same agreement.")
        raise Malformed(message, fields={"/incident": [message]})
    review.require(report, {ReviewState.UNDER_REVIEW})
    if present.report_id != report.pk:
        raise NotNow(
            _("This correction has not taken effect yet: let it take effect first, then link it."), code="not_in_effect"
        )
    if present.incident_id == incident_to.pk:
        raise NotNow(_("This report already belongs to this incident: accept it there."), code="already_linked")
    if not membership.is_live(incident_to.pk) and not membership.opened(report.chain, incident_to):
        raise NotNow(
            _("No report belongs to that incident any more: it was merged into another or withdrawn."), code="not_live"
        )


def _require_correction(present: ReportLink, report: IncidentReport) -> None:
    newest = membership.newest(report)
    if newest.pk != report.pk:
        raise NotNow(_("There is a newer correction of this report."), code="newer_correction")
    if present.report_id == report.pk:
        raise NotNow(_("This correction has taken effect already."), code="in_effect")
    review.require(report, set(ReviewState) - {ReviewState.WITHDRAWN, ReviewState.SUPERSEDED})


def apply(
    effect: str,
    present: ReportLink,
    report: IncidentReport,
    incident_to: Incident | None = None,
    *,
    kind: str = "",
    by: User,
    grounds: str,
    entry: Entry,
) -> ReportLink | None:
    """Let `effect` happen; return the report's link as it is then. The caller reassesses the incidents."""
    recorded_at = entry.stamp()
    if effect == Effect.LINK:
        assert incident_to is not None  # noqa: S101 - `require` saw to it
        review.move(report, STATE_AFTER[LinkKind(kind)], by=by, recorded_at=recorded_at, grounds=grounds)
        return membership.join(present, incident_to, kind=kind, by=by, grounds=grounds, entry=entry)
    review.took_effect(membership.newest(report), by=by, recorded_at=recorded_at)
    if effect == Effect.CORRECTION:
        return membership.replace(present, report, by=by, grounds=grounds, entry=entry)
    membership.leave(present, entry=entry)
    return None


def claimed(incident_ids: Collection[int]) -> Claimed:
    """The most killed and the most injured that the reports of each incident tell of; null where none tells.

    Of an incident that no report is left in: what they told of last.
    """
    rows = Assessment.objects.filter(incident__in=incident_ids).order_by("incident", "-recorded_at")
    return {row.incident_id: (row.killed_high, row.injured_high) for row in rows.distinct("incident")}


def require_borne_out(concerned: Collection[int], before: Claimed) -> None:
    """Raise NotNow where a finding agreed on the incidents has more verified than their reports tell of now, or has
    them verified by none of these and no other source.

    Ask once they are assessed anew; `before` is what was claimed before the effect. A number that no report told of
    then needs none now. An incident that no report is left in is not counted, and its finding waits.
    """
    live = Assessment.objects.open().filter(incident__in=concerned).values_list("incident", flat=True)
    after = claimed(live)
    for finding in Finding.objects.open().agreed().filter(incident__in=after):
        verified = (finding.killed_verified, finding.injured_verified)
        for number, now, then in zip(
            verified, after[finding.incident_id], before.get(finding.incident_id, (None, None)), strict=True
        ):
            most = 0 if now is None and then is not None else now
            if number is not None and most is not None and number > most:
                raise NotNow(
                    _(
                        "The agreed finding verifies more casualties than the reports would then tell of: agree a "
                        "finding with the lower figure first, then propose this again."
                    ),
                    code="more_verified",
                )
    casualties.require_left(live)
