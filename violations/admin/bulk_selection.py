"""What is selected to be decided on at once: by the filter of the queue or of a list, or ticked in it."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.contrib.admin.options import IncorrectLookupParameters
from django.db.models import Prefetch
from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext as _

from monitoring.accreditation import Capacity
from monitoring.english_order import by_english_name
from monitoring.errors import Malformed
from monitoring.models import User
from violations import bulk, queue
from violations.admin.names import Names
from violations.admin.queue_filter import QueueFilter, zones_of
from violations.models import Assessment, Finding, FindingParty, FindingProvision, IncidentReport, ReportLink

if TYPE_CHECKING:
    from django.contrib.admin import ModelAdmin

# How a list says what of it is meant: the rows ticked, those of the page shown, all that its filter selects.
TICKED, PAGE, ALL = "ticked", "page", "all"


def proposals(request: HttpRequest, table: ModelAdmin, user: User) -> tuple[list[Finding], bool]:
    """The findings that a list of them means, and whether there are more than one job takes.

    Of the rows ticked all come, that what cannot be seconded is told of; else those open proposals that it selects.
    """
    rows = Finding.objects.visible_to(user)
    if request.GET.get("which") == TICKED:
        rows = rows.filter(public_id__in=_identifiers(request.GET.getlist("chosen")))
    else:
        rows = rows.proposals().open().filter(pk__in=_listed(request, table))
    found = list(_whole(rows.order_by("recorded_at", "pk"))[: bulk.MOST + 1])
    return found[: bulk.MOST], len(found) > bulk.MOST


def proposals_of(user: User, identifiers: list[str]) -> list[Finding]:
    """The findings of these identifiers that the moderator may see."""
    rows = Finding.objects.visible_to(user).filter(public_id__in=_identifiers(identifiers))
    return list(_whole(rows.order_by("recorded_at", "pk")))


def queue_filter(user: User, acting: Mapping[int, Capacity], asked: QueryDict) -> QueueFilter:
    """The filter of the queue, read from an address."""
    form = QueueFilter(asked, names=Names(list(acting)), acting=acting, zones=zones_of(list(acting)))
    form.is_valid()
    return form


def reports(user: User, acting: Mapping[int, Capacity], form: QueueFilter) -> tuple[list[IncidentReport], bool]:
    """The reports that tell of the incidents the queue's filter selects, each in its newest revision; whether more."""
    sides = {pk: capacity.side.pk if capacity.side else None for pk, capacity in acting.items()}
    found = queue.waiting(
        form.apply(queue.candidates(user)),
        by=user,
        sides=sides,
        needs=form.needs,
        state=form.cleaned_data.get("state", ""),
        lane=form.cleaned_data.get("lane", ""),
        among=form.among,
        at_most=bulk.MOST + 1,
    )
    incidents = Assessment.objects.filter(pk__in=[row.assessment_id for row in found]).values("incident")
    chains = ReportLink.objects.open().members().filter(incident__in=incidents).values("chain")
    rows = _filed(user).filter(chain__in=chains).order_by("chain", "-revision").distinct("chain")
    told = sorted(rows, key=lambda row: row.pk)
    return told[: bulk.MOST], len(found) > bulk.MOST or len(told) > bulk.MOST


def reports_of(user: User, identifiers: list[str]) -> list[IncidentReport]:
    """The reports of these identifiers that the moderator may see."""
    return list(_filed(user).filter(public_id__in=_identifiers(identifiers)).order_by("pk"))


def _filed(user: User) -> Any:
    return IncidentReport.objects.visible_to(user).select_related("agreement")


def _whole(rows: Any) -> Any:
    """With them what is shown of many, in two more queries."""
    return rows.select_related(
        "agreement",
        "incident",
        "proposed_by",
        "proposed_side",
        "effect_report",
        "effect_incident",
        "seconded_by",
        "seconded_side",
    ).prefetch_related(
        Prefetch("parties", FindingParty.objects.select_related("party").order_by(*by_english_name("party__"))),
        Prefetch(
            "provisions", FindingProvision.objects.select_related("provision__instrument").order_by("provision__code")
        ),
    )


def _identifiers(written: list[str]) -> list[UUID]:
    try:
        return [UUID(value) for value in written[: 2 * bulk.MOST]]
    except ValueError as fault:
        raise Malformed(_("One of those chosen is no reference. Go back to the list and choose again.")) from fault


def _listed(request: HttpRequest, table: ModelAdmin) -> list[int]:
    """The rows of the list that the address describes: those of its page, or all, as far as lists go."""
    asked = copy.copy(request)
    filters = tuple(str(name) for name in table.get_list_filter(request))
    kept = QueryDict(mutable=True)
    for name, values in request.GET.lists():
        if name in {"q", "p"} or name.startswith(filters):
            kept.setlist(name, values)
    asked.GET = kept  # type: ignore[assignment]  # of a copy that nobody else sees
    try:
        shown = table.get_changelist_instance(asked)
    except IncorrectLookupParameters as fault:
        raise Malformed(_("The list cannot be filtered like this. Go back to it and filter again.")) from fault
    if request.GET.get("which") == PAGE:
        return [row.pk for row in shown.result_list]
    return list(shown.queryset.order_by("recorded_at", "pk").values_list("pk", flat=True)[: shown.paginator.count])
