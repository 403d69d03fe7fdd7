"""Every door of the service, as the URL configuration has it, and what who stands before one is told."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

from django.db import transaction
from django.http.response import HttpResponseBase
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

METHODS = ("GET", "HEAD", "OPTIONS", "POST")
ASKED_BY_ALL = ("GET", "POST")  # no view has an answer of its own to the other two, see `asked_by_some`
UNUSED = ("PUT", "PATCH", "DELETE")  # no door asks for them: tried on the first object of each endpoint
# The parts of the matrix, each tried by itself: what begins so, and in none before.
PARTS = ("admin:violations_", "admin:", "")


def endpoints() -> Iterator[tuple[str, str, list[str]]]:
    """Yield (qualified name, path with {parameters}, parameters) of every URL pattern."""
    return ((name, form, parameters) for name, form, parameters, _view in doors())


def doors() -> Iterator[tuple[str, str, list[str], Callable[..., HttpResponseBase]]]:
    """Yield the same with the view behind it."""

    def walk(patterns, prefix: str, names: tuple[str, ...]) -> Iterator[tuple]:
        for pattern in patterns:
            path = prefix + str(pattern.pattern).removeprefix("^")
            if isinstance(pattern, URLResolver):
                inner = (*names, pattern.namespace) if pattern.namespace else names
                yield from walk(pattern.url_patterns, path, inner)
            elif isinstance(pattern, URLPattern):
                form = re.sub(r"<(?:\w+:)?(\w+)>|\(\?P<(\w+)>[^)]*\)", lambda m: f"%({m[1] or m[2]})s", path)
                parameters = re.findall(r"%\((\w+)\)s", form)
                name = ":".join((*names, pattern.name or path[-40:]))
                yield name, form.replace("^", "").rstrip("$"), parameters, pattern.callback

    yield from walk(get_resolver().url_patterns, "", ())


def pointed_at(
    name: str, parameters: list[str], objects: dict[str, dict[str, Any]]
) -> list[tuple[str, dict[str, str]]]:
    """Return the objects to try at an endpoint: (label, values of its parameters).

    A value is that of every parameter, or, of a door that points at two things, one by parameter.
    """
    if not parameters:
        return [("-", {})]
    simple = name.rpartition(":")[2]
    for kind in sorted(objects, key=len, reverse=True):
        if (
            kind in simple.replace("_", "-").split("-")
            or simple.startswith((kind, f"{kind}s"))
            or f"_{kind}_" in simple
        ):
            return [
                (label, value if isinstance(value, dict) else dict.fromkeys(parameters, value))
                for label, value in objects[kind].items()
            ]
    return [("none", dict.fromkeys(parameters, "1"))]


def part_of(name: str) -> str:
    """The part of the matrix that an endpoint is of."""
    return next(part for part in PARTS if name.startswith(part))


def matrix(part: str, clients: dict[str, Client], objects: dict[str, dict[str, Any]]) -> Iterator[str]:
    """Yield a line for every endpoint of a part, object and method: the status that each role gets."""
    for name, form, parameters in endpoints():
        if part_of(name) != part:
            continue
        for number, (label, values) in enumerate(pointed_at(name, parameters, objects)):
            path = "/" + form % values
            told = {method: [answer(client, method, path) for client in clients.values()] for method in ASKED_BY_ALL}
            others = [method for method in METHODS if method not in told] + ([] if number else list(UNUSED))
            told |= asked_by_some(others, clients, path, told)
            for method in (method for method in METHODS + UNUSED if method in told):
                statuses = " ".join(f"{status:<10}" for status in told[method])
                yield f"{name:<62}{label:<12}{method:<9}{statuses}".rstrip()


def asked_by_some(
    methods: list[str], clients: dict[str, Client], path: str, told: dict[str, list[int]]
) -> dict[str, list[int]]:
    """The statuses of methods to which no view has an answer of its own.

    Of roles that `told` does not tell apart, one asks for all: no view looks at these methods for itself
    (tests.test_access_matrix holds them to that), so nothing is left that could tell these roles apart.
    """
    alike = list(zip(*told.values(), strict=True))
    asks = dict(reversed(list(zip(alike, clients.values(), strict=True))))
    given = {method: {group: answer(client, method, path) for group, client in asks.items()} for method in methods}
    return {method: [given[method][group] for group in alike] for method in methods}


def undo(point: str) -> None:
    """Undo what was done since `point`, and leave no savepoint behind: each that stays holds a lock to the end."""
    transaction.savepoint_rollback(point)
    transaction.savepoint_commit(point)


def answer(client: Client, method: str, path: str) -> int:
    """Return the status that the client gets; what it changed is undone."""
    point, cookies = transaction.savepoint(), client.cookies.copy()
    response = client.generic(method, path)
    if response.streaming:
        b"".join(response.streaming_content)
    undo(point)
    client.cookies = cookies
    return response.status_code


def endpoint_of(row: str) -> str:
    """The endpoint that a row of the matrix is of."""
    return row[:62].strip()
