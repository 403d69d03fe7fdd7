"""What must hold of the whole history of an agreement, whatever was done: read back from the rows."""

from __future__ import annotations

import itertools
from collections import Counter, defaultdict
from typing import Any

from monitoring.models import Agreement
from violations import review
from violations.models import Assessment, Finding, Incident, LaneMove, ReportLink, ReviewStep, SetAcceptance

Interval = tuple[Any, Any]


def joined(intervals: list[Interval]) -> list[Interval]:
    """Join intervals [since, until) that meet or overlap; until None is open."""
    whole: list[Interval] = []
    for since, until in sorted(intervals, key=lambda interval: interval[0]):
        if whole and (whole[-1][1] is None or since <= whole[-1][1]):
            last_since, last_until = whole[-1]
            whole[-1] = (last_since, None if until is None or last_until is None else max(until, last_until))
        else:
            whole.append((since, until))
    return whole


def assessments_have_no_overlap_and_no_hole(agreement: Agreement) -> None:
    """An incident is assessed exactly while a report is a member of it, by one assessment at a time."""
    for incident in Incident.objects.filter(agreement=agreement):
        members = ReportLink.objects.filter(incident=incident).members()
        rows = Assessment.objects.filter(incident=incident).order_by("recorded_at")
        assessed = [(row.recorded_at, row.superseded_at) for row in rows]
        for (_, until), (since, _) in itertools.pairwise(assessed):
            assert until is not None
            assert until <= since
        assert joined(assessed) == joined([(link.recorded_at, link.superseded_at) for link in members])


def review_moved_as_the_vocabulary_says(agreement: Agreement) -> None:
    """Consecutive steps of a revision are moves; a step that stays is one that let an effect happen."""
    steps: dict[int, list[ReviewStep]] = defaultdict(list)
    for step in ReviewStep.objects.filter(report__agreement=agreement).order_by("pk"):
        steps[step.report_id].append(step)
    for of_one in steps.values():
        assert of_one[0].state == "submitted"
        for before, after in itertools.pairwise(of_one):
            stayed = after.state == before.state and after.by is not None
            assert stayed or after.state in review.MOVES[before.state]


def what_counts_needed_two(agreement: Agreement, sides: dict[int, str | None], filers: dict[Any, int]) -> None:
    """Whatever was agreed, and whatever moved where something was decided, was the doing of two sides.

    Decided is what is found, what is proposed of the incident or of the chain, and what two persons linked before.
    `sides`: by user; `filers`: who filed each chain.
    """

    def may_agree(one: int, other: int) -> bool:
        return one != other and (sides[one] is None or sides[other] is None or sides[one] != sides[other])

    findings = list(Finding.objects.filter(agreement=agreement).select_related("effect_report"))
    links = list(ReportLink.objects.filter(incident__agreement=agreement).members())
    steps = list(ReviewStep.objects.filter(report__agreement=agreement))
    moved = {(link.report_id, link.recorded_at) for link in links}

    def decides(finding: Finding, link: ReportLink, at: Any) -> bool:
        on_it = link.incident_id in (finding.incident_id, finding.effect_incident_id)
        of_chain = finding.effect_report is not None and finding.effect_report.chain == link.chain
        stood = finding.recorded_at < at and (finding.superseded_at is None or finding.superseded_at >= at)
        linked_by_two = (
            finding.effect == "link"
            and finding.superseded_at is not None
            and finding.superseded_at < at
            and (finding.effect_report_id, finding.superseded_at) in moved
        )
        return (stood and (on_it or of_chain)) or (linked_by_two and on_it)

    for finding in findings:
        if finding.standing == "proposed":
            continue
        assert may_agree(finding.proposed_by_id, finding.seconded_by_id)
        told_of_it = {
            filers[link.chain]
            for link in links
            if link.chain in filers  # what was imported has nobody who filed it
            and link.incident_id == finding.incident_id
            and link.recorded_at < finding.recorded_at
            and (link.superseded_at is None or link.superseded_at >= finding.recorded_at)
        }
        assert not told_of_it & {finding.proposed_by_id, finding.seconded_by_id}
        if finding.superseded_at is not None:
            assert any(
                later.standing != "proposed"
                and later.incident_id == finding.incident_id
                and later.recorded_at == finding.superseded_at
                for later in findings
            ), "Only seconding closes what was agreed."
    for link in links:
        for at in (link.recorded_at, link.superseded_at):
            decided = at is not None and any(decides(finding, link, at) for finding in findings)
            if decided:
                assert any(
                    proposal.standing == "proposed"
                    and proposal.effect != "finding"
                    and link.incident_id in (proposal.incident_id, proposal.effect_incident_id)
                    and proposal.superseded_at == at
                    and step.recorded_at == at
                    and step.by_id is not None
                    and may_agree(proposal.proposed_by_id, step.by_id)
                    for proposal in findings
                    for step in steps
                ), "A report moved, where something was decided, without a second."


def what_a_set_says_two_accepted(agreement: Agreement) -> None:
    """Each finding of a data set was written with the acceptance of that set, on an incident that only the set told of.

    Where it was carried over since, by a link that two persons agreed on, other reports may tell of the incident.
    """
    accepted = {
        (row.recorded_at, row.proposed_by_id, row.seconded_by_id): row
        for row in SetAcceptance.objects.filter(agreement=agreement).exclude(seconded_by=None)
    }
    written: Counter[Any] = Counter()
    for finding in Finding.objects.filter(agreement=agreement, standing="data_set", effect="finding"):
        row = accepted[finding.recorded_at, finding.proposed_by_id, finding.seconded_by_id]
        members = ReportLink.objects.as_known_at(finding.recorded_at).members().filter(incident=finding.incident)
        assert set(members.values_list("report__source", flat=True)) == {row.source}
        written[row.pk] += 1
    assert all(written[row.pk] == row.incidents for row in accepted.values())


def no_lane_asks_less_by_one_alone(agreement, sides):
    """A move away from grave in force was proposed by one and seconded by another whose side differs, or is none."""
    gravity = ["grave", "standard", "routine"]
    for move in LaneMove.objects.filter(agreement=agreement, in_force=True):
        down = gravity.index(move.lane) > gravity.index(move.moved_from)
        assert down == (move.seconded_by_id is not None)
        if down:
            assert move.seconded_by_id != move.proposed_by_id
            one, other = sides[move.proposed_by_id], sides[move.seconded_by_id]
            assert one is None or other is None or one != other


def no_more_is_verified_than_reports_tell_of(agreement: Agreement) -> None:
    """What is agreed on an incident that counts has no more casualties verified than its reports tell of, if any do."""
    for finding in Finding.objects.open().agreed().filter(agreement=agreement):
        for row in Assessment.objects.open().filter(incident=finding.incident_id):
            for number, most in (
                (finding.killed_verified, row.killed_high),
                (finding.injured_verified, row.injured_high),
            ):
                assert number is None or most is None or number <= most
