"""The log of releases: outside the database, one line for each release, on the disk before the release is answered.

It is the witness against a restored backup that is older than what was released. It stands beside the stored files and,
where the operator names one (settings.RELEASE_LOG), in a second place that no backup brings back. It is only added to.
A line says truce, kind and code of the period, number, hash of the common content, instant, and of a corrigendum or
addendum to that closing its kind, number and identifier: nothing that the guarantors do not hold. A release that is
tried again after a crash may stand in it twice; it is one.

It is read whole or not at all: line ends of another system and trailing blanks say nothing, and a line that tells of no
release makes the log unreadable. The very last line alone, where nothing ends it, may be half a line: its writer died.
Whether it tells of a release that the record does not know is for the record to say (closings.held).
"""

from __future__ import annotations

import fcntl
import json
import os
import re
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, Annotated, Literal

from django.conf import settings
from django.core.files.storage import default_storage
from pydantic import ConfigDict, Field, TypeAdapter, ValidationError

NAME = "releases.log"
LARGEST = 2**31 - 1  # number that a row can hold
TOLD = 200  # characters of a line that cannot be read that are shown
# A line begins with what tells it from every other, and of a sheet's identifier this much has to be there.
FIRST = ("content_sha256", "number", "sheet")
ENOUGH = 8

Number = Annotated[int, Field(ge=1, le=LARGEST)]
Instant = Annotated[str, Field(pattern=r"^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?(\+00:00|Z))?$")]


class UnreadableError(Exception):
    """A line that was written whole is no line of a log of releases: somebody changed it."""


@dataclass(frozen=True)
class Line:
    """One release. `released_at`: its instant as ISO 8601 in UTC. The last three are a sheet's; a closing has none."""

    __pydantic_config__ = ConfigDict(strict=True, extra="forbid")

    truce: Annotated[str, Field(pattern=r"^[-\w]{1,80}$")]
    kind: Literal["day", "week", "month"]
    period: Annotated[str, Field(pattern=r"^[-0-9W]{7,10}$")]
    number: Number
    content_sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
    released_at: Instant
    sheet_kind: Literal["", "corr", "add"] = ""
    sheet_number: Annotated[int, Field(ge=0, le=LARGEST)] = 0
    sheet: Annotated[str, Field(pattern=r"^([0-9a-f-]{36})?$")] = ""

    @property
    def which(self) -> tuple[str, str, str, int, str, str, int, str]:
        """What makes two lines tell of one release."""
        return (
            *(self.truce, self.kind, self.period, self.number, self.content_sha256),
            *(self.sheet_kind, self.sheet_number, self.sheet),
        )

    def __str__(self) -> str:
        sheet = f", {self.sheet_kind} {self.sheet_number}" if self.sheet else ""
        return f"{self.truce} {self.kind} {self.period} no. {self.number}{sheet} ({self.content_sha256[:16]})"


def places() -> list[Path]:
    """Where the log is kept: with the stored files, where these are on a disk, and where the operator says."""
    try:
        beside = [Path(default_storage.path(NAME))]
    except NotImplementedError:  # a storage elsewhere, to whose files nothing can be added
        beside = []
    return [*beside, *([Path(settings.RELEASE_LOG)] if settings.RELEASE_LOG else [])]


def has_witness() -> bool:
    """Whether a log is there that no backup of ours brings back."""
    return bool(settings.RELEASE_LOG) and Path(settings.RELEASE_LOG).is_file()


@dataclass(frozen=True)
class Told:
    """What the log tells: releases, once each, in its order; and ends of half a line that no place has the whole of."""

    lines: tuple[Line, ...]
    torn: tuple[bytes, ...] = ()


def told() -> Told:
    """What any of the places tells. Raises OSError where one cannot be read, UnreadableError."""
    read = [_read(place) for place in places()]
    lines = tuple({line.which: line for one in read for line in one.lines}.values())
    torn = (half for one in read for half in one.torn)
    return Told(lines, tuple(half for half in torn if not any(is_half_of(half, line) for line in lines)))


def lines() -> list[Line]:
    """Every release that any of the places tells of. Raises OSError, UnreadableError."""
    return list(told().lines)


def told_apart() -> tuple[Line, ...]:
    """What the log tells that no backup of ours brings back, and no other. Raises OSError, UnreadableError."""
    return _read(Path(settings.RELEASE_LOG)).lines if has_witness() else ()


def append(*added: Line) -> None:
    """Add lines in every place, and what of the other places it lacks. They are on the disks when this returns.

    Half a line at the end gives way: it is known what it was of (closings.held). Raises OSError, UnreadableError.
    """
    known = [*lines(), *added]
    for place in places():
        _add(place, known)


def read_line(said: bytes | str) -> Line:
    """The line that stands in JSON. Raises UnreadableError: of other names, types, sizes or depth."""
    try:
        return SHAPE.validate_json(said)
    except (ValidationError, ValueError) as error:
        raise UnreadableError((said if isinstance(said, str) else said.decode(errors="replace"))[:TOLD]) from error


def is_half_of(half: bytes, line: Line) -> bool:
    """Whether the line, with whatever instant, begins as `half` does, which says enough to be told from others."""
    written = _written(line)
    if len(half) < written.index(b'"sheet": "') + len(b'"sheet": "') + ENOUGH:
        return False
    before, after = re.split(rb'(?<="released_at": )"[^"]*"', written)
    if len(half) <= len(before):
        return before.startswith(half)
    return half.startswith(before) and after.startswith(re.sub(rb'^"[^"]*"?', b"", half[len(before) :]))


SHAPE = TypeAdapter(Line)


def _add(place: Path, known: Iterable[Line]) -> None:
    new = not place.exists()
    place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with os.fdopen(os.open(place, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600), "r+b") as log:
        fcntl.flock(log, fcntl.LOCK_EX)
        there = {line.which: line for line in _parsed(log.read()).lines}
        added = [line for line in known if there.get(line.which) != line]
        _end_what_is_there(log)
        log.write(b"".join(_written(line) for line in added))
        log.flush()
        os.fsync(log.fileno())
    if new:
        _keep_name(place.parent)


def _end_what_is_there(log: IO[bytes]) -> None:
    """Let the next line begin anew: half a line gives way, and one that only lacks its end gets it."""
    log.seek(0)
    whole, end, last = log.read().rpartition(b"\n")
    if _parsed(last).torn:
        log.truncate(len(whole + end))
    elif last:
        log.write(b"\n")


def _keep_name(folder: Path) -> None:
    held = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(held)
    finally:
        os.close(held)


def _written(line: Line) -> bytes:
    told = asdict(line)
    return (json.dumps({name: told[name] for name in (*FIRST, *sorted(told.keys() - FIRST))}) + "\n").encode()


def _read(place: Path) -> Told:
    try:
        with place.open("rb") as log:
            fcntl.flock(log, fcntl.LOCK_SH)  # who adds a line is let end it
            return _parsed(log.read())
    except FileNotFoundError:
        return Told(())


def _parsed(said: bytes) -> Told:
    *ended, last = said.split(b"\n")
    lines = [read_line(one) for one in map(bytes.rstrip, ended) if one]
    if not last.rstrip():
        return Told(tuple(lines))
    try:
        return Told((*lines, read_line(last.rstrip())))
    except UnreadableError:
        return Told(tuple(lines), (last,))
