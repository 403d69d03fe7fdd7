"""A finding in words: its axes beside those agreed before, who stands behind it, and what it does to the count."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from monitoring.models import MechanismVersion, Provision
from violations import codebook, provisions
from violations.admin import harmed
from violations.bindings import Bindings
from violations.decisions import NAMES_PARTIES
from violations.models import Assessment, Finding

EFFECTS = {
    Finding.Effect.FINDING: gettext_lazy("a finding on the incident"),
    Finding.Effect.LINK: gettext_lazy("that a report belongs to another incident"),
    Finding.Effect.WITHDRAWAL: gettext_lazy("that a withdrawn report leaves the incident"),
    Finding.Effect.CORRECTION: gettext_lazy("that a report's correction takes effect"),
}


@dataclass(frozen=True)
class Axis:
    """One axis: what is proposed or found, what was agreed before, and whether the two differ."""

    code: str
    name: str
    now: str
    before: str = ""

    @property
    def differs(self) -> bool:
        """Whether it is other than before."""
        return self.now != self.before


def axes(finding: Finding | None, assessment: Assessment | None) -> dict[str, tuple[str, str]]:
    """The axes of a finding by code: name and value in words; nothing found yet reads as such."""
    assessed = assessment.get_scope_display() if assessment else ""
    if finding is None:
        blank = _("nothing agreed")
        return {code: (name, blank) for code, name in _names().items()} | {
            "scope": (_("Scope"), _("as assessed: %(scope)s") % {"scope": assessed})
        }
    values = {
        "verification": finding.get_verification_display(),
        "scope": finding.get_scope_display() if finding.scope else _("as assessed: %(scope)s") % {"scope": assessed},
        "conduct": finding.get_conduct_display(),
        "provisions": _joined(_provision(row.provision) for row in finding.provisions.all()),
        "attribution": finding.get_attribution_display(),
        "parties": _joined(row.party.name for row in finding.parties.all()),
        "confidence": finding.get_confidence_display(),
        "basis": _joined(str(codebook.Basis(code).label) for code in finding.basis),
        "intent": finding.get_intent_display(),
        "sequence": finding.get_sequence_display(),
        "casualties": "\n".join(harmed.lines(finding)),
    }
    return {code: (name, values[code] or _("not stated")) for code, name in _names().items()}


def _names() -> dict[str, str]:
    return {
        "verification": _("Verification"),
        "scope": _("Scope"),
        "conduct": _("Conduct"),
        "provisions": _("Provisions breached"),
        "attribution": _("Attribution"),
        "parties": _("Parties"),
        "confidence": _("Confidence"),
        "basis": _("Basis"),
        "intent": _("Intent"),
        "sequence": _("Sequence"),
        "casualties": _("Casualties verified"),
    }


def compared(finding: Finding, before: Finding | None, assessment: Assessment | None) -> list[Axis]:
    """The axes of `finding` beside those of the finding agreed before; those that neither answers are left out."""
    earlier = axes(before, assessment)
    rows = [Axis(code, name, now, earlier[code][1]) for code, (name, now) in axes(finding, assessment).items()]
    unanswered = {_("not stated")} | ({_("nothing agreed")} if before is None else set())
    return [row for row in rows if {row.now, row.before if before else row.now} - unanswered]


def column(
    assessment: Assessment,
    agreed: Finding | None,
    proposals: Iterable[Finding] = (),
    *,
    bindings: Bindings | None = None,
    terms: MechanismVersion | None = None,
    at: datetime | None = None,
) -> str:
    """In which column of the count an incident stands, in words: the first that fits (DESIGN 6).

    `bindings`: of the version that holds now, where it is asked of many; `terms`: that version, where it is at hand.
    `at`: the instant at which it stands so, where that is not now; the rows and `terms` are then those of that time.
    """
    if agreed is not None and agreed.verification == codebook.Verification.DISCOUNTED:
        return _("discounted")
    scope = (agreed.scope if agreed else "") or assessment.scope
    if scope in codebook.OUT_OF_SCOPE:
        return _("out of scope: %(reason)s") % {"reason": codebook.Scope(scope).label}
    if scope == codebook.Scope.DISPUTED:
        return str(codebook.Scope.DISPUTED.label)
    if agreed is None:
        found = (row for row in proposals if row.effect == Finding.Effect.FINDING)
        late = any(row.second_by is not None and row.second_by <= (at or timezone.now()) for row in found)
        return _("one-sided, in no total") if late else _("pending")
    if agreed.verification in {codebook.Verification.NOT_CHECKED, codebook.Verification.INCONCLUSIVE}:
        return _("pending")
    if agreed.standing == codebook.Standing.DATA_SET:
        return _("probable, from a data set, in no total")
    if scope == codebook.Scope.NOT_ASSESSED:
        return str(codebook.Scope.NOT_ASSESSED.label)
    return _by_conduct(assessment, agreed, bindings or terms)


def _by_conduct(assessment: Assessment, agreed: Finding, by: Bindings | MechanismVersion | None) -> str:
    if agreed.conduct == codebook.Conduct.UNDETERMINED:
        return _("conduct undetermined")
    if agreed.conduct == codebook.Conduct.NO_BREACH:
        return _("no breach")
    if not _binds(assessment, agreed, by):
        return _("no provision forbids it to those concerned")
    if agreed.standing == codebook.Standing.DETERMINED:
        return _("violations, determined")
    return _("violations, preliminary")


def _binds(assessment: Assessment, agreed: Finding, by: Bindings | MechanismVersion | None) -> bool:
    """Whether a provision forbids the act to those it is attributed to, else those alleged, else, in a truce whose
    mechanism names no party, to anybody bound."""
    terms = by.terms if isinstance(by, Bindings) else by or agreed.agreement.terms
    attributed = agreed.attribution in NAMES_PARTIES
    concerned = [row.party_id for row in agreed.parties.all() if attributed] or assessment.alleged
    if not concerned and terms.attribution != MechanismVersion.Attribution.NOT_MADE:
        return False
    if isinstance(by, Bindings):
        return by.bind(assessment, concerned)
    return bool(provisions.binding(assessment, terms, concerned).exists())


def _provision(provision: Provision) -> str:
    return f"{provision.instrument.name}, {provision.name}"


def _joined(parts: Iterable[str]) -> str:
    return "; ".join(parts)
