"""An account's requests are counted, the answer tells how many are left, and without Redis nobody is refused."""

import re
import time

import pytest
import redis

from config import throttling
from config.throttling import AccountRate
from tests.violations.documents import REPORTS, device_of, document
from violations.models import IncidentReport

LIMIT = 3


@pytest.fixture
def limited(settings):
    """Three requests a minute, none made yet, and a whole minute before us."""
    settings.API_REQUESTS_PER_MINUTE = LIMIT
    counting = redis.Redis.from_url(settings.REDIS_URL)
    if time.time() % 60 > 50:
        time.sleep(61 - time.time() % 60)
    counting.flushdb()
    yield counting
    counting.flushdb()
    counting.close()


def left(answer):
    return int(re.fullmatch(r'"account";r=(\d+);t=\d+', answer["RateLimit"])[1])


def test_what_is_left_is_told_and_then_the_account_waits(exercise, people, limited):
    phone, laptop = device_of(people.monitor_north), device_of(people.monitor_north)
    answers = [phone.get(REPORTS), laptop.post(REPORTS, document()), phone.get(f"{REPORTS}?colour=red")]
    assert [answer.status_code for answer in answers] == [200, 201, 400]
    assert [left(answer) for answer in answers] == [2, 1, 0]
    assert {answer["RateLimit-Policy"] for answer in answers} == {'"account";q=3;w=60'}
    refused = laptop.post(REPORTS, document())
    assert (refused.status_code, refused["Content-Type"], refused.json()["code"]) == (
        429,
        "application/problem+json",
        "throttled",
    )
    assert (left(refused), 0 < int(refused["Retry-After"]) <= 60) == (0, True)
    assert IncidentReport.objects.count() == 1


def test_another_account_is_not_kept_out_by_it(exercise, people, limited):
    for _request in range(LIMIT + 1):
        device_of(people.monitor_north).get(REPORTS)
    assert left(device_of(people.monitor_south).get(REPORTS)) == LIMIT - 1


def test_what_is_kept_is_a_number_and_a_minute_and_ends(exercise, people, limited):
    device_of(people.monitor_north).get(f"{REPORTS}?text=mill")
    (key,) = limited.keys()
    assert re.fullmatch(rb"api-rate:\d+:\d+", key)
    assert 0 < limited.ttl(key) <= 120


def test_without_redis_everybody_is_answered_and_it_is_left_alone_for_a_while(
    exercise, people, limited, settings, monkeypatch, caplog
):
    settings.REDIS_URL = "unix:///nowhere/redis.sock?db=0"
    throttling._redis.cache_clear()
    monkeypatch.setattr(AccountRate, "_silent_until", 0.0)
    device = device_of(people.monitor_north)
    for _request in range(LIMIT + 2):
        answer = device.get(REPORTS)
        assert answer.status_code == 200
        assert "RateLimit" not in answer
    assert caplog.text.count("Requests are not counted") == 1
    throttling._redis.cache_clear()
