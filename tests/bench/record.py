"""A record of invented incidents at any size: some thousands drawn and assessed by the service, then copied in time.

The pattern is PATTERN incidents of one month. Parties, acts, objects, weapons, places known finely and coarsely, and
casualties are drawn with a fixed seed; the product's own statement assesses them; most of what was seen is found upon.
A copy is the same incident at another time, so that a million are made in minutes and every figure stays explicable.

A mechanism's history is not pending for ever: of what lies before the month one case in a hundred incidents is still
open (OPEN_IN_A_HUNDRED), and OPEN_AT_MOST in all, for what people leave open grows with what they can do in a month,
not with what they did in years. What else was not decided in the pattern is there as it was filed, never taken up.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg

from monitoring import ledger
from tests.bench import databases
from violations import assessment, docket
from violations.integrity import cases

PATTERN = 5_000
MONTH = "2025-03"
# The month of the simulated truce in UTC: its zone is eight hours behind, all year.
FROM, UNTIL = "2025-03-01 08:00+00", "2025-04-01 08:00+00"
OPEN_IN_A_HUNDRED = 1  # of the history's incidents, how many are cases still open
OPEN_AT_MOST = 10_000
STRIDE = 100_000  # between the numbers of an original's rows and those of its copies: more than a pattern has of any

# What is drawn of each, once: random() stands in one place, and everything else follows from it.
DRAWN = """
create table drawn as
select n, gen_random_uuid() as chain, random() as by_width, random() as by_place, random() as by_act,
       random() as by_object, random() as by_weapon, random() as by_means, random() as by_harm, random() as by_alleged,
       random() as by_target, random() as by_team, random() as by_finding, random() as by_conduct,
       random() as longitude, random() as latitude,
       timestamptz '{from}' + random() * (timestamptz '{until}' - timestamptz '{from}') as at
from generate_series(1, {pattern}) n
"""

REPORTS = """
insert into violations_incidentreport (
    id, recorded_at, public_id, chain, revision, agreement_id, team_id, source, external_id, occurred_from,
    occurred_until, time_precision, point, place_precision, place_as_written, act, objects_hit, weapon_family,
    weapon_assessed, means, count_qualifier, count_unit, casualties, narrative, narrative_language, consent, noticed,
    content_sha256)
select n, clock_timestamp(), gen_random_uuid(), chain, 1, truce.id, team.id, '', '', date_trunc('minute', at),
       date_trunc('minute', at) + case when by_width < 0.7 then interval '1 minute' when by_width < 0.85 then
           interval '1 hour' when by_width < 0.97 then interval '1 day' else interval '4 days' end,
       case when by_width < 0.7 then 'minute' when by_width < 0.85 then 'hour' when by_width < 0.97 then 'day'
            else 'days_2_6' end,
       case when by_place < 0.97 then
           st_setsrid(st_makepoint(-124.05 + 1.6 * longitude, -49.55 + 1.1 * latitude), 4326) end,
       case when by_place < 0.2 then 'exact' when by_place < 0.5 then 'vicinity' when by_place < 0.85 then 'locality'
            when by_place < 0.97 then 'surroundings' else 'country' end,
       'place ' || n % 400,
       (array['direct_fire', 'direct_fire', 'direct_fire', 'indirect_fire', 'indirect_fire', 'indirect_fire',
              'air_strike', 'uav_attack', 'device', 'reinforcement', 'fortification', 'uav_overflight', 'flare',
              'looting', 'aid_obstructed', 'monitors_obstructed'])[1 + floor(by_act * 16)::int],
       case when by_object < 0.5 then '{{}}' when by_object < 0.7 then '{{residential}}'
            when by_object < 0.8 then '{{military_position,open_ground}}' when by_object < 0.9 then '{{market}}'
            when by_object < 0.95 then '{{residential,school}}' else '{{open_ground}}' end::varchar[],
       (array['', '', 'small_arms', 'small_arms', 'mortar', 'mortar', 'artillery', 'heavy_machine_gun',
              'uav'])[1 + floor(by_weapon * 9)::int],
       false,
       case when by_means < 0.4 then 'heard' when by_means < 0.7 then 'saw' when by_means < 0.9 then 'saw_and_heard'
            else 'crater_analysis' end,
       '', '',
       case when by_harm < 0.9 then '{{}}'
            when by_harm < 0.95 then '{{"killed": {{"civilian": {{"low": 1, "high": 3}}}}}}'
            else '{{"injured": {{"unknown": {{"low": 2}}}}}}' end::jsonb,
       'Rounds were counted from the post and written down in the order in which they were heard.', 'en', '', '{{}}',
       repeat('0', 64)
