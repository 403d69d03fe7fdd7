"""Corrigenda and addenda to a released closing: words on a sheet of their own, by two, to all guarantors at once.

No figure changes by them, and the closing stays as it was released. What is wrong in figures is put right by the next
closing (Rev.); what is wrong in words, or was left out, by a sheet. Whoever seconds is of another side than whoever
proposed, or one of them is independent.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db.models import Max
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from monitoring import accreditation, audit, canonical, ledger, plain_text
from monitoring.errors import Forbidden, Malformed, NotFound, NotNow
from reports import drafts_seen
from reports.closings import computing, held
from reports.closings.preparing import preparing
from reports.closings.rendering import LANGUAGES, kept
from reports.models import Closing, Supplement, SupplementFile
from reports.renderers import sheet
from violations import standing

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from monitoring.models import User

MODERATOR = accreditation.Role.MODERATOR
LONGEST = 4000


def closings_of(user: User) -> Any:
    """The released closings that `user` may propose a sheet to: those of the truces that they moderate now."""
    roles = accreditation.held_by(user, MODERATOR)
    rows = Closing.objects.released().filter(agreement__in=roles.values("agreement"))
    return rows.select_related("agreement", "version").order_by("-released_at", "-pk")


def reading_as(user: User) -> AbstractContextManager[None]:
    """Read the sheets, released or not, of the truces that `user` moderates now, for the length of the block."""
    held_now = accreditation.held_by(user, MODERATOR)
    return drafts_seen.reading_for(held_now.values_list("agreement", flat=True))


def visible_to(user: User) -> Any:
    """Every sheet of the truces that `user` moderates now, the newest first; read within `reading_as`."""
    roles = accreditation.held_by(user, MODERATOR)
    rows = Supplement.objects.filter(agreement__in=roles.values("agreement"))
    return rows.select_related("agreement", "closing__version", "proposed_side", "proposed_by").order_by("-pk")


def propose(closing_id: UUID, kind: str, words: str, *, by: User) -> Supplement:
    """Propose a sheet with these words. Raises NotFound where there is no such closing of theirs, Malformed."""
    words = words.replace("\r\n", "\n").strip()
    if kind not in Supplement.Kind.values:
        raise Malformed(_("Nothing was recorded: see each error."), fields={"/kind": [_("Choose one of the list.")]})
    if len(words) > LONGEST or not plain_text.is_seen(words):
        fault = _("Write it in 1 to %(longest)s characters.") % {"longest": LONGEST}
        raise Malformed(_("Nothing was recorded: see each error."), fields={"/words": [fault]})
    with ledger.writing() as entry, reading_as(by):
        closing = closings_of(by).filter(public_id=closing_id).first()
        if closing is None:
            raise NotFound(_("There is no such released closing among those of your truces."), code="not_found")
        capacity = standing.moderating(by, closing.agreement)
        supplement: Supplement = Supplement.objects.create(
            recorded_at=entry.stamp(),
            closing=closing,
            agreement=closing.agreement,
            kind=kind,
            words=words,
            proposed_by=by,
            proposed_side=capacity.side,
        )
        audit.done("supplement.propose", by=by, on=supplement)
    return supplement


def second(supplement_id: UUID, *, by: User) -> Supplement:
    """Agree: the sheet takes its number and is made and released by a worker. Raises NotFound, NotNow, Forbidden.

    While the truce is held back after a restore no number is given: a guarantor may hold a sheet that has it.
    """
    with ledger.writing() as entry, reading_as(by):
        supplement = _locked(supplement_id, by)
        Closing.objects.select_for_update(of=("self",), no_key=True).get(pk=supplement.closing_id)
        capacity = standing.moderating(by, supplement.agreement)
        if supplement.proposed_by_id == by.pk:
            raise Forbidden(_("You proposed this: another person must second it."), code="same_person")
        if not standing.may_agree_with(
            supplement.proposed_by, supplement.proposed_side, supplement.agreement, capacity
        ):
            raise Forbidden(
                _("This was proposed from your own side: a person of another side, or an independent, must second it."),
                code="same_side",
            )
        held.require_going_on(supplement.agreement)
        of_kind = Supplement.objects.filter(closing=supplement.closing_id, kind=supplement.kind)
        last = of_kind.aggregate(last=Max("number"))["last"] or 0
        supplement.number = max(last, held.last_lost_sheet(supplement)) + 1
        supplement.seconded_at = entry.stamp()
        supplement.seconded_by = by
        supplement.seconded_side = capacity.side
        supplement.save(update_fields=["number", "seconded_at", "seconded_by", "seconded_side"])
        audit.done("supplement.second", by=by, on=supplement)
    return supplement


def withdraw(supplement_id: UUID, *, by: User) -> None:
    """Take one's own proposal back. Raises NotFound, NotNow, Forbidden."""
    with ledger.writing() as entry, reading_as(by):
        supplement = _locked(supplement_id, by)
        if supplement.proposed_by_id != by.pk:
            raise Forbidden(_("Whoever proposed this takes it back."), code="another_person")
        supplement.withdrawn_at = entry.stamp()
        supplement.save(update_fields=["withdrawn_at"])
        audit.done("supplement.withdraw", by=by, on=supplement)


