"""The guarantors' comments on the draft as lines, and the rule that all of them keep."""

from __future__ import annotations

from collections.abc import Iterator

from monitoring import canonical
from reports.renderers.document.comments import rule, unsaid
from reports.renderers.reading import Reading
from reports.renderers.tidy.line import Line, row_of


def comments(reading: Reading) -> Iterator[Line]:
    """A line for every guarantor that has an edition; nothing where no draft is ever made."""
    told = reading.comments
    if told is None:
        return
    yield Line("comments", "comments", "comments_sha256", canonical.sha256(told), note=rule(reading, told))
    yield Line("comments", "comments", "comment_length", told["length"], unit="word")
    for item in told["comments"]:
        row = row_of(reading, "guarantor", item["guarantor"])
        yield Line("comments", "comments", "comment", item["words"] or None, note=unsaid(item), **row)
