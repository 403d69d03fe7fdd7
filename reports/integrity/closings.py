"""What holds of closings: numbered, worked on by one, released whole, and each computes again."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from monitoring.errors import NotNow
from monitoring.integrity import Invariant
from monitoring.models.intervals import overlaps_sql
from reports.closings.preparing import preparing
from reports.closings.verifying import Outcome, verify
from reports.models import Closing

State = Closing.State

# Columns that the application may change, and triggers, beside those that every table of the record has.
CHANGEABLE = {
    "reports_closing": (
        *("state", "lease_holder", "lease_until", "attempts", "failure", "checked_at", "touched_at", "formats"),
        *("number", "same_as_id", "version_id", "content_sha256", "computed_at"),
        *("drafted_at", "comments_until", "comments_sha256", "released_at"),
    ),
    "reports_edition": ("drafted_at", "released_at"),
    "reports_resumption": ("seconded_by_id", "seconded_at", "superseded_at"),
    "reports_supplement": (
        *("number", "seconded_at", "seconded_by_id", "seconded_side_id", "withdrawn_at", "released_at"),
    ),
}
GUARDS = (
    ("violations_sealedsource", "ledger_part"),
    ("violations_sealedsource", "ledger_reseal"),
    ("reports_closing", "reports_begins"),
    ("reports_closing", "reports_moves"),
    ("reports_closing", "reports_agreed"),
    ("reports_closing", "reports_computed"),
    ("reports_commoncontent", "reports_added"),
    ("reports_commoncontent", "reports_written"),
    ("reports_edition", "reports_moves"),
    ("reports_rendition", "reports_added"),
    ("reports_draftcomment", "reports_made"),
    ("reports_choice", "reports_made"),
    ("reports_releaseapproval", "reports_given"),
    ("reports_resumption", "reports_resumed"),
    ("reports_lostrelease", "ledger_part"),
    ("reports_supplement", "reports_begins"),
    ("reports_supplement", "reports_moves"),
    ("reports_supplementfile", "reports_added"),
)

# A closing with figures equal to those of the one before would have been answered by that, and its number is the next;
# but for the numbers of releases that were lost with an older backup.
NUMBERED = """
with lost as (
    select distinct resumption.agreement_id, lost.kind, lost.period, lost.number
    from reports_lostrelease lost join reports_resumption resumption on resumption.id = lost.resumption_id
    where resumption.seconded_at is not null and lost.sheet = '' and not exists (
        select from reports_closing closing
        where closing.agreement_id = resumption.agreement_id and closing.kind = lost.kind
          and closing.period = lost.period and closing.number = lost.number)
)
select 'closing ' || public_id as what
from (select closing.*, row_number() over in_order as place, lag(cutoff_at) over in_order as before_at,
             lag(number) over in_order as before_number, lag(content_sha256) over in_order as before_sha256
      from reports_closing closing where number is not null
      window in_order as (partition by agreement_id, kind, period order by number)) closing
cross join lateral (
    select count(*) as numbers, max(number) as last from lost
    where (lost.agreement_id, lost.kind, lost.period) = (closing.agreement_id, closing.kind, closing.period)
      and lost.number < closing.number
) gone
where number <> place + gone.numbers or cutoff_at < before_at
   or (content_sha256 = before_sha256 and coalesce(gone.last, 0) < before_number)
"""

# Computed whole, from what was known at the cut-off, after it; answered only by a closing of the same period.
_COMPUTED = (State.COMPUTED, State.DRAFTED, State.COMMENTED, State.RENDERED, State.RELEASED)
STATES = f"""
select 'closing ' || closing.public_id as what
from reports_closing closing
left join monitoring_mechanismversion version on version.id = closing.version_id
left join reports_closing answer on answer.id = closing.same_as_id
left join reports_commoncontent common on common.closing_id = closing.id
where num_nulls(closing.number, closing.version_id, common.content, closing.content_sha256, closing.computed_at)
      not in (0, 5)
   or common.recorded_at <> closing.computed_at
   or (closing.computed_at is null and closing.state in ({", ".join(f"'{state.value}'" for state in _COMPUTED)}))
   or (closing.computed_at is not null and closing.state in ('{State.REQUESTED.value}', '{State.UNCHANGED.value}'))
   or (closing.state = '{State.RELEASED.value}') <> (closing.released_at is not null)
   or (closing.state = '{State.UNCHANGED.value}') <> (closing.same_as_id is not null)
   or closing.cutoff_at > closing.computed_at or closing.computed_at > closing.released_at
   or version.recorded_at > closing.cutoff_at or version.superseded_at <= closing.cutoff_at
   or (answer.agreement_id, answer.kind, answer.period) <> (closing.agreement_id, closing.kind, closing.period)
   or (answer.id is not null and answer.computed_at is null)
