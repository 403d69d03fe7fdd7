"""What people decide of an incident: proposed by one, seconded by another whose side differs or is independent.

Only `second` changes what is counted. A proposal stands open, one a side, until its own side proposes again or it is
seconded; past its `second_by` it reads as one-sided and can still be seconded. Seconding writes a new agreed row and
closes, at the same instant, the proposal and the agreed row before. The other side's open proposal stays open: it is
that side's word. But it was made on another state of things, so it cannot be seconded as it is; its side may propose
again. So too where the incident's reports have changed since.

A proposal does not lapse when its author's accreditation ends: whoever sent them could otherwise void it by recall.
"""

from __future__ import annotations

from dataclasses import dataclass

from monitoring.models import Party, Provision, User
from violations import codebook
from violations.models import Dissent, Finding, Incident, IncidentReport


@dataclass(frozen=True, kw_only=True)
class Decision:
    """The axes of a finding, whole, by the codes of the codebook; `grounds` never empty.

    - `scope`: overruled to this class; '' as assessed.
    - `attribution` attributed names one party, to_several_parties at least two, both with `confidence` and at least
      one `basis`; contested may name parties; the others name none. Where the truce's file says that no firing party is
      named (terms.attribution not_made), it is not_assessed.
    - `conduct` breach needs verification verified or probable, and names the provisions breached; none where no
      provision in force forbids that act to those concerned (it is then counted under "no provision").
    - `intent` and `sequence`: grave lane only; there, a breach says both ('unknown' is an answer).
    - `killed_verified`, `injured_verified`: the verified minimum; null unknown, never 0 for unknown.
    """

    verification: str
    conduct: str
    grounds: str
    scope: str = ""
    attribution: str = codebook.Attribution.NOT_ASSESSED
    parties: tuple[Party, ...] = ()
    provisions: tuple[Provision, ...] = ()
    confidence: str = ""
    basis: tuple[str, ...] = ()
    intent: str = ""
    sequence: str = ""
    killed_verified: int | None = None
    injured_verified: int | None = None


def propose(incident: Incident, decision: Decision, *, by: User) -> Finding:
    """Propose a finding on `incident`. It counts for nothing until seconded; it supersedes one's own side's proposal.

    Returns the proposal, its `second_by` the truce's days after it was recorded and `changed` the axes that differ from
    the agreed finding (from nothing where there is none).

    Raises Malformed (`fields` by JSON pointer: axes that do not go together, or that change nothing), Forbidden (no
    moderator of this agreement; filed a report of the incident), NotNow (the incident is merged or withdrawn).
    """
    raise NotImplementedError


def propose_effect(
    incident: Incident,
    effect: str,
    *,
    report: IncidentReport,
    incident_to: Incident | None = None,
    by: User,
    grounds: str,
) -> Finding:
    """Propose that a link, withdrawal or correction takes effect where something was already found or proposed.

    `effect` is a Finding.Effect. link: `report`, a member of `incident` and under review, moves to `incident_to`.
    withdrawal: `report` was withdrawn by its filer and leaves `incident`. correction: `report` is the newest revision
    of a chain that `incident` still counts by an older one. The axes are carried over from the agreed finding.

    Raises Malformed, Forbidden, NotNow as `propose`.
    """
    raise NotImplementedError


def second(finding: Finding, *, by: User) -> Finding:
    """Second an open proposal; what it says now counts. Also after its `second_by`.

    Returns the agreed finding, standing preliminary. Where the proposal was a link, a withdrawal or a correction, that
    takes effect, and an agreed finding of the incidents concerned is carried over into a new row that says so (with its
    standing); where there is none, the proposal itself is returned, closed.

    Raises Forbidden (no moderator of this agreement; the proposer; of the proposer's side; filed a report of the
    incident), NotNow (no longer open; something was agreed, or the reports changed, since it was made).
    """
    raise NotImplementedError


def dissent(finding: Finding, *, by: User, grounds: str) -> Dissent:
    """Record disagreement with an open finding or proposal; printed beside it, changes nothing. Once a person.

    Raises Malformed (no grounds), Forbidden (no moderator here; filed a report of the incident), NotNow (no longer
    open; already dissented).
    """
    raise NotImplementedError
