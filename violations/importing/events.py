"""Importing a set of events that others recorded: each line a report and an incident of its own, set by set.

What the set says is kept as it says it: nothing is merged, spread or dropped. An event is known by its source and the
id that the source gives it; told otherwise later, it is a revision. Where something was found on the incident
meanwhile, the revision waits for a proposal, as any correction does.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from monitoring import audit, ledger
from monitoring.errors import NotNow
from monitoring.models import Agreement, Area, AreaAlias, BoundarySet, User
from violations import assessment, docket, holding, naming
from violations.importing import become_reports, occasion, staging, table, ucdp
from violations.importing.occasion import Occasion
from violations.importing.rejects import Rejects, refused_again, rejecting
from violations.importing.staging import Event
from violations.importing.table import Row

EVERY = 10_000  # lines between two words of progress


class Reader(Protocol):
    """What reads one kind of set."""

    SCHEME: str
    SOURCE: str

    def read(self, path: Path, occasion: Occasion) -> Iterator[Row | Event]:
        """Yield each line as the event it tells, or as the row with what it refuses."""


FORMATS: dict[str, Reader] = {"ucdp-ged": ucdp}


@dataclass
class Imported:
    """What an import came to, in lines: read, and what each became; refused to known add up to read.

    Repeated is a line that says what an earlier one says; one that repeats an id and tells something else is refused.
    Of names that nobody bears, how many lines write them.
    """

    read: int = 0
    refused: int = 0
    repeated: int = 0
    new: int = 0
    revised: int = 0
    read_anew: int = 0
    known: int = 0
    waiting: int = 0  # of those revised or read anew
    assessed: int = 0
    outside: int = 0  # of those new, revised or read anew: how many lie in no area
    rejects: Path | None = None  # where the lines refused stand
    noticed: dict[str, int] = field(default_factory=dict)
    unknown_parties: dict[str, int] = field(default_factory=dict)
    unknown_areas: dict[str, int] = field(default_factory=dict)
    warning: str = ""


def import_events(
    agreement: Agreement,
    path: Path,
    *,
    reader: Reader,
    by: User | None,
    rejects: Path | None = None,
    strict: bool = False,
    dry_run: bool = False,
    anyway: bool = False,
    tell: Callable[[str], None] = lambda _said: None,
) -> Imported:
    """Record the events in the file `path`, in one transaction; lines that cannot be taken go to the table `rejects`.

    `strict` refuses the file whole where one line cannot be taken; a set that lies mostly in no area of the truce is
    refused whole unless `anyway`. `dry_run` records nothing and answers the same; only such a set it does not refuse,
    but says so in `warning`.
    Raises FaultyFile (no table, a column missing, simulated where the agreement is real or real where it is simulated,
    strict, `rejects` not to be written), NotNow (mostly outside).
    """
    with rejecting(path, None if strict else rejects) as refused, transaction.atomic():
        staging.hold(agreement.pk, reader.SOURCE)
        imported = _stage(path, reader.read(path, occasion.of(agreement)), refused, tell)
        if strict:
            refused.refuse_whole()
        _name(agreement, reader, imported)
        _record(agreement, reader, imported, by, tell, dry_run=dry_run, anyway=anyway)
        transaction.set_rollback(dry_run)
    imported.rejects = refused.table
    return imported


def _stage(path: Path, lines: Iterator[Row | Event], refused: Rejects, tell: Callable[[str], None]) -> Imported:
    """Take in the lines one by one; nothing of them is held here but what is counted."""
    imported = Imported()
    staging.open_tables()
    with staging.copying() as stage:
        for line in lines:
            imported.read += 1
            if isinstance(line, Row):
                refused.add(line)
            else:
                stage(line)
            if imported.read % EVERY == 0:
                tell(_("%(count)d lines read") % {"count": imported.read})
    before = refused.lines
    for row in refused_again(table.rows(path, keep_broken=True), staging.contradicted()):
        refused.add(row)
    imported.repeated = staging.drop_repeated() - (refused.lines - before)
    imported.refused = refused.lines
    return imported


def _name(agreement: Agreement, reader: Reader, imported: Imported) -> None:
    """Find out which party and area each name stands for, and keep the names that nobody bears."""
    party_names, area_names = staging.party_names(), staging.area_names()
    parties = naming.parties_named(agreement.terms, party_names, scheme=reader.SCHEME)
    areas = areas_named(agreement, area_names, scheme=reader.SCHEME)
    staging.tell_names({name: party.pk for name, party in parties.items()}, areas)
    imported.unknown_parties = {name: lines for name, lines in party_names.items() if name not in parties}
    imported.unknown_areas = {name: lines for name, lines in area_names.items() if name not in areas}


def areas_named(agreement: Agreement, names: Iterable[str], *, scheme: str) -> dict[str, int]:
    """Return the id of the area of each of `names` that one area alone bears, by code, name or alias of `scheme`."""
    bearers: dict[str, set[int]] = {}
    for area in Area.objects.filter(agreement=agreement):
        for name in (area.code, *area.names.values()):
            bearers.setdefault(naming.plain(name), set()).add(area.pk)
    for alias in AreaAlias.objects.filter(version=agreement.terms, scheme__in={"", scheme}):
        bearers[naming.plain(alias.alias)] = {alias.area_id}
    found = {name: bearers.get(naming.plain(name), set()) for name in names}
    return {name: next(iter(areas)) for name, areas in found.items() if len(areas) == 1}


def _record(
    agreement: Agreement,
    reader: Reader,
    imported: Imported,
    by: User | None,
    tell: Callable[[str], None],
    *,
    dry_run: bool,
    anyway: bool,
) -> None:
    """Write what is new; a dry run does the same, to be rolled back, and says what would be."""
    recorded = _("%(what)s that would be recorded: %(count)d") if dry_run else _("%(what)s recorded: %(count)d")
    with ledger.writing() as entry:
        holding.hold_mechanism([agreement.pk])
        staging.find_incoming(agreement.pk, reader.SOURCE)
        vars(imported).update(staging.counts())
        told_otherwise = imported.revised + imported.read_anew
        if not imported.new + told_otherwise:
            return
        staging.notice(agreement.pk)
        imported.noticed = staging.noticed()
        imported.outside = staging.outside(agreement.pk)
        imported.warning = _mostly_outside(agreement, imported)
        if imported.warning and not (anyway or dry_run):
            raise NotNow(
                _("%(warning)s Nothing was recorded; --anyway records it all the same.")
                % {"warning": imported.warning},
                code="mostly_outside",
            )
        new = imported.new + told_otherwise
        said = ngettext("%(count)d line is new or told otherwise", "%(count)d lines are new or told otherwise", new)
        tell(said % {"count": new})
        if told_otherwise:
            # One lock for all incidents of the truce: each verb on one of them holds this row, too.
            Agreement.objects.select_for_update().get(pk=agreement.pk)
        how = {
            "agreement": agreement.pk,
            "source": reader.SOURCE,
            "zone": agreement.terms.time_zone,
            "recorded_at": entry.stamp(),
        }
        for what, statement in (
            (_("reports"), become_reports.REPORTS),
            (_("parties"), become_reports.PARTIES),
            (_("steps of the review"), become_reports.STEPS),
            (_("incidents"), become_reports.INCIDENTS),
            (_("links"), become_reports.LINKS),
        ):
            written = staging.execute(statement, how)
            tell(recorded % {"what": what, "count": written})
        if told_otherwise:
            staging.execute(become_reports.MOVED, how)
            imported.waiting = told_otherwise - staging.distinct_chains("moved")
            for statement in (become_reports.MOVED_FROM, become_reports.MOVED_TO):
                staging.execute(statement, how)
        tell(_("assessing"))
        imported.assessed = assessment.reassess_selected(become_reports.NEW, recorded_at=entry.stamp()).written
        if told_otherwise:
            imported.assessed += assessment.reassess_selected(
                "select distinct incident_id from moved", recorded_at=entry.stamp()
            ).written
        docket.follow_selected(become_reports.CONCERNED, recorded_at=entry.stamp())
        audit.done("events.import", by=by, agreement=agreement, on=agreement)


def _mostly_outside(agreement: Agreement, imported: Imported) -> str:
    """Say so where most of what is about to be recorded lies outside: it may be another country's set."""
    events = imported.new + imported.revised + imported.read_anew
    if imported.outside * 2 <= events:
        return ""
    message = _("%(outside)s of %(events)s events lie in no area of %(agreement)s. Is it the right set for it?")
    if not BoundarySet.objects.open().filter(agreement=agreement).exists():
        message += " " + _("No boundaries are loaded, so each was sought by the name of its area alone.")
    return message % {"outside": f"{imported.outside:,}", "events": f"{events:,}", "agreement": agreement.code}
