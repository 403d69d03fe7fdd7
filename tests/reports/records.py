"""A record drawn at random: incidents of the exercise with findings of every kind, as rows with chosen stamps."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

from django.contrib.gis.geos import Point

from monitoring.models import Agreement, Party, Provision
from tests.record.chosen_times import chosen_times
from violations import assessment
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

    def __init__(self, agreement: Agreement, people: SimpleNamespace, seed: int) -> None:
        self.agreement = agreement
        self.people = people
        self.random = random.Random(seed)
        self.now = agreement.terms.recorded_at
        self.parties = list(Party.objects.filter(agreement=agreement).order_by("code"))
        self.bound = [party for party in self.parties if party.code in BOUND]
        self.provisions = list(Provision.objects.filter(instrument__agreement=agreement).order_by("pk"))
        self.incidents: list[Incident] = []

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

    def _report(self, stamp: datetime) -> IncidentReport:
        draw = self.random
        precision, width = draw.choice(WIDTHS)
        occurred_from = FIRST + timedelta(minutes=draw.randrange(int((LAST - FIRST) / timedelta(minutes=1))))
        place = draw.choice(PRECISIONS)
        team = draw.choice(TEAMS)
        return IncidentReport.objects.create(
            recorded_at=stamp,
            agreement=self.agreement,
            team=self.agreement.teams.get(code=team) if team else None,
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
        )

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
        standing = draw.choice(["proposed", "proposed", "preliminary", "preliminary", "determined", "data_set"])
        if standing == "proposed":
            former.filter(standing="proposed").update(superseded_at=stamp)
            signed = {"second_by": stamp + draw.choice([timedelta(0), timedelta(hours=4)])}
        else:
            former.update(superseded_at=stamp)
            signed = {
                "seconded_by": self.people.moderator_south,
                "seconded_side": self.agreement.sides.get(code="south"),
            }
        attribution = draw.choice(Attribution.values)
        finding = Finding.objects.create(
            recorded_at=stamp,
            agreement=self.agreement,
            incident=incident,
            standing=standing,
            effect=draw.choice(["finding"] * 3 + ["correction"]),
            verification=draw.choice([*Verification.values, *["verified"] * 5]),
            conduct=draw.choice([*Conduct.values, *["no_breach"] * 2, *["breach"] * 5]),
            scope=draw.choice([""] * 10 + ["in_scope"] * 3 + Scope.values),
            attribution=attribution,
            confidence=draw.choice(["", "high", "low"]),
            basis=draw.choice([[], ["observed"], ["witness", "sensor"]]),
            killed_verified=draw.choice([None, 0, 1]),
            injured_verified=draw.choice([None, 2]),
            grounds="Drawn.",
            proposed_by=self.people.moderator_north,
            proposed_side=self.agreement.sides.get(code="north"),
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
                move = self.random.choices([self.file, self.find, self.withdraw, self.link], [6, 9, 1, 1])[0]
                if not self.incidents:
                    move = self.file
                move()
