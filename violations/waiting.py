"""Corrections that came before what they correct: kept sealed until it comes, and seen by nobody but their filer.

Who files and who would wait are kept apart by a lock on the account: filings share it, so that a device sends many at
once; whoever found nothing to correct holds it alone, looks again, and only then keeps the correction.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import connection
from django.db.models import Q
from django.utils.translation import gettext as _

from monitoring import ledger
from monitoring.errors import Malformed, NotNow
from violations import filers, receipts, report_document, revisions, sealing
from violations.models import IncidentReport, SealedSource, WaitingCorrection

if TYPE_CHECKING:
    from uuid import UUID

    from monitoring.models import Agreement, User
    from monitoring.row_context import Ask
    from violations.report_content import ReportContent

# The first half of the keys of these locks, apart from every other: accounts are the second.
ACCOUNTS = 20170123


def hold(by: User, *, alone: bool = False) -> None:
    """Hold the account's filings until the transaction ends: shared, or `alone`. Ask before any stamp."""
    lock = "pg_advisory_xact_lock" if alone else "pg_advisory_xact_lock_shared"
    with connection.cursor() as cursor:
        cursor.execute(f"select {lock}(%s, %s)", [ACCOUNTS, by.pk % 2**31])


def lock(by: User) -> Ask:
    """The shared lock of `hold`, for a verb that takes several in one statement."""
    return "pg_advisory_xact_lock_shared(%s, %s)", [ACCOUNTS, by.pk % 2**31]


def kept_under(by: User, client_id: str) -> WaitingCorrection | None:
    """Return the correction that was kept under this client id, waiting still or not."""
    return _own(by).filter(client_id=client_id).first()


def about(by: User, client_id: str) -> list[WaitingCorrection]:
    """Return what was kept under this client id, waiting still or not, and what waits for the filing of that name."""
    waits_for_it = Q(corrects=client_id, superseded_at__isnull=True)
    return list(_own(by).filter(Q(client_id=client_id) | waits_for_it).order_by("pk"))


def of(by: User):
    """Corrections of this account that wait, newest first."""
    return _own(by).open().select_related("agreement").order_by("-recorded_at", "-pk")


def by_receipt(by: User, receipt: str) -> WaitingCorrection | None:
    """Return the correction of this account that was kept under a receipt, waiting still or not."""
    return _own(by).filter(receipt=receipt).first()


def keep(agreement: Agreement, content: ReportContent, *, by: User, client_id: str, corrects: str) -> WaitingCorrection:
    """Keep a correction until what it corrects comes. The account is held alone.

    Raises Malformed (a rule of filing), Forbidden, NotNow (`not_latest`: another correction of the same waits).
    """
    if corrects == client_id:
        sentence = _("A filing cannot correct itself: give the client id of the earlier one.")
        raise Malformed(sentence, fields={"/corrects": [sentence]})
    other = _own(by).open().filter(corrects=corrects).first()
    if other is not None:
        sentence = _(
            "Another correction of that filing waits already, under the receipt %(receipt)s. Correct that one."
        )
        raise NotNow(sentence % {"receipt": other.receipt}, code="not_latest", members={"receipt": other.receipt})
    filers.standpoint(by, agreement, content)
    with ledger.writing() as entry:
        revisions.check(agreement.terms, content, now=entry.stamp())
        return WaitingCorrection.objects.create(
            recorded_at=entry.stamp(),
            receipt=receipts.draw(waits=True),
            agreement=agreement,
            filer_tag=sealing.tag_of(by),
            client_id=client_id,
            corrects=corrects,
            sealed=sealing.seal_whole(by, report_document.written(content)),
        )


def content_of(kept: WaitingCorrection) -> ReportContent:
    """Return what was filed."""
    return report_document.read(sealing.whole_of(kept))


def close(kept: WaitingCorrection) -> None:
    """Close a correction that took its place."""
    with ledger.writing() as entry:
        entry.close(WaitingCorrection.objects.filter(pk=kept.pk), expected=1)


def require_same(kept: WaitingCorrection, agreement: Agreement, content: ReportContent, corrects: str) -> None:
    """Raise NotNow, with the difference, where another filing was kept under the client id.

    It is known for the same after words of it were erased, too.
    """
    again = _as_kept(content)
    same = sealing.erased_saying(kept, said_in(again))
    if same is None:
        same = content_of(kept) == again
    if (kept.agreement_id, kept.corrects, same) != (agreement.pk, corrects, True):
        refuse_other(kept, agreement, content, corrects)


def said_in(content: ReportContent) -> dict[str, Any]:
    """Everything that a filing says, by which it is known again after words of it were erased."""
    return {"content": content.sha256(), "source": content.source}


def of_chain(chain: UUID) -> list[WaitingCorrection]:
    """Return what was kept of the chain of a report: what took its place in it, and what waits for one of it.

    For `erasing`, within `sealing.counting`.
    """
    reports = IncidentReport.objects.filter(chain=chain)
    filed = SealedSource.objects.filter(report__chain=chain)
    found = list(WaitingCorrection.objects.filter(receipt__in=reports.values("receipt")).order_by("pk"))
    tags, named = set(filed.values_list("filer_tag", flat=True)), set(filed.values_list("client_id", flat=True))
    while named:
        waits = list(WaitingCorrection.objects.open().filter(filer_tag__in=tags, corrects__in=named).order_by("pk"))
        found += waits
        named = {kept.client_id for kept in waits}
    return found


def refuse_other(kept: WaitingCorrection, agreement: Agreement, content: ReportContent, corrects: str) -> None:
    """Raise NotNow: this client id is that of a correction that was kept."""
    filed = {"agreement": kept.agreement.code, "corrects": kept.corrects}
    told = report_document.of_another(filed, {"agreement": agreement.code, "corrects": corrects})
    told += report_document.differences_of(content_of(kept), content)
    raise filers.taken(told, receipt=kept.receipt)


def _as_kept(content: ReportContent) -> ReportContent:
    return report_document.read(report_document.written(content))


def _own(by: User):
    return WaitingCorrection.objects.filter(filer_tag=sealing.tag_of(by)).select_related("agreement")
