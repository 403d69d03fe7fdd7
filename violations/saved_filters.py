"""Queries of the queue that a moderator keeps under a name, for themselves or for the moderators of their side."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from monitoring import audit
from monitoring.errors import Malformed, NotFound
from violations import holding
from violations.models import SavedFilter

if TYPE_CHECKING:
    from monitoring.models import Side, User

MOST = 20  # of one person: they stand above the queue


def save(name: str, query: str, *, by: User, side: Side | None = None) -> SavedFilter:
    """Keep `query`, as the queue's own form wrote it, under `name`; one of the same name takes its place.

    `side`: the one of `by`, whose moderators see it, too; None: only `by`. Raises Malformed (`fields` by JSON pointer:
    no name; nothing narrowed; as many as may be kept), NotNow (a race with oneself lost).
    """
    name = " ".join(name.split())
    with holding.deciding() as entry:
        mine = SavedFilter.objects.open().filter(owner=by)
        _check(name, query, mine.exclude(name=name).count())
        recorded_at = entry.stamp()
        entry.close(mine.filter(name=name))
        saved = SavedFilter.objects.create(owner=by, side=side, name=name, query=query, recorded_at=recorded_at)
        audit.done("filter.save", by=by)
    return saved


def drop(saved: SavedFilter, *, by: User) -> None:
    """Drop one's own. Raises NotFound where it is another's, or gone."""
    with holding.deciding() as entry:
        if not entry.close(SavedFilter.objects.filter(pk=saved.pk, owner=by)):
            raise NotFound(_("There is no such filter of yours."), code="not_yours")
        audit.done("filter.drop", by=by)


def _check(name: str, query: str, others: int) -> None:
    fields = {}
    if not name:
        fields["/name"] = [_("Give it a name.")]
    if not query:
        fields["/query"] = [_("Narrow the queue first: there is nothing to keep.")]
    if others >= MOST:
        fields["/name"] = [_("You keep as many as stand above the queue; drop one first.")]
    if fields:
        raise Malformed(_("The filter was not kept."), fields=fields)
