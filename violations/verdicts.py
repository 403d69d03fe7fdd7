"""What a version of the mechanism makes of every party at an instant: worked out once by each process, and kept.

A version never changes, and between two of its turns neither does how it binds anybody (`violations.scope`).
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from django.db import connection

from violations import scope


@dataclass(frozen=True)
class Version:
    """A version by its number; with its stamp, so that none that was rolled back is taken for another."""

    id: int
    recorded_at: datetime


def classes_at(version: Version, at: datetime) -> str | None:
    """Return the class of each party at `at`, as JSON by the party's number; None where nobody is bound."""
    return _classes(version, bisect_right(_turns(version), at))


@lru_cache(maxsize=64)
def _turns(version: Version) -> tuple[datetime, ...]:
    with connection.cursor() as cursor:
        cursor.execute(f"select ({scope.TURNS}) from monitoring_mechanismversion version where id = %s", [version.id])
        found = cursor.fetchone()
    return tuple(found[0]) if found else ()  # of a version that was rolled back nothing is known


@lru_cache(maxsize=1024)
def _classes(version: Version, stretch: int) -> str | None:
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            with facts as (
                select version.id as version_id, ({scope.TURNS}) as turns, %s::int as stretch, 0 as report_id
                from monitoring_mechanismversion version where version.id = %s
            ), {scope.VERDICTS}
            select classes::text from verdict
            """,
            [stretch, version.id],
        )
        found = cursor.fetchone()
    return found[0] if found else None
