"""What must hold of all that is filed, reviewed, assessed and found; see `monitoring.integrity` for the form."""

from violations.integrity import (
    assessments,
    audited,
    bulk,
    case_lists,
    cases,
    casualties,
    docket,
    duty,
    erasing,
    findings,
    lanes,
    membership,
    moves,
    replies,
    reports,
    returns,
    sealed,
    shift,
    sittings,
)

INVARIANTS = (
    *reports.INVARIANTS,
    *membership.INVARIANTS,
    *assessments.INVARIANTS,
    *findings.INVARIANTS,
    *casualties.INVARIANTS,
    *cases.INVARIANTS,
    *lanes.INVARIANTS,
    *docket.INVARIANTS,
    *moves.INVARIANTS,
    *duty.INVARIANTS,
    *sittings.INVARIANTS,
    *bulk.INVARIANTS,
    *returns.INVARIANTS,
    *case_lists.INVARIANTS,
    *replies.INVARIANTS,
    *sealed.INVARIANTS,
    *audited.INVARIANTS,
    *erasing.INVARIANTS,
    *shift.INVARIANTS,
)

__all__ = ["INVARIANTS"]
