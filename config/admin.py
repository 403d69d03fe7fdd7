"""The admin site: the rooms' own tables in reading order, nothing that libraries register, every refusal audited."""

from __future__ import annotations

from functools import wraps
from http import HTTPStatus
from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from config import looking
from config.accounts.pages import Logout
from monitoring import audit
from monitoring.admission import admission_on

# Rooms in the order in which staff need them.
ROOMS = ("violations", "monitoring", "reports")


class MechanismAdminSite(admin.AdminSite):
    """Where moderators decide and operators look. Being superuser gives no right to find: accreditations do."""

    site_header = _("Ceasefire monitoring")
    site_title = _("Ceasefire monitoring")
    index_title = _("What you may see and decide")
    site_url = None

    def __init__(self, name: str = "admin") -> None:
        super().__init__(name)
        self.disable_action("delete_selected")

    def register(self, model_or_iterable: Any, admin_class: Any = None, **options: Any) -> None:
        """Register tables of our rooms; what libraries bring (groups, tokens) is not managed here."""
        models = model_or_iterable if isinstance(model_or_iterable, (list, tuple)) else [model_or_iterable]
        ours = [model for model in models if model._meta.app_label in ROOMS]
        super().register(ours, admin_class, **options)

    def has_permission(self, request: HttpRequest) -> bool:
        """Whether the person holds now what lets them in; a flag that was set once is not asked."""
        return admission_on(request).works_in_administration

    def login(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """There is one login for every page, with the second factor."""
        return redirect(f"{reverse('account_login')}?{urlencode({'next': request.GET.get('next', self._start)})}")

    def password_change(self, request: HttpRequest, extra_context: Any = None) -> Any:
        """There is one page to change it."""
        return redirect("account_change_password")

    def logout(self, request: HttpRequest, extra_context: Any = None) -> Any:
        """Log out as everywhere."""
        return Logout.as_view()(request)

    @property
    def _start(self) -> str:
        return reverse(f"{self.name}:index")

    def admin_view(self, view: Any, cacheable: bool = False) -> Any:
        """Wrap `view`: who is logged in and may not enter is refused (403), not asked to log in again; audited."""
        guarded = super().admin_view(view, cacheable)

        @wraps(view)
        def inner(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
            stranger = request.user.is_authenticated and not self.has_permission(request)
            if stranger and request.path != reverse(f"{self.name}:logout"):
                audit.denied("admin.enter", by=request.user, reason="not_staff")
                raise PermissionDenied(_("This part of the service is for the mechanism's staff."))
            try:
                answer = guarded(request, *args, **kwargs)
            except PermissionDenied:
                audit.denied("admin.view", by=request.user, reason="no_permission")
                raise
            if request.method in {"GET", "HEAD"} and answer.status_code == HTTPStatus.OK:
                looking.looked(request)
            return answer

        return inner

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[Any]:
        """Rooms in reading order; within a room, models in the order of their registration."""
        apps = self._build_app_dict(request, app_label)
        order = {model: number for number, model in enumerate(self._registry)}
        for app in apps.values():
            app["models"].sort(key=lambda entry: order[entry["model"]])
        return sorted(apps.values(), key=lambda app: ROOMS.index(app["app_label"]))
