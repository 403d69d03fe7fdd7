"""Verifying a stored closing: its hashes and those of its editions and files hold, and computing it again agrees."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from django.core.files.storage import default_storage

from monitoring import canonical
from reports.closings.computing import known_at
from reports.closings.preparing import preparing
from reports.figures import assemble

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reports.figures.known import Known
    from reports.models import Closing


class Outcome(StrEnum):
    """What came of it."""

    SAME = "same"
    DIFFERS = "differs"
    STORED_ONLY = "stored hash only"


@dataclass(frozen=True)
class Verdict:
    """Of one closing: the outcome, and the codes of the sections that differ or whose code is gone."""

    outcome: Outcome
    sections: tuple[str, ...] = ()


def verify(closing: Closing) -> Verdict:
    """Recompute the closing at its own cut-off, with its own sections and versions, and compare.

    STORED_ONLY where the code of a section has been retired: then only the stored hashes were compared.
    """
    stored = _stored(closing)
    broken = _broken(closing, stored)
    if broken:
        return Verdict(Outcome.DIFFERS, broken)
    try:
        again = recomputed(closing, known_at(closing, closing.cutoff_at))
    except assemble.RetiredError as retired:
        return Verdict(Outcome.STORED_ONLY, tuple(str(retired).split(", ")))
    if again.sha256 == closing.content_sha256:
        return Verdict(Outcome.SAME)
    was = {section["code"]: section["sha256"] for section in stored["head"]["sections"]}
    now = {section["code"]: section["sha256"] for section in again.head["sections"]}
    differing = tuple(code for code in was if was[code] != now[code])
    return Verdict(Outcome.DIFFERS, differing or ("head",))


def recomputed(closing: Closing, known: Known) -> assemble.Figures:
    """Compute the figures of `known` as the closing did: its sections, their versions, its codebook."""
    head = _stored(closing)["head"]
    return assemble.figures(
        known,
        sections=[(section["code"], section["version"]) for section in head["sections"]],
        codebook_version=head["codebook"],
    )


def _stored(closing: Closing) -> dict[str, Any]:
    if closing.content is None:
        raise ValueError("A closing without content cannot be verified.")
    content: dict[str, Any] = json.loads(closing.content)
    return content


def _broken(closing: Closing, stored: dict[str, Any]) -> tuple[str, ...]:
    """What of the stored content does not fit its own hashes."""
    parts = [(section["code"], stored["sections"], section["sha256"]) for section in stored["head"]["sections"]]
    parts += [(code, stored["beside"], sha256) for code, sha256 in stored["beside_sha256"].items()]
    broken = [code for code, held, sha256 in parts if canonical.sha256(held.get(code)) != sha256]
    if canonical.sha256(stored["head"]) != closing.content_sha256:
        broken.append("head")
    return (*broken, *_altered(closing))


def _altered(closing: Closing) -> Iterator[str]:
    """Editions whose content, and files whose bytes, are no longer what was hashed when they were stored."""
    with preparing():
        editions = list(
            closing.editions.select_related("guarantor").prefetch_related("renditions").order_by("guarantor__code")
        )
    for edition in editions:
        if canonical.sha256(json.loads(edition.content)) != edition.content_sha256:
            yield f"edition {edition.guarantor.code}"
        for rendition in sorted(edition.renditions.all(), key=lambda file: (file.format, file.language)):
            if _digest(rendition.path) != rendition.sha256:
                yield f"file {rendition.file_name}"


def _digest(path: str) -> str:
    """The SHA-256 of a stored file; '' where it is not there."""
    try:
        with default_storage.open(path) as file:
            return hashlib.sha256(file.read()).hexdigest()
    except FileNotFoundError:
        return ""
