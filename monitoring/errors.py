"""Refusals that verbs raise and doors translate, each once: what happened, in a sentence the person can act on.

404 is `NotFound` (not yours to know), 403 `Forbidden` (your role may not), 409 `NotNow` (not in this state),
400 `Malformed` (a field is wrong).
"""

from __future__ import annotations

from typing import Any


class Refusal(Exception):  # noqa: N818 - a refusal is the rules' answer, not a fault
    """Something the mechanism's rules do not allow. `code` is stable and goes into the audit.

    `members` are for a machine: what else a client needs to go on, such as the identifier of the latest revision.
    """

    status = 409

    def __init__(self, message: str, *, code: str, members: dict[str, Any] | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.code = code
        self.members = members or {}


class Malformed(Refusal):
    """A field of what was handed in is wrong; `fields` maps a JSON pointer to what to do about it."""

    status = 400

    def __init__(self, message: str, *, code: str = "malformed", fields: dict[str, list[str]] | None = None) -> None:
        super().__init__(message, code=code)
        self.fields = fields or {}


class Forbidden(Refusal):
    """The person's role, side or part in the matter does not allow it."""

    status = 403


class NotFound(Refusal):
    """It is not there, or not theirs to know."""

    status = 404


class NotNow(Refusal):
    """The state of things does not allow it now."""

    status = 409
