"""What holds of what two people release, of comments on drafts, and of sheets: by whom, when, at what length."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from monitoring.integrity import Invariant
from monitoring.models import Accreditation
from reports.closings.preparing import preparing

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
    ),
    Invariant(
        "comments_in_time",
        _("Every comment was made on a draft of its guarantor's, in time and no longer than any may be"),
        COMMENTED,
        within=preparing,
    ),
)
