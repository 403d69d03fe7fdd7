"""What the page of an incident tells, as data that can be compared: of now, or as known at a past moment."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import Model

from monitoring import accreditation
from monitoring.models import User
from violations.admin.case import Case
from violations.admin.incidents import incident_context
from violations.models import Incident

# What the page of a moment leaves out: what can be done, and what is alike by now.
DONE_HERE = {
    "actions", "may_second", "may_dissent", "may_not", "may_propose", "second", "candidates", "moment_form", "capacity",
    "put_before",
}  # fmt: skip
# How Django keeps a row; its columns, and what is read along with them, stand beside.
KEPT = {"_state", "_prefetched_objects_cache"}


def shown(incident: Incident, user: User, at: datetime | None = None) -> Any:
    """All that `user`, a moderator, is shown of `incident`."""
    capacity = accreditation.capacity(user, "moderator", incident.agreement)
    told = incident_context(Case(incident, user, at), capacity)
    told["lane"].pop("address", None)  # where it is moved to another
    return _plain(told)


def _plain(value: Any) -> Any:
    if isinstance(value, Case):
        return _plain({"live": value.live, "column": value.column, "once_apart": value.once_apart})
    if isinstance(value, Model):
        columns = {name: what for name, what in vars(value).items() if name not in KEPT}
        return {"of": type(value).__name__} | _plain(columns)
    if isinstance(value, dict):
        return {name: _plain(what) for name, what in value.items() if name not in DONE_HERE}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    if hasattr(value, "__dataclass_fields__"):
        return _plain(dict(vars(value)))
    return value if isinstance(value, int | float | bool | None | datetime) else str(value)
