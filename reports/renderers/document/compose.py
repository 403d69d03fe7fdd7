"""The whole report in its order: page 1, the summary, the sections, the annex, and what concerns one state alone."""

from __future__ import annotations

from typing import Any

from django.utils.translation import get_language_bidi
from django.utils.translation import gettext as _

from reports.renderers import values
from reports.renderers.document import (
    accessions,
    annex,
    answering,
    cases,
    changes,
    comments,
    comparison,
    concerns,
    corrigenda,
    day,
    effort,
    first_page,
    incidents,
    ledgers,
    masthead,
    record,
    replies,
    scope,
    summary,
)
from reports.renderers.document.blocks import Block, heading, numbered, paragraph, place
from reports.renderers.reading import Reading

PARTS = ("first_page", "blocks", "wide_blocks")  # page 1, upright pages, pages laid sideways


def compose(reading: Reading) -> dict[str, Any]:
    """Return the report as the template takes it: texts and numbers already written, nothing left to say."""
    if reading.registrations_only:
        return _laid_out(reading, day.day_page(reading), [], [])
    told = summary.summary(reading)
    rest = [
        *told,
        *ledgers.ledgers(reading),
        *incidents.incidents(reading),
        *answering.undertakings(reading),
        *cases.cases(reading),
        *scope.scope(reading),
        *effort.effort(reading),
        *comparison.change(reading),
        *replies.replies(reading),
        *accessions.accessions(reading),
        *_drawings(told),
        *record.reservations(reading),
        *changes.changes(reading),
        *corrigenda.corrigenda(reading),
        *record.how_it_came_about(reading),
        *record.rules(reading),
        *answering.observers(reading),
        *record.how_to_verify(reading),
        *comments.comments(reading),
    ]
    wide = [*annex.annex(reading), *(concerns.concerns(reading, reading.edition) if reading.edition else [])]
    if not reading.content["beside"]["annex"]["incidents"]:
        rest, wide = [*rest, *wide], []
    return _laid_out(reading, first_page.first_page(reading), rest, wide)


def _laid_out(reading: Reading, *parts_written: list[Block]) -> dict[str, Any]:
    parts = [[block for block in part if _says_something(block)] for part in parts_written]
    blocks = iter(numbered([block for part in parts for block in part]))
    return {
        "frame": frame(reading),
        "masthead": masthead.masthead(reading),
        **{name: [next(blocks) for _block in part] for name, part in zip(PARTS, parts, strict=True)},
    }


def frame(reading: Reading) -> dict[str, Any]:
    """What stands on every page: what it is, the hash, x of y, and SIMULATED or DRAFT across it where so."""
    return {
        "title": _title(reading),
        "language": reading.language,
        "right_to_left": get_language_bidi(),
        "marking": values.name(reading.header["marking"]),
        "running": _running(reading),
        "edition": _which(reading),
        "hash": reading.short_hash,
        "page": _("page {page} of {pages}"),
        "simulated": _("SIMULATED") if reading.simulated else "",
        "simulated_line": _("SIMULATED: an exercise. No real incident is described and no real party is named.")
        if reading.simulated
        else "",
        "draft": _("DRAFT") if reading.draft else "",
        "draft_line": _("DRAFT: to be commented on, not released.") if reading.draft else "",
        "continued": _("continued"),
    }


def _running(reading: Reading) -> str:
    told = f"{masthead.unbroken(reading.agreement)} · {masthead.period(reading)}"
    return f"{told} · {_('preliminary')}" if reading.preliminary else told


def _title(reading: Reading) -> str:
    names = {"agreement": reading.agreement, "period": reading.period_name, "guarantor": reading.guarantor}
    if reading.edition is None:
        return _("%(agreement)s: compliance report for %(period)s, common content") % names
    return _("%(agreement)s: compliance report for %(period)s, edition for %(guarantor)s") % names


def _which(reading: Reading) -> str:
    names = {"guarantor": reading.guarantor, "number": values.count(reading.header["number"])}
    if reading.edition is None:
        return _("Common content, closing %(number)s") % names
    if reading.revision:
        names["revision"] = values.count(reading.revision)
        return _("Edition for %(guarantor)s, closing %(number)s, Rev. %(revision)s") % names
    return _("Edition for %(guarantor)s, closing %(number)s") % names


def _drawings(told: list[Block]) -> list[Block]:
    """Section 7: where the drawings of the summary and their figures stand."""
    drawn = [block for block in told if block["kind"] == "figure"]
    with_figures = [
        _("%(drawing)s (its figures: %(table)s)") % {"drawing": place(block["anchor"]), "table": place(block["to"])}
        for block in drawn
        if block["to"]
    ]
    without = [place(block["anchor"]) for block in drawn if not block["to"]]
    sentences = [
        _("They are drawn in the summary: %(drawings)s.") % {"drawings": values.listed(with_figures)}
        if with_figures
        else _("There are no figures to draw: no ledger is kept, and no incident report was filed."),
        _("Drawn in the summary without figures: %(drawings)s.") % {"drawings": values.listed(without)}
        if without
        else "",
    ]
    return [heading(_("7. Map and charts")), paragraph(" ".join(filter(None, sentences)))]


def _says_something(block: Block) -> bool:
    return block["kind"] != "paragraph" or bool(block["text"])
