"""The log of releases: outside the database, one line for each release, on the disk before the release is answered.

It is the witness against a restored backup that is older than what was released. It stands beside the stored files and,
where the operator names one (settings.RELEASE_LOG), in a second place that no backup brings back. It is only added to.
A line says truce, kind and code of the period, number, hash of the common content, instant, and of a corrigendum or
addendum to that closing its kind, number and identifier: nothing that the guarantors do not hold. A release that is
tried again after a crash may stand in it twice; it is one.
"""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

from django.conf import settings
from django.core.files.storage import default_storage

NAME = "releases.log"


class UnreadableError(Exception):
    """A line that was written whole is no line of a log of releases: somebody changed it."""


@dataclass(frozen=True)
class Line:
    """One release. `released_at`: its instant as ISO 8601 in UTC. The last three are a sheet's; a closing has none."""

    truce: str
    kind: str
    period: str
    number: int
    content_sha256: str
    released_at: str
    sheet_kind: str = ""
    sheet_number: int = 0
    sheet: str = ""

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


def lines() -> list[Line]:
    """Every release that any of the places tells of, once each, in the order of the log.

    Raises OSError where a place cannot be read, UnreadableError.
    """
    return list({line.which: line for place in places() for line in _read(place)}.values())


def append(line: Line) -> None:
    """Add a line in every place, and what of the other places it lacks. It is on the disks when this returns.

    Raises OSError, UnreadableError.
    """
    known = [*lines(), line]
    for place in places():
        _add(place, known)


def _add(place: Path, known: Iterable[Line]) -> None:
    new = not place.exists()
    place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with os.fdopen(os.open(place, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600), "r+b") as log:
        fcntl.flock(log, fcntl.LOCK_EX)
        there = {line.which: line for line in _parsed(log.read())}
        added = [line for line in known if there.get(line.which) != line]
        log.write(_torn_off(log) + b"".join(_written(line) for line in added))
        log.flush()
        os.fsync(log.fileno())
    if new:
        _keep_name(place.parent)


def _torn_off(log: object) -> bytes:
    """What ends half a line of who died at it, so that the next begins anew."""
    size = os.fstat(log.fileno()).st_size  # type: ignore[attr-defined]
    return b"\n" if size and os.pread(log.fileno(), 1, size - 1) != b"\n" else b""  # type: ignore[attr-defined]


def _keep_name(folder: Path) -> None:
    held = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(held)
    finally:
        os.close(held)


def _written(line: Line) -> bytes:
    return (json.dumps(asdict(line), sort_keys=True) + "\n").encode()


def _read(place: Path) -> list[Line]:
    try:
        return _parsed(place.read_bytes())
    except FileNotFoundError:
        return []


def _parsed(said: bytes) -> list[Line]:
    return [_line(one) for one in said.split(b"\n") if one.endswith(b"}")]  # half a line was never answered


def _line(said: bytes) -> Line:
    try:
        line = Line(**json.loads(said))
    except (ValueError, TypeError) as error:
        raise UnreadableError(said.decode(errors="replace")) from error
    return line
