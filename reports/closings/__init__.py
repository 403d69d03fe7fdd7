"""Closing a period: requested, computed at a cut-off that can no longer change, rendered, released to all at once.

The row is the queue. Each step is idempotent and is done under a lease: a worker that dies loses nothing, another takes
up the closing where it stands.
"""

from reports.closings.by_calendar import request_due
from reports.closings.checking import check, unchecked
from reports.closings.computing import NotYetError, compute
from reports.closings.leasing import Lease, LeaseLostError, claim
from reports.closings.releasing import release
from reports.closings.rendering import render
from reports.closings.requesting import request
from reports.closings.revising import is_final, request_revisions
from reports.closings.trying_again import try_again
from reports.closings.verifying import Verdict, verify
from reports.closings.working import advance

__all__ = [
    "Lease",
    "LeaseLostError",
    "NotYetError",
    "Verdict",
    "advance",
    "check",
    "claim",
    "compute",
    "is_final",
    "release",
    "render",
    "request",
    "request_due",
    "request_revisions",
    "try_again",
    "unchecked",
    "verify",
]
