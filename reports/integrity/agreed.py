"""What holds of what two people release, of comments on drafts, and of sheets: by whom, when, at what length."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from monitoring.integrity import Invariant
from monitoring.models import Accreditation
from reports.closings.preparing import preparing
from reports.renderers.sheet import FORMATS

MODERATOR = Accreditation.Role.MODERATOR.value

# Whoever let a closing be released might, as proposers and seconders of sheets, and what two release two have.
BY_TWO = f"""
select 'closing ' || closing.public_id as what
from reports_closing closing
where closing.released_at is not null and reports_by_two(closing.kind, closing.version_id)
  and not reports_agreed(closing.id)
union all
select 'approval ' || given.public_id
from (select public_id, agreement_id, by_id as user_id, side_id, recorded_at from reports_releaseapproval
      union all
      select public_id, agreement_id, proposed_by_id, proposed_side_id, recorded_at from reports_supplement
      union all
      select public_id, agreement_id, seconded_by_id, seconded_side_id, seconded_at from reports_supplement
      where seconded_at is not null) given
where not exists (
    select from monitoring_accreditation held
    where held.user_id = given.user_id and held.agreement_id = given.agreement_id
      and held.role = '{MODERATOR}' and held.recorded_at <= given.recorded_at)
union all
select 'sheet ' || public_id from reports_supplement
where released_at is not null and (
    seconded_by_id = proposed_by_id or seconded_side_id = proposed_side_id
    or not exists (select from reports_supplementfile file where file.supplement_id = reports_supplement.id))
"""

# Every sheet that is released has its files: in the formats that sheets are made in, and in all languages that were
# made by then. Sheets of a kind to a closing are numbered from 1, those counted that were lost with an older backup.
SHEETS = f"""
with made as (
    select language, min(recorded_at) as since from reports_supplementfile group by language
),
lost as (
    select distinct closing.id as closing_id, lost.sheet_kind as kind, lost.sheet_number as number
    from reports_lostrelease lost
    join reports_resumption resumption on resumption.id = lost.resumption_id and resumption.seconded_at is not null
    join reports_closing closing
      on (closing.agreement_id, closing.kind, closing.period, closing.number, closing.content_sha256)
         = (resumption.agreement_id, lost.kind, lost.period, lost.number, lost.content_sha256)
    where lost.sheet <> ''
),
numbered as (
    select closing_id, kind, number from reports_supplement where number is not null
    union
    select closing_id, kind, number from lost
)
select 'sheet ' || sheet.public_id as what
from reports_supplement sheet
where sheet.released_at is not null and exists (
    select from made cross join unnest(array[{", ".join(f"'{form}'" for form in FORMATS)}]) wanted (format)
    where made.since <= sheet.released_at and not exists (
        select from reports_supplementfile file
        where file.supplement_id = sheet.id and file.format = wanted.format and file.language = made.language
          and file.recorded_at <= sheet.released_at))
union
select 'sheet ' || file.supplement_id || ', file ' || file.public_id
from reports_supplementfile file left join reports_supplement sheet on sheet.id = file.supplement_id
where sheet.seconded_at is null or file.recorded_at < sheet.seconded_at
union
select 'sheet ' || sheet.public_id
from reports_supplement sheet
where sheet.number > (
    select count(*) from numbered
    where (numbered.closing_id, numbered.kind) = (sheet.closing_id, sheet.kind) and numbered.number <= sheet.number)
"""

COMMENTED = """
select 'comment ' || comment.public_id as what
from reports_draftcomment comment
join reports_closing closing on closing.id = comment.closing_id
left join monitoring_mechanismversion version on version.id = closing.version_id
where closing.drafted_at is null or comment.recorded_at < closing.drafted_at
   or comment.recorded_at >= closing.comments_until or comment.superseded_at >= closing.comments_until
   or cardinality(regexp_split_to_array(btrim(comment.words, E' \\t\\n\\r'), '\\s+')) > version.comment_length
   or not exists (
       select from reports_edition edition
       where edition.closing_id = comment.closing_id and edition.guarantor_id = comment.guarantor_id)
union all
select 'closing ' || public_id from reports_closing
where (comments_sha256 is null and state in ('commented', 'rendered', 'released')
       and reports_by_two(kind, version_id))
   or (drafted_at is not null and state in ('requested', 'computed', 'unchanged'))
"""

INVARIANTS = (
    Invariant(
        "released_by_two",
        _("What two people release was let be by two moderators of different sides, and so was every sheet"),
        BY_TWO,
        within=preparing,
    ),
    Invariant(
        "sheets_whole",
        _("Every sheet that is released has all its files, and sheets to a closing are numbered without a gap"),
        SHEETS,
        within=preparing,
    ),
    Invariant(
        "comments_in_time",
        _("Every comment was made on a draft of its guarantor's, in time and no longer than any may be"),
        COMMENTED,
        within=preparing,
    ),
)
