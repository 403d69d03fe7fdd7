"""What people do by the clock that a test has set: `python -m tests.clock.acting ACT ...`; prints JSON.

load FOLDER         the truce is loaded and its people are accredited
file INSTANT        a monitor files what happened at that instant
"""

from __future__ import annotations

import json
import sys
from datetime import datetime
from pathlib import Path
from typing import Any

import django

django.setup()

from monitoring.models import Agreement, User  # noqa: E402
from tests.conftest import accredited, loaded_exercise  # noqa: E402
from tests.violations import occasions  # noqa: E402

# The exercise as if it were in force from 24 February 2025 to the end of March, in a zone whose clock is moved on the
# 30th, every kind of period closed from 1 March on, six hours after its end, and months revised.
TRUCE = (
    ("in_force_from = 2025-03-02", "in_force_from = 2025-02-24"),
    ("from = 2025-03-01", "from = 2025-01-01"),
    ('time_zone = "Etc/GMT+8"', 'time_zone = "Europe/Kyiv"'),
    ('calendar = ["day", "month"]', 'calendar = ["day", "week", "month"]'),
    ("filing_grace_hours = 48", "filing_grace_hours = 6"),
    ("comment_window_days = 0", "comment_window_days = 0\nrevision_days = [2, 4]"),
)


def load(folder: str, first_period: str) -> dict[str, Any]:
    accredited(loaded_exercise())
    version = occasions.reloaded(Path(folder), *TRUCE, ('first_period = "2025-03"', f'first_period = "{first_period}"'))
    return {"version": version.number}


def file(at: str) -> dict[str, Any]:
    report = occasions.filed(
        Agreement.objects.get(), User.objects.get(username="monitor-north"), occurred_from=datetime.fromisoformat(at)
    )
    return {"recorded_at": report.recorded_at.isoformat()}


ACTS = {"load": load, "file": file}

if __name__ == "__main__":
    print(json.dumps(ACTS[sys.argv[1]](*sys.argv[2:])))  # noqa: T201 - that is what it is for
