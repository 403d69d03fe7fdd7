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

import typst
from django.utils.translation import gettext as _

from reports.renderers import values
from reports.renderers.document.compose import compose
from reports.renderers.reading import Reading

TEMPLATES = Path(__file__).parent / "typst"
NOTO = Path("/usr/share/fonts/truetype/noto")
STANDARDS: Any = ["a-2a", "ua-1"]  # typst wants the list of all names it knows as the type


def render(reading: Reading) -> bytes:
    """Return the PDF: tagged, fonts embedded, PDF/A-2a and PDF/UA-1."""
    cutoff = values.parsed(reading.header["cutoff_at"])
    report = compose(reading) | {
        "lang": reading.language.partition("-")[0],
        "date": {"year": cutoff.year, "month": cutoff.month, "day": cutoff.day},
    }
    folder, families = fonts()
    compiler = typst.Compiler(
        str(TEMPLATES / "report.typ"),
        root=str(TEMPLATES),
        font_paths=[folder],
        ignore_system_fonts=True,
        sys_inputs={"report": json.dumps(report, ensure_ascii=False), "fonts": json.dumps(families)},
    )
    instant = int(cutoff.timestamp())
    try:
        return _pdf(compiler.compile(format="pdf", timestamp=instant, pdf_standards=STANDARDS))
    except typst.TypstError as failure:
        # A name in a script that no pinned font has: the standards forbid it, a reader prefers the report.
        if "could not be displayed" not in str(failure):
            raise
        return _pdf(compiler.compile(format="pdf", timestamp=instant))


def _pdf(made: bytes | list[bytes] | None) -> bytes:
    assert isinstance(made, bytes)  # noqa: S101 - a PDF is one file
    return made


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