from drawn
cross join (select id from monitoring_agreement where code = 'exercise') truce
left join monitoring_team team on team.code = (array['team-alder', 'team-birch', 'team-joint', 'team-independent'])
    [1 + floor(by_team * 4)::int]
"""

# One is alleged of most, a second of some; names that nobody knows stay as written.
PARTIES = """
insert into violations_reportparty (report_id, role, as_written, party_id, composite)
select named.n, named.role, coalesce(named.code, 'men in a truck'), party.id, ''
from (
    select n, 'alleged' as role, codes[1 + floor(by_alleged * 1.25 * cardinality(codes))::int] as code,
           by_alleged < 0.85 as so
    from drawn, party_codes
    union all
    select n, 'target', codes[1 + floor(by_target * 2 * cardinality(codes))::int], by_target < 0.5
    from drawn, party_codes
    union all
    select n, 'involved', codes[1 + floor((by_target - 0.5) * 4 * cardinality(codes))::int],
           by_target between 0.5 and 0.6
    from drawn, party_codes
) named
left join monitoring_party party on party.code = named.code
where named.so
"""
PARTY_CODES = """
create table party_codes as
select array['north-army', 'north-army', 'south-guard', 'south-guard', 'harbour-brigade', 'alder-forces',
             'cedar-forces', 'black-gull', 'hill-clans', 'coast-watch', 'river-company', 'unknown-armed-men'] as codes
"""

INCIDENTS = """
insert into violations_incident (id, recorded_at, public_id, agreement_id)
select report.id, report.recorded_at, gen_random_uuid(), report.agreement_id from violations_incidentreport report;
insert into violations_reportlink (id, recorded_at, report_id, chain, incident_id, kind, grounds)
select report.id, report.recorded_at, report.id, report.chain, report.id, 'same_event', ''
from violations_incidentreport report
"""

# How far each came: what was only heard is accepted and not adjudicated; of the rest most is agreed upon, some is
# proposed, some asked about, some nobody has read yet.
STEPS = """
create table came as
select n, case when by_means < 0.4 and by_harm < 0.9 then case when by_finding < 0.97 then 'accepted' else 'filed' end
               when by_finding < 0.86 then 'agreed' when by_finding < 0.92 then 'proposed'
               when by_finding < 0.94 then 'late' when by_finding < 0.96 then 'asked' else 'filed' end as so,
       by_conduct, by_alleged, by_object from drawn;
insert into violations_reviewstep (recorded_at, chain, report_id, state, by_id, grounds)
select report.recorded_at + step.turn * interval '1 microsecond', report.chain, report.id, step.state,
       case when step.turn > 0 then moderator.id end, ''
from violations_incidentreport report
join came on came.n = report.id
join (values (0, 'submitted', array['filed', 'accepted', 'agreed', 'proposed', 'late', 'asked']),
             (1, 'under_review', array['accepted', 'agreed', 'proposed', 'late', 'asked']),
             (2, 'awaiting_reply', array['asked']),
             (2, 'linked', array['accepted', 'agreed'])) step (turn, state, whose) on came.so = any(step.whose)
cross join (select id from monitoring_user where username = 'moderator-north') moderator
order by report.id, step.turn
"""

FINDINGS = """
insert into violations_finding (
    recorded_at, public_id, incident_id, agreement_id, standing, effect, effect_kind, verification, conduct, scope,
    attribution, confidence, basis, intent, sequence, killed_verified, injured_verified, grounds, changed,
    proposed_by_id, proposed_side_id, seconded_by_id, seconded_side_id, second_by)
select clock_timestamp(), gen_random_uuid(), assessed.incident_id, assessed.agreement_id,
       case when so = 'agreed' then case when by_object < 0.3 then 'determined' else 'preliminary' end
            else 'proposed' end,
       'finding', '',
       case when by_conduct < 0.75 then 'verified' when by_conduct < 0.9 then 'probable'
            when by_conduct < 0.95 then 'inconclusive' else 'discounted' end,
       case when by_conduct < 0.6 then 'breach' when by_conduct < 0.75 then 'no_breach' else 'undetermined' end,
       case when by_conduct between 0.5 and 0.52 then 'in_scope' else '' end,
       case when by_conduct >= 0.6 then 'not_assessed' when by_alleged < 0.6 then 'attributed'
            when by_alleged < 0.7 then 'contested' else 'not_attributable' end,
       case when by_conduct < 0.6 and by_alleged < 0.6 then 'moderate' else '' end,
       case when by_conduct < 0.6 then '{observed}' else '{}' end::varchar[], '', '',
       assessed.killed_low, assessed.injured_low, 'The crater and the two posts agree.', '{}',
       north.id, north.side_id, case when so = 'agreed' then south.id end,
       case when so = 'agreed' then south.side_id end,
       case when so = 'late' then clock_timestamp()
            when so = 'proposed' then clock_timestamp() + interval '14 days' end
