"""What a full run leaves behind: every table, every key of Redis, sessions, files, mails and the log are searched.

People log in, fail to, file by device, correct out of turn, ask and answer, open a source, decide, close, download and
take the audit away, with planted words at every place. `MAY` names the one table, or few, in which each may stand; in
Redis, in a session, in a file, in a mail and in the log none may.
"""

from __future__ import annotations

import base64
import json
import re
import struct
from collections.abc import Iterator
from pathlib import Path

import pytest
import redis
from django.conf import settings
from django.contrib.admin.models import LogEntry
from django.contrib.sessions.models import Session
from django.core import mail
from django.core.files.storage import default_storage
from django.db import connection
from django.test import Client
from django.urls import reverse

from config.celery import app
from monitoring import accreditation, devices, invitations
from monitoring.models import AuditEntry, User
from reports import closings, tasks
from reports.models import Closing, Rendition
from tests.conftest import PASSWORD
from tests.second_factors import code, with_second_factor
from tests.test_every_door_walked import log  # noqa: F401 - a fixture
from tests.test_nothing_of_a_source import opened
from tests.violations.documents import REPORTS, document
from tests.violations.occasions import agreed, discounted, graded, incident_of, under_review
from violations import questions, sealing
from violations.models import IncidentReport

ADDRESSES = {"network address": "203.0.113.77", "behind a proxy": "198.51.100.41", "browser": "Quillon/7.31"}
SOURCE = {"name": "Zubaydah Qanbarova", "contact": "+1 555 0199 778"}
LONGITUDE, LATITUDE = -123.512345, -48.812345
PLANTED = {
    **ADDRESSES,
    **{f"source {key}": value for key, value in SOURCE.items()},
    "narrative": "Quetzal feathers on the doorstep",
    "place as written": "behind Ibex Cottage",
    "observer": "the Heron inn by the ferry",
    "longitude": str(LONGITUDE),
    "latitude": str(LATITUDE),
    "longitude of a shape": struct.pack("<d", LONGITUDE).hex(),
    "client id": "handset-7f3a9",
    "device": "The blue handset of the ferrywoman",
    "filer": "monitor-north",
    "question": "Which of the Osprey piers?",
    "answer": "The one below the Lapwing",
    "withdrawn on": "The Curlew asked for it",
    "grounds": "Told by the Narwhal watchman",
    "grounds of opening": "The Gannet bridge is watched",
    "wrong password": "Petrel nine lanterns ashore",
    "right password": PASSWORD,
    "new password": "Kittiwake over seven breakwaters",
    "guessed name": "gannet-by-guess",
    "searched for": "Marrowgate of the salt pans",
}
MAY = {
    "narrative": {"violations_incidentreport"},
    "place as written": {"violations_incidentreport"},
    "observer": {"violations_incidentreport"},
    "longitude": {"violations_incidentreport"},
    "latitude": {"violations_incidentreport"},
    "longitude of a shape": {"violations_incidentreport", "violations_assessment"},
    "client id": {"violations_sealedsource", "violations_waitingcorrection"},
    "device": {"monitoring_devicetoken"},
    "filer": {"monitoring_user"},
    "question": {"violations_filerquestion", "violations_reviewstep"},
    "answer": {"violations_fileranswer"},
    "withdrawn on": {"violations_reviewstep"},
    "grounds": {"violations_finding"},
    "grounds of opening": {"violations_sourceopening"},
}


