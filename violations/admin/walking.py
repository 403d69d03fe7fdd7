"""Working through a queue: its query goes along in the address, and what comes next is found by it.

Nothing that stands in the address is gone to: it names filters of the queue, whose values the queue's own form reads.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from django.db.models import Exists, Q
from django.http import HttpRequest, QueryDict
from django.urls import reverse
from django.utils import timezone

from monitoring.accreditation import Capacity
from monitoring.models import User
from violations import queue
from violations.admin import words
from violations.admin.queue import Queue
from violations.admin.queue_filter import QueueFilter
from violations.models import Docket, Incident
from violations.models.shift import LONGEST_CLAIM

NAME = "queue"  # of the parameter in the address
LONGEST = 100  # characters of a value


def asked(request: HttpRequest) -> QueryDict | None:
    """The query of the queue that the moderator came from; None where they came from elsewhere.

    Only filters of the queue are read of it, whatever else was written there.
    """
    if NAME not in request.GET:
        return None
    read = QueryDict(request.GET[NAME].removeprefix("?"), mutable=True)
    kept = QueryDict(mutable=True)
    for name in QueueFilter.base_fields:
        if read.get(name):
            kept[name] = str(read[name])[:LONGEST]
    return kept


def kept(request: HttpRequest) -> str:
    """The query string that takes the queue along to another page: "?queue=..."; nothing where there is none."""
    query = asked(request)
    return "" if query is None else "?" + urlencode({NAME: query.urlencode() or "view=mine"})


def links(request: HttpRequest, incident: Incident) -> dict[str, str]:
    """The way back to the queue that the moderator works through, and on to what comes next in it; else nothing."""
    query = asked(request)
    if query is None:
        return {}
    row = f"#i{words.reference(incident.public_id)}"
    return {
        "queue": f"{reverse('admin:violations_incident_changelist')}?{query.urlencode()}{row}",
        "next": reverse("admin:violations_incident_next", args=[incident.public_id]) + kept(request),
    }


def following(
    incident: Incident, *, user: User, acting: Mapping[int, Capacity], query: Any, decided: bool = False
) -> Incident | None:
    """The incident that comes after this one in the queue of that query; None where it was the last.

    `decided`: the moderator has just done something with it. What led their queue leads it no more then, and what comes
    next is what came after it there: the next answer to a question of theirs, then what is gravest.
    """
    led = Docket.objects.filter(incident=incident, asked_by=user)
    leads = Q(superseded_at=None)
    led = led.filter(leads | Q(superseded_at__gt=timezone.now() - LONGEST_CLAIM) if decided else leads)
    rows = Docket.objects.filter(incident=incident).annotate(led=Exists(led)).order_by("-pk")
    gravity, has_led = rows.values_list("gravity", "led").first() or (queue.FIRST[0], False)
    found = Queue(user, acting, query).first_after((queue.LEADS if has_led else gravity, incident.pk))
    return Incident.objects.filter(pk=found.place[1]).first() if found else None


def needs(incident: Incident, *, user: User, acting: Mapping[int, Capacity]) -> bool:
    """Whether the incident needs this moderator still."""
    return Queue(user, acting, QueryDict()).needs(incident)
