"""A way to break each invariant of the record, as tests.record.breaking says; what moderators do stands by itself."""

from __future__ import annotations

from tests.record.breaking import OTHER, a_second, broken_by
from tests.record.breaks_of_moderation import OF_MODERATION
from tests.record.breaks_of_notices import OF_NOTICES
from tests.record.breaks_of_release import OF_RELEASE
from tests.record.breaks_of_restorations import OF_RESTORATIONS

BREAKS = (
    # What keeps the record
    broken_by("constraints", "drop index violations_chain_in_one_incident"),
    broken_by("constraints", "alter table violations_finding drop constraint violations_two_persons"),
    broken_by("constraints", "alter table violations_incident drop constraint violations_incident_public_id_key"),
    broken_by(
        "constraints",
        "alter table violations_dissent drop constraint {dissent_reference}",
    ),
    broken_by("constraints", "alter table violations_dissent disable trigger all", also=("guards",)),
    broken_by("guards", "alter table violations_finding disable trigger ledger_update"),
    broken_by("guards", "drop trigger ledger_part on violations_findingparty"),
    broken_by("guards", "grant delete on violations_incident to ceasefire_app"),
    broken_by("guards", "grant update (grounds) on violations_finding to ceasefire_app"),
    broken_by("references", "update violations_dissent set side_id = 900001"),
    broken_by(
        "stamps",
        """update monitoring_auditentry set recorded_at = recorded_at + interval '1 hour'
        where action = 'finding.dissent'""",
    ),
    broken_by(
        "stamps",
        "alter table monitoring_accreditation drop constraint monitoring_accreditation_superseded_after_recorded",
        "update monitoring_accreditation set superseded_at = recorded_at where role = 'auditor' or role = 'operator'",
        also=("constraints",),
    ),
    broken_by(
        "one_agreement",
        f"""update monitoring_accreditation
        set sent_by_guarantor_id = (select id from monitoring_guarantorstate where agreement_id = {OTHER} limit 1)
        where user_id = {{guarantor_cedar}}""",
        also=("notices_seen",),
    ),
    # The mechanism
    broken_by("versions_follow", f"update monitoring_mechanismversion set number = 2 where agreement_id = {OTHER}"),
    broken_by(
        "versions_follow",
        f"update monitoring_mechanismversion set superseded_at = clock_timestamp() where agreement_id = {OTHER}",
    ),
    broken_by(
        "boundary_sets_follow",
        """insert into monitoring_boundaryset (agreement_id, level, source, licence, file_sha256, mended, recorded_at,
            superseded_at)
        select agreement_id, 'governorate', '', '', '', '[]', recorded_at, recorded_at + interval '1 microsecond'
        from monitoring_boundaryset""",
    ),
    broken_by(
        "shapes_in_pieces",
        """delete from monitoring_areapiece where area_id = (
            select area_id from monitoring_areashape where not st_intersects(
                boundary, st_makeenvelope(-123.6, -48.9, -123.1, -48.7, 4326)) order by id limit 1)""",
    ),
    broken_by(
        "one_sender",
        "alter table monitoring_accreditation drop constraint monitoring_accreditation_one_sender",
        """update monitoring_accreditation set sent_by_party_id = (
            select party.id from monitoring_party party where party.agreement_id = {exercise} limit 1)
        where user_id = {guarantor_cedar}""",
        also=("constraints",),
    ),
    # Reports
    broken_by("revisions", "update violations_incidentreport set revision = 3 where id = {late_correction}"),
    broken_by(
        "revisions",
        """update violations_incidentreport set recorded_at = recorded_at - interval '1 hour'
        where id = {late_correction}""",
        also=("superseded_by_the_next", "review_moves", "sealed_one_each"),
    ),
    broken_by("superseded_by_the_next", "delete from violations_reviewstep where state = 'superseded'"),
    broken_by(
        "review_moves",
        "update violations_reviewstep set state = 'returned' where report_id = {late}",
        also=("docket_as_the_record",),
    ),
    broken_by("review_moves", "delete from violations_reviewstep where report_id = {late}"),
    broken_by("in_one_incident", "delete from violations_reviewstep where state = 'withdrawn'"),
    broken_by(
        "waiting_for_two",
        """insert into violations_reviewstep (recorded_at, chain, report_id, state, grounds)
        select clock_timestamp(), chain, id, 'withdrawn', '' from violations_incidentreport where id = {late}""",
    ),
    broken_by(
        "links_follow",
        """update violations_reportlink set superseded_at = superseded_at + interval '1 microsecond'
        where report_id = {late_corrected}""",
    ),
    broken_by(
        "incidents_opened",
        "update violations_incident set recorded_at = recorded_at - interval '1 second' where id = {late_incident}",
    ),
    # Assessments
    broken_by(
        "assessed_while_told_of",
        "delete from violations_assessment where incident_id = {late_incident}",
        also=("docket_as_the_record",),
    ),
    broken_by(
        "assessed_while_told_of",
        "drop index violations_one_open_assessment",
        a_second("violations_assessment", "late_assessment", recorded_at="recorded_at + interval '1 microsecond'"),
        also=("constraints", "one_column"),
    ),
    broken_by(
        "led_by_a_report",
        "update violations_assessment set lead_report_id = {late} where superseded_at is not null",
    ),
    broken_by(
        "assessed_within_the_agreement",
        f"""update violations_assessment set areas = areas || (
            select min(id) from monitoring_area where agreement_id = {OTHER})
        where superseded_at is not null""",
    ),
    broken_by("assessed_as_now", "update violations_assessment set killed_high = 77 where id = {late_assessment}"),
    # Findings
    broken_by(
        "one_finding_at_a_time",
        """update violations_finding set superseded_at = (
            select superseded_at from violations_finding where id = {second_proposal}) where id = {first_proposal}""",
    ),
    broken_by(
        "findings_followed",
        """update violations_finding set superseded_at = superseded_at - interval '1 microsecond'
        where id = {first_proposal}""",
    ),
    broken_by(
        "agreed_by_two",
        "alter table violations_finding drop constraint violations_two_sides",
        "update violations_finding set seconded_side_id = proposed_side_id where id = {agreed}",
        also=("constraints",),
    ),
    broken_by(
        "agreed_by_two",
        "alter table violations_finding drop constraint violations_two_persons",
        "update violations_finding set seconded_by_id = proposed_by_id where id = {agreed}",
        also=("constraints", "decisions_audited"),
    ),
    broken_by(
        "agreed_was_proposed", "update violations_finding set proposed_by_id = {moderator_north_2} where id = {agreed}"
    ),
    broken_by(
        "found_by_moderators",
        "update monitoring_accreditation set role = 'auditor' where user_id = {moderator_independent}",
        also=("said_by_whom_they_are_of",),
    ),
    broken_by(
        "second_by_the_file",
        "update violations_finding set second_by = second_by + interval '1 day' where id = {third_proposal}",
    ),
    broken_by("axes_together", "delete from violations_findingparty where finding_id = {agreed}"),
    broken_by("axes_together", "update violations_finding set killed_verified = 1 where id = {third_proposal}"),
    broken_by(
        "borne_out",
        """with told as (update violations_finding set killed_verified = 4 where id = {agreed})
        update violations_verifiedcasualties set at_least = 4 where finding_id = {agreed}""",
    ),
    broken_by(
        "nobody_on_their_own",
        "update violations_sealedsource set filer_tag = '{tag_of_moderator_north}' where report_id = {late_found}",
    ),
    broken_by(
        "moved_by_two",
        """update violations_finding proposal
        set recorded_at = told.at, second_by = told.at + (proposal.second_by - proposal.recorded_at)
        from (select recorded_at + interval '1 microsecond' as at from violations_incidentreport
              where id = {late_corrected}) told
        where proposal.id = {first_proposal}""",
        """update violations_finding set second_by = (
            select second_by from violations_finding where id = {first_proposal})
        where id in ({second_proposal}, {third_proposal})""",
        also=("cases_as_the_record",),
    ),
    # Cases
    broken_by(
        "cases_as_the_record",
        """update violations_case set opened_at = opened_at - interval '1 second'
        where id = (select min(id) from violations_case)""",
    ),
    broken_by(
        "cases_as_the_record",
        """delete from violations_case
        where id = (select min(id) from violations_case where superseded_at is not null)""",
    ),
    # Returns
    broken_by("returns_follow", "update violations_dailyreturn set variant = 2 where id = {returned}"),
    broken_by(
        "returns_add_up", "update violations_returnline set count = count + 1 where daily_return_id = {returned}"
    ),
    # Lists of cases
    broken_by("drafts_hidden", "alter table violations_caselist no force row level security"),
    broken_by("drafts_hidden", "alter table violations_caselist disable row level security"),
    broken_by(
        "drafts_hidden",
        "create policy list_for_all on violations_caselistrow for select using (true)",
        also=("references",),
    ),
    broken_by("one_list_told", "update violations_caselist set superseded_at = null where superseded_at is not null"),
    # Sealed sources
    broken_by("sealed_one_each", "delete from violations_sealedsource where report_id = {late}"),
    broken_by(
        "sealed_one_each",
        """update violations_incidentreport set source = 'gazette', external_id = '7' where id = {late}""",
        also=("entries_audited",),
    ),
    broken_by(
        "sealed_as_ciphertext",
        "update violations_sealedsource set sealed = convert_to('{{\"account\": 7}}', 'utf8') where report_id = {late}",
    ),
    broken_by(
        "sealed_as_ciphertext",
        "update violations_sealedsource set sealed = substr(sealed, 1, 200) where report_id = {late}",
    ),
    broken_by(
        "sealed_as_ciphertext",
        "update violations_waitingcorrection set sealed = substr(sealed, 1, 200)",
    ),
    broken_by("waiting_or_placed", "update violations_waitingcorrection set superseded_at = clock_timestamp()"),
    broken_by(
        "waiting_or_placed",
        """update violations_waitingcorrection kept set receipt = report.receipt
        from violations_incidentreport report where report.id = {late}""",
    ),
    broken_by("sealed_hidden", "alter table violations_waitingcorrection disable row level security"),
    broken_by("sealed_hidden", "alter table violations_sealedsource disable row level security"),
    broken_by("sealed_hidden", "alter table violations_sealedsource no force row level security"),
    broken_by("sealed_hidden", "create policy sealed_for_all on violations_sealedsource for select using (true)"),
    broken_by(
        "sealed_nowhere_else",
        """update violations_incidentreport report set narrative = 'Told: ' || encode(sealed.sealed, 'escape')
        from violations_sealedsource sealed where sealed.report_id = report.id and report.id = {late}""",
    ),
    broken_by(
        "sealed_nowhere_else",
        """update monitoring_auditentry set object_id = (select min(filer_tag) from violations_sealedsource)
        where action = 'accreditation.give'""",
    ),
    # What two people agreed to
    broken_by("redacted_is_gone", "update violations_incidentreport set narrative = 'Told.' where id = {redacted}"),
    broken_by(
        "redacted_is_gone",
        """update violations_incidentreport set sighting = '{{"observer": {{"as_written": "At the mill"}}}}'
        where id = {redacted}""",
    ),
    broken_by("redacted_is_gone", "update violations_filerquestion set question = 'Who?' where report_id = {redacted}"),
    broken_by(
        "redacted_is_gone",
        """update violations_fileranswer set answer = 'Told.'
        where question_id in (select id from violations_filerquestion where report_id = {redacted})""",
    ),
    broken_by("redacted_is_gone", "update violations_reviewstep set grounds = 'Told.' where report_id = {redacted}"),
    broken_by("redacted_is_gone", "update violations_reportlink set grounds = 'Told.' where report_id = {redacted}"),
    broken_by("openings_audited", "delete from monitoring_auditentry where action = 'source.reveal'"),
    broken_by("openings_audited", "delete from violations_sourceopening"),
    broken_by("erasing_audited", "delete from monitoring_auditentry where action = 'redaction.second'"),
    broken_by("erasing_audited", "delete from monitoring_auditentry where action = 'keys.propose'"),
    broken_by("erasing_audited", "delete from monitoring_auditentry where action = 'keys.finish'"),
    # What duty officers checked
    broken_by(
        "checked_by_duty_officers",
        "update monitoring_accreditation set role = 'auditor' where user_id = {duty_officer}",
    ),
    broken_by(
        "checked_by_duty_officers",
        """update monitoring_accreditation held set team_id = (
            select id from monitoring_team where code = 'team-birch' and agreement_id = held.agreement_id)
        where user_id = {duty_officer}""",
    ),
    broken_by("checks_audited", "delete from monitoring_auditentry where action = 'duty.check'"),
    broken_by("checks_audited", "delete from monitoring_auditentry where action = 'duty.ask'"),
    broken_by(
        "nobody_on_their_own",
        "update violations_dutycheck set by_id = {monitor_independent} where report_id = {told_in_entries}",
        also=("checked_by_duty_officers", "checks_audited"),
    ),
    # The audit
    broken_by(
        "decisions_audited",
        "delete from monitoring_auditentry where action = 'finding.second'",
        also=("bulk_done_was_done",),
    ),
    broken_by("decisions_audited", "delete from monitoring_auditentry where action = 'finding.propose'"),
    broken_by("decisions_audited", "delete from monitoring_auditentry where action = 'finding.dissent'"),
    broken_by("decisions_audited", "delete from monitoring_auditentry where action = 'report.grade'"),
    broken_by("decisions_audited", "delete from monitoring_auditentry where action = 'lane.move'"),
    broken_by("decisions_audited", "delete from monitoring_auditentry where action = 'lane.second'"),
    broken_by(
        "decisions_audited",
        "delete from monitoring_auditentry where action = 'review.take'",
        also=("bulk_done_was_done",),
    ),
    broken_by("decisions_audited", "delete from monitoring_auditentry where action = 'report.take_back'"),
    broken_by(
        "notes_end_as_taken_back",
        """update violations_notetakenback
        set link_id = (select max(id) from violations_reportlink where kind <> 'related' and superseded_at is null)""",
        also=("decisions_audited",),
    ),
    broken_by(
        "notes_end_as_taken_back", "update violations_reportlink set superseded_at = null where kind = 'related'"
    ),
    broken_by("decisions_audited", "delete from monitoring_auditentry where action = 'report.link'"),
    broken_by("decisions_audited", "delete from monitoring_auditentry where action = 'review.ask'"),
    broken_by("decisions_audited", "delete from monitoring_auditentry where action = 'returns.acknowledge'"),
    broken_by("decisions_audited", "delete from monitoring_auditentry where action = 'case_list.tell'"),
    broken_by("entries_audited", "delete from monitoring_auditentry where action = 'returns.record'"),
    broken_by("entries_audited", "delete from monitoring_auditentry where action = 'mechanism.record'"),
    # The count
    broken_by(
        "one_column",
        "drop index violations_one_agreed_finding",
        a_second("violations_finding", "agreed", public_id="gen_random_uuid()"),
        also=("constraints", "one_finding_at_a_time", "axes_together"),
    ),
    broken_by(
        "columns_add_up",
        """update reports_commoncontent
        set content = jsonb_set(content::jsonb, '{{sections,incidents,total,registered}}', '99')
        where closing_id = {closing}""",
        also=("closings_recompute",),
    ),
    broken_by(
        "columns_add_up",
        """update reports_commoncontent
        set content = jsonb_set(content::jsonb, '{{sections,incidents,total,columns,pending}}', '99')
        where closing_id = {closing}""",
        also=("closings_recompute",),
    ),
    # Closings
    broken_by(
        "closings_numbered",
        "update reports_closing set number = 2 where id = {closing}",
        also=("releases_known",),
    ),
    broken_by(
        "closings_in_order",
        "update reports_closing set cutoff_at = computed_at + interval '1 microsecond' where id = {closing}",
    ),
    broken_by(
        "leases",
        """update reports_closing
        set lease_holder = gen_random_uuid(), lease_until = clock_timestamp() + interval '1 min'
        where id = {closing}""",
    ),
    broken_by(
        "leases",
        """update reports_closing
        set lease_holder = gen_random_uuid(), lease_until = clock_timestamp() - interval '5 min'
        where id = {requested}""",
    ),
    broken_by(
        "released_whole",
        """delete from reports_rendition where id = (
            select max(file.id) from reports_rendition file join reports_edition edition on edition.id = file.edition_id
            where edition.closing_id = {closing})""",
    ),
    broken_by(
        "released_whole",
        "update reports_edition set released_at = released_at + interval '1 microsecond' where closing_id = {closing}",
    ),
    broken_by(
        "closings_in_order",
        "update reports_commoncontent set recorded_at = recorded_at - interval '1 hour' where closing_id = {closing}",
    ),
    broken_by("unreleased_hidden", "alter table reports_commoncontent no force row level security"),
    broken_by("unreleased_hidden", "alter table reports_edition disable row level security"),
    broken_by("unreleased_hidden", "alter table reports_rendition no force row level security"),
    broken_by("closings_audited", "delete from monitoring_auditentry where action = 'closing.release'"),
    broken_by("closings_audited", "delete from monitoring_auditentry where action = 'closing.request'"),
    broken_by(
        "closings_recompute",
        """update reports_edition set content = jsonb_set(content::jsonb, '{{concerns}}', '{{}}')
        where closing_id = {closing}""",
    ),
    *OF_MODERATION,
    *OF_NOTICES,
    *OF_RESTORATIONS,
    *OF_RELEASE,
)
