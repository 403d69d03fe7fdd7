"""What is common to the pages of guarantors and liaisons, and the bare address, which leads to one's work.

Plain pages that work without JavaScript. Every page starts at `visible_to`; a refusal is a page with its status and
leaves its audit row here.
"""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views import View

from monitoring import accreditation, audit
from monitoring.admission import admission_of
from monitoring.errors import Refusal
from monitoring.models import User


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