@pytest.fixture
def ran(exercise, people):
    """The full run; yields the tokens and codes that were used in it."""
    extra = {
        "REMOTE_ADDR": ADDRESSES["network address"],
        "HTTP_X_FORWARDED_FOR": ADDRESSES["behind a proxy"],
        "HTTP_USER_AGENT": ADDRESSES["browser"],
    }
    used = {}
    anyone = Client(raise_request_exception=False, **extra)
    for name in (PLANTED["guessed name"], "moderator-south"):
        for _time in range(7):  # until nobody looks at it any more
            anyone.post("/login/", {"login": name, "password": PLANTED["wrong password"]})
    moderator = Client(raise_request_exception=False, **extra | {"REMOTE_ADDR": "203.0.113.78"})
    moderator.post("/login/", {"login": "moderator-south", "password": PASSWORD})
    used["one-time code"] = code()
    assert moderator.post("/login/code/", {"code": used["one-time code"]}).status_code == 302
    token = devices.issue(people.monitor_north, name=PLANTED["device"], by=None)
    used["token"] = token
    device = Client(raise_request_exception=False, **extra, HTTP_AUTHORIZATION=f"Token {token}")
    report = _filed(device)
    under_review(report, people.moderator_south)
    asked = questions.ask(report, by=people.moderator_south, grounds=PLANTED["question"])
    _post(device, f"/api/v1/questions/{asked.public_id}/answer/", {"answer": PLANTED["answer"], "language": "en"})
    page = reverse("admin:violations_incidentreport_reveal", args=[report.public_id])
    shown = moderator.post(page, {"reason": "question", "grounds": PLANTED["grounds of opening"]})
    assert SOURCE["name"] in shown.text
    moderator.get(reverse("admin:violations_incidentreport_changelist"), {"q": PLANTED["searched for"]})
    incident = incident_of(report)
    decision = discounted(PLANTED["grounds"])
    agreed(graded(incident, people.moderator_south), decision, by=people.moderator_south, and_by=people.moderator_north)
    _invited(exercise, extra)
    tasks.request_due_closings()
    closings.request(exercise, "month", "2025-03")
    tasks.sweep_closings()
    for closing in Closing.objects.all():
        closings.advance(closing.pk)
    reader = Client(**extra)
    reader.force_login(people.guarantor_alder)
    for rendition in Rendition.objects.filter(edition__guarantor__code="alder"):
        assert b"".join(reader.get(reverse("rendition-download", args=[rendition.public_id])).streaming_content)
    auditor = User.objects.create(username="auditor")
    accreditation.accredit(auditor, exercise, "auditor", by=None)
    with_second_factor(auditor)
    reader.force_login(auditor)
    assert b"".join(reader.get(reverse("admin:monitoring_auditentry_export")).streaming_content)
    yield used
    app.control.purge()


def _filed(device: Client) -> IncidentReport:
    """A report with a correction that came first, sent again, sent otherwise, refused; another that is withdrawn."""
    words = {
        "narrative": PLANTED["narrative"],
        "source": SOURCE,
        "place": {
            "longitude": LONGITUDE,
            "latitude": LATITUDE,
            "precision": "vicinity",
            "as_written": PLANTED["place as written"],
        },
        "observation": {"observer": {"longitude": LONGITUDE, "latitude": LATITUDE, "as_written": PLANTED["observer"]}},
    }
    first, then = PLANTED["client id"], f"{PLANTED['client id']}-2"
    for body, status in (
        (document(client_id=then, corrects=first, **words), 202),
        (document(client_id=first, **words), 201),
        (document(client_id=f"{first}-waits", corrects=f"{first}-never", **words), 202),
        (document(client_id=first, **{**words, "act": "flare"}), 409),
        (document(client_id=f"{first}-bad", **{**words, "act": PLANTED["searched for"]}), 400),
        (document(client_id=f"{first}-3", **words), 201),
    ):
        answer = _post(device, REPORTS, body)
        assert answer.status_code == status, answer.text
    _post(device, f"{REPORTS}{answer.json()['id']}/withdrawal/", {"grounds": PLANTED["withdrawn on"]})
    device.get(REPORTS, {"text": PLANTED["searched for"]})
    return IncidentReport.objects.get(revision=2)


def _post(client: Client, address: str, body: dict) -> object:
    return client.post(address, json.dumps(body), "application/json")


def _invited(agreement, extra: dict[str, str]) -> None:
    """Somebody new opens their link and chooses a password."""
    invited = User.objects.create(username="invited")
    accreditation.accredit(invited, agreement, "observer", by=None, observer=agreement.observers.get(code="dogwood"))
    client = Client(**extra)
    page = client.get(invitations.invite(invited, by=None), follow=True)
    where = page.redirect_chain[-1][0]
    chosen = {"new_password1": PLANTED["new password"], "new_password2": PLANTED["new password"]}
    client.post(where, chosen)
    invited.refresh_from_db()
    assert invited.check_password(PLANTED["new password"]), "the form was taken"


