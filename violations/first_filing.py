"""A report that was never filed before: what it comes to is written in one message.

Devices that were offline send many at once, so this is the way that is trodden most. It differs from a correction in
that there is nothing to hold beside the mechanism and nothing to close. What must be known before is remembered for
the account's next report; the statement that writes asks it again, under the locks, and writes only where all of it is
still so. For `filing`, which looks where nothing is remembered, and again where it is not so any more.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING, Any, TypeVar
from uuid import uuid4
from zoneinfo import ZoneInfo

from django.contrib.gis.geos import GEOSGeometry
from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _

from monitoring import ledger
from monitoring.errors import Forbidden
from monitoring.models import Accreditation, Agreement, Area, Team
from monitoring.prepared import Prepared
from violations import assessment, filers, harm, naming, receipts, report_content, revisions, sealing, verdicts
from violations.codebook import LinkKind, ReviewState, Role
from violations.models import IncidentReport
from violations.revisions import Filing
from violations.scope import BOUND_BY, BoundBy
from violations.verdicts import Version

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from django.db.models import Model

    from monitoring.models import Party, User
    from monitoring.row_context import Ask
    from violations.report_content import NamedParty, ReportContent

M = TypeVar("M", bound="Model")

# How many of these are remembered at most: what was found for an account, in a truce and an area.
REMEMBERED = 1024


def _looked(user: str, code: str, now: str, tag: str, client_id: str, area: str) -> str:
    """SQL: one row of the ledger's clock and of what must be known; as text, too, to tell whether it is still so."""
    held_now = f"""held.user_id = {user} and held.agreement_id = agreement.id and held.superseded_at is null
                  and held.valid_from <= {now} and (held.valid_until is null or held.valid_until > {now})"""
    for_others = ", ".join(f"'{role.value}'" for role in filers.FILERS_FOR_OTHERS)
    return f"""
    select {ledger.CLOCK} as clock, known::text as found, known.*
    from (
        select agreement.id, version.id as version_id, version.recorded_at as version_recorded_at, version.time_zone,
               {BOUND_BY} as bound_by, area.id as area_id, area.level,
               (select jsonb_object_agg(team.code, team.id)
                from monitoring_accreditation held
                join monitoring_team team on team.id = held.team_id
                where {held_now} and held.role = '{Accreditation.Role.MONITOR.value}') as teams,
               exists (select from monitoring_accreditation held
                       where {held_now} and held.role in ({for_others})) as for_others,
               exists (select from violations_sealedsource where filer_tag = {tag} and client_id = {client_id})
               or exists (
                   select from violations_waitingcorrection
                   where filer_tag = {tag}
                     and (client_id = {client_id} or (corrects = {client_id} and superseded_at is null))) as named
        from monitoring_agreement agreement
        join monitoring_mechanismversion version
          on version.agreement_id = agreement.id and version.superseded_at is null
        left join monitoring_area area on area.agreement_id = agreement.id and area.code = {area}
        where agreement.code = {code}
    ) known"""


_LOOK = Prepared(
    "look_before_filing",
    ["bigint", "text", "timestamptz", "text", "text", "text"],
    _looked("$1", "$2", "$3", "$4", "$5", "$6"),
)
# What was found for the last reports of an account, of a truce and an area.
_found_before: dict[tuple[int, str, str], Any] = {}


class OutdatedError(Exception):
    """What was known is not so any more: look again."""


@dataclass(frozen=True)
class Known:
    """What is known before a report is written: the ledger's clock, the mechanism, the teams monitored for, by code.

    `bound_by`: by what the mechanism says where the truce applies. `for_others`: whether the filer is a duty officer or
    a liaison here, be it beside. `named`: whether the account filed something under this client id, or something waits
    that bears or names it. `found`: all but the clock, as PostgreSQL writes it.
    """

    clock: datetime
    found: str
    agreement: Agreement
    version: Version
    zone: ZoneInfo
    bound_by: BoundBy
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


def remembered(code: str, content: ReportContent, *, by: User) -> Known | None:
    """Return what was found for the account's last report of such a truce and area, to be held against what is so.

    Of those who file for others nothing is: for whom they do is asked each time, under the locks.
    """
    found = None if content.channel else _found_before.get((by.pk, code, content.stated_area))
    return _known(found, code, content, by=by) if found else None