from violations_assessment assessed
join came on came.n = assessed.incident_id and came.so in ('agreed', 'proposed', 'late')
cross join (select person.id, side.id as side_id from monitoring_user person, monitoring_side side
            where username = 'moderator-north' and code = 'north') north
cross join (select person.id, side.id as side_id from monitoring_user person, monitoring_side side
            where username = 'moderator-south' and code = 'south') south
order by assessed.incident_id;

insert into violations_findingparty (finding_id, party_id)
select finding.id, party from violations_finding finding
join violations_assessment assessed using (incident_id)
cross join unnest(assessed.alleged) party
where finding.attribution in ('attributed', 'contested');

insert into violations_findingprovision (finding_id, provision_id)
select distinct finding.id, terms.provision_id from violations_finding finding
join violations_assessment assessed using (incident_id)
join monitoring_provisionterms terms on assessed.act = any(terms.acts) and terms.reading = ''
where finding.conduct = 'breach'
"""

# Cases that were taken up and not decided: what is found inconclusive is open as well.
UNDECIDED = """
create table undecided as
select n from came
where so in ('accepted', 'proposed', 'late', 'asked') or (so = 'agreed' and by_conduct >= 0.9 and by_conduct < 0.95)
"""
# Of them, those that are so in the `k`th copy of the history; each copy keeps others.
STAYS_OPEN = """(
    {n} not in (select n from undecided)
    or ({n} + k) % (select greatest(1, round(count(*) / {open_in_a_copy}))::bigint from undecided) = 0)
