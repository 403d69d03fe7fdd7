"""How many statements a page of moderators takes is committed, to be read: query_counts.txt.

Counted with the audit's row of who looked. QUERY_COUNTS=write writes the file anew.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from monitoring import ledger
from tests.violations.cases import agreed_on, taken
from tests.violations.lived import lived
from tests.violations.occasions import HARM, filed, graded, grave_breach, incident_of
from violations import findings, lanes, questions, team_record
from violations.admin.queue import PAGE
from violations.admin.queue_filter import VIEWS

COUNTS = Path(__file__).with_name("query_counts.txt")
MOST = 15
QUEUE = reverse("admin:violations_incident_changelist")

pytestmark = pytest.mark.django_db


def found_of(incident) -> dict[str, str]:
    """The pages of an incident, of its first report and of its last finding."""
    report, finding = incident.links.order_by("pk")[0].report, incident.findings.order_by("pk").last()
    of = {"incident": incident, "incidentreport": report, "finding": finding}
    return {what: reverse(f"admin:violations_{what}_change", args=[row.public_id]) for what, row in of.items() if row}


@pytest.fixture
def found(client, exercise, people):
    """One of everything that a row of the queue tells of, and so many more of each."""

    def write(times):
        for number in range(times):
            filed(exercise, people.monitor_north, place_as_written=f"post {number}")
            grave = filed(exercise, people.monitor_south, casualties=HARM, objects_hit=("school",))
            harmed = taken(exercise, people.monitor_north, by=people.moderator_north, casualties=HARM)
            graded(incident_of(harmed), people.moderator_north)
            findings.propose(incident_of(harmed), grave_breach(exercise), by=people.moderator_north)
            agreed_on(taken(exercise, people.monitor_north, by=people.moderator_north), people)
            asked = taken(exercise, people.monitor_north, by=people.moderator_north)
            questions.ask(asked, by=people.moderator_north, grounds="Which bank?")
        return incident_of(grave)

    incident = write(2)
    lanes.move(incident, "standard", reason="other", grounds="Told of another.", by=people.moderator_north)
    client.force_login(people.moderator_south)
    client.get(QUEUE)  # the first page of a session notes that somebody is there
    return write, incident


def counted(client, incident) -> dict[str, int]:
    pages = {f"queue, {view}": (QUEUE, {"view": view}) for view in VIEWS}
    pages["queue, searched"] = (QUEUE, {"view": "all", "q": "post"})
    pages["queue, narrowed"] = (QUEUE, {"view": "all", "lane": "grave", "object": "school", "near": "yes"})
    pages |= {what: (address, {}) for what, address in found_of(incident).items()}
    pages["incident, then"] = (
        reverse("admin:violations_incident_at", args=[incident.public_id]),
        {"at": ledger.now().isoformat()},
    )
    pages["lane"] = (reverse("admin:violations_incident_lane", args=[incident.public_id]), {})
    told = {}
    for name, (address, asked) in pages.items():
        with CaptureQueriesContext(connection) as queries:
            response = client.get(address, asked)
        assert response.status_code == 200
        sql = [query["sql"] for query in queries]
        assert not any("count(" in one.lower() for one in sql if f"limit {team_record.MOST_READ}" not in one), name
        told[name] = len(queries)
    return told


def test_each_page_takes_as_many_statements_as_were_read_by_a_person(client, found):
    write, incident = found
    few = counted(client, incident)
    if os.environ.get("QUERY_COUNTS") == "write":
        COUNTS.write_text("".join(f"{number:>3}  {name}\n" for name, number in few.items()))
    kept = dict(line.strip().split("  ", 1)[::-1] for line in COUNTS.read_text().splitlines())
    assert {name: str(number) for name, number in few.items()} == kept
    assert all(number <= MOST for number in few.values())
    write(PAGE // 5)
    many = counted(client, incident)
    assert {name: many[name] for name in many if name.startswith("queue")} == {
        name: few[name] for name in few if name.startswith("queue")
    }


def test_the_pages_of_an_incident_cost_little_whatever_happened_to_it(client, exercise, people, tmp_path):
    client.force_login(people.moderator_south)
    client.get(QUEUE)
    for incident in lived(exercise, people, tmp_path):
        for what, address in found_of(incident).items():
            with CaptureQueriesContext(connection) as queries:
                assert client.get(address).status_code == 200
            assert len(queries) <= MOST, (what, [query["sql"] for query in queries])
