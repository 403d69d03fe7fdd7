"""What may be chosen to be said of a period: of which period, in which words, and what a reference means.

What may be referred to is what readers can quote: an incident of the period or one determined in it, a measure agreed,
and of the answered requests those that were told to the others.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from monitoring import ledger, plain_text, wording
from monitoring.errors import Malformed
from reports import periods
from reports.choices import HELD_BY, LONGEST
from reports.figures.annex import meant
from reports.models import Choice, PeriodKind
from violations import replies_seen
from violations.codebook import Standing
from violations.models import Assessment, Finding, Incident, InformationRequest, Measure, RequestAnswer, RequestTelling

if TYPE_CHECKING:
    from monitoring.models import Agreement
    from reports.periods import Period

Kind, RefersTo = Choice.Kind, Choice.RefersTo
# To what each kind may refer; an event always refers to something.
REFERRING: dict[str, tuple[str, ...]] = {
    Kind.CONCERN: (RefersTo.INCIDENT, RefersTo.DETERMINATION),
    Kind.IMPROVEMENT: ("", RefersTo.INCIDENT, RefersTo.MEASURE, RefersTo.REQUEST),
}


@dataclass(frozen=True)
class Said:
    """What is to be said of a period: which kind, in which words, and what it refers to, by its reference."""

    period: str
    kind: str
    words: str
    refers_to: str = ""
    reference: str = ""


def columns(agreement: Agreement, said: Said) -> dict[str, Any]:
    """Return what is to be said by the columns of a choice, its words in one line and without marks that reorder them.

    Raises Malformed, naming every field that is wrong.
    """
    words = " ".join(plain_text.plain(said.words).split())
    faults: dict[str, list[str]] = {}
    period = _period(agreement, said.period, faults)
    if said.kind not in REFERRING:
        faults["/kind"] = [_("Choose one of the list.")]
    elif said.refers_to not in REFERRING[said.kind]:
        faults["/refers_to"] = [
            _("An event of concern refers to an incident or a determination.")
            if said.kind == Kind.CONCERN
            else _("An improvement refers to an incident, a measure agreed, an answered request, or nothing.")
        ]
    if len(words) > LONGEST or not plain_text.is_seen(words):
        faults["/words"] = [_("Write it in 1 to %(longest)s characters.") % {"longest": LONGEST}]
    elif loaded := wording.loaded_in(words):
        faults["/words"] = [_("“%(word)s” takes a side: say it otherwise.") % {"word": word} for word in loaded]
    referred = {}
    if period is not None and not {"/kind", "/refers_to"} & set(faults):
        referred = _referred(agreement, period, said, faults)
    if faults:
        raise Malformed(_("Nothing was recorded: see each error."), fields=faults)
    return {
        "agreement": agreement,
        "period": said.period,
        "kind": said.kind,
        "refers_to": said.refers_to,
        "words": words,
        **dict.fromkeys(sorted(set(HELD_BY.values()))),
        **referred,
    }


def _period(agreement: Agreement, code: str, faults: dict[str, list[str]]) -> Period | None:
    """The month or week of the truce that is meant, where it has begun."""
    try:
        kind = periods.kind_of(code)
        period = periods.bounds(agreement.terms, kind, code)
    except Malformed as fault:
        faults |= fault.fields
        return None
    if kind == PeriodKind.DAY:
        faults["/period"] = [_("Give a month or a week: the report of a day prints none.")]
    elif periods.before_the_truce(agreement.terms, period) or periods.after_the_truce(agreement.terms, period):
        faults["/period"] = [_("The truce was not in force in this period.")]
    elif period.starts_at > ledger.now():
        faults["/period"] = [_("This period has not begun.")]
    return None if "/period" in faults else period


def _referred(agreement: Agreement, period: Period, said: Said, faults: dict[str, list[str]]) -> dict[str, Any]:
    """What the reference means, by the column that holds it."""
    if not said.refers_to:
        if said.reference.strip():
            faults["/refers_to"] = [_("Say what the reference is of, or leave it out.")]
        return {}
    with replies_seen.reading_for([agreement.pk]):
        found = list(_candidates(agreement, period, said.refers_to).filter(meant(said.reference))[:2])
    if len(found) == 1:
        return {HELD_BY[said.refers_to]: found[0]}
    faults["/reference"] = [
        {
            RefersTo.INCIDENT: _(
                "No incident of this period has this reference: ten signs or more, as reports print it."
            ),
            RefersTo.DETERMINATION: _("No incident of this reference was determined by a sitting in this period."),
            RefersTo.MEASURE: _("No measure agreed has this reference: ten signs or more of it."),
            RefersTo.REQUEST: _("No request that was answered, and told to the others, has this reference."),
        }[RefersTo(said.refers_to)]
    ]
    return {}


def _candidates(agreement: Agreement, period: Period, refers_to: str) -> Any:
    """What a choice of the period may refer to. A request whose answer was not told to the others is no business of
    theirs."""
    if refers_to == RefersTo.MEASURE:
        return Measure.objects.filter(agreement=agreement)
    if refers_to == RefersTo.REQUEST:
        return InformationRequest.objects.filter(
            Exists(RequestAnswer.objects.filter(request=OuterRef("pk"))),
            Exists(RequestTelling.objects.filter(request=OuterRef("pk"))),
            agreement=agreement,
        )
    live = Assessment.objects.open().filter(incident=OuterRef("pk"))
    if refers_to == RefersTo.INCIDENT:
        live = live.filter(occurred_from__gte=period.starts_at, occurred_from__lt=period.ends_at)
        return Incident.objects.filter(Exists(live), agreement=agreement)
    spoken = Finding.objects.filter(
        incident=OuterRef("pk"),
        standing=Standing.DETERMINED,
        effect=Finding.Effect.FINDING,
        recorded_at__gte=period.starts_at,
        recorded_at__lt=period.ends_at,
    )
    stands = Finding.objects.open().filter(incident=OuterRef("pk"), standing=Standing.DETERMINED)
    return Incident.objects.filter(Exists(live), Exists(spoken), Exists(stands), agreement=agreement)
