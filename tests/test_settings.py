"""What the settings make of an address of Redis, and what they refuse without telling the password in it."""

from __future__ import annotations

import pytest
from django.core.exceptions import ImproperlyConfigured

from config.settings import beside


@pytest.mark.parametrize(
    ("address", "next_to_it"),
    [
        ("redis://redis:6379/0", "redis://redis:6379/1"),
        ("redis://redis:6379", "redis://redis:6379/1"),
        ("redis://:planted@redis:6379", "redis://:planted@redis:6379/1"),
        ("rediss://redis:6379/2?ssl_cert_reqs=required", "rediss://redis:6379/3?ssl_cert_reqs=required"),
        ("unix:///run/redis.sock", "unix:///run/redis.sock?db=1"),
        ("unix:///run/redis.sock?db=4", "unix:///run/redis.sock?db=5"),
    ],
)
def test_what_may_be_emptied_is_counted_in_the_next_database(address, next_to_it):
    assert beside(address) == next_to_it


@pytest.mark.parametrize("address", ["redis://:pla/nted@redis:6379/0", "redis://:planted@redis:6379/first"])
def test_an_address_that_cannot_be_read_is_refused_and_not_repeated(address):
    with pytest.raises(ImproperlyConfigured) as refused:
        beside(address)
    assert str(refused.value) == "REDIS_URL does not end in the number of one of Redis' databases."
    assert refused.value.__cause__ is None
