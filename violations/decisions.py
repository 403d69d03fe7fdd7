"""What a finding says, whole, and which axes go together."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from monitoring.errors import Malformed
from monitoring.models import MechanismVersion, Party, PartyTerms, Provision
from violations import casualties, codebook, grave, moderation_codes, offering, provisions
from violations.casualties import Casualties
from violations.codebook import Attribution, Conduct, Verification

if TYPE_CHECKING:
    from violations.models import Assessment, Finding

STANDS = (Verification.VERIFIED, Verification.PROBABLE)
NAMES_PARTIES = (Attribution.ATTRIBUTED, Attribution.TO_SEVERAL_PARTIES)
REPORTS = "reports"  # What a link, a withdrawal or a correction changes: not an axis, but what the axes are about.

STANDING = "standing"  # What changes where people hold what only a data set said: then it counts.


@dataclass(frozen=True, kw_only=True)
class Decision:
    """The axes of a finding, whole, by the codes of the codebook; `grounds` never empty.

    - `scope`: overruled to this class; '' as assessed.
    - `attribution` attributed names one party, to_several_parties at least two, both with `confidence` and at least
      one `basis`; contested may name parties; the others name none. Where the truce's file says that no firing party is
      named (terms.attribution not_made), it is not_assessed.
    - `conduct` breach needs verification verified or probable, and names the provisions breached; none where no
      provision in force forbids that act to those concerned (it is then counted under "no provision").
    - `intent` and `sequence`: grave lane only; there, a breach says both ('unknown' is an answer). What else the grave
      lane asks: `grave`.
    - `killed_verified`, `injured_verified`: the verified minimum, no more than the reports have; null unknown, never 0
      for unknown. They are the sums of `casualties`: by group, each with its sources.
    """

    verification: str
    conduct: str
    grounds: str
    scope: str = ""
    attribution: str = Attribution.NOT_ASSESSED
    parties: tuple[Party, ...] = ()
    provisions: tuple[Provision, ...] = ()
    confidence: str = ""
    basis: tuple[str, ...] = ()
    intent: str = ""
    sequence: str = ""
    killed_verified: int | None = None
    injured_verified: int | None = None
    casualties: tuple[Casualties, ...] = ()

    @property
    def stands(self) -> bool:
        """Whether it says that the incident happened so, for certain or probably."""
        return self.verification in STANDS


PARTS = ("parties", "provisions", "casualties")  # Rows of their own, written with the finding.
COLUMNS = tuple(field.name for field in fields(Decision) if field.name not in {"grounds", *PARTS})
AXES = (*COLUMNS, *PARTS)


def nothing_found(grounds: str) -> Decision:
    """Return what stands where nothing was found: every axis unanswered."""
    return Decision(verification=Verification.NOT_CHECKED, conduct=Conduct.UNDETERMINED, grounds=grounds)


def said_by(finding: Finding | None, *, grounds: str) -> Decision:
    """Return the decision that `finding` holds, to be carried over with new `grounds`; None: nothing found."""
    if finding is None:
        return nothing_found(grounds)
    values: dict[str, Any] = {column: getattr(finding, column) for column in COLUMNS}
    values["basis"] = tuple(finding.basis)
    values["parties"] = tuple(row.party for row in finding.parties.select_related("party").order_by("pk"))
    values["provisions"] = tuple(row.provision for row in finding.provisions.select_related("provision").order_by("pk"))
    values["casualties"] = casualties.said_in(finding)
    return Decision(**values, grounds=grounds)


def changed(before: Decision, after: Decision) -> list[str]:
    """Return the axes that differ, in the order of the form."""
    return [axis for axis in AXES if _comparable(before, axis) != _comparable(after, axis)]


def _comparable(decision: Decision, axis: str) -> Any:
    value = getattr(decision, axis)
    return frozenset(value) if isinstance(value, tuple) else value


class Faults:
    """What is wrong with a decision, by axis; every fault is told, not only the first."""

    def __init__(self) -> None:
        self.by_axis: dict[str, list[str]] = defaultdict(list)

    def unless(self, holds: Any, axis: str, message: str) -> None:
        """Note `message` at `axis` where `holds` is not so."""
        if not holds:
            self.by_axis[f"/{axis}"].append(message)


def check(decision: Decision, assessment: Assessment, terms: MechanismVersion) -> None:
    """Raise Malformed, with every fault by axis, where the axes do not go together or not with this truce.

    `assessment` is the incident's open one, with its lane (AssessmentQuerySet.with_lane).
    """
    faults = Faults()
    _codes(decision, faults)
    _attribution(decision, terms, faults)
    _conduct(decision, assessment, terms, faults)
    grave.check(decision, assessment, faults)
    casualties.check(decision, assessment, faults)
    faults.unless(decision.grounds.strip(), "grounds", _("Write on what grounds."))
    if faults.by_axis:
        raise Malformed(_("What the finding says does not go together."), code="decision", fields=dict(faults.by_axis))


def _codes(decision: Decision, faults: Faults) -> None:
    lists: dict[str, tuple[type[Any], bool]] = {
        "verification": (codebook.Verification, False),
        "conduct": (codebook.Conduct, False),
        "scope": (codebook.Scope, True),
        "attribution": (codebook.Attribution, False),
        "confidence": (codebook.Confidence, True),
        "intent": (moderation_codes.Intent, True),
        "sequence": (moderation_codes.Sequence, True),
    }
    unknown = _("This code is not in the codebook.")
    for axis, (codes, may_be_blank) in lists.items():
        value = getattr(decision, axis)
        faults.unless(value in codes.values or (may_be_blank and value == ""), axis, unknown)
    faults.unless(set(decision.basis) <= set(codebook.Basis.values), "basis", unknown)


def _attribution(decision: Decision, terms: MechanismVersion, faults: Faults) -> None:
    named, attribution = len(set(decision.parties)), decision.attribution
    if terms.attribution == MechanismVersion.Attribution.NOT_MADE:
        faults.unless(
            attribution == Attribution.NOT_ASSESSED, "attribution", _("This truce's mechanism names no firing party.")
        )
    if attribution == Attribution.ATTRIBUTED:
        faults.unless(named == 1, "parties", _("Name the one party it is attributed to."))
    elif attribution == Attribution.TO_SEVERAL_PARTIES:
        faults.unless(named > 1, "parties", _("Name the parties it is attributed to, at least two."))
    elif attribution != Attribution.CONTESTED:
        faults.unless(not named, "parties", _("Name no party where the incident is attributed to none."))
    if attribution in NAMES_PARTIES:
        faults.unless(
            decision.stands, "attribution", _("Only what is verified or probable can be attributed to a party.")
        )
        faults.unless(decision.confidence, "confidence", _("Say how sure the attribution is."))
        faults.unless(decision.basis, "basis", _("Say on what the attribution rests."))
    known = PartyTerms.objects.filter(version=terms, party__in=decision.parties).count()
    faults.unless(known == named, "parties", _("Name only parties of this truce as its file has them now."))


def _conduct(decision: Decision, assessment: Assessment, terms: MechanismVersion, faults: Faults) -> None:
    named = {provision.pk for provision in decision.provisions}
    if decision.conduct != Conduct.BREACH:
        faults.unless(not named, "provisions", _("Name provisions only where the conduct is a breach."))
        return
    faults.unless(decision.stands, "conduct", _("Only what is verified or probable can be a breach."))
    forbidding = set(provisions.forbidding(assessment, terms).values_list("provision", flat=True))
    for provision in decision.provisions:
        if provision.pk not in forbidding:
            faults.unless(False, "provisions", _not_in_force(provision, assessment, terms))
    if not named:
        attributed = decision.parties if decision.attribution in NAMES_PARTIES else ()
        concerned = [party.pk for party in attributed] or assessment.alleged
        faults.unless(
            not provisions.binding(assessment, terms, concerned).exists(),
            "provisions",
            _("Name the provisions that were breached: some in force forbid this act to those concerned."),
        )


def _not_in_force(provision: Provision, assessment: Assessment, terms: MechanismVersion) -> str:
    """That a provision cannot be named, and what keeps it from bearing on the incident."""
    reasons = {
        "act": _("it does not forbid this act"),
        "time": _("it was not in force then"),
        "place": _("it stands in another zone"),
    }
    codes = offering.why_not(assessment, terms, provision)
    why = "; ".join(reasons[code] for code in codes) or _("it is not in this truce's file")
    told = {"provision": provision.name, "why": why}
    return _("Name only provisions that were in force there and then for this act: %(provision)s, %(why)s.") % told
