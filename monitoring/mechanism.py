"""Recording a version of a truce's mechanism from its file: identities once, everything else as a full new copy."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from monitoring import audit, mechanism_statements, models
from monitoring.faults import Fault
from monitoring.ledger import Entry
from monitoring.mechanism_file import MechanismFile, MechanismFileError
from monitoring.mechanism_statements import Identities

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
    mechanism_statements.write(file, version, known)
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


def _version(
    file: MechanismFile, agreement: models.Agreement, recorded_at: datetime, number: int
) -> models.MechanismVersion:
    values = file.terms.model_dump(exclude={"guarantors_see", "scope_area", "scope_level"})
    sees = file.terms.guarantors_see
    return models.MechanismVersion.objects.create(
        agreement=agreement,
        number=number,
        recorded_at=recorded_at,
        file_sha256=file.sha256,
        scope_level=file.terms.scope_level or "",
        scope_area=file.drawings[file.terms.scope_area] if file.terms.scope_area else None,
        guarantor_place_level=sees.place,
        guarantor_time_step=sees.time,
        guarantor_delay_hours=sees.delay_hours,
        lanes=file.lanes.model_dump(mode="json"),
        alerts=file.alerts.model_dump(mode="json"),
        accessions=[entry.model_dump(mode="json") for entry in file.accessions],
        **values,
    )
