"""Web processes killed with -9 while devices file: what was acknowledged is there, and nothing is half-made.

WEB_KILLS says how often; one kill in eight is of the whole server, which is started anew as whoever watches over it
would. `./run test tests/web/test_killed_at_random.py -s` tells what befell the devices.
"""

from __future__ import annotations

import os
import random
import sys
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from monitoring.models import AuditEntry, User
from tests.persistent_devices import Answer, require_recorded_once
from tests.record.soundness import broken
from tests.web.phones import Phone, phones_of
from tests.web.server import WebServer, web_server
from violations import report_document, sealing
from violations.api.report_input import FilingInput
from violations.models import (
    DailyReturn,
    IncidentReport,
    Patrol,
    PatrolStretch,
    ReportParty,
    ReturnLine,
    SealedSource,
    WaitingCorrection,
    WatchObservation,
)

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True), pytest.mark.timeout(3600)]

KILLS = int(os.environ.get("WEB_KILLS", "8"))
CHAINS = 4 * KILLS  # reports; a third of them are corrected, half of these twice
WORKERS = 3
SEED = 20161230
SETTLES_WITHIN = 60.0  # seconds


def test_what_was_acknowledged_is_there_and_nothing_is_half_made(exercise, people, tmp_path, capsys):
    monitors = [people.monitor_north, people.monitor_south, people.monitor_independent]
    before = connected()
    with web_server(tmp_path / "log", workers=WORKERS) as server:
        phones = phones_of(server.port, monitors, people.guarantor_alder, chains=CHAINS)
        began = time.monotonic()
        kills = filed_while_killing(server, phones)
        took = time.monotonic() - began
        server.kill()
        settle(before)
        recorded = names_recorded()
        with capsys.disabled():
            sys.stdout.write(f"\n{kills['worker']} workers and {kills['server']} times the whole server killed in ")
            sys.stdout.write(f"{took:.0f} s: {what_befell(phones, recorded)}\n")
        assert kills.total() == KILLS
        assert any("broken off" in phone.device.tries for phone in phones), "Nobody was killed at work."
        assert broken() == {}
        nothing_is_half_made()
        for phone in phones:
            acknowledged_is_there(phone)
        server.start()
        with ThreadPoolExecutor(len(phones)) as pool:
            list(pool.map(lambda phone: answered_again(phone, recorded), phones))
    require_recorded_once([body for phone in phones for body in phone.filings])
    assert Patrol.objects.count() == sum(len(phone.watches) for phone in phones)
    assert DailyReturn.objects.count() == sum(len(phone.returns) for phone in phones)
    nothing_is_half_made()


def filed_while_killing(server: WebServer, phones: list[Phone]) -> Counter[str]:
    """Let the phones do their errands, killing as they go on; return how often which was killed."""
    moments, choices = random.Random(SEED), random.Random(SEED + 1)
    planned = ["server" if number % 8 == 5 else "worker" for number in range(KILLS)]
    wanted = sum(len(phone.errands) for phone in phones)
    kills: Counter[str] = Counter()
    finished: list[None] = []
    with ThreadPoolExecutor(len(phones)) as pool:
        running = [pool.submit(phone.run, finished) for phone in phones]
        while not all(one.done() for one in running):
            time.sleep(moments.uniform(0.02, 0.3))
            if kills.total() >= min(KILLS, 2 + KILLS * len(finished) / wanted):
                continue
            kind = planned[kills.total()]
            if kind == "server":
                server.kill()
                server.start()
            elif not server.kill_a_worker(choices):
                continue
            kills[kind] += 1
        for one in running:
            one.result()
    return kills


def connected() -> set[int]:
    """The connections that PostgreSQL serves beside this one: servers of other tests keep theirs."""
    with connection.cursor() as cursor:
        cursor.execute("""select pid from pg_stat_activity where datname = current_database()
                          and backend_type = 'client backend' and pid <> pg_backend_pid()""")
        return {pid for (pid,) in cursor.fetchall()}


def settle(before: set[int]) -> None:
    """Wait until PostgreSQL has noticed that those who connected since `before` are dead."""
    ends = time.monotonic() + SETTLES_WITHIN
    while connected() - before:
        assert time.monotonic() < ends, "A dead process's transaction is open still."
        time.sleep(0.1)


