"""What came of the last backup and the last drill, as `./run` wrote it down with the stored files."""

from __future__ import annotations

import json
from typing import Any

from django.core.files.storage import default_storage

# Each is {"at": instant in UTC, "seconds", ...}: of a backup "bytes" and "sha256"; of a drill "ok", "backup_bytes" and
# "steps", a list of {"step", "seconds", "ok"}.
LAST_BACKUP = "operations/last-backup.json"
LAST_DRILL = "operations/last-drill.json"


def last_backup() -> dict[str, Any] | None:
    """The last backup that was made, or None where none is known."""
    return _told(LAST_BACKUP)


def last_drill() -> dict[str, Any] | None:
    """The last drill, be it that it failed; or None where none is known."""
    return _told(LAST_DRILL)


def _told(name: str) -> dict[str, Any] | None:
    try:
        with default_storage.open(name) as file:
            told: dict[str, Any] = json.load(file)
    except (FileNotFoundError, ValueError):
        return None
    return told
