-- What a backup that begins now holds at least, as one line of JSON: whoever restores it can tell what they have.
select json_build_object(
    'format', 1,
    'taken_at', to_char(clock_timestamp() at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'),
    'postgresql', current_setting('server_version'),
    'major', current_setting('server_version_num')::int / 10000,
    'postgis', (select extversion from pg_extension where extname = 'postgis'),
    'wal_position', pg_current_wal_lsn(),
    'database_bytes', pg_database_size(current_database()),
    'migrations', (
        select json_object_agg(app, name order by app)
        from (select distinct on (app) app, name from django_migrations order by app, id desc) last),
    'truces', (
        select coalesce(json_agg(json_build_object('truce', agreement.code, 'file_sha256', version.file_sha256)
                                 order by agreement.code), '[]')
        from monitoring_mechanismversion version join monitoring_agreement agreement on agreement.id = version.agreement_id
        where version.superseded_at is null),
    'last_release', (
        select to_char(max(released_at) at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') from reports_closing),
    'counts', json_build_object(
        'incident_reports', (select count(*) from violations_incidentreport),
        'findings', (select count(*) from violations_finding),
        'daily_returns', (select count(*) from violations_dailyreturn),
        'closings_released', (select count(*) from reports_closing where released_at is not null),
        'files', (select count(*) from reports_rendition),
        'audit_entries', (select count(*) from monitoring_auditentry),
        'sealed', (select count(*) from violations_sealedsource) + (select count(*) from violations_waitingcorrection)
                  + (select count(*) from mfa_authenticator))
);
