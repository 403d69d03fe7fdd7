"""What earlier reports were revised in since the last closing, and the supplements issued to them.

A month is read after the report of the month before; whoever does not look back learns here that it says otherwise by
now. "Since the last closing" is since the cut-off of the last that this report follows: of its own period, else the
first of the last period before. Not since its release, which may be weeks later: what was released between the two it
could not tell. Sheets to the closings that this one revises are told as well. It stands beside the content hash, for
what was released of other periods moves no figure of this one.
"""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING, Any

from django.db.models import Q

from monitoring import canonical
from reports.figures.known import Known
from reports.models import Closing, PeriodKind, Supplement

if TYPE_CHECKING:
    from datetime import datetime


def section(known: Known) -> dict[str, Any]:
    """Return the revisions of earlier periods, and the supplements to earlier reports, released since, by period."""
    since = _last_cutoff(known)
    revised = (
        Closing.objects.revising()
        .filter(agreement=known.agreement, released_at__lte=known.known_at, period_from__lt=known.period.starts_at)
        .exclude(kind=PeriodKind.DAY)
    )
    its_own = Q(closing__kind=known.period.kind, closing__period=known.period.code)
    sheets = Supplement.objects.filter(
        its_own | Q(closing__period_from__lt=known.period.starts_at),
        agreement=known.agreement,
        released_at__lte=known.known_at,
    ).select_related("closing")
    if since is not None:
        revised, sheets = revised.filter(released_at__gt=since), sheets.filter(released_at__gt=since)
    return {
        "version": 1,
        "since": since and canonical.instant(since),
        "revised": [
            _revision(closing) for closing in revised.select_related("common").order_by("period_from", "kind", "number")
        ],
        "supplements": [
            _supplement(sheet)
            for sheet in sheets.order_by("closing__period_from", "closing__kind", "closing__number", "kind", "number")
        ],
    }


def _last_cutoff(known: Known) -> datetime | None:
    """As which instant the record was read for the last closing that this one follows; None where it follows none.

    A period that is closed later than one after it follows those before it alone.
    """
    released = Closing.objects.filter(
        agreement=known.agreement, kind=known.period.kind, released_at__lte=known.known_at
    )
    last = released.filter(period=known.period.code).order_by("number").last()
    if last is None:
        before = released.filter(period_until__lte=known.period.starts_at)
        last = before.order_by("-period_until", "number").first()
    return None if last is None else last.cutoff_at


def _supplement(sheet: Supplement) -> dict[str, Any]:
    """A corrigendum or addendum: to which closing, and when; its words stand on the sheet."""
    return {
        "sheet": str(sheet.kind),
        "sheet_number": sheet.number,
        "kind": str(sheet.closing.kind),
        "period": sheet.closing.period,
        "number": sheet.closing.number,
        "released_at": canonical.instant(sheet.released_at),  # type: ignore[arg-type]
    }


def _revision(closing: Closing) -> dict[str, Any]:
    """A revision: of which period, which one, what it changed, section by section."""
    figures = json.loads(closing.content() or "")["beside"]["changes"]["figures"]
    changed = Counter(figure["section"] for figure in figures)
    return {
        "kind": str(closing.kind),
        "period": closing.period,
        "number": closing.number,
        "released_at": canonical.instant(closing.released_at),  # type: ignore[arg-type]
        "content_sha256": closing.content_sha256,
        "figures": changed.total(),
        "sections": [{"section": section, "figures": changed[section]} for section in sorted(changed)],
    }