def names_recorded() -> set[str]:
    """The client ids of reports that are there, or wait."""
    with sealing.counting():
        return {
            name
            for model in (SealedSource, WaitingCorrection)
            for name in model.objects.values_list("client_id", flat=True)
        }


def what_befell(phones: list[Phone], recorded: set[str]) -> str:
    """Tell it in figures."""
    filings = [body for phone in phones for body in phone.filings]
    answers = [answer for phone in phones for answer in phone.acknowledged().values()]
    given_up = [body["client_id"] for phone in phones for body in phone.given_up]
    statuses = dict(sorted(Counter(answer.status for answer in answers).items()))
    others = sum(len(phone.watches) + len(phone.returns) for phone in phones)
    tries = dict(sorted(Counter(end for phone in phones for end in phone.device.tries).items()))
    late = sum(answer.replayed for answer in answers)
    return (
        f"{len(filings)} filings and {others} watches and returns, tries {tries}; {len(answers)} acknowledged, by "
        f"status {statuses}, {late} of them reports that a try recorded which was broken off; {len(given_up)} given up "
        f"unanswered, {len(recorded.intersection(given_up))} of them recorded"
    )


def nothing_is_half_made() -> None:
    """Each report, watch and return has all its rows, and what is audited of them is so as often."""
    assert ReportParty.objects.count() == 2 * IncidentReport.objects.count()
    patrols, returns = Patrol.objects.count(), DailyReturn.objects.count()
    assert (PatrolStretch.objects.count(), WatchObservation.objects.count()) == (patrols, 2 * patrols)
    assert ReturnLine.objects.count() == 2 * returns
    for action, count in (("effort.file", patrols), ("returns.file", returns)):
        assert AuditEntry.objects.filter(action=action, outcome="done").count() == count


def acknowledged_is_there(phone: Phone) -> None:
    """Each filing that was acknowledged is recorded as filed, under the receipt that was told, once."""
    answers = phone.acknowledged()
    for body in phone.filings:
        if body["client_id"] in answers:
            told_is_there(phone.user, body, answers[body["client_id"]])
    for body in phone.watches:
        told = answers[body["client_id"]].told
        assert Patrol.objects.get(public_id=told["id"]).content_sha256 == told["content_sha256"]
    for body in phone.returns:
        row = DailyReturn.objects.get(public_id=answers[body["on"]].told["id"])
        assert (row.bears_date.isoformat(), row.total) == (body["on"], body["total"])


def told_is_there(by: User, body: dict, answer: Answer) -> None:
    """One filing, with its sealed source; one that came out of turn may wait still for what was given up."""
    content = report_document.read(FilingInput.read(body))
    with sealing.reading_own(by):
        report = IncidentReport.objects.filter(receipt=answer.told["receipt"]).first()
        if report is None:
            waits = WaitingCorrection.objects.open().get(receipt=answer.told["receipt"])
            assert (answer.status, waits.client_id) == (202, body["client_id"])
            return
        assert answer.status == 202 or answer.told["id"] == str(report.public_id)
        assert (report.narrative, report.content_sha256) == (body["narrative"], content.sha256())
        assert [party.as_written for party in report.parties.order_by("pk")] == [
            party["name"] for party in body["parties"]
        ]
        sealed = SealedSource.objects.get(report=report)
        assert (sealed.client_id, sealing.source_of(sealed)) == (body["client_id"], body["source"])


def answered_again(phone: Phone, recorded: set[str]) -> None:
    """What was acknowledged is answered as then; what was not, as new or as what was recorded unanswered."""
    before = phone.acknowledged()
    for body in phone.filings:
        name = body["client_id"]
        again = phone.device.ask(body)
        if name in before:
            assert (again, again.replayed) == (before[name], True)
        else:
            assert body in phone.given_up
            assert again.status in {201, 202}
            assert again.replayed == (name in recorded)
    for body, where in phone.others():
        again = phone.device.ask(body, where)
        status = 201 if "client_id" in body else 200  # a return has no name of its own
        assert (again.status, again.body) == (status, before[body.get("client_id") or body["on"]].body)
