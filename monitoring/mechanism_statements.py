"""What a version of the mechanism states: its rows, written whole from a mechanism file, once.

Only `monitoring.mechanism` calls this, in the transaction that records the version.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from monitoring import models
from monitoring.mechanism_checks import ANY_SCHEME
from monitoring.mechanism_file import MechanismFile
from monitoring.mechanism_shape import Dated, ProvisionReading

Identities = dict[str, dict[Any, Any]]


def write(file: MechanismFile, version: models.MechanismVersion, known: Identities) -> None:
    """Write every row that `version` states; `known` are the identities by table and code."""
    _texts(file, version, known)
    _parties(file, version, known)
    _guarantors(file, version, known)
    _places(file, version, known)


def _interval(row: Dated) -> dict[str, datetime | None]:
    return {"valid_from": row.valid_from, "valid_until": row.valid_until}


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
