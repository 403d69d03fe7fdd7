"""What the guarantors said on the draft: each as written, by one rule for all, in the English order of the states."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from monitoring import canonical
from reports.renderers import values
from reports.renderers.document.blocks import Block, facts, heading, paragraph
from reports.renderers.reading import Reading


def comments(reading: Reading) -> list[Block]:
    """The rule that all comments keep, and every guarantor's; nothing where no draft is ever made."""
    told = reading.comments
    if told is None:
        return []
    return [
        heading(_("Comments of the guarantors on the draft")),
        paragraph(rule(reading, told), tone="lead"),
        *(block for item in told["comments"] for block in _comment(reading, item)),
        facts([(_("Comments (SHA-256)"), values.code(canonical.sha256(told)))]),
    ]


def rule(reading: Reading, told: dict[str, Any]) -> str:
    """From when to when the draft could be commented on, and at what length; or why there was none."""
    if told["drafted_at"] is None:
        return _(
            "No draft was shown: only a month has one, where the truce leaves time for comments and a State was its "
            "guarantor in the period."
        )
    length = ngettext("%(words)s word", "%(words)s words", told["length"]) % {"words": values.count(told["length"])}
    return _(
        "The same draft was shown to every guarantor at one moment, %(from)s, and each could comment on it until "
        "%(until)s, in at most %(length)s. What was written stands here as written, in the English alphabetical order "
        "of the States. It changes no figure."
    ) % {"from": reading.instant(told["drafted_at"]), "until": reading.instant(told["until"]), "length": length}


def unsaid(item: dict[str, Any]) -> str:
    """Why there are no words of a guarantor; empty where there are."""
    if item["said"] == "has_none":
        return _("It said that it has no comment.")
    return _("No comment was received in time.") if item["said"] == "not_received" else ""


def _comment(reading: Reading, item: dict[str, Any]) -> list[Block]:
    said = unsaid(item)
    lines = [said] if said else [values.name(line) for line in item["words"].splitlines()]
    return [
        heading(reading.name("guarantor", item["guarantor"]), level=2),
        *(paragraph(line, tone="note" if said else "body") for line in lines if line),
    ]
