"""What is emptied of a report when two people agreed to erase it: in each table that holds it, of the whole chain.

Only words and people: what is counted, and the hash of what was filed, stay. Of what a replay is known by where no hash
stands beside it, a keyed hash stays within what is sealed. docs/sealing.md lists every place where words of a filer
rest, and what becomes of each.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.db import connection

from violations import report_document, sealing, sightings, waiting
from violations.models import Redaction, SealedSource, WaitingCorrection
from violations.report_content import ReportContent

Part = Redaction.Part

OF_CHAIN = "violations_incidentreport report where report.chain = %(chain)s and report.id"
STATEMENTS: dict[str, tuple[str, ...]] = {
    Part.NARRATIVE: ("update violations_incidentreport set narrative = '' where chain = %(chain)s",),
    Part.PLACE: ("update violations_incidentreport set place_as_written = '' where chain = %(chain)s",),
    Part.OBSERVER: (
        """update violations_incidentreport set sighting = nullif(sighting - 'observer', '{}')
        where chain = %(chain)s and sighting ? 'observer'""",
    ),
    Part.ANSWERS: (
        f"""update violations_fileranswer set answer = '' where answer <> '' and question_id in (
            select question.id from violations_filerquestion question, {OF_CHAIN} = question.report_id)""",
        "update violations_reviewstep set grounds = '' where grounds <> '' and chain = %(chain)s and by_id is null",
    ),
    # What is asked of a filer is the grounds of that step too; grounds of a link go from revision to revision.
    Part.QUESTIONS: (
        f"update violations_filerquestion set question = '' from {OF_CHAIN} = report_id and question <> ''",
        f"update violations_dutycheck set words = '' from {OF_CHAIN} = report_id and words <> ''",
        "update violations_reviewstep set grounds = '' where grounds <> '' and chain = %(chain)s and by_id is not null",
        "update violations_reportlink set grounds = '' where grounds <> '' and chain = %(chain)s",
    ),
}


def erase(redaction: Redaction) -> None:
    """Empty what `redaction` names. Within its own transaction and context: PostgreSQL allows it nowhere else."""
    parts = set(redaction.erased)
    with sealing.counting(), connection.cursor() as cursor:
        for part in redaction.erased:
            for statement in STATEMENTS.get(part, ()):
                cursor.execute(statement, {"chain": redaction.chain})
        for sealed in SealedSource.objects.filter(report__chain=redaction.chain).order_by("pk"):
            _seal(sealed, sealing.without(bytes(sealed.sealed), source=Part.SOURCE in parts, filer=Part.FILER in parts))
        for kept in waiting.of_chain(redaction.chain):
            before = waiting.content_of(kept)
            left = report_document.written(_without(before, parts))
            said = waiting.said_in(before)
            _seal(kept, sealing.whole_without(kept, left, said=said, filer=Part.FILER in parts))


def _seal(row: SealedSource | WaitingCorrection, anew: bytes) -> None:
    if anew != bytes(row.sealed):
        type(row).objects.filter(pk=row.pk).update(sealed=anew)


def _without(content: ReportContent, parts: set[str]) -> ReportContent:
    """The same without these parts. The sector that follows from where the observer stood is a place: it stays."""
    changes: dict[str, Any] = {}
    if Part.NARRATIVE in parts:
        changes["narrative"] = ""
    if Part.PLACE in parts:
        changes["place_as_written"] = ""
    if Part.SOURCE in parts:
        changes["source"] = None
    if Part.OBSERVER in parts and content.sighting is not None:
        drawn = content.drawn_from
        changes["place_area"] = sightings.sector(drawn) if drawn is not None else content.place_area
        changes["sighting"] = content.sighting.without_observer()
    return replace(content, **changes)
