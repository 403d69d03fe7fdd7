"""Sending the same, or what excludes each other, at the same moment to a real web server."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from monitoring import devices
from monitoring.models import User
from tests.persistent_devices import Answer, Device
from tests.web.server import WebServer

PATIENCE = 120.0  # seconds
TIMES = 20


def device_of(web: WebServer, user: User, name: str = "phone") -> Device:
    """A device of `user` that waits long for an answer."""
    return Device(web.port, devices.issue(user, name=name, by=None), patience=PATIENCE)


def at_once(device: Device, sent: list[tuple[str, dict]]) -> list[Answer]:
    """The answers to what is sent all at the same moment, each over a connection of its own; in the order of `sent`."""
    together = Barrier(len(sent), timeout=PATIENCE)

    def send(where: str, body: dict) -> Answer:
        together.wait()
        return device.ask(body, where)

    with ThreadPoolExecutor(len(sent)) as pool:
        return list(pool.map(send, *zip(*sent, strict=True)))


def in_turn(device: Device, sent: list[tuple[str, dict]]) -> list[Answer]:
    """The same, but that they set out in the order of `sent`, none waiting for an answer to the one before."""
    with ThreadPoolExecutor(len(sent)) as pool:
        return list(pool.map(lambda each: device.ask(each[1], each[0]), sent))


def the_one(answers: list[Answer], status: int = 201) -> Answer:
    """The answer that all of them are, byte for byte; one alone recorded something."""
    assert {answer.status for answer in answers} == {status}
    assert len(set(answers)) == 1
    assert sum(not answer.replayed for answer in answers) == 1
    return answers[0]


def winner_of(answers: list[Answer], others: list[Answer], *, code: str) -> tuple[Answer, Answer]:
    """Of two contents that exclude each other the one that was recorded, and the refusal of the other."""
    won, lost = (answers, others) if answers[0].status == 201 else (others, answers)
    (refused,) = set(lost)
    assert (refused.status, refused.told["code"]) == (409, code)
    return the_one(won), refused
