"""What a form may carry, and how what is counted lies in Redis."""

from __future__ import annotations

import pickle

import pytest
import redis
from django.conf import settings
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from config.uploads import LARGEST
from tests.conftest import PASSWORD
from tests.second_factors import log_in


class Planted:
    """What would run where it is unpickled."""

    def __reduce__(self):
        return (pytest.fail, ("it was run",))


@pytest.fixture
def in_redis():
    """The key of a value that the cache keeps, and Redis itself."""
    yield cache.make_key("planted"), redis.Redis.from_url(settings.CACHES["default"]["LOCATION"])
    cache.delete("planted")


def test_what_is_counted_lies_in_redis_as_json(in_redis):
    key, server = in_redis
    cache.set("planted", [1.5, "a", True])
    assert server.get(key) == b'[1.5, "a", true]'
    assert cache.get("planted") == [1.5, "a", True]
    cache.set("planted", 1)
    assert cache.incr("planted") == 2


def test_what_somebody_lays_into_redis_is_not_run(in_redis):
    key, server = in_redis
    server.set(key, pickle.dumps(Planted()))
    with pytest.raises(ValueError):
        cache.get("planted")


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/case-lists/exercise/", "/login/"])
def test_a_form_larger_than_any_of_ours_is_refused_before_it_is_kept(people, path):
    client = Client(enforce_csrf_checks=True)
    client.get("/login/")
    if path != "/login/":
        client = Client()
        log_in(client, "guarantor-alder", PASSWORD)
    answer = client.post(path, {"file": SimpleUploadedFile("list.csv", b"x" * (LARGEST + 1))})
    assert answer.status_code == 400
    assert "KiB" not in answer.text  # not the form's own words: it was not looked at
