"""What is made of an address of Redis, and what is refused without telling the password in it."""

from __future__ import annotations

import pytest
from django.core.exceptions import ImproperlyConfigured
from redis.connection import parse_url

from config.redis_addresses import beside, broker_url


@pytest.mark.parametrize(
    "address",
    [
        "redis://redis:6379/0",
        "redis://redis:6379",
        "redis:///1",
        "redis://[::1]:6379/2",
        "redis://redis:6379/0?db=5",
        "redis://:planted@redis:6379/3",
        "rediss://redis:6379/2?ssl_cert_reqs=required",
        "unix:///run/redis.sock",
        "unix:///run/redis.sock?db=4&password=planted",
        "unix:///run/redis.sock?password=planted&db=4",
    ],
)
def test_what_may_be_emptied_is_counted_in_the_next_database_of_the_same_redis(address):
    there = parse_url(address)
    assert parse_url(beside(address)) == there | {"db": there.get("db", 0) + 1}


def test_the_broker_is_in_the_database_that_is_said():
    assert broker_url("unix:///run/redis.sock?password=planted&db=4") == "redis+socket:///run/redis.sock?virtual_host=4"
    assert broker_url("redis://redis:6379/3") == "redis://redis:6379/3"


@pytest.mark.parametrize(
    "address",
    [
        "redis://:pla/nted@redis:6379/0",
        "redis://:pla?nted@redis:6379/0",
        "redis://:pla#nted@redis:6379/0",
        "redis://:pl\u2100nted@redis:6379/0",
        "unix:///run/redis.sock?db=first&password=planted",
        "planted",
    ],
)
def test_an_address_that_cannot_be_read_is_refused_and_not_repeated(address):
    with pytest.raises(ImproperlyConfigured) as refused:
        beside(address)
    assert str(refused.value) == "REDIS_URL is no address of Redis, as redis://redis:6379/0 is."
    assert refused.value.__context__ is None
