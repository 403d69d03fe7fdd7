"""What every page of moderators shares: who may enter, what they act for, and how a refusal is told and audited."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import wraps
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.db import models
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, QueryDict
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache

from monitoring import accreditation, audit
from monitoring.accreditation import Capacity, Role
from monitoring.admin import ReadOnlyAdmin
from monitoring.errors import Forbidden, Malformed, NotFound, Refusal
from monitoring.models import User
from violations import claims
from violations.admin import walking, words
from violations.models import Incident

if TYPE_CHECKING:
    from violations.admin.forms import DecidingForm

# What a page answers to: those that show, those with a form, those that act at once.
LOOK, FORM, ACT = ("GET", "HEAD"), ("GET", "HEAD", "POST"), ("POST",)


def capacities(request: HttpRequest, role: str = Role.MODERATOR) -> dict[int, Capacity]:
    """In what capacity the person moderates, by agreement id; read once a request, empty for all others.

    Or in what they act as `role`, where another is asked for.
    """
    asked = request.__dict__.setdefault("_capacities", {})
    admission = getattr(request, "admission", None)  # asked of every request as it came in
    if admission is not None and role not in admission.roles:
        return {}
    if role not in asked:
        held = accreditation.with_side(accreditation.held_by(person(request), role)).select_related(
            "agreement", "team", "sent_by_guarantor", "sent_by_party"
        )
        asked[role] = {
            held_one.agreement_id: Capacity(held_one, accreditation.side_told(held_one))
            for held_one in held.order_by("agreement", "-pk")
        }
    return asked[role]


def person(request: HttpRequest) -> User:
    """Who is logged in. The admin site lets no anonymous through."""
    return request.user  # type: ignore[return-value]


def typed(request: HttpRequest) -> QueryDict | None:
    """What was handed in, be it empty; None where nothing was."""
    return request.POST if request.method == "POST" else None


class ModeratorAdmin(ReadOnlyAdmin):
    """A table of the record as moderators see it: looked at, decided on through pages, never edited.

    A row outside the moderator's agreements is a 404. What a verb refuses is shown as it says, with its status; the
    refusal is audited here and nowhere else. Pages of another `role` are made of the same: they begin at `home`.
    """

    role: str = Role.MODERATOR
    acting_as: Any = gettext_lazy("you act as moderator")
    not_accredited: Any = gettext_lazy("Your account is not accredited as a moderator of any agreement now.")
    home = "admin:violations_incident_changelist"
    home_called: Any = gettext_lazy("Incidents")

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Whether the room is listed."""
        return bool(capacities(request, self.role))

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Moderators look, by accreditation alone; being superuser gives nothing."""
        return bool(capacities(request, self.role))

    def door(self, action: str, view: Any, *, methods: Sequence[str] = LOOK) -> Any:
        """Return `view` as a page of the admin named `action` in the audit: `view(request, ...)` or a refusal, told."""

        @wraps(view)
        def inner(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if request.method not in methods:
                return HttpResponseNotAllowed(methods)
            try:
                if not capacities(request, self.role):
                    raise Forbidden(str(self.not_accredited), code="not_accredited")
                return view(request, *args, **kwargs)
            except Refusal as refusal:
                self.deny(request, action, refusal)
                return self.refused(request, refusal)

        return never_cache(self.admin_site.admin_view(inner))

    def attempt(
        self, request: HttpRequest, action: str, form: DecidingForm, verb: Callable[[dict[str, Any]], Any]
    ) -> tuple[int, Any]:
        """Where `form` was handed in, call `verb` once with what was typed; return the status and what the verb made.

        200: nothing was handed in. 302: done. Otherwise it was refused: the form says why and keeps what was typed.
        """
        if request.method != "POST":
            return 200, None
        if not form.is_valid():
            return Malformed.status, None
        try:
            return 302, verb(form.cleaned_data)
        except Refusal as refusal:
            self.deny(request, action, refusal)
            form.tell(refusal)
            return refusal.status, None

    def deny(self, request: HttpRequest, action: str, refusal: Refusal) -> None:
        """Audit a denial, with the object that the page was opened for; what is merely typed wrong is none.

        Where it is denied because the person filed the report, no object stands beside their name: who filed is sealed.
        """
        if isinstance(refusal, Malformed):
            return
        on = getattr(request, "_opened", None) if refusal.code != "own_report" else None
        audit.denied(action, by=person(request), reason=refusal.code, on=on)

    def find(self, request: HttpRequest, rows: models.QuerySet, public_id: Any) -> Any:
        """Return the row of `rows` that the page is about. Raises NotFound where it is not there or not theirs."""
        found = rows.filter(public_id=public_id).first()
        if found is None:
            request._opened = rows.model._base_manager.filter(public_id=public_id).first()  # type: ignore[attr-defined]
            raise NotFound(
                _("There is no such page, or it is not yours to see. Go back to the queue."), code="not_visible"
            )
        request._opened = found  # type: ignore[attr-defined]
        return found

    def page(
        self, request: HttpRequest, template: str, title: str, context: dict[str, Any], *, status: int = 200
    ) -> TemplateResponse:
        """Render a page inside the admin, with who the person acts for; another room's template with its folder."""
        shared = self.admin_site.each_context(request)
        told = {
            "opts": self.opts,
            "title": title,
            "acting": list(capacities(request, self.role).values()),
            "acting_as": self.acting_as,
            "home": reverse(self.home),
            "home_called": self.home_called,
            "kept": walking.kept(request),
        }
        return TemplateResponse(
            request,
            f"{template}.html" if "/" in template else f"violations/{template}.html",
            {**shared, **told, **context},
            status=status,
        )

    def onward(self, request: HttpRequest, incident: Incident, *, while_needed: bool = False) -> HttpResponse:
        """Where a moderator comes after a decision: to what is next in the queue that they work through.

        At its end, to the queue; who came from elsewhere, to the incident; and so `while_needed`, where it needs them
        still.
        """
        query = walking.asked(request)
        here = reverse("admin:violations_incident_change", args=[incident.public_id])
        if query is None:
            return redirect(here)
        asking: dict[str, Any] = {"user": person(request), "acting": capacities(request)}
        if while_needed and walking.needs(incident, **asking):
            return redirect(here + walking.kept(request))
        if request.method == "POST":
            claims.let_go(incident, by=person(request))
        found = walking.following(incident, query=query, decided=request.method == "POST", **asking)
        told = {"address": here + walking.kept(request), "ref": words.reference(incident.public_id)}
        if found is None:
            said = _('That was incident <a href="{address}">{ref}</a>, the last of this queue from where you began.')
            messages.info(request, format_html(said, **told))
            return redirect(f"{reverse('admin:violations_incident_changelist')}?{query.urlencode()}")
        messages.info(
            request, format_html(_('That was incident <a href="{address}">{ref}</a>; this is the next.'), **told)
        )
        return redirect(reverse("admin:violations_incident_change", args=[found.public_id]) + walking.kept(request))

    def refused(self, request: HttpRequest, refusal: Refusal) -> TemplateResponse:
        """The page that tells a refusal: what happened, what to do, and the way back."""
        opened = getattr(request, "_opened", None) if refusal.status != NotFound.status else None
        return self.page(
            request, "refused", _("This was not done"), {"refusal": refusal, "opened": opened}, status=refusal.status
        )
