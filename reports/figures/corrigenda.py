"""What reports of earlier periods were revised in since the last closing, and the supplements issued to them.

A month is read after the report of the month before; whoever does not look back learns here that it says otherwise by
now. "Since the last closing" is since the release of the last that this report follows: of its own period, else the
first of another period. It stands beside the content hash, for what was released of other periods moves no figure of
this one.
"""

from __future__ import annotations

import json
from collections import Counter
from typing import Any

from django.db.models import Max, Q

from monitoring import canonical
from reports.figures.known import Known
from reports.models import Closing, PeriodKind, Supplement


def section(known: Known) -> dict[str, Any]:
    """Return the revisions of earlier periods and the supplements to them that were released since, by period."""
    released = Closing.objects.filter(agreement=known.agreement, released_at__lte=known.known_at)
    its_own = Q(kind=known.period.kind, period=known.period.code)
    since = released.filter(its_own | (Q(kind=known.period.kind) & Q(number=1))).aggregate(at=Max("released_at"))["at"]
    revised = released.filter(number__gt=1, period_from__lt=known.period.starts_at).exclude(kind=PeriodKind.DAY)
    sheets = Supplement.objects.filter(
        agreement=known.agreement, released_at__lte=known.known_at, closing__period_from__lt=known.period.starts_at
    ).select_related("closing")
    if since is not None:
        revised = revised.filter(released_at__gt=since)
        sheets = sheets.filter(released_at__gt=since)
    return {
        "version": 1,
        "since": since and canonical.instant(since),
        "revised": [_revision(closing) for closing in revised.order_by("period_from", "kind", "number")],
        "supplements": [
            _supplement(sheet)
            for sheet in sheets.order_by("closing__period_from", "closing__kind", "closing__number", "kind", "number")
        ],
    }


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
    figures = json.loads(closing.content or "{}")["beside"]["changes"]["figures"]
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
