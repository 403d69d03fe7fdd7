"""A report as PDF: composed in the reader's language, laid out by Typst from the templates in this room.

The data go in as JSON and never as source text. The fonts are Noto's, where the system package lays them; other fonts
are not looked at: they would give other bytes. The document's date and the file's time are the
cut-off, so that equal content gives equal bytes.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from reports.renderers import values
from reports.renderers.reading import Reading
from reports.renderers.typesetting import begin, typeset

TEMPLATES = Path(__file__).parent / "typst"
NOTO = Path("/usr/share/fonts/truetype/noto")


def render(reading: Reading, *, at_most: int | None = None) -> bytes:
    """Return the PDF: tagged, fonts embedded, PDF/A-2a and PDF/UA-1.

    Laid out in at most so many bytes of memory; left out, in as many as any process that makes reports may take.
    Raises TypesettingError where that is too little, or something else is wrong.
    """
    at_most = settings.CELERY_WORKER_ADDRESS_SPACE if at_most is None else at_most
    begin(at_most=at_most)
    from reports.renderers.document.compose import compose  # what it needs of maps is loaded beside Typst, not before

    return _laid_out("report.typ", reading, compose(reading), reading.header["cutoff_at"], at_most=at_most)


def render_sheet(reading: Reading, told: dict[str, Any]) -> bytes:
    """Return the PDF of a corrigendum or addendum, dated when it was agreed on; otherwise as `render`."""
    at_most = settings.CELERY_WORKER_ADDRESS_SPACE
    begin(at_most=at_most)
    from reports.renderers.document.sheet import compose  # as in `render`

    return _laid_out("sheet.typ", reading, compose(reading, told), told["agreed_at"], at_most=at_most)


def _laid_out(template: str, reading: Reading, composed: dict[str, Any], dated: str, *, at_most: int) -> bytes:
    instant = values.parsed(dated)
    report = composed | {
        "lang": reading.language.partition("-")[0],
        "date": {"year": instant.year, "month": instant.month, "day": instant.day},
    }
    folder, families = fonts()
    return typeset(
        {
            "main": str(TEMPLATES / template),
            "root": str(TEMPLATES),
            "fonts": folder,
            "inputs": {"report": json.dumps(report, ensure_ascii=False), "fonts": json.dumps(families)},
            "instant": int(instant.timestamp()),
        },
        at_most=at_most,
    )


@cache
def fonts() -> tuple[str, dict[str, Any]]:
    """The folder that fonts come from, and the families for text and headings in order of preference.

    Raises FileNotFoundError where the fonts are not installed.
    """
    if not (NOTO / "NotoSans-Regular.ttf").exists():
        raise FileNotFoundError(
            _("%(folder)s holds no Noto Sans: install Debian's package fonts-noto-core.") % {"folder": NOTO}
        )
    arabic = ["Noto Naskh Arabic"]
    return str(NOTO), {"text": ["Noto Sans", *arabic], "head": ["Noto Serif", *arabic]}
