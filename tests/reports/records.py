"""A record drawn at random: incidents of the exercise with findings of every kind, as rows with chosen stamps."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

from django.contrib.gis.geos import Point

from monitoring.models import Agreement, Area, BoundarySet, MechanismVersion, Party, Provision
from tests.record.chosen_times import chosen_times
from violations import assessment, cases
from violations.codebook import Attribution, Conduct, Scope, Verification
from violations.models import (
    Dissent,
    Finding,
    FindingParty,
    FindingProvision,
    Incident,
    IncidentReport,
    ReportLink,
    ReportParty,
    ReviewStep,
)

FIRST = datetime(2025, 2, 28, tzinfo=UTC)
LAST = datetime(2025, 4, 3, tzinfo=UTC)
WIDTHS = [
    ("minute", timedelta(minutes=1)),
    ("hour", timedelta(hours=1)),
    ("day", timedelta(days=1)),
    ("days_2_6", timedelta(days=3)),
    ("week", timedelta(days=7)),
]
PRECISIONS = ["exact", "vicinity", "locality", "surroundings", "country"]
ACTS = [
    *["direct_fire", "indirect_fire"] * 3,
    "device",
    "reinforcement",
    "uav_overflight",
    "flare",
    "looting",
    "aid_obstructed",
]
OBJECTS = ["residential", "school", "market", "military_position"]
BOUND = ["alder-forces", "cedar-forces", "north-army", "south-guard", "harbour-brigade"]
WEAPONS = ["", "mortar", "small_arms"]
TEAMS = ["team-alder", "team-birch", "team-joint", "team-independent", None]


class Record:
    """Writes rows into the exercise, each a minute after the last, by a seed."""

    standings = ["proposed", "proposed", "preliminary", "preliminary", "determined", "data_set"]
    scopes = [""] * 10 + ["in_scope"] * 3 + Scope.values
    conducts = [*Conduct.values, *["no_breach"] * 2, *["breach"] * 5]

    def __init__(self, agreement: Agreement, people: SimpleNamespace, seed: int) -> None:
        self.agreement = agreement
        self.people = people
        self.random = random.Random(seed)
        self.now = agreement.terms.recorded_at
        parties = Party.objects.filter(agreement=agreement)
        self.parties = sorted(parties, key=lambda party: self.called(party.code))
        self.bound = [party for party in self.parties if self.called(party.code) in BOUND]
        self.provisions = list(Provision.objects.filter(instrument__agreement=agreement).order_by("pk"))
        self.incidents: list[Incident] = []

    def called(self, code: str) -> str:
        """What this truce calls that which the exercise calls `code`, and the other way round: the same."""
        return code

    def tick(self) -> datetime:
        """The stamp of the next entry."""
        self.now += timedelta(minutes=1)
        return self.now

    def file(self) -> None:
        """An incident of its own with one report."""
        draw, stamp = self.random, self.tick()
        incident = Incident.objects.create(agreement=self.agreement, recorded_at=stamp)
        report = self._report(stamp)
        for role in ("alleged", "alleged", "target", "involved"):
            if draw.random() < 0.55:
                party = draw.choice([*self.parties, None] if draw.random() < 0.4 else self.bound)
                ReportParty.objects.get_or_create(
                    report=report, role=role, as_written=party.code if party else "men in a truck", party=party
                )
        ReportLink.objects.create(
            report=report, chain=report.chain, incident=incident, kind="same_event", recorded_at=stamp
        )
        self.incidents.append(incident)
        assessment.reassess([incident.pk], recorded_at=stamp)

    def _report(self, stamp: datetime, **revised: Any) -> IncidentReport:
        draw = self.random
        precision, width = draw.choice(WIDTHS)
        occurred_from = self._occurred_from(stamp)
        place = draw.choice(PRECISIONS)
        team = draw.choice(TEAMS)
        return IncidentReport.objects.create(
            recorded_at=stamp,
            agreement=self.agreement,
            team=self.agreement.teams.get(code=self.called(team)) if team else None,
            occurred_from=occurred_from,
            occurred_until=occurred_from + width,
            time_precision=precision,
            point=None
            if place == "country"
            else Point(draw.uniform(-124.05, -122.45), draw.uniform(-49.55, -48.45), srid=4326),
            place_precision=place,
            act=draw.choice(ACTS),
            objects_hit=sorted(draw.sample(OBJECTS, draw.randrange(3))),
            weapon_family=draw.choice(WEAPONS),
            means="saw",
            casualties=draw.choice(
                [{}, {"killed": {"civilian": {"low": 1, "high": 3}}}, {"injured": {"unknown": {"low": 2}}}]
            ),
            content_sha256="0" * 64,
            **revised,
        )

    def _occurred_from(self, stamp: datetime) -> datetime:
        """When a report stamped so tells of."""
        return FIRST + timedelta(minutes=self.random.randrange(int((LAST - FIRST) / timedelta(minutes=1))))

    def withdraw(self) -> None:
        """Take an incident out of the count."""
        incident = self.random.choice(self.incidents)
        stamp = self.tick()
        if ReportLink.objects.filter(incident=incident, superseded_at__isnull=True).update(superseded_at=stamp):
            assessment.reassess([incident.pk], recorded_at=stamp)

    def link(self) -> None:
        """Let the reports of one incident tell of another, wherever and whenever each says that it was."""
        draw = self.random
        emptied, incident = draw.choice(self.incidents), draw.choice(self.incidents)
        links = list(ReportLink.objects.filter(incident=emptied, superseded_at__isnull=True))
        joined = ReportLink.objects.filter(incident=incident, superseded_at__isnull=True)
        if emptied == incident or not links or not joined.exists():
            return
        stamp = self.tick()
        ReportLink.objects.filter(pk__in=[link.pk for link in links]).update(superseded_at=stamp)
        kind = draw.choice(["same_event", "duplicate", "part_of_series"])
        ReportLink.objects.bulk_create(
            ReportLink(report=link.report, chain=link.chain, incident=incident, kind=kind, recorded_at=stamp)
            for link in links
        )
        assessment.reassess([emptied.pk, incident.pk], recorded_at=stamp)

    def find(self) -> None:
        """A proposal, or an agreed finding that supersedes the former and the proposals."""
        draw = self.random
        incident = draw.choice(self.incidents)
        stamp = self.tick()
        former = Finding.objects.filter(incident=incident, superseded_at__isnull=True)
        standing = draw.choice(self.standings)
        if standing == "proposed":
            former.filter(standing="proposed").update(superseded_at=stamp)
            signed = {"second_by": stamp + draw.choice([timedelta(0), timedelta(hours=4)])}
        else:
            former.update(superseded_at=stamp)
            signed = {
                "seconded_by": self.people.moderator_south,
                "seconded_side": self.agreement.sides.get(code=self.called("south")),
            }
        attribution = draw.choice(Attribution.values)
        finding = Finding.objects.create(
            recorded_at=stamp,
            agreement=self.agreement,
            incident=incident,
            standing=standing,
            effect=draw.choice(["finding"] * 3 + ["correction"]),
            verification=draw.choice([*Verification.values, *["verified"] * 5]),
            conduct=draw.choice(self.conducts),
            scope=draw.choice(self.scopes),
            attribution=attribution,
            confidence=draw.choice(["", "high", "low"]),
            basis=draw.choice([[], ["observed"], ["witness", "sensor"]]),
            killed_verified=draw.choice([None, 0, 1]),
            injured_verified=draw.choice([None, 2]),
            grounds="Drawn.",
            proposed_by=self.people.moderator_north,
            proposed_side=self.agreement.sides.get(code=self.called("north")),
            **signed,
        )
        if attribution in ("attributed", "to_several_parties", "contested"):
            for party in draw.sample(self.parties, draw.randrange(3)):
                FindingParty.objects.create(finding=finding, party=party)
        for provision in draw.sample(self.provisions, draw.choice([0, 0, 1, 2])):
            FindingProvision.objects.create(finding=finding, provision=provision)
        if draw.random() < 0.2:
            Dissent.objects.create(
                recorded_at=self.tick(), finding=finding, by=self.people.moderator_south, grounds="No."
            )

    def draw(self, entries: int) -> None:
        """So many entries."""
        with chosen_times():
            for _number in range(entries):
                move = self.random.choices(*self.moves())[0]
                if not self.incidents:
                    move = self.file
                move()
                cases.follow([incident.pk for incident in self.incidents], recorded_at=self.now)

    def moves(self) -> tuple[list[Callable[[], None]], list[int]]:
        """What may come next, and how often."""
        return [self.file, self.find, self.withdraw, self.link], [6, 9, 1, 1]


class LongRecord(Record):
    """The same over two months, as they went by: what happened is told of later, reviewed, moved and found upon.

    The record begins on 10 February 2025; entries are up to eight hours apart. What happens comes in clusters.
    """

    standings = ["proposed", "preliminary", "preliminary", "determined", "data_set"]
    conducts = [*Conduct.values, "no_breach", *["breach"] * 5]
    scopes = [*[""] * 4, *["in_scope"] * 10, "outside_area", "disputed"]
    first = datetime(2025, 1, 28, tzinfo=UTC)
    began_at = datetime(2025, 2, 10, 5, tzinfo=UTC)
    busy = first

    def __init__(self, agreement: Agreement, people: SimpleNamespace, seed: int) -> None:
        with chosen_times(MechanismVersion, BoundarySet, Area):
            MechanismVersion.objects.filter(superseded_at__isnull=False).update(
                recorded_at=self.began_at - timedelta(days=2), superseded_at=self.began_at
            )
            MechanismVersion.objects.filter(superseded_at__isnull=True).update(recorded_at=self.began_at)
            for table in (BoundarySet, Area):
                table.objects.filter(agreement=agreement).update(recorded_at=self.began_at)
        super().__init__(agreement, people, seed)

    def tick(self) -> datetime:
        """The stamp of the next entry."""
        self.now += timedelta(minutes=self.random.randrange(1, 480))
        return self.now

    def _occurred_from(self, stamp: datetime) -> datetime:
        """When a report stamped so tells of: some time before, often the hours of another incident."""
        if self.random.random() < 0.6:
            self.busy = self.first + (stamp - self.first) * self.random.random() ** 0.5
        return min(self.busy + timedelta(minutes=self.random.randrange(180)), stamp - timedelta(minutes=1))

    def take(self) -> None:
        """A report of an incident comes under review."""
        for link in self._links(self.random.choice(self.incidents)):
            ReviewStep.objects.create(
                chain=link.chain,
                report=link.report,
                state="under_review",
                by=self.people.moderator_south,
                recorded_at=self.tick(),
            )

    def move(self) -> None:
        """The reports of an incident are linked to another; its own is no longer counted."""
        one, other = self.random.choices(self.incidents, k=2)
        for link in self._links(one) if one != other and self._links(other) else []:
            self._replace(link, report=link.report, incident=other)

    def correct(self) -> None:
        """A report is told otherwise, in a revision."""
        for link in self._links(self.random.choice(self.incidents)):
            revision = link.report.revision + 1
            report = self._report(self.now, chain=link.chain, revision=revision)
            self._replace(link, report=report, incident=link.incident)

    def _links(self, incident: Incident) -> list[ReportLink]:
        return list(ReportLink.objects.filter(incident=incident, superseded_at__isnull=True).select_related("report"))

    def _replace(self, link: ReportLink, *, report: IncidentReport, incident: Incident) -> None:
        stamp = self.tick()
        ReportLink.objects.filter(pk=link.pk).update(superseded_at=stamp)
        ReportLink.objects.create(
            report=report, chain=link.chain, incident=incident, kind="same_event", recorded_at=stamp
        )
        assessment.reassess([link.incident_id, incident.pk], recorded_at=stamp)

    def moves(self) -> tuple[list[Callable[[], None]], list[int]]:
        """What may come next, and how often."""
        return [self.file, self.find, self.withdraw, self.take, self.move, self.correct], [8, 9, 1, 3, 1, 1]
