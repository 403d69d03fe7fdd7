"""What teams of the exercise file of their own work."""

from datetime import UTC, datetime

from violations.effort_content import Observation, PatrolContent, RestrictionContent, Stretch


def at(day: int, hour: int, minute: int = 0) -> datetime:
    """An instant of March 2025 by the exercise's clocks (UTC-8)."""
    return datetime(2025, 3, day + (hour + 8) // 24, (hour + 8) % 24, minute, tzinfo=UTC)


PATROL = PatrolContent(
    kind="patrol",
    started_at=at(10, 8),
    ended_at=at(10, 16),
    stretches=(
        Stretch("VA01", at(10, 9), at(10, 12), "By the mill"),
        Stretch("VA02", at(10, 12), at(10, 15)),
    ),
)
WATCH = PatrolContent(
    kind="watch",
    started_at=at(11, 22),
    ended_at=at(12, 4),
    stretches=(Stretch("VA03", at(11, 22), at(12, 4), "Gannet ridge"),),
    observations=(
        Observation(at(11, 23, 5), "explosion", "exact", 1, "incoming", 270, 4000),
        Observation(at(11, 23, 9), "explosion", "at_least", 3),
        Observation(at(12, 1), "burst", "uncountable"),
    ),
)
KEPT_OUT = RestrictionContent(
    kind="denied",
    started_at=at(10, 13),
    ended_at=at(10, 14),
    area="VA02",
    place_as_written="checkpoint by the bridge",
    by_as_written="North Army",
)
