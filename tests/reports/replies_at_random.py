"""Requests, answers, statements and measures drawn at random into a record, as rows with chosen stamps."""

from __future__ import annotations

import random
import uuid
from collections.abc import Iterator
from datetime import datetime, timedelta

from monitoring.models import Party
from tests.record.chosen_times import chosen_times
from tests.reports.records import LongRecord
from violations import replies_seen
from violations.models import (
    GuarantorStatement,
    InformationRequest,
    Measure,
    MeasureStep,
    RequestAnswer,
    StatementTelling,
)
from violations.reply_codes import MeasureState, Statement

PERIODS = ("2025-02", "2025-03", "2025-03-07", "2025-02-27", "2025-W09", "2025-W10", "2025-W13", "2025-04")
PAPER = {"channel": "by_hand", "handed_in_by": "The embassy"}


class Replies:
    """What is drawn: each thing with a stamp of its own, in order, from the middle of February to June 2025."""

    def __init__(self, record: LongRecord, seed: int) -> None:
        self.record, self.random = record, random.Random(seed)
        self.agreement, self.by = record.agreement, record.people.moderator_north
        self.guarantors = list(self.agreement.guarantors.order_by("code"))
        self.parties = list(Party.objects.filter(agreement=self.agreement).order_by("code"))
        self.now = record.began_at

    def draw(self, number: int) -> None:
        """So many requests, statements and measures."""
        with chosen_times(), replies_seen.reading_all():
            for _number in range(number):
                for one in (self.request, self.statement, self.measure):
                    one()

    def tick(self) -> datetime:
        """The stamp of the next row."""
        self.now += timedelta(minutes=self.random.randrange(1, 1500))
        return self.now

    def incident(self):
        """An incident of the record, as often as not."""
        return self.random.choice([None, self.random.choice(self.record.incidents)])

    def request(self) -> None:
        """Put to a guarantor, or to a party directly or through one; answered once, again, or not; withdrawn."""
        draw, stamp = self.random, self.tick()
        guarantor = draw.choice([None, None, *self.guarantors])
        whom = {"guarantor": guarantor}
        if guarantor is None:
            whom = {"party": draw.choice(self.parties), "through": draw.choice([None, None, *self.guarantors])}
        due_at = stamp + timedelta(minutes=draw.randrange(1440, 1440 * 30))
        closed = draw.random() < 0.15
        request = InformationRequest.objects.create(
            recorded_at=stamp,
            superseded_at=stamp + timedelta(days=2) if closed else None,
            agreement=self.agreement,
            incident=self.incident(),
            question="Drawn.",
            due_at=due_at,
            by=self.by,
            client_id=str(uuid.uuid4()),
            **whom,
        )
        if closed or draw.random() < 0.3:
            return
        answered_at = stamp + (due_at - stamp) * draw.uniform(0.1, 1.6)
        for again in range(draw.choice([1, 1, 2])):
            on_paper = draw.random() < 0.4
            handed_in = draw.choice([due_at, answered_at]) + timedelta(days=draw.choice([-1, 0, 1]))
            paper = {**PAPER, "dated_on": handed_in.date(), "received_on": handed_in.date()} if on_paper else {}
            RequestAnswer.objects.create(
                recorded_at=answered_at + timedelta(days=3 * again),
                superseded_at=None if again else answered_at + timedelta(days=90),
                request=request,
                words="Drawn.",
                by=self.by,
                client_id=str(uuid.uuid4()),
                content_sha256="0" * 64,
                **paper,
            )

    def statement(self, *, telling: float = 0.7) -> None:
        """On an incident, a period or an edition of one; told at once, later or never; corrected, or not."""
        draw, stamp = self.random, self.tick()
        incident = self.incident()
        about = {"incident": incident} if incident else {"period": draw.choice(PERIODS)}
        number = draw.choice([None, 1]) if not incident else None
        later = stamp + timedelta(days=draw.randrange(1, 60))
        for recorded_at, superseded_at in draw.choice([[(stamp, None)], [(stamp, later), (later, None)]]):
            row = GuarantorStatement.objects.create(
                recorded_at=recorded_at,
                superseded_at=superseded_at,
                agreement=self.agreement,
                guarantor=draw.choice(self.guarantors),
                closing_number=number,
                about=str(uuid.uuid4()),
                code=draw.choice(Statement.values),
                by=self.by,
                client_id=str(uuid.uuid4()),
                content_sha256="0" * 64,
                **about,
            )
            if draw.random() < telling:
                told_at = recorded_at + timedelta(days=draw.choice([0, 0, 20]))
                StatementTelling.objects.create(recorded_at=told_at, statement=row, by=self.by)

    def measure(self) -> None:
        """Of a guarantor or a party, with no, one or several steps."""
        draw, stamp = self.random, self.tick()
        guarantor = draw.choice([None, *self.guarantors])
        measure = Measure.objects.create(
            recorded_at=stamp,
            agreement=self.agreement,
            guarantor=guarantor,
            party=None if guarantor else draw.choice(self.parties),
            words="Drawn.",
            agreed_on=(stamp - timedelta(days=draw.randrange(20))).date(),
            by=self.by,
            client_id=str(uuid.uuid4()),
        )
        for seen_at in self._steps(stamp):
            MeasureStep.objects.create(
                recorded_at=seen_at,
                measure=measure,
                state=draw.choice(MeasureState.values),
                seen_on=(seen_at - timedelta(days=draw.randrange(3))).date(),
                words="Drawn.",
                by=self.by,
                client_id=str(uuid.uuid4()),
            )

    def _steps(self, stamp: datetime) -> Iterator[datetime]:
        for _step in range(self.random.randrange(4)):
            stamp += timedelta(days=self.random.randrange(1, 40))
            yield stamp
