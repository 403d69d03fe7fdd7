"""A corrigendum or addendum laid out: to which closing it is, when that was released, and the words as written."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from reports.renderers import values
from reports.renderers.document import masthead
from reports.renderers.document.blocks import facts, heading, numbered, paragraph
from reports.renderers.document.compose import frame
from reports.renderers.document.corrigenda import called
from reports.renderers.reading import Reading


def compose(reading: Reading, told: dict[str, Any]) -> dict[str, Any]:
    """Return the sheet as the template takes it."""
    name = called(told["kind"], told["number"])
    title = _("%(agreement)s: %(sheet)s to the compliance report for %(period)s") % {
        "agreement": reading.agreement,
        "sheet": name,
        "period": reading.period_name,
    }
    kind = _("Corrigendum to a compliance report") if told["kind"] == "corr" else _("Addendum to a compliance report")
    blocks = [
        heading(f"{name}: {masthead.unbroken(reading.agreement)}, {masthead.period(reading)}"),
        paragraph(kind, tone="note"),
        facts(
            [
                (_("To"), masthead.edition_of(reading)),
                (_("Released to all guarantors"), reading.instant(told["closing_released_at"])),
                (_("Content hash (SHA-256)"), values.code(told["content_sha256"])),
                (_("Agreed by two of different sides"), reading.instant(told["agreed_at"])),
            ]
        ),
        *(paragraph(values.name(line)) for line in told["words"].splitlines() if line.strip()),
        paragraph(_("It changes no figure: figures change by the next closing of the period alone."), tone="note"),
    ]
    return {"frame": {**frame(reading), "title": title, "edition": name}, "blocks": list(numbered(blocks))}