def tables() -> Iterator[tuple[str, str]]:
    """Every row of every table, as PostgreSQL writes it out, in small letters: bytes and shapes are digits."""
    with sealing.counting(), connection.cursor() as cursor:
        cursor.execute("select tablename from pg_tables where schemaname = 'public' and tablename <> 'spatial_ref_sys'")
        for (table,) in cursor.fetchall():
            cursor.execute(f'select here::text from "{table}" here')
            yield table, "\n".join(row for (row,) in cursor.fetchall())


def in_redis() -> str:
    """Every key of both databases with what stands under it, base64 within opened."""
    found = []
    for url in (settings.REDIS_URL, settings.CACHES["default"]["LOCATION"]):
        store = redis.Redis.from_url(url)
        readers = {
            b"string": store.get,
            b"list": lambda key, store=store: store.lrange(key, 0, -1),
            b"set": store.smembers,
            b"hash": store.hgetall,
            b"zset": lambda key, store=store: store.zrange(key, 0, -1),
        }
        found += [f"{key!r} {readers[store.type(key)](key)!r}" for key in store.scan_iter()]
    text = "\n".join(found)
    inner = [base64.b64decode(one + "=" * (-len(one) % 4)) for one in re.findall(r"[A-Za-z0-9+/]{24,}", text)]
    return text + "".join(repr(one) for one in inner)


def words_in(text: str, words: dict[str, str]) -> set[str]:
    """Which of `words` stand in a text: as they are, as digits of bytes, broken over lines.

    A code of six digits stands by itself: within longer numbers, of which files are full, it is there by chance.
    """
    squeezed = re.sub(r"\s", "", text).lower()
    plain = {what: re.sub(r"\s", "", told).lower() for what, told in words.items()}
    return {
        what
        for what, told in plain.items()
        if (re.search(rf"(?<![\w.]){told}(?!\w)", text) if told.isdecimal() else told in squeezed)
        or words[what].encode().hex() in squeezed
    }


@pytest.mark.slow
@pytest.mark.timeout(600)
@pytest.mark.django_db(transaction=True)
def test_nothing_planted_is_left_where_it_may_not_be(ran, log):  # noqa: F811
    words = PLANTED | ran
    wrong, seen = [], set()
    for table, text in tables():
        found = words_in(text, words)
        wrong += [(what, table) for what in found if table not in MAY.get(what, ())]
        seen |= {(what, table) for what in found}
    kept_in_redis = in_redis()
    wrong += [(what, "Redis") for what in words_in(kept_in_redis, words)]
    for session in Session.objects.all():
        wrong += [(what, "a session") for what in words_in(json.dumps(session.get_decoded()), words)]
    files = [path for path in Path(default_storage.location).rglob("*") if path.is_file()]
    for path in files:
        told = opened(path.read_bytes()).decode(errors="replace") + path.name
        wrong += [(what, f"file {path.suffix}") for what in words_in(told, words)]
    wrong += [(what, "the log") for what in words_in(log(), words)]
    assert not wrong
    assert seen >= {(what, table) for what, allowed in MAY.items() for table in allowed}, (
        "the search finds what is there"
    )
    assert "advance_closing" in kept_in_redis, "there are messages, and the search reads them"
    assert len(files) >= 9
    assert Session.objects.count() >= 3
    assert (len(mail.outbox), LogEntry.objects.count()) == (0, 0)
    assert AuditEntry.objects.filter(action="session.begin", outcome="denied").exists()


def test_a_code_is_found_by_itself_and_not_within_a_number():
    code = {"code": "123456"}
    for told in ("code=123456", '{"code": "123456"}', "123456\n", repr("123456"), b"123456".hex()):
        assert words_in(told, code) == {"code"}, told
    for told in ("0001234567 00000 n", "12 3456", "2025-03-01 00:00:00.123456+00", "ab123456"):
        assert words_in(told, code) == set(), told


def test_the_search_reads_what_redis_keeps():
    """A word put there is found, in a value and in a message; a name of the cache is a hash."""
    from django.core.cache import cache

    store = redis.Redis.from_url(settings.REDIS_URL)
    cache.set("the Heron inn", "kept")
    store.rpush("planted", base64.b64encode(b'{"args": "behind Ibex Cottage, by the mill"}'))
    try:
        assert words_in(in_redis(), PLANTED) == {"place as written"}
        assert cache.get("the Heron inn") == "kept"
    finally:
        store.delete("planted")
