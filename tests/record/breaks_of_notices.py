"""Of notices and mails."""

from __future__ import annotations

from tests.record.breaking import broken_by

OF_NOTICES = (
    broken_by("notices_seen", "update monitoring_noticeseen set user_id = {operator} where notice_id = {notice}"),
    broken_by("notices_mailed", "update monitoring_noticemail set number = 9 where user_id = {moderator_north}"),
    broken_by(  # by one whom another guarantor sent
        "notices_seen",
        "update monitoring_noticeseen set user_id = {guarantor_alder} where user_id = {guarantor_cedar}",
    ),
    broken_by(
        "notices_mailed",
        "update monitoring_noticemail set user_id = {guarantor_birch} where user_id = {moderator_south}",
    ),
)
