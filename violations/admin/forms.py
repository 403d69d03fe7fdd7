"""The forms of moderators: they give shape to what was typed; whether it may be is the verbs' to say."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from monitoring.errors import Malformed, Refusal
from monitoring.models import MechanismVersion, Party, Provision
from violations import casualties, codebook, moderation_codes, receipts
from violations.admin import reading, words
from violations.admin.case import Case
from violations.admin.casualty_rows import CasualtyRows
from violations.admin.grade_rows import GradeRows
from violations.admin.provision_words import Provisions, ProvisionsWidget
from violations.decisions import COLUMNS, STANDS, Decision
from violations.models import Finding, Incident, IncidentReport, ReportLink, SourceOpening
from violations.moderation_codes import Harm


class DecidingForm(forms.Form):
    """A form whose refusals stand beside the fields they are about and in a summary that leads to them."""

    required_css_class = "required"
    template_name = "violations/fields.html"
    told_elsewhere: tuple[str, ...] = ()  # Faults that a form puts to what is not its field.

    def tell(self, refusal: Refusal) -> None:
        """Put what a verb refused to its fields; what concerns no field, to the whole."""
        told = False
        for pointer, messages in getattr(refusal, "fields", {}).items():
            if pointer.startswith(self.told_elsewhere):
                continue
            name = pointer.strip("/").split("/")[0]
            for message in messages:
                self.add_error(name if name in self.fields else None, message)
                told = True
        if not told:
            self.add_error(None, refusal.message)


class GroundsForm(DecidingForm):
    """Grounds alone."""

    grounds = forms.CharField(label=_("Grounds"), widget=forms.Textarea(attrs={"rows": 5, "dir": "auto"}))

    def __init__(self, *args: Any, label: str = "", hint: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if label:
            self.fields["grounds"].label = label
        self.fields["grounds"].help_text = hint


class RevealForm(DecidingForm):
    """Why a sealed source is to be opened: which reason, and the grounds, which auditors read."""

    reason = forms.ChoiceField(
        label=_("Why it has to be opened"), choices=SourceOpening.Reason.choices, widget=forms.RadioSelect
    )
    grounds = forms.CharField(
        label=_("Grounds"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4, "dir": "auto"}),
        help_text=_("Auditors read them. Name nobody."),
    )


class GradeForm(DecidingForm):
    """How reliable the source of a report is, and how credible what it tells, and why."""

    source = forms.ChoiceField(
        label=_("Source"), choices=moderation_codes.SourceGrade.choices, widget=forms.RadioSelect
    )
    information = forms.ChoiceField(
        label=_("Information"), choices=moderation_codes.InformationGrade.choices, widget=forms.RadioSelect
    )
    grounds = forms.CharField(
        label=_("Grounds"),
        widget=forms.Textarea(attrs={"rows": 5, "dir": "auto"}),
        help_text=_("Moderators of every side read them. Name nobody."),
    )


class LinkForm(DecidingForm):
    """To which incident a report belongs: one of the candidates, or one given by its reference."""

    candidate = forms.ChoiceField(
        label=_("Incidents that may be the same event, the likeliest first"), required=False, widget=forms.RadioSelect
    )
    reference = forms.CharField(
        label=_("Or the reference of another incident"),
        required=False,
        max_length=36,
        help_text=_("At least its first eight signs, as 4f2a91c0."),
    )
    kind = forms.ChoiceField(
        label=_("How it belongs"),
        choices=codebook.LinkKind.choices,
        widget=forms.RadioSelect,
        help_text=_("All but “related” move the report into that incident; “related” only notes it."),
    )
    grounds = GroundsForm.base_fields["grounds"]

    def __init__(self, *args: Any, candidates: Sequence[tuple[str, str]], incidents: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.incidents = incidents
        candidate: forms.ChoiceField = self.fields["candidate"]  # type: ignore[assignment]
        candidate.choices = list(candidates)
        if not candidates:
            candidate.widget = forms.HiddenInput()
            self.fields["reference"].label = _("The reference of the incident")
            return
        for name in ("candidate", "reference"):
            self.fields[name].when = _("one of the two")  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Find the incident meant."""
        cleaned: dict[str, Any] = super().clean() or {}
        written, chosen = cleaned.get("reference", "").strip(), cleaned.get("candidate")
        if bool(written) == bool(chosen):
            message = (
                _("Choose one of the incidents or give a reference, not both.")
                if written
                else _("Choose an incident or give its reference.")
            )
            self.add_error("reference", message)
        else:
            cleaned["incident"] = self._meant(written or chosen or "")
        return cleaned

    def _meant(self, written: str) -> Incident | None:
        found = list(by_reference(self.incidents, written)[:2])
        if len(found) == 1:
            return found[0]
        self.add_error(
            "reference",
            _("Several incidents begin so; give more of the reference.")
            if found
            else _("There is no such incident in this agreement; check the reference."),
        )
        return None