def issue(supplement_pk: int) -> Supplement:
    """Make the files of a sheet that two agreed on, and release it to all at one instant; done once, however often run.

    The bytes are made outside the transaction by a pure function, so that whoever is first writes what any would.
    Raises NotNow where the truce is held back after a restore, or the log of releases cannot be read or written.
    """
    with preparing():
        supplement = Supplement.objects.select_related("closing__agreement", "agreement").get(pk=supplement_pk)
    if supplement.seconded_at is None or supplement.released_at is not None:
        return supplement
    told, content = as_told(supplement), computing.stored(supplement.closing)
    made = {
        (form, language): sheet.render(form, content, told, language=language)
        for form in sheet.FORMATS
        for language in LANGUAGES
    }
    with ledger.writing() as entry, preparing():
        supplement = (
            Supplement.objects.select_for_update(of=("self",))
            .select_related("closing__agreement")
            .get(pk=supplement_pk)
        )
        if supplement.released_at is not None:
            return supplement
        for (form, language), rendered in made.items():
            _store(supplement, form, language, rendered, entry)
        released_at = entry.stamp()
        held.enter_sheet(supplement, released_at)
        supplement.released_at = released_at
        supplement.save(update_fields=["released_at"])
        audit.done("supplement.release", by=None, on=supplement)
    return supplement


def as_told(supplement: Supplement) -> dict[str, Any]:
    """The sheet as it is rendered: which closing it is to, as that was released, and the words."""
    closing = supplement.closing
    assert supplement.seconded_at is not None  # noqa: S101 - two agreed on it
    assert closing.released_at is not None  # noqa: S101 - there is no sheet to another
    return {
        "schema": 1,
        "supplement": str(supplement.public_id),
        "kind": str(supplement.kind),
        "number": supplement.number,
        "agreed_at": canonical.instant(supplement.seconded_at),
        "words": supplement.words,
        "agreement": closing.agreement.code,
        "simulated": closing.agreement.simulated,
        "period": closing.period,
        "closing": str(closing.public_id),
        "closing_number": closing.number,
        "closing_released_at": canonical.instant(closing.released_at),
        "content_sha256": closing.content_sha256,
    }


def _store(supplement: Supplement, form: str, language: str, rendered: bytes, entry: ledger.Entry) -> None:
    of = salted_hmac("reports.supplement", f"{supplement.public_id}/{form}/{language}", algorithm="sha256")
    SupplementFile.objects.create(
        recorded_at=entry.stamp(),
        supplement=supplement,
        format=form,
        language=language,
        path=kept(of.hexdigest(), form, rendered, used=_is_in_use),
        file_name=_named(supplement, form, language),
        sha256=hashlib.sha256(rendered).hexdigest(),
        size=len(rendered),
    )


def _is_in_use(path: str) -> bool:
    return SupplementFile.objects.filter(path=path).exists()


def _named(supplement: Supplement, form: str, language: str) -> str:
    closing = supplement.closing
    parts = [
        *(["SIMULATED"] if closing.agreement.simulated else []),
        closing.agreement.code,
        closing.period,
        f"no{closing.number}",
        *([f"rev{closing.revision}"] if closing.revision else []),
        f"{supplement.kind}{supplement.number}",
        language,
    ]
    return "_".join(parts) + f".{form}"


def _locked(supplement_id: UUID, by: User) -> Supplement:
    rows = visible_to(by).select_for_update(of=("self",))
    supplement: Supplement | None = rows.filter(public_id=supplement_id).first()
    if supplement is None:
        raise NotFound(_("There is no such sheet among those of your truces."), code="not_found")
    if supplement.withdrawn_at is not None or supplement.seconded_at is not None:
        raise NotNow(_("This sheet was agreed on or taken back already."), code="not_proposed")
    return supplement
