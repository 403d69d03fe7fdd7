"""An incident to which everything happens that moderators' pages tell of, one thing after another, by the verbs."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

from monitoring.models import Agreement
from tests.violations.duty_officers import duty_officer
from tests.violations.occasions import (
    HARM,
    corrected,
    discounted,
    filed,
    graded,
    grave_breach,
    incident_of,
    reloaded,
    under_review,
)
from tests.violations.replying import replied
from violations import duty, filing, findings, grades, lanes, linking, questions
from violations.models import Incident, ReportLink

HOURS = ("reply_deadline_days = 3", "reply_deadline_days = 3\nduty_check_hours = 2")
NOTHING_GRAVE = (
    '[[sides]]\ncode = "north"',
    '[lanes.grave]\nacts = []\nobjects = []\ncasualties = false\n\n[[sides]]\ncode = "north"',
)
WHY = "So it was told."


def lived(agreement: Agreement, people: SimpleNamespace, folder: Path) -> Iterator[Incident]:
    """The incident, after each thing that happened to it; at the end its reports tell of another."""
    north, south, alone = people.moderator_north, people.moderator_south, people.moderator_independent
    reloaded(folder, HOURS)
    officer = duty_officer(agreement)
    first = filed(
        agreement,
        people.monitor_north,
        casualties=HARM,
        objects_hit=("school",),
        narrative="Four shells.",
        narrative_language="en",
    )
    incident = incident_of(first)
    yield incident
    duty.check([first], by=officer)
    yield incident
    under_review(first, north)
    grades.grade(first, source="A", information="3", grounds=WHY, by=north)
    yield incident
    second = under_review(filed(agreement, people.monitor_south, place_as_written="the mill"), north)
    linking.link(second, incident, by=north, kind="same_event", grounds=WHY)
    beside = under_review(filed(agreement, people.monitor_independent), north)
    linking.link(beside, incident, by=north, kind="related", grounds=WHY)
    yield incident
    yield from _talked_of(agreement, people, incident, first, beside)
    yield from _decided(agreement, people, incident)
    lanes.move(incident, "standard", reason="other", grounds=WHY, by=north)
    yield incident
    lanes.second(incident.lane_moves.open().get(), by=south)
    yield incident
    reloaded(folder, NOTHING_GRAVE)  # and no hours any more
    yield incident
    newest = corrected(first, people.monitor_north, casualties=HARM, place_as_written="the old mill")
    yield incident
    findings.propose_effect(incident, "correction", report=newest, by=north, grounds=WHY)
    yield incident
    findings.second(incident.findings.open().get(effect="correction"), by=south)
    filing.withdraw(second, by=people.monitor_south, grounds="Told otherwise.")
    yield incident
    findings.propose_effect(incident, "withdrawal", report=second, by=alone, grounds=WHY)
    findings.second(incident.findings.open().get(effect="withdrawal"), by=south)
    yield incident
    into = incident_of(under_review(filed(agreement, people.monitor_independent), north))
    linking.link(under_review(newest, north), into, by=south, kind="same_event", grounds=WHY)
    yield incident
    findings.second(incident.findings.open().get(effect="link"), by=north)
    yield incident


def _talked_of(agreement, people, incident, first, beside) -> Iterator[Incident]:
    """Questions to who filed, to a guarantor, and what was said of it by itself."""
    asked = questions.ask(first, by=people.moderator_north, grounds="Which bank?")
    yield incident
    questions.answer(asked.public_id, by=people.monitor_north, words="The north bank.", language="en")
    yield incident
    replied(agreement, people, incident)
    note = ReportLink.objects.open().get(chain=beside.chain, kind="related")
    linking.take_back(note, by=people.moderator_south, grounds="It was another one.")
    yield incident


def _decided(agreement, people, incident) -> Iterator[Incident]:
    """Proposed, dissented from, seconded, and proposed otherwise by each side."""
    north, south, alone = people.moderator_north, people.moderator_south, people.moderator_independent
    proposal = findings.propose(graded(incident, north), grave_breach(agreement), by=north)
    findings.dissent(proposal, by=alone, grounds="It was outgoing fire.")
    yield incident
    findings.propose(incident, discounted(), by=south)
    yield incident
    agreed = findings.second(proposal, by=south)
    yield incident
    findings.dissent(agreed, by=alone, grounds="It was outgoing fire.")
    findings.propose(incident, grave_breach(agreement, confidence="high"), by=north)
    findings.propose(incident, discounted("The craters are older."), by=alone)
    yield incident
