"""A report that was never filed before: what must be known is asked in one statement, what it comes to written in one.

Devices that were offline send many at once, so this is the way that is trodden most. It differs from a correction in
that there is nothing to hold beside the mechanism and nothing to close. For `filing`, within its transaction, which
holds the account's filings, the ledger and the mechanism before it looks.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING, Any, TypeVar
from uuid import uuid4
from zoneinfo import ZoneInfo

from django.contrib.gis.db.models import GeometryField
from django.contrib.postgres.fields import ArrayField
from django.db import connection
from django.db.models import JSONField
from django.utils import timezone
from django.utils.translation import gettext as _

from monitoring import ledger, row_context
from monitoring.errors import Forbidden
from monitoring.models import Accreditation, Agreement, Area, Team
from monitoring.prepared import Prepared
from violations import assessment, filers, naming, receipts, report_content, revisions, sealing
from violations.codebook import LinkKind, ReviewState
from violations.models import IncidentReport
from violations.revisions import Filing
from violations.verdicts import Version

if TYPE_CHECKING:
    from django.db.models import Model

    from monitoring.models import Party, User
    from monitoring.row_context import Ask
    from violations.report_content import NamedParty, ReportContent

M = TypeVar("M", bound="Model")
_OF_A_SHAPE = (JSONField, ArrayField, GeometryField)

_LOOK = Prepared(
    "look_before_filing",
    ["bigint", "text", "timestamptz", "text", "text", "text"],
    f"""
    select {ledger.CLOCK}, agreement.id, version.id, version.recorded_at, version.time_zone, area.id, area.level,
           (select jsonb_object_agg(team.code, team.id)
            from monitoring_accreditation held
            join monitoring_team team on team.id = held.team_id
            where held.user_id = $1 and held.agreement_id = agreement.id
              and held.role = '{Accreditation.Role.MONITOR.value}'
              and held.superseded_at is null and held.valid_from <= $3
              and (held.valid_until is null or held.valid_until > $3)),
           exists (select from monitoring_accreditation held
                   where held.user_id = $1 and held.agreement_id = agreement.id
                     and held.role in ({", ".join(f"'{role.value}'" for role in filers.FILERS_FOR_OTHERS)})
                     and held.superseded_at is null and held.valid_from <= $3
                     and (held.valid_until is null or held.valid_until > $3)),
           exists (select from violations_sealedsource where filer_tag = $4 and client_id = $5)
           or exists (
               select from violations_waitingcorrection
               where filer_tag = $4 and (client_id = $5 or (corrects = $5 and superseded_at is null)))
    from monitoring_agreement agreement
    join monitoring_mechanismversion version on version.agreement_id = agreement.id and version.superseded_at is null
    left join monitoring_area area on area.agreement_id = agreement.id and area.code = $6
    where agreement.code = $2
    """,
)


@dataclass(frozen=True)
class Known:
    """What is known before a report is written: the ledger's clock, the mechanism, the teams monitored for, by code.

    `for_others`: whether the filer is a duty officer or a liaison here, be it beside. `named`: whether the account
    filed something under this client id, or something waits that bears or names it.
    """

    recorded_at: datetime
    agreement: Agreement
    version: Version
    zone: ZoneInfo
    area: Area | None
    teams: dict[str, Team]
    for_others: bool
    named: bool


@dataclass(frozen=True)
class Told:
    """What a filer is told of a new report beside its columns: nothing was asked, decided or erased yet."""

    report: IncidentReport
    client_id: str
    position: tuple[float, float] | None
    parties: list[tuple[NamedParty, Party | None]]


def look(code: str, content: ReportContent, *, by: User, client_id: str) -> Ask:
    """The statement that looks, for when the locks are held; `known` reads its row."""
    return _LOOK.ask([by.pk, code, timezone.now(), sealing.tag_of(by), client_id, content.stated_area])


def known(row: Any, code: str, content: ReportContent, *, by: User) -> Known:
    """Return what `look` found. Raises Forbidden where the filer is nobody who files in such a truce now."""
    if row is None or not (row[7] or row[8]) or not by.is_active:
        raise Forbidden(_("Your account is not accredited to file reports in this agreement."), code="not_accredited")
    recorded_at, agreement, version, version_recorded_at, zone, area, level, held, for_others, named = row
    return Known(
        recorded_at=recorded_at,
        agreement=_part_of(Agreement, id=agreement, code=code),
        version=Version(version, version_recorded_at),
        zone=ZoneInfo(zone),
        area=_part_of(Area, id=area, code=content.stated_area, level=level) if area else None,
        teams={code: _part_of(Team, id=team, code=code) for code, team in json.loads(held or "{}").items()},
        for_others=for_others,
        named=named,
    )


def _part_of(model: type[M], **columns: Any) -> M:
    """A row of which so much is known; the rest is read where somebody asks for it."""
    return model.from_db(connection.alias, list(columns), list(columns.values()))


def write(filing: Filing, known: Known) -> Told:
    """Write the report, whose it is (sealed), the parties it names, and an incident of its own, submitted and assessed.

    Return it with what its filer is told beside. Raises Malformed; IntegrityError where another was first under the
    client id, or the receipt drawn is another's.
    """
    content = filing.content
    if known.for_others or content.channel:
        standpoint = filers.standpoint(filing.by, filing.agreement, content)
    else:
        standpoint = filers.Standpoint(team=filers.the_one(known.teams, content.team))
    report_content.check(content, area=known.area, zone=known.zone, now=known.recorded_at)
    report = IncidentReport(
        **revisions.columns(content, recorded_at=known.recorded_at),
        receipt=receipts.draw(),
        agreement=filing.agreement,
        team=standpoint.team,
        told_by=standpoint.party,
        occurred_until=report_content.until(content, known.zone) or content.occurred_from,  # checked: it has an end
        stated_area=known.area,
    )
    names = naming.names_by(known.version.id, known.version.recorded_at)
    parties = names.of(party.name for party in content.parties)
    _write(report, filing, parties, assessment.of_new(report, version=known.version))
    named = [(party, parties.get(party.name)) for party in content.parties]
    return Told(report, filing.client_id, content.position, named)


def _write(report: IncidentReport, filing: Filing, parties: dict[str, Party], assess: Ask) -> None:
    """Write all rows of the report in one statement; with it go the one that assesses them and the commit."""
    named = filing.content.parties
    bearing = [parties.get(party.name) for party in named]
    told = vars(report)
    values = [
        *(field.get_db_prep_save(told[name], connection) if field else told[name] for name, field in _taken()),
        uuid4(),
        sealing.tag_of(filing.by),
        filing.client_id,
        sealing.seal(filing.by, filing.content.source),
        [party.role for party in named],
        [party.name for party in named],
        [party.pk if party else None for party in bearing],
    ]
    with connection.cursor() as cursor:
        statement, filled = _writing().ask(values)
        cursor.execute(row_context.last(f"{statement}; {assess[0]}"), [*filled, *assess[1]])
        report.pk, casualties, sighting = cursor.fetchone()
    # As PostgreSQL keeps them: told now as they are read ever after.
    report.casualties, report.sighting = json.loads(casualties), sighting and json.loads(sighting)


@cache
def _columns() -> list[Any]:
    return [field for field in IncidentReport._meta.concrete_fields if not field.primary_key]


@cache
def _taken() -> list[tuple[str, Any]]:
    """The attribute of each column; with its field where the database does not take the value as it is."""
    return [(field.attname, field if isinstance(field, _OF_A_SHAPE) else None) for field in _columns()]


@cache
def _writing() -> Prepared:
    """The statement: its first parameters are the columns of a report, in their order."""
    columns = [field.column for field in _columns()]
    place = {column: f"${number}" for number, column in enumerate(columns, 1)}
    at, chain, more = place["recorded_at"], place["chain"], len(columns)
    return Prepared(
        "file_report",
        [
            *(field.db_type(connection) for field in _columns()),
            "uuid",
            "text",
            "text",
            "bytea",
            *["text[]"] * 2,
            "bigint[]",
        ],
        f"""
        with report as (
            insert into violations_incidentreport ({", ".join(f'"{column}"' for column in columns)})
            values ({", ".join(place.values())}) returning id, casualties, sighting
        ),
        incident as (
            insert into violations_incident (recorded_at, public_id, agreement_id)
            values ({at}, ${more + 1}, {place["agreement_id"]}) returning id
        ),
        sealed as (
            insert into violations_sealedsource (recorded_at, report_id, filer_tag, client_id, sealed)
            select {at}, report.id, ${more + 2}, ${more + 3}, ${more + 4} from report
        ),
        party as (
            insert into violations_reportparty (report_id, role, as_written, party_id, composite)
            select report.id, named.role, named.as_written, named.party_id, ''
            from report, unnest(${more + 5}, ${more + 6}, ${more + 7})
                with ordinality as named (role, as_written, party_id, place)
            order by named.place
        ),
        link as (
            insert into violations_reportlink (recorded_at, report_id, chain, incident_id, kind, grounds)
            select {at}, report.id, {chain}, incident.id, '{LinkKind.SAME_EVENT.value}', '' from report, incident
        ),
        step as (
            insert into violations_reviewstep (recorded_at, chain, report_id, state, grounds)
            select {at}, {chain}, report.id, '{ReviewState.SUBMITTED.value}', '' from report
        )
        select id, casualties, sighting from report
        """,
    )
