"""What holds of notices and mails: seen by whom they were for, one after the other, and only where something waited."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from monitoring.integrity.invariants import Invariant

# Whoever is told held the role in the agreement at some time before, sent by the guarantor whose people are told.
FOR_THEM = """
exists (
    select from monitoring_accreditation held
    where held.user_id = {user} and held.agreement_id = notice.agreement_id and held.role = notice.role
      and (notice.guarantor_id is null or held.sent_by_guarantor_id = notice.guarantor_id)
      and held.recorded_at <= {at})"""

SEEN = f"""
select 'notice ' || notice.public_id as what
from monitoring_noticeseen seen join monitoring_notice notice on notice.id = seen.notice_id
where seen.recorded_at <= notice.recorded_at or not {FOR_THEM.format(user="seen.user_id", at="seen.recorded_at")}
"""

MAILED = f"""
select 'mail ' || mail.id as what
from (select mail.*, row_number() over (partition by user_id order by recorded_at, id) as place
      from monitoring_noticemail mail) mail
join monitoring_notice notice on notice.id = mail.up_to_id
where mail.number <> mail.place or mail.recorded_at <= notice.recorded_at
   or not {FOR_THEM.format(user="mail.user_id", at="mail.recorded_at")}
union all
select 'mail ' || outcome.mail_id from monitoring_noticemailoutcome outcome
join monitoring_noticemail mail on mail.id = outcome.mail_id
where outcome.recorded_at <= mail.recorded_at
"""

INVARIANTS = (
    Invariant("notices_seen", _("A notice was seen by somebody whom it was for"), SEEN),
    Invariant("notices_mailed", _("Mails to a person follow one another, each because of a notice for them"), MAILED),
)
