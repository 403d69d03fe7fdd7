"""Verifying a stored closing: its hashes and those of its editions and files hold, and computing it again agrees."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from django.core.files.storage import default_storage

from monitoring import canonical
from reports.closings import commenting, computing
from reports.closings.computing import known_at, recomputed
from reports.closings.preparing import preparing
from reports.figures import assemble, concerns
from reports.models import SupplementFile

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from reports.figures.known import Known
    from reports.models import Closing


class Outcome(StrEnum):
    """What came of it."""

    SAME = "same"
    DIFFERS = "differs"
    STORED_ONLY = "stored hash only"


@dataclass(frozen=True)
class Verdict:
    """Of one closing: the outcome, the codes of what differs or whose code is gone, and the outcome of every part."""

    outcome: Outcome
    sections: tuple[str, ...] = ()
    parts: tuple[tuple[str, Outcome], ...] = ()


def verify(closing: Closing) -> Verdict:
    """Recompute the closing at its own cut-off, with its own sections and versions, and compare.

    So are the annex, the map and the editions, by the sections that say how. STORED_ONLY where the code of a section
    has been retired: only its stored hash was compared, as for what is never computed again (names, number, changes).
    """
    stored = computing.stored(closing)
    broken = _broken(closing, stored)
    if broken:
        return Verdict(Outcome.DIFFERS, broken, tuple((part, Outcome.DIFFERS) for part in broken))
    known = known_at(closing, closing.cutoff_at)
    sections = dict(_sections(stored, known))
    if set(sections.values()) == {Outcome.SAME} and recomputed(closing, known).sha256 != closing.content_sha256:
        sections["head"] = Outcome.DIFFERS
    parts = {**sections, **dict(_beside(stored, known)), **dict(_editions(closing, stored, known))}
    differing = tuple(part for part, outcome in parts.items() if outcome == Outcome.DIFFERS)
    if differing:
        return Verdict(Outcome.DIFFERS, differing, tuple(parts.items()))
    retired = tuple(code for code, outcome in sections.items() if outcome == Outcome.STORED_ONLY)
    return Verdict(Outcome.STORED_ONLY if retired else Outcome.SAME, retired, tuple(parts.items()))


def _sections(stored: dict[str, Any], known: Known) -> Iterator[tuple[str, Outcome]]:
    for section in stored["head"]["sections"]:
        function = assemble.FUNCTIONS.get((section["code"], section["version"]))
        yield section["code"], _compared(section["sha256"], function and known.once(function))


def _beside(stored: dict[str, Any], known: Known) -> Iterator[tuple[str, Outcome]]:
    for part, sha256 in stored["beside_sha256"].items():
        functions = assemble.BESIDE.get(part, {})
        version = stored["beside"][part].get("version")
        function = functions.get((part, version)) if version else _told_by(stored, functions)
        yield part, _compared(sha256, function and known.once(function))


def _editions(closing: Closing, stored: dict[str, Any], known: Known) -> Iterator[tuple[str, Outcome]]:
    """Of each guarantor that an edition is stored for, or should be: what concerns it, computed again."""
    with preparing():
        rows = list(closing.editions.values_list("guarantor__code", "content_sha256", "content"))
    there = {code: sha256 for code, sha256, _content in rows}
    versions = {code: json.loads(content).get("version") for code, _sha256, content in rows}
    terms = {term.guarantor.code: term for term in concerns.editions(known)}
    for code in sorted(there.keys() | terms.keys()):
        if code not in there or code not in terms:
            yield f"edition {code}", Outcome.DIFFERS
            continue
        version = versions[code]
        function = assemble.EDITIONS.get(("edition", version)) if version else _told_by(stored, assemble.EDITIONS)
        again = function and function(known, closing, terms[code], str(closing.content_sha256))
        yield f"edition {code}", _compared(there[code], again)


def _told_by(stored: dict[str, Any], functions: Mapping[tuple[str, int], Any]) -> Any:
    """The function for the version that the closing has of a section that says how; None where it is gone."""
    sections = [(section["code"], section["version"]) for section in stored["head"]["sections"]]
    return next((functions[section] for section in sections if section in functions), None)


def _compared(sha256: str, again: dict[str, Any] | None) -> Outcome:
    if again is None:
        return Outcome.STORED_ONLY
    return Outcome.SAME if canonical.sha256(again) == sha256 else Outcome.DIFFERS


def _broken(closing: Closing, stored: dict[str, Any]) -> tuple[str, ...]:
    """What of the stored content does not fit its own hashes."""
    parts = [(section["code"], stored["sections"], section["sha256"]) for section in stored["head"]["sections"]]
    parts += [(code, stored["beside"], sha256) for code, sha256 in stored["beside_sha256"].items()]
    broken = [code for code, held, sha256 in parts if canonical.sha256(held.get(code)) != sha256]
    if canonical.sha256(stored["head"]) != closing.content_sha256:
        broken.append("head")
    return (*broken, *_altered(closing))


def _altered(closing: Closing) -> Iterator[str]:
    """Comments, editions whose content, and files whose bytes, are no longer what was hashed when they were stored."""
    with preparing():
        editions = list(
            closing.editions.select_related("guarantor").prefetch_related("renditions").order_by("guarantor__code")
        )
        sheets = list(SupplementFile.objects.filter(supplement__closing=closing).order_by("pk"))
        commented = closing.comments_sha256 is None or commenting.sha256(closing) == closing.comments_sha256
    if not commented:
        yield "comments"
    for edition in editions:
        if canonical.sha256(json.loads(edition.content)) != edition.content_sha256:
            yield f"edition {edition.guarantor.code}"
        for rendition in sorted(edition.renditions.all(), key=lambda file: (file.stage, file.format, file.language)):
            if _digest(rendition.path) != rendition.sha256:
                yield f"file {rendition.file_name}"
    for file in sheets:
        if _digest(file.path) != file.sha256:
            yield f"file {file.file_name}"


def _digest(path: str) -> str:
    """The SHA-256 of a stored file; '' where it is not there."""
    try:
        with default_storage.open(path) as file:
            return hashlib.sha256(file.read()).hexdigest()
    except FileNotFoundError:
        return ""
