"""Decisions on many at once: what they would do is shown first; then how far they are, and what came of each."""

from __future__ import annotations

import csv
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import admin
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from monitoring.spreadsheets import guarded
from violations import bulk, moderation_codes, tasks
from violations.admin import bulk_selection, words
from violations.admin.bulk_shown import Effects, chosen, handed_in, reason_in_words, signed
from violations.admin.forms import DecidingForm, GroundsForm
from violations.admin.lists import Listed, by_the_clocks_of, with_zone
from violations.admin.moderating import FORM, ModeratorAdmin, capacities, person, typed
from violations.codebook_definitions import LISTS
from violations.models import BulkJob, BulkOutcome, BulkRow, Finding

Action, Outcome = BulkJob.Action, BulkOutcome.Outcome
# In which order the page of a job tells of its rows: what was not done, what is left, what was done.
FIRST = (Outcome.FAILED, Outcome.REFUSED, "", Outcome.DONE)
# While the page is waited for a job is done for so long at most (seconds); what is left a worker goes on with.
WHILE_WAITING = 20.0
BUTTONS = {
    Action.SECOND: gettext_lazy("Second those ticked"),
    Action.TAKE: gettext_lazy("Take those ticked under review"),
    Action.ACCEPT: gettext_lazy("Accept those ticked"),
    Action.RETURN: gettext_lazy("Return those ticked with this question"),
}
HINTS = {
    Action.RETURN: gettext_lazy("The question: every one of the filers reads it as you write it. Name nobody."),
}
ANY_HINT = gettext_lazy(
    "Why all of them alike. It is kept with the decision; moderators of every side read it. Name nobody."
)


