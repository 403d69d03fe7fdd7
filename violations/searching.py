"""Finding reports by words of their place and narrative, in any script: every word given, or one that begins so.

Words are folded before they are compared: case and accents, the forms of Arabic and Persian letters and vowels, digits
of every keyboard (migration 0035). All revisions are searched, for a filer may have corrected the place.
"""

from __future__ import annotations

from collections.abc import Collection

from django.db import connection
from django.db.models import BooleanField
from django.db.models.expressions import RawSQL

from violations.codebook import LinkKind

# As the index has it; and what is asked of it, the last letters of a word left open.
WORDS = "to_tsvector('simple', violations_folded({report}.place_as_written || ' ' || {report}.narrative))"
ASKED = r"regexp_replace(plainto_tsquery('simple', violations_folded(%s))::text, '''( |$)', ''':*\1', 'g')::tsquery"
MEMBER = f"link.superseded_at is null and link.kind <> '{LinkKind.RELATED.value}'"

MOST = 5000  # Reports that are looked up by their words: where more have them, each incident is asked in turn.

_FOUND = f"""
select link.incident_id
from (
    select distinct chain from (
        select told.chain from violations_incidentreport told
        where {WORDS.format(report="told")} @@ {ASKED} and told.agreement_id = any(%s)
        limit %s
    ) told_in
) found
join violations_reportlink link on link.chain = found.chain and {MEMBER}
"""
_IN_IT = f"""exists (
    select from violations_reportlink link
    join violations_incidentreport told on told.chain = link.chain
    where link.incident_id = violations_assessment.incident_id and {MEMBER}
      and {WORDS.format(report="told")} @@ {ASKED})"""


def incidents(written: str, agreements: Collection[int]) -> set[int] | None:
    """The incidents that a report with these words tells of; None where there are too many to name."""
    with connection.cursor() as cursor:
        cursor.execute(_FOUND, [written, list(agreements), MOST + 1])
        found = [incident for (incident,) in cursor.fetchall()]
    return set(found) if len(found) <= MOST else None


def in_assessed(written: str) -> RawSQL:
    """The condition that a report with these words tells of the incident of an assessment: to ask of one by one."""
    return RawSQL(_IN_IT, [written], output_field=BooleanField())  # noqa: S611 - nothing typed stands in it


def in_report(written: str) -> RawSQL:
    """The condition that a report has these words."""
    condition = f"{WORDS.format(report='violations_incidentreport')} @@ {ASKED}"
    return RawSQL(condition, [written], output_field=BooleanField())  # noqa: S611 - nothing typed stands in it