def look(code: str, content: ReportContent, *, by: User, client_id: str) -> Known:
    """Return what is so now. Ask within `sealing.reading_own`, the locks being held.

    Raises Forbidden where the filer is nobody who files in such a truce now.
    """
    found = _LOOK.row(_asked(code, content, by=by, client_id=client_id))
    known = _known(found, code, content, by=by)
    if not known.named and not known.for_others and (known.area is not None or not content.stated_area):
        if len(_found_before) >= REMEMBERED:
            _found_before.clear()
        _found_before[by.pk, code, content.stated_area] = found
    return known


def _asked(code: str, content: ReportContent, *, by: User, client_id: str) -> list[Any]:
    return [by.pk, code, timezone.now(), sealing.tag_of(by), client_id, content.stated_area]


def _known(row: Any, code: str, content: ReportContent, *, by: User) -> Known:
    clock, found, agreement, version, version_recorded_at, zone, bound_by, area, level, held, for_others, named = (
        row or [None] * 12
    )
    if not (held or for_others) or not by.is_active:
        raise Forbidden(_("Your account is not accredited to file reports in this agreement."), code="not_accredited")
    return Known(
        clock=clock,
        found=found,
        agreement=_part_of(Agreement, id=agreement, code=code),
        version=Version(version, version_recorded_at),
        zone=ZoneInfo(zone),
        bound_by=BoundBy(bound_by),
        area=_part_of(Area, id=area, code=content.stated_area, level=level) if area else None,
        teams={code: _part_of(Team, id=team, code=code) for code, team in json.loads(held or "{}").items()},
        for_others=for_others,
        named=named,
    )


def _part_of(model: type[M], **columns: Any) -> M:
    """A row of which so much is known; the rest is read where somebody asks for it."""
    return model.from_db(connection.alias, list(columns), list(columns.values()))


def write(filing: Filing, known: Known, *, also: Sequence[Ask]) -> Told:
    """Write the report, whose it is (sealed), the parties it names, and an incident of its own, submitted and assessed.

    Return it with what its filer is told beside. `also`: the locks that are held before the ledger's clock is read.
    Raises Malformed by the clock of `known`; OutdatedError where that is not so any more; IntegrityError where another
    was first under the client id, or the receipt drawn is another's.
    """
    content = filing.content
    if known.for_others or content.channel:
        standpoint = filers.standpoint(filing.by, filing.agreement, content)
    else:
        standpoint = filers.Standpoint(team=filers.the_one(known.teams, content.team))
    report_content.check(content, area=known.area, zone=known.zone, now=known.clock)
    columns = {
        **revisions.columns(content, recorded_at=known.clock),
        "id": None,
        "public_id": uuid4(),
        "chain": uuid4(),
        "revision": 1,
        "receipt": receipts.draw(),
        "agreement_id": filing.agreement.pk,
        "team_id": standpoint.team and standpoint.team.pk,
        "told_by_id": standpoint.party and standpoint.party.pk,
        "stated_area_id": known.area and known.area.pk,
        "source": "",
        "external_id": "",
        "occurred_until": report_content.until(content, known.zone) or content.occurred_from,  # checked: it has an end
        "noticed": [],
    }
    names = naming.names_by(known.version.id, known.version.recorded_at)
    parties = names.of(party.name for party in content.parties)
    _write(columns, filing, known, parties, also)
    # Like a row that was read: that costs a third of making one anew.
    report = IncidentReport.from_db(connection.alias, _columns(), [columns[column] for column in _columns()])
    report.agreement = filing.agreement
    if standpoint.team is not None:
        report.team = standpoint.team
    if standpoint.party is not None:
        report.told_by = standpoint.party
    if known.area is not None:
        report.stated_area = known.area
    named = [(party, parties.get(party.name)) for party in content.parties]
    return Told(report, filing.client_id, content.position, named)


