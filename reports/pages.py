"""The guarantor's pages: where its work begins; one edition with what changed, its hash and its files.

Plain pages that work without JavaScript. Every page starts at `visible_to`; a refusal is a page with its status and
leaves its audit row here.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views import View

from monitoring import accreditation, audit
from monitoring.admission import admission_of
from monitoring.errors import NotFound, Refusal
from monitoring.models import User
from reports import downloads
from reports.attachments import attachment
from reports.models import Edition
from reports.shown import EditionShown, ListedEdition


@method_decorator(login_required, name="dispatch")
class ReadersView(View):
    """What is common to a reader's pages: somebody is logged in, and refusals are answered in one place."""

    http_method_names = ["get", "head"]

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Answer, or say why not."""
        try:
            return super().dispatch(request, *args, **kwargs)
        except Refusal as refusal:
            match = request.resolver_match
            audit.denied(f"{match.view_name if match else ''}"[:60], by=self.reader, reason=refusal.code[:60])
            context = {"title": _("Not shown"), "message": refusal.message}
            return render(request, "reports/refused.html", context, status=refusal.status)

    @property
    def reader(self) -> User:
        """The person who asks."""
        assert isinstance(self.request.user, User)  # noqa: S101 - login is required
        return self.request.user


class Home(ReadersView):
    """The bare address leads to one's work: editions, complaints, or for staff who read no edition the administration.

    Who has no page of work here, for a device files for them, is led to their account, where devices are named.
    """

    def get(self, request: HttpRequest) -> HttpResponse:
        """Go there."""
        admission = admission_of(self.reader)
        at_desk = admission.works_in_administration and accreditation.Role.GUARANTOR not in admission.roles
        if at_desk:
            return redirect("admin:index")
        if accreditation.Role.GUARANTOR in admission.roles:
            return redirect("editions")
        return redirect("complaints" if accreditation.Role.PARTY_LIAISON in admission.roles else "account")


class OneEdition(ReadersView):
    """One edition: what it is, what changed since the last closing, the hash and every file."""

    def get(self, request: HttpRequest, id: UUID) -> HttpResponse:  # noqa: A002
        """Show it."""
        mine = Edition.objects.visible_to(self.reader)
        edition = mine.filter(public_id=id).for_listing().first()
        if edition is None:
            raise NotFound(_("There is no such edition among those that are yours to read."), code="not_found")
        others = mine.filter(
            closing__agreement=edition.agreement_id,
            closing__kind=edition.closing.kind,
            closing__period=edition.closing.period,
            guarantor=edition.guarantor_id,
        ).exclude(pk=edition.pk)
        audit.looked("edition", by=self.reader, on=edition, agreement=edition.agreement)
        shown = EditionShown(edition)
        listed = [ListedEdition(other) for other in others.for_listing()]
        before = (other.id for other in listed if str(other.closing.public_id) == shown.previous_closing)
        context = {"title": shown.title, "shown": shown, "others": listed, "before": next(before, "")}
        return render(request, "reports/edition.html", context)


class RenditionDownload(ReadersView):
    """A file of an edition."""

    def get(self, request: HttpRequest, id: UUID) -> HttpResponseBase:  # noqa: A002
        """Hand it out, logged."""
        return attachment(*downloads.take(id, by=self.reader))


class SheetDownload(ReadersView):
    """A file of a corrigendum or addendum."""

    def get(self, request: HttpRequest, id: UUID) -> HttpResponseBase:  # noqa: A002
        """Hand it out, logged."""
        return attachment(*downloads.take_sheet(id, by=self.reader))
