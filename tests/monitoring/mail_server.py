"""A mail server of the tests' own on the loopback: takes mails, keeps them as they came, or refuses."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import Message
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, LoginPassword


@dataclass
class Mailbox:
    """What came: the envelope's addresses, the name by which the service greeted, the bytes; `answer`: what is said."""

    answer: str = "250 OK"
    kept: list[Any] = field(default_factory=list)
    greetings: list[str] = field(default_factory=list)
    logins: list[tuple[bytes, bytes]] = field(default_factory=list)
    port: int = 0

    async def handle_DATA(self, _server: Any, session: Any, envelope: Any) -> str:  # noqa: N802 - as it is called
        if self.answer.startswith("250"):
            self.kept.append(envelope)
            self.greetings.append(session.host_name)
        return self.answer

    @property
    def mails(self) -> list[Message]:
        return [message_from_bytes(envelope.content) for envelope in self.kept]

    @property
    def everything(self) -> bytes:
        """All that a mailbox and the servers on the way could hold, in one."""
        told = [
            b"\n".join((envelope.content, envelope.mail_from.encode(), *(to.encode() for to in envelope.rcpt_tos)))
            for envelope in self.kept
        ]
        return b"\n".join((*told, *(name.encode() for name in self.greetings)))


def free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return taken.getsockname()[1]


@contextmanager
def listening(mailbox: Mailbox, **options: Any) -> Iterator[Mailbox]:
    """Take mails for `mailbox`, at its port."""
    mailbox.port = free_port()
    controller = Controller(mailbox, hostname="127.0.0.1", port=mailbox.port, **options)
    controller.start()
    try:
        yield mailbox
    finally:
        controller.stop()


def wants(name: str, password: str, mailbox: Mailbox) -> Any:
    """What accepts one login alone."""

    def authenticate(_server: Any, _session: Any, _envelope: Any, _mechanism: str, told: Any) -> AuthResult:
        assert isinstance(told, LoginPassword)
        mailbox.logins.append((told.login, told.password))
        right = (told.login, told.password) == (name.encode(), password.encode())
        return AuthResult(success=right, handled=right)  # what is not handled the server answers: 535

    return authenticate