def _write(
    columns: dict[str, Any], filing: Filing, known: Known, parties: dict[str, Party], also: Sequence[Ask]
) -> None:
    """Write all rows of the report, and what is made of it, in one statement; with it go the locks before it.

    What PostgreSQL makes of the columns is put into them: its number and the clock, and what it keeps in a form of its
    own, told now as it is read ever after.
    """
    content = filing.content
    named = [
        {"role": party.role, "as_written": party.name, "party_id": bearing.pk if bearing else None}
        for party, bearing in ((party, parties.get(party.name)) for party in content.parties)
    ]
    values = [
        *_asked(known.agreement.code, content, by=filing.by, client_id=filing.client_id),
        known.found,
        json.dumps(columns, default=_as_text, ensure_ascii=False),
        uuid4(),
        sealing.seal(filing.by, content.source).decode(),
        json.dumps(named, ensure_ascii=False),
        known.version.id,
        verdicts.classes_at(known.version, content.occurred_from),
        *(_numbers(sorted(_of_role(named, role))) for role in Role),
        _numbers(harm.of_report(content.casualties)),
    ]
    row = sealing.done_as_own(filing.by, also=also, then=_writing(known.bound_by).ask(values))
    if row is None:
        raise OutdatedError
    columns["id"], columns["recorded_at"], casualties, sighting = row
    columns["casualties"], columns["sighting"] = json.loads(casualties), sighting and json.loads(sighting)


def _of_role(named: list[dict[str, Any]], role: Role) -> set[int]:
    return {one["party_id"] for one in named if one["role"] == role.value and one["party_id"] is not None}


def _numbers(numbers: Iterable[int | None]) -> str:
    """An array, as PostgreSQL reads it."""
    return "{" + ",".join("null" if number is None else str(number) for number in numbers) + "}"


@cache
def _columns() -> list[str]:
    return [field.attname for field in IncidentReport._meta.concrete_fields]


def _as_text(value: Any) -> str:
    """What JSON has no word for, as PostgreSQL reads it."""
    return value.hexewkb.decode() if isinstance(value, GEOSGeometry) else str(value)


@cache
def _writing(bound_by: BoundBy) -> Prepared:
    """The statement. The columns of the report come as one document: to fill in each by itself costs more.

    It asks of the place what bounds this truce, and nothing else.
    """
    told = [f'"{column}"' for column in _columns() if column not in {"id", "recorded_at"}]
    return Prepared(
        f"file_report_bound_by_{bound_by}",
        [
            "bigint",
            "text",
            "timestamptz",
            "text",
            "text",
            "text",
            "text",
            "json",
            "uuid",
            "text",
            "json",
            "bigint",
            "jsonb",
            *("bigint[]" for _role in Role),
            "integer[]",
        ],
        f"""
        with look as materialized ({_looked("$1", "$2", "$3", "$4", "$5", "$6")}),
        report as (
            insert into violations_incidentreport (recorded_at, {", ".join(told)})
            select look.clock, {", ".join(f"told.{column}" for column in told)}
            from look cross join json_populate_record(null::violations_incidentreport, $8) told
            where look.found = $7
            returning *
        ),
        incident as (
            insert into violations_incident (recorded_at, public_id, agreement_id)
            select recorded_at, $9, agreement_id from report returning id
        ),
        sealed as (
            insert into violations_sealedsource (recorded_at, report_id, filer_tag, client_id, sealed)
            select recorded_at, id, $4, $5, convert_to($10, 'UTF8') from report
        ),
        party as (
            insert into violations_reportparty (report_id, role, as_written, party_id, composite)
            select report.id, named.role, named.as_written, named.party_id, ''
            from report
            cross join rows from (json_to_recordset($11) as (role text, as_written text, party_id bigint))
                with ordinality as named (role, as_written, party_id, place)
            order by named.place
            returning *
        ),
        link as (
            insert into violations_reportlink (recorded_at, report_id, chain, incident_id, kind, grounds)
            select report.recorded_at, report.id, report.chain, incident.id, '{LinkKind.SAME_EVENT.value}', ''
            from report, incident
        ),
        step as (
            insert into violations_reviewstep (recorded_at, chain, report_id, state, grounds)
            select recorded_at, chain, id, '{ReviewState.SUBMITTED.value}', '' from report
        ),
        {
            assessment.of_new(
                version="$12",
                classes="$13",
                parties={role: f"${place}" for place, role in enumerate(Role, 14)},
                harmed=f"${14 + len(Role)}",
                bound_by=bound_by,
            )
        }
        select id, recorded_at, casualties, sighting from report
        """,
    )