"""

# Within two rounds of the sweep a closing whose worker died has another. What is done has no lease.
LEASED = f"""
select 'closing ' || public_id as what from reports_closing
where (lease_holder is not null and lease_until is null)
   or (state in ('{State.RELEASED.value}', '{State.UNCHANGED.value}', '{State.FAILED.value}')
       and (lease_holder is not null or lease_until is not null))
   or (state in ({", ".join(f"'{state.value}'" for state in Closing.UNDER_WAY)})
       and lease_holder is not null and lease_until < clock_timestamp() - %(swept)s)
"""

# Of a released closing every edition is there with every file: in the formats that it was to be made in, and in all
# languages that were made by then.
WHOLE = f"""
with made as (
    select language, min(recorded_at) as since from reports_rendition where stage = 'final' group by language
)
select 'closing ' || closing.public_id as what
from reports_closing closing
where closing.computed_at is not null and (
    (not exists (select from reports_edition edition where edition.closing_id = closing.id)
     and exists (
        select from monitoring_guarantorterm term
        where term.version_id = closing.version_id
          and {overlaps_sql("term", "closing.period_from", "closing.period_until")}))
    or exists (
        select from reports_edition edition
        where edition.closing_id = closing.id
          and (edition.recorded_at <> closing.computed_at or edition.released_at is distinct from closing.released_at))
    or (closing.released_at is not null and exists (
        select from reports_edition edition cross join made cross join unnest(closing.formats) wanted (format)
        where edition.closing_id = closing.id and made.since <= closing.released_at
          and not exists (
              select from reports_rendition rendition
              where rendition.edition_id = edition.id and rendition.stage = 'final'
                and rendition.format = wanted.format
                and rendition.language = made.language and rendition.recorded_at <= closing.released_at))))
"""

# Asked without a context, in which neither a content is shown before its release nor an edition.
HIDDEN = """
select 'content of closing ' || closing.public_id as what
from reports_commoncontent common join reports_closing closing on closing.id = common.closing_id
where closing.released_at is null
union all
select 'edition ' || public_id from reports_edition where released_at is null
union all
select 'file ' || public_id from reports_rendition where stage = 'draft'
union all
select 'comment ' || comment.public_id
from reports_draftcomment comment join reports_closing closing on closing.id = comment.closing_id
where closing.released_at is null
union all
select 'sheet ' || public_id from reports_supplement where released_at is null
union all
select 'file ' || file.public_id
from reports_supplementfile file
where not exists (
    select from reports_supplement sheet where sheet.id = file.supplement_id and sheet.released_at is not null)
union all
select relname || ': row-level security' from pg_class
where oid in ('reports_commoncontent'::regclass, 'reports_edition'::regclass, 'reports_rendition'::regclass,
              'reports_draftcomment'::regclass, 'reports_supplement'::regclass, 'reports_supplementfile'::regclass)
  and not (relrowsecurity and relforcerowsecurity)
"""

AUDITED = """
select 'closing ' || closing.public_id as what
from reports_closing closing
cross join (values ('closing.request'), ('closing.release')) act (action)
where (act.action = 'closing.request' or closing.released_at is not null)
  and not exists (
      select from monitoring_auditentry entry
      where entry.object_kind = 'closing' and entry.object_id = closing.public_id::text
        and entry.action = act.action and entry.outcome = 'done')
"""


def _swept() -> dict[str, Any]:
    sweep: Any = settings.CELERY_BEAT_SCHEDULE["sweep-closings"]["schedule"]
    return {"swept": 2 * timedelta(seconds=sweep)}


def differing() -> Iterator[str]:
    """Closings that do not compute again to what is stored, or whose files are not those that were rendered."""
    for closing in Closing.objects.computed().select_related("agreement", "version").iterator():
        try:
            verdict = verify(closing)
        except NotNow as refusal:
            yield f"closing {closing.public_id} ({refusal.code})"
            continue
        if verdict.outcome == Outcome.DIFFERS:
            yield f"closing {closing.public_id} ({', '.join(verdict.sections)})"


INVARIANTS = (
    Invariant(
        "closings_numbered",
        _("Closings of a period are numbered from 1, each as known later than the one before and with other figures"),
        NUMBERED,
    ),
    Invariant("closings_in_order", _("The state of every closing agrees with what it has"), STATES, within=preparing),
    Invariant(
        "leases",
        _("No closing that is done has a lease, and none waits for a worker that died"),
        LEASED,
        parameters=_swept,
    ),
    Invariant(
        "released_whole",
        _("A closing is released with every edition and every file, at one moment"),
        WHOLE,
        within=preparing,
    ),
    Invariant(
        "unreleased_hidden",
        _("No content, edition or sheet is shown before its release, and no draft or comment but to its own guarantor"),
        HIDDEN,
    ),
    Invariant("closings_audited", _("Every request and every release of a closing has its row in the audit"), AUDITED),
    Invariant(
        "closings_recompute",
        _("Every closing computes again to the hash it has, and its editions and files are those hashed"),
        find=differing,
    ),
)
