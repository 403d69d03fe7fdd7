"""Of what moderators do: lanes, grades, the queue's register, what they ask and are told, many decisions at once."""

from __future__ import annotations

from tests.record.breaking import broken_by

OF_MODERATION = (
    # Grades
    broken_by(
        "graded_by_moderators",
        "update violations_grade set by_id = {monitor_south}",
        also=("decisions_audited",),
    ),
    # The docket
    broken_by(
        "docket_as_the_record",
        """update violations_docket set gravity = 2 - gravity where gravity <> 1 and superseded_at is null""",
    ),
    broken_by(
        "docket_as_the_record",
        """update violations_docket set asked_by_id = (select min(id) from monitoring_user)
           where asked_by_id is null and superseded_at is null""",
    ),
    broken_by("docket_as_the_record", "delete from violations_docket where superseded_at is null"),
    # Casualties by source
    broken_by("casualties_add_up", "update violations_verifiedcasualties set at_least = 1 where finding_id = {agreed}"),
    broken_by("casualties_add_up", "update violations_finding set killed_verified = null where id = {agreed}"),
    broken_by("casualties_have_sources", "delete from violations_casualtysource"),
    broken_by(
        "casualties_have_sources",
        "update violations_casualtysource set report_id = {late} where report_id is not null",
    ),
    broken_by("guards", "drop trigger ledger_part on violations_casualtysource"),
    # Lanes
    broken_by(
        "lanes_by_moderators",
        "update monitoring_accreditation set role = 'auditor' where user_id = {moderator_north_2}",
        also=("graded_by_moderators", "shift_by_moderators"),
    ),
    broken_by("lanes_followed", "delete from violations_lanemove where not in_force"),
    broken_by(
        "lanes_followed",
        """update violations_lanemove set superseded_at = superseded_at + interval '1 microsecond'
        where not in_force""",
    ),
    # Statements, requests, measures
    broken_by("replies_hidden", "alter table violations_guarantorstatement disable row level security"),
    broken_by("replies_hidden", "alter table violations_requestanswer no force row level security"),
    broken_by("replies_hidden", "create policy for_all on violations_informationrequest for select using (true)"),
    broken_by(
        "replies_follow",
        """update violations_guarantorstatement set superseded_at = superseded_at + interval '1 microsecond'
        where superseded_at is not null""",
    ),
    broken_by("replies_follow", "update violations_requestanswer set superseded_at = clock_timestamp()"),
    broken_by(
        "replies_follow",
        """update violations_guarantorstatement set about = 'period:2025-03:7'
        where id = (select min(id) from violations_guarantorstatement)""",
    ),
    broken_by(
        "replies_follow",
        """insert into violations_requesttelling (recorded_at, request_id, by_id)
        values (clock_timestamp(), {unanswered}, {guarantor_birch})""",
        also=("replies_audited",),
    ),
    broken_by(
        "said_by_whom_they_are_of",
        "update monitoring_accreditation set role = 'auditor' where user_id = {guarantor_birch}",
    ),
    broken_by(
        "said_by_whom_they_are_of",
        "update violations_informationrequest set by_id = {operator} where id = {unanswered}",
        also=("replies_audited",),
    ),
    *(
        broken_by("replies_audited", f"delete from monitoring_auditentry where action = '{action}'")
        for action in (
            "statement.file",
            "statement.take_down",
            "statement.tell",
            "request.ask",
            "request.remind",
            "request.answer",
            "request.tell",
            "request.withdraw",
            "measure.record",
            "measure.follow_up",
        )
    ),
    # Decisions on many at once
    broken_by(
        "bulk_as_begun",
        "update violations_bulkjob set by_id = {operator} where id = {bulk_second}",
        also=("bulk_done_was_done",),
    ),
    broken_by(
        "bulk_as_begun",
        "delete from monitoring_auditentry where action = 'bulk.begin'",
    ),
    broken_by(
        "bulk_as_begun",
        """insert into violations_bulkrow (job_id, number, report_id, seen)
        select job_id, 99, report_id, seen from violations_bulkrow where job_id = {bulk} limit 1""",
    ),
    broken_by(
        "bulk_done_was_done",
        """update violations_bulkoutcome set outcome = 'done', code = '' where outcome = 'refused'""",
    ),
    broken_by(
        "bulk_done_was_done",
        """update violations_bulkrow set finding_id = {first_proposal} where job_id = {bulk_second}""",
    ),
    broken_by("bulk_in_turn", "update violations_bulkturn set until = recorded_at where job_id = {bulk_second}"),
    broken_by("bulk_in_turn", "delete from violations_bulkturn where job_id = {bulk_second}"),
    # Sittings
    broken_by(
        "determined_by_a_sitting",
        "update violations_finding set standing = 'determined' where id = {agreed}",
    ),
    broken_by(
        "determined_by_a_sitting",
        """update violations_sittingoutcome set recorded_at = recorded_at + interval '1 microsecond'
        where id = {outcome}""",
        also=("sittings_followed", "sittings_audited"),
    ),
    broken_by(
        "determined_stays",
        "update violations_finding set superseded_at = clock_timestamp() where id = {determined}",
        """insert into violations_finding
        select (jsonb_populate_record(row, jsonb_build_object(
            'id', 900001, 'public_id', gen_random_uuid(), 'standing', 'preliminary', 'superseded_at', null,
            'recorded_at', row.superseded_at))).*
        from violations_finding row where id = {determined}""",
        also=("agreed_was_proposed",),
    ),
    broken_by("sittings_of_the_body", "update violations_sitting set body = 'Another body' where id = {sitting}"),
    broken_by("sittings_followed", "update violations_agendaitem set superseded_at = null where id = {item_off}"),
    broken_by("sittings_followed", "delete from violations_agendaremoval where id = {removal}"),
    broken_by(
        "sittings_followed",
        """update violations_sittingoutcome set superseded_at = superseded_at + interval '1 microsecond'
        where item_id = (select item_id from violations_sittingoutcome where id = {referred})
          and superseded_at is not null""",
        also=("sittings_audited",),
    ),
    broken_by(
        "sittings_followed",
        """update violations_sittingminutes set superseded_at = superseded_at + interval '1 microsecond'
        where superseded_at is not null""",
    ),
    broken_by(
        "sittings_by_moderators",
        "update violations_sittingminutes set by_id = {operator} where id = {minutes}",
        also=("sittings_audited",),
    ),
    *(
        broken_by("sittings_audited", f"delete from monitoring_auditentry where action = 'sitting.{action}'")
        for action in ("call", "put_on", "take_off", "record_outcome", "confirm", "minute")
    ),
    # The shift
    broken_by(
        "shift_by_moderators",
        "update violations_shiftnote set by_id = {operator} where id = {note}",
        also=("shift_audited",),
    ),
    broken_by(
        "claims_bounded",
        """insert into violations_claim (recorded_at, superseded_at, incident_id, agreement_id, by_id, side_id, lasts)
        select recorded_at, recorded_at + interval '1 second', incident_id, agreement_id, by_id, side_id, lasts
        from violations_claim, generate_series(1, 3) where id = {claim}""",
    ),
    broken_by("shift_audited", "update violations_savedfilter set owner_id = {moderator_south} where id = {saved}"),
)