class BulkForm(DecidingForm):
    """On what grounds many are decided alike: a code and words."""

    reason = forms.ChoiceField(label=gettext_lazy("Why all of them alike"), widget=forms.RadioSelect)
    grounds = GroundsForm.base_fields["grounds"]

    def __init__(self, *args: Any, action: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        told = LISTS["bulk_grounds"].definitions
        choices = [(code.value, f"{code.label}: {told[code.value]}") for code in moderation_codes.BulkGrounds]
        self.fields["reason"].choices = choices  # type: ignore[attr-defined]
        self.fields["grounds"].help_text = HINTS.get(Action(action), ANY_HINT)
        if action == Action.RETURN:
            self.fields["grounds"].label = _("The question")

    def of_job(self) -> dict[str, str]:
        """What was typed, as the verb takes it."""
        return {"reason": self.cleaned_data["reason"], "grounds": self.cleaned_data["grounds"]}


class BulkJobAdmin(Listed, ModeratorAdmin):
    """Decisions on many at once, with their grounds, by whom, and what came of each row."""

    change_list_template = "violations/bulk_list.html"
    list_display = ("reference", "begun", "action", "why", "by_whom", "rows_in_words")
    list_display_links = ("reference",)
    list_filter = ("action", "reason")
    ordering = ("-recorded_at", "-pk")

    def get_urls(self) -> list[URLPattern]:
        """The list, choosing and deciding, the page of a job and its outcomes as a file."""
        return [
            path("", self.door("bulk.list", self.changelist_view), name=_name("changelist")),
            path("second/", self.door("bulk.second", self.second, methods=FORM), name=_name("second")),
            path("reports/", self.door("bulk.reports", self.reports, methods=FORM), name=_name("reports")),
            path("<uuid:public_id>/", self.door("bulk.view", self.show), name=_name("change")),
            path("<uuid:public_id>/outcomes.csv", self.door("bulk.outcomes", self.outcomes), name=_name("outcomes")),
        ]

    def get_queryset(self, request: HttpRequest) -> Any:
        """Those of the agreements moderated, whoever began them."""
        rows = BulkJob.objects.visible_to(person(request)).select_related("by", "side")
        counted = {
            "size": Count("rows"),
            "finished": Count("rows__outcome"),
            "succeeded": Count("rows__outcome", filter=Q(rows__outcome__outcome=Outcome.DONE)),
        }
        return with_zone(rows.annotate(**counted))

    @admin.display(description=gettext_lazy("reference"))
    def reference(self, job: BulkJob) -> str:
        """Its short reference."""
        return words.reference(job.public_id)

    @admin.display(description=gettext_lazy("begun"), ordering="recorded_at")
    def begun(self, job: BulkJob) -> str:
        """When it was begun."""
        return by_the_clocks_of(job, job.recorded_at)

    @admin.display(description=gettext_lazy("why"))
    def why(self, job: BulkJob) -> str:
        """On what coded grounds."""
        return str(job.get_reason_display())

    @admin.display(description=gettext_lazy("by"))
    def by_whom(self, job: BulkJob) -> str:
        """Who decided, and for which side."""
        return _("%(who)s, %(side)s") % {"who": job.by.get_username(), "side": words.side(job.side)}

    @admin.display(description=gettext_lazy("rows"))
    def rows_in_words(self, job: BulkJob) -> str:
        """How many were done, of how many."""
        return progress_in_words(job.size, job.finished, job.succeeded)  # type: ignore[attr-defined]

    def second(self, request: HttpRequest) -> HttpResponse:
        """What seconding the proposals chosen would do; handed in with grounds, those ticked are seconded."""
        user = person(request)
        table = self.admin_site.get_model_admin(Finding)
        if request.method == "POST":
            return self._decide(request, lambda keys: bulk_selection.proposals_of(user, keys))
        rows, more = bulk_selection.proposals(request, table, user)
        return self._effects(request, Action.SECOND, rows, more=more)

    def reports(self, request: HttpRequest) -> HttpResponse:
        """What taking, accepting or returning the reports that the queue's filter selects would do; then it is done."""
        user, acting = person(request), capacities(request)
        if request.method == "POST":
            return self._decide(request, lambda keys: bulk_selection.reports_of(user, keys))
        form = bulk_selection.queue_filter(user, acting, request.GET)
        action = request.GET.get("do", "")
        if action not in {Action.TAKE, Action.ACCEPT, Action.RETURN}:
            return self._page(request, form=form)
        rows, more = bulk_selection.reports(user, acting, form)
        return self._effects(request, action, rows, more=more, narrowed=form)

    def _effects(
        self, request: HttpRequest, action: str, rows: list[Any], *, more: bool = False, narrowed: Any = None
    ) -> HttpResponse:
        effects = Effects(action, rows, person(request), capacities(request))
        shown = effects.shown() if effects.done else ""
        return self._page(
            request, effects=effects, shown=shown, deciding=BulkForm(action=action), more=more, form=narrowed
        )

    def _decide(self, request: HttpRequest, rows_of: Any) -> HttpResponse:
        """Begin the job that was handed in, do it as far as a page is waited for, and lead to its page."""
        user = person(request)
        shown = handed_in(request.POST.get("shown", ""), user)
        rows, ticked = rows_of(list(shown["rows"])), request.POST.getlist("ticked")
        form = BulkForm(typed(request), action=shown["action"])
        status, job = self.attempt(
            request, f"bulk.{shown['action']}", form, lambda _typed: self._begin(shown, ticked, rows, form, user)
        )
        if job is not None:
            self._go_on(job)
            return redirect("admin:violations_bulkjob_change", job.public_id)
        effects = Effects(shown["action"], rows, user, capacities(request), ticked=ticked)
        again = signed(shown["action"], shown["job"], shown["rows"], user)
        return self._page(request, effects=effects, shown=again, deciding=form, status=status)

    def _begin(self, shown: dict[str, Any], ticked: list[str], rows: list[Any], form: BulkForm, user: Any) -> BulkJob:
        wanted = chosen(shown, ticked, rows)
        agreement = next(row.agreement for row in rows if row.pk in wanted)
        return bulk.begin(
            shown["action"], wanted, agreement=agreement, job_id=UUID(shown["job"]), by=user, **form.of_job()
        )

    def _go_on(self, job: BulkJob) -> None:
        """Do a short job at once; a worker takes up a long one, and what is left of a short one."""
        short = job.rows.count() <= bulk.AT_ONCE
        if not (short and bulk.go_on(job, seconds=WHILE_WAITING)):
            tasks.go_on.delay_on_commit(job_id=job.pk)

    def _page(self, request: HttpRequest, *, status: int = 200, form: Any = None, **context: Any) -> HttpResponse:
        effects: Effects | None = context.get("effects")
        action = effects.action if effects else ""
        title = _("Decide on many reports") if action != Action.SECOND else _("Second many proposals")
        told = {
            "filter": form,
            "actions": [(do.value, do.label) for do in (Action.TAKE, Action.ACCEPT, Action.RETURN)],
            "doing": action,
            "button": BUTTONS.get(Action(action)) if action else "",
            "most": bulk.MOST,
            "at_once": bulk.AT_ONCE,
        }
        return self.page(request, "bulk", title, {**told, **context}, status=status)

    def show(self, request: HttpRequest, public_id: UUID) -> HttpResponse:
        """A job: who decided what on which grounds, how far it is, and what came of each row."""
        job = self._job(request, public_id)
        rows = sorted((_row(row) for row in _rows(job)), key=lambda row: FIRST.index(row["outcome"]))
        done = sum(row["outcome"] == Outcome.DONE for row in rows)
        left = sum(not row["outcome"] for row in rows)
        context = {
            "job": job,
            "by": self.by_whom(job),
            "when": self.begun(job),
            "progress": progress_in_words(len(rows), len(rows) - left, done),
            "left": left,
            "size": len(rows),
            "finished": len(rows) - left,
            "rows": rows,
        }
        return self.page(request, "bulk_job", _("Bulk decision %(ref)s") % {"ref": self.reference(job)}, context)

    def outcomes(self, request: HttpRequest, public_id: UUID) -> HttpResponse:
        """The outcomes of a job as a table."""
        job = self._job(request, public_id)
        name = f"bulk-{words.reference(job.public_id)}.csv"
        headers = {"Content-Disposition": f'attachment; filename="{name}"'}
        response = HttpResponse(content_type="text/csv; charset=utf-8", headers=headers)
        table = csv.writer(response)
        table.writerow(["number", "kind", "reference", "id", "outcome", "code", "why", "at"])
        for row in map(_row, _rows(job)):
            told = (row["number"], row["kind"], row["reference"], row["public_id"], row["outcome"], row["code"])
            at = row["at"].isoformat() if row["at"] else ""
            table.writerow([guarded(str(cell)) for cell in (*told, row["why"], at)])
        return response

    def _job(self, request: HttpRequest, public_id: UUID) -> Any:
        return self.find(request, self.get_queryset(request).select_related("agreement", "by", "side"), public_id)


def progress_in_words(size: int, finished: int, succeeded: int) -> str:
    """How far a job is: how many of how many were done, how many not, how many are left."""
    told = ngettext("%(done)d of %(size)d done", "%(done)d of %(size)d done", size) % {"done": succeeded, "size": size}
    parts = [told]
    if finished > succeeded:
        parts.append(_("%(count)d not done") % {"count": finished - succeeded})
    if size > finished:
        parts.append(_("%(count)d left") % {"count": size - finished})
    return ", ".join(parts)


def _rows(job: BulkJob) -> Any:
    return job.rows.select_related("outcome", "report", "finding").order_by("number")


def _row(row: BulkRow) -> dict[str, Any]:
    """A row of a job and what came of it."""
    on = row.report or row.finding
    assert on is not None  # noqa: S101 - it is of one of the two
    outcome = getattr(row, "outcome", None)
    kind = str(on._meta.model_name)
    code = outcome.code if outcome else ""
    return {
        "number": row.number,
        "kind": kind,
        "reference": words.reference(on.public_id),
        "public_id": on.public_id,
        "address": reverse(f"admin:violations_{kind}_change", args=[on.public_id]),
        "outcome": outcome.outcome if outcome else "",
        "said": outcome.get_outcome_display() if outcome else _("not yet"),
        "code": code,
        "why": reason_in_words(code) if code else "",
        "at": outcome.recorded_at if outcome else None,
    }


def _name(what: str) -> str:
    return f"violations_bulkjob_{what}"
