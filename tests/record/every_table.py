"""A row in every table of the record, written through the verbs; and copies of rows, made in raw SQL."""

from __future__ import annotations

import secrets
import uuid
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from types import SimpleNamespace
from typing import Any

from django.db import connection, models
from psycopg import sql

from monitoring.models import Agreement
from reports import closings
from tests.monitoring.told import told_and_seen
from tests.reports.agreed import beside
from tests.reports.chosen import one_of_each
from tests.reports.restored import resumed
from tests.violations import bulk_jobs, occasions, sets
from tests.violations.documents import PUBLISHED
from tests.violations.duty_officers import duty_officer
from tests.violations.replying import replied
from tests.violations.sessions import called, said
from tests.violations.shifts import left_behind
from tests.violations.test_returns import TOLD
from tests.violations.work import KEPT_OUT, WATCH
from violations import (
    case_lists,
    data_sets,
    duty,
    effort,
    findings,
    grades,
    lanes,
    linking,
    questions,
    sealing,
    sittings,
)
from violations.return_filing import acknowledge
from violations.returns import record_return
from violations.third_party import record_figures

CASES = "reference,date,act\nA-1,2025-03-05,direct_fire\n"


def write_every_table(agreement: Agreement, people: SimpleNamespace) -> None:
    """File, find, disagree, announce, publish, import, propose of a set, close."""
    occasions.kept(agreement, people.monitor_independent)
    report = occasions.under_review(occasions.filed(agreement, people.monitor_independent), people.moderator_north)
    asked = questions.ask(report, by=people.moderator_north, grounds="Which bank?")
    questions.answer(asked.public_id, by=people.monitor_independent, words="The eastern one.", language="en")
    noted = occasions.incident_of(occasions.filed(agreement, people.monitor_south, place_as_written="the ford"))
    note = linking.link(asked.report, noted, by=people.moderator_north, kind="related", grounds="Answered fire.")
    linking.take_back(note, by=people.moderator_north, grounds="An hour apart, it turns out.")
    decision = occasions.breach(agreement)
    made = occasions.agreed(
        occasions.incident_of(report), decision, by=people.moderator_north, and_by=people.moderator_south
    )
    bulk_jobs.taken_in_part([occasions.filed(agreement, people.monitor_south) for _number in range(2)], people)
    sealing.reveal(report, by=people.moderator_north, reason="protection", grounds="To be reached at once.")
    harmed = occasions.incident_of(occasions.filed(agreement, people.monitor_south, casualties=occasions.HARM))
    occasions.graded(harmed, people.moderator_north)
    findings.propose(harmed, occasions.grave_breach(agreement), by=people.moderator_north)
    findings.dissent(made, by=people.moderator_independent, grounds="Seen by nobody else.")
    told = record_return(agreement, TOLD, by=None).daily_return
    acknowledge(told.public_id, by=people.guarantor_birch)
    for text in (CASES, CASES.replace("A-1", "A-7")):
        handed_in = case_lists.hand_in(
            agreement, text, "csv", from_date=TOLD.bears_date, until_date=date(2025, 4, 1), by=people.guarantor_birch
        )
        case_lists.tell(handed_in.public_id, by=people.guarantor_birch)
    effort.file_patrol(agreement, WATCH, by=people.monitor_north, client_id="watch")
    effort.file_restriction(agreement, KEPT_OUT, by=people.monitor_north, client_id="restriction")
    officer = duty_officer(agreement, "duty-independent", team="team-independent", sent_by="")
    duty.check([occasions.filed(agreement, people.monitor_independent, place_as_written="by the weir")], by=officer)
    replied(agreement, people, occasions.incident_of(report))
    told_and_seen(agreement, people)
    left_behind(agreement, people, occasions.incident_of(report))
    lanes.move(
        occasions.incident_of(report),
        "grave",
        reason="part_of_a_pattern",
        grounds="A series.",
        by=people.moderator_north,
    )
    grades.grade(report, source="A", information="3", grounds="The post is well placed.", by=people.moderator_north)
    sitting = called(agreement, people)
    taken_off = sittings.put_on(sitting, made, by=people.moderator_north)
    sittings.take_off(taken_off, by=people.moderator_north, grounds="Not ready.")
    said(sittings.put_on(sitting, made, by=people.moderator_north), people, "referred_back")
    sittings.put_on(sitting, made, by=people.moderator_north)
    sittings.minute(sitting, sittings.Minuted("Held in Varrow.", "en"), by=people.moderator_south)
    record_figures(agreement, [PUBLISHED], by=None)
    with TemporaryDirectory() as folder:
        sets.imported(agreement, Path(folder), sets.EVENT)
    data_sets.propose(agreement, sets.SET, by=people.moderator_north, grounds="A sample was compared.")
    resumed(agreement, people)
    one_of_each(agreement, people)
    closings.advance(closings.request(agreement, "month", "2025-03").pk)
    with TemporaryDirectory() as folder:
        beside(people, Path(folder))


def insert_copy(model: type[models.Model], changes: Mapping[str, sql.Composable]) -> None:
    """Insert a copy of some row of the table: what must be unique drawn anew, open, `changes` by column."""
    columns = [field.column for field in model._meta.local_concrete_fields if not isinstance(field, models.AutoField)]
    told: dict[str, sql.Composable] = {column: sql.Identifier(column) for column in columns}
    told |= {field.column: sql.Literal(_drawn(field)) for field in _unique(model)}
    if "superseded_at" in told:
        told["superseded_at"] = sql.NULL
    told |= changes
    statement = sql.SQL("insert into {table} ({columns}) select {told} from {table} order by {key} limit 1").format(
        table=sql.Identifier(model._meta.db_table),
        key=sql.Identifier(model._meta.pk.column),
        columns=sql.SQL(", ").join(map(sql.Identifier, columns)),
        told=sql.SQL(", ").join(told[column] for column in columns),
    )
    with connection.cursor() as cursor:
        cursor.execute(statement)
        assert cursor.rowcount == 1, "There is a row to copy."


def _unique(model: type[models.Model]) -> list[models.Field]:
    names = {name for together in model._meta.unique_together for name in together}
    for constraint in model._meta.constraints:
        names |= set(getattr(constraint, "fields", ()))
        if not isinstance(constraint, models.UniqueConstraint | models.CheckConstraint):  # an exclusion
            points = [field for field in model._meta.local_fields if isinstance(field, models.ForeignKey)]
            names |= {field.name for field in points if not field.null}
    fields = [field for field in model._meta.local_concrete_fields if not field.primary_key]
    return [field for field in fields if field.unique or field.name in names]


def _drawn(field: models.Field) -> Any:
    """A value that no row has; where it points at a row, at none: that is asked at the end of the transaction."""
    if isinstance(field, models.UUIDField):
        return uuid.uuid4()
    if isinstance(field, models.DateField):
        return date(2025, 3, 1 + secrets.randbelow(28))
    if isinstance(field, models.CharField | models.TextField):
        return secrets.token_hex(8)[: field.max_length]
    if isinstance(field, models.ForeignKey):
        return 10**6 + secrets.randbelow(10**9)
    return secrets.randbelow(10**9)
