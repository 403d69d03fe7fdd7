"""The audit as auditors read it: narrowed by agreement, time, action and person, page by page, and as CSV.

For those accredited as auditor alone: an operator reads no record of what operators did, nor does a superuser.
"""

from __future__ import annotations

from datetime import UTC
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseNotAllowed, StreamingHttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from monitoring import accreditation, audit, auditing
from monitoring.admission import admission_on
from monitoring.models import Agreement, AuditEntry, User

if TYPE_CHECKING:
    from django.contrib.admin import AdminSite

A_PAGE = 100


A_TIME = gettext_lazy("This is no date or time. Write it as 2026-03-01 or 2026-03-01 08:00.")


class AuditFilter(forms.Form):
    """What of the audit is shown. Everything is optional; what does not parse is told, and nothing is shown."""

    agreement = forms.ChoiceField(label=gettext_lazy("Agreement"), required=False)
    since = forms.DateTimeField(label=gettext_lazy("From (UTC)"), required=False, error_messages={"invalid": A_TIME})
    until = forms.DateTimeField(label=gettext_lazy("Before (UTC)"), required=False, error_messages={"invalid": A_TIME})
    action = forms.CharField(label=gettext_lazy("Action"), required=False, max_length=60)
    person = forms.CharField(label=gettext_lazy("Person"), required=False, max_length=150)
    outcome = forms.ChoiceField(
        label=gettext_lazy("Outcome"),
        required=False,
        choices=[("", gettext_lazy("any")), *AuditEntry.Outcome.choices],
    )
    before = forms.IntegerField(required=False, min_value=1, widget=forms.HiddenInput)

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        held = accreditation.held_by(user, accreditation.Role.AUDITOR).select_related("agreement")
        offered = {str(row.agreement_id): row.agreement.code for row in held.order_by("agreement__code")}
        self.fields["agreement"].choices = [("", _("any")), *offered.items()]  # type: ignore[attr-defined]
        for name, hint in (
            ("since", _("As 2026-03-01 or 2026-03-01 08:00.")),
            ("action", _("Its beginning, as finding or source.reveal.")),
            ("person", _("The beginning of an account's name.")),
        ):
            self.fields[name].help_text = hint

    @property
    def asked(self) -> auditing.Asked:
        """What is asked for, typed."""
        told = self.cleaned_data
        return auditing.Asked(
            agreement=int(told["agreement"]) if told["agreement"] else None,
            since=told["since"] and told["since"].replace(tzinfo=UTC),
            until=told["until"] and told["until"].replace(tzinfo=UTC),
            action=told["action"],
            person=told["person"],
            outcome=told["outcome"],
        )


class AuditPages:
    """The list of the audit, and its table to take away; mixed into the admin of its model."""

    if TYPE_CHECKING:
        admin_site: AdminSite
        opts: Any

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Auditors, by accreditation alone."""
        allowed = super().has_view_permission(request, obj)  # type: ignore[misc]
        return allowed and accreditation.Role.AUDITOR in admission_on(request).roles

    def get_queryset(self, request: HttpRequest) -> Any:
        """The rows that are the auditor's to read."""
        return auditing.readable_by(request.user)  # type: ignore[arg-type]

    def get_urls(self) -> list[URLPattern]:
        """The list, the page of a row, and the table."""
        export = path("export/", self.admin_site.admin_view(self.export), name="monitoring_auditentry_export")
        return [export, *super().get_urls()]  # type: ignore[misc]

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """The newest rows of what was asked for, and the way to those before."""
        form, rows = self._asked(request)
        shown: list[AuditEntry] = []
        if form.is_valid():
            before = form.cleaned_data["before"]
            rows = rows.filter(pk__lt=before) if before else rows
            shown = list(rows.select_related("actor", "agreement")[: A_PAGE + 1])
        more = len(shown) > A_PAGE
        kept = {name: value for name, value in request.GET.items() if value and name != "before"}
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": _("Audit"),
            "form": form,
            "narrowed": bool(kept),
            "rows": shown[:A_PAGE],
            "older": "?" + urlencode({**kept, "before": shown[A_PAGE - 1].pk}) if more else "",
            "newest": "?" + urlencode(kept) if "before" in request.GET else "",
            "export": "export/?" + urlencode(kept) if form.is_valid() else "",
        }
        return TemplateResponse(request, "monitoring/audit.html", context, status=200 if form.is_valid() else 400)

    def export(self, request: HttpRequest) -> HttpResponseBase:
        """All rows of what was asked for, as CSV. That they were taken stands in the audit before a byte leaves."""
        if request.method not in {"GET", "HEAD"}:
            return HttpResponseNotAllowed(["GET", "HEAD"])
        form, rows = self._asked(request)
        if not form.is_valid():
            return self.changelist_view(request)
        last = rows.first()
        audit.done("audit.export", by=request.user, agreement=self._one_agreement(form))
        request._taken = True  # type: ignore[attr-defined]
        table = auditing.table(rows.filter(pk__lte=last.pk) if last else rows.none())
        answer = StreamingHttpResponse(table, content_type="text/csv; charset=utf-8")
        answer["Content-Disposition"] = 'attachment; filename="audit.csv"'
        return answer

    def _asked(self, request: HttpRequest) -> tuple[AuditFilter, Any]:
        if not self.has_view_permission(request):
            raise PermissionDenied
        form = AuditFilter(request.GET, user=request.user)  # type: ignore[arg-type]
        rows = self.get_queryset(request)
        return form, auditing.narrowed(rows, form.asked) if form.is_valid() else rows.none()

    def _one_agreement(self, form: AuditFilter) -> Agreement | None:
        asked = form.asked.agreement
        return Agreement.objects.get(pk=asked) if asked else None
