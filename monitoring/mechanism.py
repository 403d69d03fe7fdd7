"""Recording a version of a truce's mechanism from its file: identities once, everything else as a full new copy."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from monitoring import audit, models
from monitoring.faults import Fault
from monitoring.ledger import Entry
from monitoring.mechanism_checks import ANY_SCHEME
from monitoring.mechanism_file import MechanismFile, MechanismFileError
from monitoring.mechanism_shape import Dated, ProvisionReading

Identities = dict[str, dict[str, Any]]
TABLES: dict[str, type[Any]] = {
    "sides": models.Side,
    "parties": models.Party,
    "instruments": models.Instrument,
    "guarantors": models.GuarantorState,
    "observers": models.ObserverState,
    "zones": models.Zone,
    "teams": models.Team,
}


def record(file: MechanismFile, *, by: models.User | None, entry: Entry) -> models.MechanismVersion:
    """Record what `file` says as the agreement's mechanism from now on, and return that version.

    Where the open version says the same already, it is returned and nothing is written. Identities are made once;
    their names are told anew. Raises MechanismFileError where the file would change what never changes. Who calls it
    reassesses the agreement's incidents in the same transaction.
    """
    agreement = models.Agreement.objects.select_for_update().filter(code=file.agreement.code).first()
    open_version = agreement.versions.open().first() if agreement else None
    if open_version and open_version.file_sha256 == file.sha256:
        return open_version
    _nothing_unchangeable_changes(file, agreement)
    recorded_at = entry.stamp()
    if agreement is None:
        agreement = models.Agreement.objects.create(
            code=file.agreement.code,
            names=file.agreement.names,
            simulated=file.agreement.simulated,
            recorded_at=recorded_at,
        )
    _tell_names([(agreement, file.agreement.names)])
    known = _identities(file, agreement, recorded_at)
    if open_version:
        entry.close(models.MechanismVersion.objects.filter(pk=open_version.pk), expected=1)
    version = _version(file, agreement, recorded_at, (open_version.number if open_version else 0) + 1)
    _texts(file, version, known)
    _parties(file, version, known)
    _guarantors(file, version, known)
    _places(file, version, known)
    audit.done("mechanism.record", by=by, agreement=agreement, on=agreement)
    return version


def _nothing_unchangeable_changes(file: MechanismFile, agreement: models.Agreement | None) -> None:
    """Refuse a file that changes an identity: what facts of the record already point at."""
    if agreement is None:
        return
    faults = []
    if agreement.simulated != file.agreement.simulated:
        message = _("whether a truce is simulated was set when it was first loaded and never changes")
        faults.append(Fault("agreement.simulated", message))
    recorded = {area.code: area for area in agreement.areas.select_related("parent").prefetch_related("members")}
    for number, area in enumerate(file.areas, start=1):
        if (before := recorded.get(area.code)) is None:
            continue
        members = {member.code for member in before.members.all()}
        for key, was, now in (
            ("level", before.level, area.level),
            ("parent", before.parent.code if before.parent else None, area.parent),
            ("members", ", ".join(sorted(members)), ", ".join(sorted(area.members))),
        ):
            if was != now:
                message = _("this area is recorded with '%(was)s' and that never changes; give a new area a new code")
                faults.append(Fault(f"areas[{number}] ({area.code}).{key}", message % {"was": was or ""}))
    if faults:
        raise MechanismFileError(file.name, faults)


def _identities(file: MechanismFile, agreement: models.Agreement, recorded_at: datetime) -> Identities:
    """Return the identities of the file by table and code; make those that are new."""
    known: Identities = {
        table: _made(model, getattr(file, table), {"agreement": agreement}, recorded_at)
        for table, model in TABLES.items()
    }
    known["provisions"] = {}
    for instrument in file.instruments:
        of = {"instrument": known["instruments"][instrument.code]}
        made = _made(models.Provision, instrument.provisions, of, recorded_at)
        known["provisions"] |= {(instrument.code, code): provision for code, provision in made.items()}
    known["areas"] = _areas(file, agreement, recorded_at)
    return known


def _made(model: type[Any], entries: Iterable[Any], of: Mapping[str, Any], recorded_at: datetime) -> dict[Any, Any]:
    entries = list(entries)
    recorded = {row.code: row for row in model.objects.filter(**of)}
    _tell_names([(recorded[entry.code], entry.names) for entry in entries if entry.code in recorded])
    new = [
        model(code=entry.code, names=entry.names, recorded_at=recorded_at, **of)
        for entry in entries
        if entry.code not in recorded
    ]
    return recorded | {row.code: row for row in model.objects.bulk_create(new)}


def _areas(file: MechanismFile, agreement: models.Agreement, recorded_at: datetime) -> dict[str, models.Area]:
    """Areas hang together: coarse levels first, so that a parent is there before its children; groupings last."""
    known = {area.code: area for area in agreement.areas.all()}
    _tell_names([(known[area.code], area.names) for area in file.areas if area.code in known])
    new = [area for area in file.areas if area.code not in known]
    for level in [*models.Area.Level.values[1:], models.Area.Level.GROUPING]:
        rows = [
            models.Area(
                agreement=agreement,
                code=area.code,
                names=area.names,
                level=area.level,
                parent=known[area.parent] if area.parent else None,
                recorded_at=recorded_at,
            )
            for area in new
            if area.level == level
        ]
        known |= {row.code: row for row in models.Area.objects.bulk_create(rows)}
    for area in new:
        if area.members:
            known[area.code].members.add(*(known[member] for member in area.members))
    return known


def _tell_names(told: Iterable[tuple[Any, dict[str, str]]]) -> None:
    for row, names in told:
        if row.names != names:
            row.names = names
            row.save(update_fields=["names"])


def _interval(row: Dated) -> dict[str, datetime | None]:
    return {"valid_from": row.valid_from, "valid_until": row.valid_until}


def _version(
    file: MechanismFile, agreement: models.Agreement, recorded_at: datetime, number: int
) -> models.MechanismVersion:
    values = file.terms.model_dump(exclude={"guarantors_see", "scope_area"})
    sees = file.terms.guarantors_see
    return models.MechanismVersion.objects.create(
        agreement=agreement,
        number=number,
        recorded_at=recorded_at,
        file_sha256=file.sha256,
        scope_area=file.drawings[file.terms.scope_area] if file.terms.scope_area else None,
        guarantor_place_level=sees.place,
        guarantor_time_step=sees.time,
        guarantor_delay_hours=sees.delay_hours,
        **values,
    )


def _texts(file: MechanismFile, version: models.MechanismVersion, known: Identities) -> None:
    models.InstrumentTerms.objects.bulk_create(
        models.InstrumentTerms(
            version=version,
            instrument=known["instruments"][instrument.code],
            kind=instrument.kind,
            adopted_on=instrument.adopted_on,
            holder=instrument.holder,
            source=instrument.source,
            **_interval(instrument),
        )
        for instrument in file.instruments
    )
    _provisions(file, version, known)
    models.Reservation.objects.bulk_create(
        models.Reservation(
            version=version,
            code=reservation.code,
            on_kind=on_kind,
            on_code=on_code,
            holder=reservation.holder,
            text=reservation.text,
            source=reservation.source,
            **_interval(reservation),
        )
        for reservation in file.reservations
        for on_kind, on_code in reservation.on.items()
    )


def _provisions(file: MechanismFile, version: models.MechanismVersion, known: Identities) -> None:
    """Write every provision in the common reading ('') and in those of its rivals, with the zones where each stands."""
    readings: list[tuple[Any, str, ProvisionReading]] = []
    for instrument in file.instruments:
        for provision in instrument.provisions:
            identity = known["provisions"][instrument.code, provision.code]
            readings.append((identity, "", provision))
            readings += [(identity, rival.holder, rival) for rival in provision.rival_readings]
    written = models.ProvisionTerms.objects.bulk_create(
        models.ProvisionTerms(
            version=version,
            provision=identity,
            reading=holder,
            text=reading.text,
            acts=reading.acts,
            source=reading.source,
            **_interval(reading),
        )
        for identity, holder, reading in readings
    )
    stands_in = models.ProvisionTerms.zones.through
    stands_in.objects.bulk_create(
        stands_in(provisionterms=terms, zone=known["zones"][code])
        for terms, (_identity, _holder, reading) in zip(written, readings, strict=True)
        for code in reading.zones
    )


def _parties(file: MechanismFile, version: models.MechanismVersion, known: Identities) -> None:
    parties, sides = known["parties"], known["sides"]
    models.PartyTerms.objects.bulk_create(
        models.PartyTerms(
            version=version,
            party=parties[party.code],
            parent=parties[party.parent] if party.parent else None,
            side=sides[party.side] if party.side else None,
            kind=party.kind,
        )
        for party in file.parties
    )
    models.PartyAlias.objects.bulk_create(
        models.PartyAlias(version=version, party=parties[party.code], scheme=scheme, alias=alias)
        for party in file.parties
        for scheme, alias in _aliases(party.aliases)
    )
    models.Adherence.objects.bulk_create(
        models.Adherence(
            version=version,
            party=parties[code],
            instrument=known["instruments"][row.to],
            kind=row.kind,
            through=parties[row.through] if row.through else None,
            inherited_from=parties[inherited_from] if inherited_from else None,
            reading=row.reading,
            source=row.source,
            note=row.note,
            **_interval(row),
        )
        for code, inherited_from, row in adherences(file)
    )


def adherences(file: MechanismFile) -> list[tuple[str, str | None, Any]]:
    """Return every adherence that holds: (party, party it is inherited from, or None where it is its own, adherence).

    A party without one of its own to an instrument, in the common reading or in that of one holder, has that of the
    nearest party above it that has one. A party bound through another is not so bound through itself: where the row
    inherited says so of the party above, it is that party's own word, and kept.
    """
    own: dict[str, dict[tuple[str, str], list[Any]]] = {}
    for party in file.parties:
        own[party.code] = defaultdict(list)
        for row in party.adherences:
            own[party.code][row.to, row.reading].append(row)
    above = {party.code: party.parent for party in file.parties}
    rows: list[tuple[str, str | None, Any]] = []
    for party in file.parties:
        seen: set[tuple[str, str]] = set()
        holder: str | None = party.code
        while holder is not None:
            for key, found in own[holder].items():
                if key not in seen:
                    rows += [(party.code, holder if holder != party.code else None, row) for row in found]
            seen |= own[holder].keys()
            holder = above[holder]
    return rows


def _aliases(aliases: Mapping[str, list[str]]) -> list[tuple[str, str]]:
    return [("" if scheme == ANY_SCHEME else scheme, alias) for scheme, listed in aliases.items() for alias in listed]


def _guarantors(file: MechanismFile, version: models.MechanismVersion, known: Identities) -> None:
    models.GuarantorTerm.objects.bulk_create(
        models.GuarantorTerm(
            version=version,
            guarantor=known["guarantors"][guarantor.code],
            side=known["sides"][term.side],
            own_forces=known["parties"][term.own_forces] if term.own_forces else None,
            language=term.language,
            contested_by=term.contested_by,
            note=term.note or {},
            source=term.source,
            **_interval(term),
        )
        for guarantor in file.guarantors
        for term in guarantor.terms
    )
    models.Undertaking.objects.bulk_create(
        models.Undertaking(
            version=version,
            guarantor=known["guarantors"][guarantor.code],
            party=known["parties"][row.party],
            basis=row.basis,
            source=row.source,
            **_interval(row),
        )
        for guarantor in file.guarantors
        for row in guarantor.undertakings
    )
    models.ObserverTerm.objects.bulk_create(
        models.ObserverTerm(
            version=version,
            observer=known["observers"][observer.code],
            tier=term.tier,
            consent_of=term.consent_of,
            contested_by=term.contested_by,
            source=term.source,
            **_interval(term),
        )
        for observer in file.observers
        for term in observer.terms
    )
    models.TeamTerms.objects.bulk_create(
        models.TeamTerms(
            version=version,
            team=known["teams"][team.code],
            kind=team.kind,
            guarantor=known["guarantors"][team.guarantor] if team.guarantor else None,
        )
        for team in file.teams
    )


def _places(file: MechanismFile, version: models.MechanismVersion, known: Identities) -> None:
    models.ZoneLine.objects.bulk_create(
        models.ZoneLine(
            version=version,
            zone=known["zones"][zone.code],
            boundary=file.drawings[line.drawing],
            drawn_by=line.drawn_by,
            indicative=line.indicative,
            source=line.source,
            **_interval(line),
        )
        for zone in file.zones
        for line in zone.lines
    )
    models.AreaAlias.objects.bulk_create(
        models.AreaAlias(version=version, area=known["areas"][area.code], scheme=scheme, alias=alias)
        for area in file.areas
        for scheme, alias in _aliases(area.aliases)
    )