class TakeBackForm(DecidingForm):
    """Which link of a report is taken back, and on what grounds."""

    taken = forms.ModelChoiceField(
        label=_("What is taken back"), queryset=ReportLink.objects.none(), widget=forms.RadioSelect, empty_label=None
    )
    grounds = GroundsForm.base_fields["grounds"]

    def __init__(self, *args: Any, links: Sequence[ReportLink], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        taken: forms.ModelChoiceField = self.fields["taken"]  # type: ignore[assignment]
        taken.queryset = ReportLink.objects.filter(pk__in=[link.pk for link in links]).select_related(
            "incident", "report__agreement"
        )
        taken.label_from_instance = _taken  # type: ignore[assignment,method-assign]
        if len(links) == 1:
            taken.initial = links[0].pk


def _taken(link: ReportLink) -> str:
    incident = words.reference(link.incident.public_id)
    if link.kind == codebook.LinkKind.RELATED:
        return gettext("the note that it is related to incident %(incident)s") % {"incident": incident}
    return gettext(
        "that it belongs to incident %(incident)s (%(kind)s): it goes back to the incident that it opened"
    ) % {
        "incident": incident,
        "kind": link.get_kind_display(),
    }


def by_reference(rows: Any, written: str) -> Any:
    """The rows whose public id begins as `written` (eight signs or more); none where it is no reference."""
    signs = written.replace("-", "").lower()
    if not 8 <= len(signs) <= 32 or any(sign not in "0123456789abcdef" for sign in signs):
        return rows.none()
    return rows.filter(public_id__range=(UUID(signs.ljust(32, "0")), UUID(signs.ljust(32, "f"))))


def chains_by_receipt(written: str) -> Any:
    """The chains of which a revision has the receipt that is `written`, dashes or not; none where it is no receipt."""
    try:
        receipt = receipts.read(written)
    except Malformed:
        return IncidentReport.objects.none().values("chain")
    return IncidentReport.objects.filter(receipt=receipt).values("chain")


def _blank(choices: Iterable[tuple[Any, Any]], name: Any) -> list[tuple[Any, Any]]:
    return [("", name), *choices]


# When an answer that may be left out is asked for.
WHEN = {
    "scope": _("if it is other than assessed"),
    "provisions": _("of a breach"),
    "parties": _("if attributed, or contested between some"),
    "confidence": _("if attributed"),
    "basis": _("if attributed"),
    "intent": _("of a breach"),
    "sequence": _("of a breach"),
}


class DecisionForm(DecidingForm):
    """A finding: every axis, from the codebook and from the mechanism version in force, and the rows of casualties.

    `rows` begins with what `before` says. The totals are their sums and are not asked for.
    """

    template_name = "violations/decision.html"
    told_elsewhere = ("/casualties", "/killed_", "/injured_", "/grades/")

    verification = forms.ChoiceField(
        label=_("Verification"),
        choices=codebook.Verification.choices,
        widget=forms.RadioSelect,
        help_text=_("Does it stand that this happened?"),
    )
    scope = forms.ChoiceField(
        label=_("Scope"), required=False, help_text=_("Overrule only with grounds that meet the reasons given.")
    )
    conduct = forms.ChoiceField(
        label=_("Conduct"),
        choices=codebook.Conduct.choices,
        widget=forms.RadioSelect,
        help_text=_("Was it a breach? A breach has to be verified or probable."),
    )
    provisions = forms.TypedMultipleChoiceField(
        label=_("Provisions breached"), required=False, coerce=int, widget=forms.CheckboxSelectMultiple
    )
    attribution = forms.ChoiceField(
        label=_("Attribution"), choices=codebook.Attribution.choices, widget=forms.RadioSelect
    )
    parties = forms.TypedMultipleChoiceField(
        label=_("Parties it is attributed to"), required=False, coerce=int, widget=forms.CheckboxSelectMultiple
    )
    confidence = forms.ChoiceField(
        label=_("Confidence"), required=False, choices=_blank(codebook.Confidence.choices, _("not stated"))
    )
    basis = forms.MultipleChoiceField(
        label=_("Basis of the attribution"),
        required=False,
        choices=codebook.Basis.choices,
        widget=forms.CheckboxSelectMultiple,
    )
    intent = forms.ChoiceField(
        label=_("Intent"), required=False, choices=_blank(moderation_codes.Intent.choices, _("not stated"))
    )
    sequence = forms.ChoiceField(
        label=_("Sequence"), required=False, choices=_blank(moderation_codes.Sequence.choices, _("not stated"))
    )
    grounds = forms.CharField(
        label=_("Grounds"),
        widget=forms.Textarea(attrs={"rows": 6, "dir": "auto"}),
        help_text=_(
            "What was seen, who checked it, why it is found so. Moderators of every side read it beside the finding; "
            "no report and no table for a guarantor has it. Name nobody who told the mechanism anything."
        ),
    )

    def __init__(
        self,
        data: Any = None,
        *,
        case: Case,
        before: Finding | None,
        begun: DecisionForm | None = None,
    ) -> None:
        initial = (
            {name: begun[name].value() for name in begun.fields}
            if begun
            else initial_of(before) or reading.as_filed(case)
        )
        super().__init__(data, initial=initial)
        self.case = case
        typed = begun.rows.as_typed() if begun else None
        self.rows: CasualtyRows = CasualtyRows(case, data, before, begun=typed)
        self.grades: GradeRows = GradeRows(case, data, begun.grades.as_typed() if begun else None)
        self._offer_parties()
        self._offer_provisions()
        assessed = case.assessment.get_scope_display() if case.assessment else ""
        as_assessed = _("as assessed: %(scope)s") % {"scope": assessed}
        self._choices("scope", _blank(codebook.Scope.choices, as_assessed))
        if case.version.attribution == MechanismVersion.Attribution.NOT_MADE:
            for name in ("attribution", "parties", "confidence", "basis"):
                del self.fields[name]
        if getattr(case.assessment, "lane", "") != "grave":
            del self.fields["intent"], self.fields["sequence"]
        for name, when in WHEN.items():
            if name in self.fields:
                self.fields[name].when = when  # type: ignore[attr-defined]

    def _choices(self, name: str, choices: list[Any]) -> None:
        self.fields[name].choices = choices  # type: ignore[attr-defined]

    def _offer_parties(self) -> None:
        """The parties of the mechanism version in force, those that the reports name first."""
        terms = self.case.names.terms
        self._named: dict[int, Party] = {row.party_id: row.party for row in terms.values()}
        assessment = self.case.assessment
        named = {*assessment.alleged, *assessment.involved, *assessment.target} if assessment else set()
        first = [(row.party_id, _named(row)) for row in terms.values() if row.party_id in named]
        rest = [(row.party_id, _named(row)) for row in terms.values() if row.party_id not in named]
        groups = [(_("Named in the report"), first), (_("Other parties of the mechanism file"), rest)]
        self._choices("parties", [group for group in groups if group[1]])

    def _offer_provisions(self) -> None:
        """The provisions of the truce's texts, those in force there and then for the act by whom they bind."""
        chosen = {str(pk) for pk in self["parties"].value() or ()}  # whatever was handed in
        offered = Provisions(self.case, [pk for pk in self._named if str(pk) in chosen])
        self._provisions: dict[int, Provision] = {offer.provision.pk: offer.provision for offer in offered.offers}
        field = self.fields["provisions"]
        field.widget = ProvisionsWidget(offered)
        self._choices("provisions", [(pk, provision.name) for pk, provision in self._provisions.items()])
        if not offered.groups:
            field.help_text = _(
                "No provision in force there and then forbids this act; as a breach it is counted under “no provision”."
            )

    def is_valid(self) -> bool:
        """Whether the axes and every row of casualties have their shape; the faults of both are told."""
        told = [self.rows.is_valid(), self.grades.is_valid(), super().is_valid()]
        return all(told)

    def tell(self, refusal: Refusal) -> None:
        """What a verb refused of casualties, to their rows; the rest to its fields."""
        told: dict[str, list[str]] = getattr(refusal, "fields", {})
        for pointer, messages in told.items():
            for message in messages if pointer.startswith(self.told_elsewhere) else ():
                if not self.grades.tell(pointer, message):
                    self.rows.tell(pointer, message)
        super().tell(refusal)

    def decision(self) -> Decision:
        """What was decided, as the verb takes it."""
        cleaned = self.cleaned_data
        named = {name: cleaned[name] for name in COLUMNS if name in cleaned and name != "basis"}
        harmed = self.rows.casualties(stands=cleaned["verification"] in STANDS)
        return Decision(
            **named,
            killed_verified=casualties.total(harmed, Harm.KILLED),
            injured_verified=casualties.total(harmed, Harm.INJURED),
            casualties=harmed,
            basis=tuple(cleaned.get("basis", ())),
            parties=tuple(self._named[pk] for pk in cleaned.get("parties", ())),
            provisions=tuple(self._provisions[pk] for pk in cleaned["provisions"]),
            grounds=cleaned["grounds"],
        )


def _named(row: Any) -> str:
    return f"{row.party.name} ({words.side(row.side)})" if row.side else row.party.name


def initial_of(finding: Finding | None) -> dict[str, Any]:
    """The axes of `finding` as a form begins with them; grounds are always written anew."""
    if finding is None:
        return {}
    return {
        **{column: getattr(finding, column) for column in COLUMNS},
        "parties": [row.party_id for row in finding.parties.all()],
        "provisions": [row.provision_id for row in finding.provisions.all()],
    }