"""
# By table what is left out of the history of those that do not stay open: all that people made of them.
MADE_OF_IT = {
    "violations_reviewstep": "row.state = 'submitted' or {open}",
    "violations_finding": "{open}",
    "violations_findingparty": "{open}",
    "violations_findingprovision": "{open}",
    "violations_case": "{open}",
}
INCIDENT_OF = {
    "violations_reviewstep": "row.report_id",
    "violations_finding": "row.incident_id",
    "violations_findingparty": "(select incident_id from violations_finding where id = row.finding_id)",
    "violations_findingprovision": "(select incident_id from violations_finding where id = row.finding_id)",
    "violations_case": "row.incident_id",
}

# What is copied: by table, the columns that name another row of the record and those that must be another's.
COPIED: dict[str, dict[str, str]] = {
    "violations_incidentreport": {
        "id": "{n}",
        "public_id": "gen_random_uuid()",
        "chain": "md5(row.chain::text || k)::uuid",
        "occurred_from": "{at}",
        "occurred_until": "{at} + (row.occurred_until - row.occurred_from)",
    },
    "violations_reportparty": {"id": "{n}", "report_id": "row.report_id + k * {stride}"},
    "violations_incident": {"id": "{n}", "public_id": "gen_random_uuid()"},
    "violations_reportlink": {
        "id": "{n}",
        "report_id": "row.report_id + k * {stride}",
        "incident_id": "row.incident_id + k * {stride}",
        "chain": "md5(row.chain::text || k)::uuid",
    },
    "violations_reviewstep": {
        "id": "{n}",
        "report_id": "row.report_id + k * {stride}",
        "chain": "md5(row.chain::text || k)::uuid",
    },
    "violations_assessment": {
        "id": "{n}",
        "incident_id": "row.incident_id + k * {stride}",
        "lead_report_id": "row.lead_report_id + k * {stride}",
        "occurred_from": "{at}",
        "occurred_until": "{at} + (row.occurred_until - row.occurred_from)",
    },
    "violations_finding": {
        "id": "{n}",
        "public_id": "gen_random_uuid()",
        "incident_id": "row.incident_id + k * {stride}",
    },
    "violations_findingparty": {"id": "{n}", "finding_id": "row.finding_id + k * {stride}"},
    "violations_findingprovision": {"id": "{n}", "finding_id": "row.finding_id + k * {stride}"},
    "violations_case": {"id": "{n}", "incident_id": "row.incident_id + k * {stride}"},
}
TABLES = tuple(COPIED)

# The first into the month before, and no other: what a month is compared with is as large over a long history as over a
# short one. The others half a month earlier each, over fifteen years, round and round; or later within the month.
INTO_HISTORY = """row.occurred_from - interval '31 days' - case when k > {first} then
    interval '31 days' + (k - {first} - 1) % 355 * interval '15 days' else interval '0' end"""
WITHIN_THE_MONTH = (
    f"timestamptz '{FROM}' + make_interval(mins => ((extract(epoch from row.occurred_from - timestamptz '{FROM}')"
    f" / 60)::bigint + k * 223)::int % (31 * 24 * 60))"
)


def make(name: str, *, incidents: int, history: int = 0, pattern: int = PATTERN) -> None:
    """Make the database `name` with so many `incidents` in the month, and so many before it: `history`.

    Both are made of whole patterns: of the first `pattern` drawn, and copies of them.
    """
    databases.create(name)
    with databases.superuser(name) as postgres:
        postgres.execute("select setseed(0.5)")
        postgres.execute(DRAWN.format(pattern=pattern, **{"from": FROM, "until": UNTIL}))
        for statement in (PARTY_CODES, REPORTS.format(), PARTIES, INCIDENTS, STEPS):
            postgres.execute(statement)
        _renumber(postgres)
        postgres.execute("analyze")
    databases.connect(name)
    with ledger.writing() as entry:
        assessment.reassess_selected("select id as incident_id from violations_incident", recorded_at=entry.stamp())
    with databases.superuser(name) as postgres:
        postgres.execute(FINDINGS)
        postgres.execute(cases.FILL)
        postgres.execute(UNDECIDED)
        later, earlier = incidents // pattern - 1, history // pattern
        open_in_a_copy = min(OPEN_IN_A_HUNDRED / 100, OPEN_AT_MOST / max(history, 1)) * pattern
        for table, columns in COPIED.items():
            with _indexed_afterwards(postgres, table):
                _copy(postgres, table, columns, range(1, later + 1), WITHIN_THE_MONTH)
                before = INTO_HISTORY.format(first=later + 1)
                copies = range(later + 1, later + earlier + 1)
                _copy(postgres, table, columns, copies, before, only=_in_history(table, open_in_a_copy))
        postgres.execute(docket.FILL)
        postgres.execute("drop table drawn, party_codes, came, undecided")
        _renumber(postgres)
        postgres.execute("vacuum analyze")
        postgres.execute("checkpoint")


@contextmanager
def _indexed_afterwards(postgres: psycopg.Connection, table: str) -> Iterator[None]:
    """Leave the indexes of `table` alone while its rows are written, and build them then: ten times as quick."""
    postgres.execute(
        "update pg_index set indisready = false, indisvalid = false where indrelid = %s::regclass", [table]
    )
    yield
    postgres.execute("set maintenance_work_mem = '1GB'")
    postgres.execute(f"reindex table {table}")
    postgres.execute(f"analyze {table}")


def _in_history(table: str, open_in_a_copy: float) -> str:
    """SQL: whether a row is copied into the history."""
    if table not in MADE_OF_IT:
        return "true"
    stays = STAYS_OPEN.format(n=INCIDENT_OF[table], open_in_a_copy=open_in_a_copy)
    return MADE_OF_IT[table].format(open=stays)


def _copy(
    postgres: psycopg.Connection, table: str, columns: dict[str, str], copies: range, at: str, *, only: str = "true"
) -> None:
    names = [
        name
        for (name,) in postgres.execute(
            "select column_name from information_schema.columns where table_name = %s order by ordinal_position",
            [table],
        )
    ]
    written = {
        name: columns[name].format(n=f"row.id + k * {STRIDE}", stride=STRIDE, at=f"({at})")
        if name in columns
        else f"row.{name}"
        for name in names
    }
    postgres.execute(
        f"insert into {table} ({', '.join(written)}) select {', '.join(written.values())}"
        f" from generate_series({copies.start}, {copies.stop - 1}) k cross join {table} row"
        f" where row.id <= {STRIDE} and ({only})"
    )


def _renumber(postgres: psycopg.Connection) -> None:
    for table in TABLES:
        postgres.execute(
            f"select setval(pg_get_serial_sequence('{table}', 'id'), coalesce((select max(id) from {table}), 1))"
        )
