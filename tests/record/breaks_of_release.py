"""Of what two people release or choose: comments on drafts, approvals, corrigenda and addenda, page 1."""

from __future__ import annotations

from tests.record.breaking import broken_by

OF_RELEASE = (
    broken_by("released_by_two", "update reports_releaseapproval set by_id = {operator} where id = {approval}"),
    broken_by(
        "released_by_two",
        "update reports_releaseapproval set superseded_at = clock_timestamp() where by_id = {moderator_south}",
    ),
    broken_by("released_by_two", "update reports_supplement set seconded_by_id = {operator} where id = {sheet}"),
    broken_by("sheets_whole", "delete from reports_supplementfile where supplement_id = {sheet} and format = 'pdf'"),
    broken_by(
        "sheets_whole",
        "update reports_supplementfile set format = 'csv' where supplement_id = {sheet} and format = 'json'",
    ),
    broken_by(
        "sheets_whole",
        "update reports_supplementfile set recorded_at = recorded_at - interval '1 day' where supplement_id = {sheet}",
    ),
    broken_by(  # a later report lists it
        "sheets_whole",
        "update reports_supplement set number = 2 where id = {sheet}",
        also=("releases_known", "closings_recompute"),
    ),
    broken_by(
        "releases_known",
        "delete from reports_supplementfile where supplement_id = {sheet}",
        "delete from reports_supplement where id = {sheet}",
        also=("closings_recompute",),
    ),
    broken_by("comments_in_time", "update reports_draftcomment set words = repeat('word ', 41) where id = {comment}"),
    broken_by(
        "unreleased_hidden",
        "alter table reports_draftcomment disable row level security",
    ),
    broken_by("unreleased_hidden", "alter table reports_supplement disable row level security"),
    broken_by("unreleased_hidden", "alter table reports_supplementfile no force row level security"),
    broken_by("choices_by_two", "update reports_choice set words = 'Otherwise.' where id = {choice}"),
    broken_by(
        "choices_by_two",
        "update reports_choice set superseded_at = superseded_at + interval '1 microsecond' "
        "where id = (select proposal_id from reports_choice where id = {choice})",
    ),
    broken_by(
        "choices_by_two",
        "update reports_choice set agreed_by_id = {operator} where id = {choice}",
        also=("choices_audited",),
    ),
    broken_by("choices_hidden", "alter table reports_choice disable row level security"),
    broken_by("choices_audited", "delete from monitoring_auditentry where action = 'choice.propose'"),
    broken_by("choices_audited", "delete from monitoring_auditentry where action = 'choice.agree'"),
    broken_by("choices_audited", "delete from monitoring_auditentry where action = 'choice.withdraw'"),
    broken_by(
        "closings_recompute",
        "update reports_supplementfile set sha256 = repeat('0', 64) where supplement_id = {sheet}",
    ),
)
