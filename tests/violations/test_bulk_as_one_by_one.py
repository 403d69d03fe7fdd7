"""Whatever is chosen, by whom and in which order: many at once come to what they come to one by one."""

from __future__ import annotations

from contextlib import contextmanager
from itertools import product

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from monitoring import accreditation
from monitoring.errors import Refusal
from monitoring.models import AuditEntry
from tests.violations.bulk_jobs import done
from tests.violations.test_queue_narrowing import record  # noqa: F401 - a fixture: incidents in every standing
from violations import bulk_weighing, findings, review
from violations.models import (
    Assessment,
    Case,
    Finding,
    FindingParty,
    FindingProvision,
    IncidentReport,
    ReportLink,
    ReviewStep,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("record")]

MODERATORS = ("moderator_north", "moderator_north_2", "moderator_south", "moderator_independent")
WORDS = "Which bank?"
VERBS = {
    "second": findings.second,
    "take": review.take,
    "accept": review.accept,
    "return": lambda report, by: review.return_with_question(report, by=by, grounds=WORDS),
}
# What tells a row apart, and what points at a row that was written anew.
APART = {"id", "public_id", "recorded_at", "superseded_at", "second_by", "finding_id", "opened_at", "closed_at"}


def told(rows, **also) -> list[dict]:
    """Rows without numbers and instants, in the order in which they were written."""
    return [
        {name: value for name, value in vars(row).items() if name not in APART and not name.startswith("_")}
        | {"open": getattr(row, "superseded_at", None) is None}
        for row in rows.order_by("pk")
    ]


def as_it_stands(before: int) -> list:
    """All that deciding may change, and the audit of it: by whom, what, on what, and how it came out."""
    tables = (Finding, FindingParty, FindingProvision, ReviewStep, ReportLink, Assessment, Case)
    audited = AuditEntry.objects.filter(pk__gt=before).exclude(action="bulk.begin").order_by("pk")
    return [told(model.objects.all()) for model in tables] + [
        list(audited.filter(outcome="done").values_list("action", "actor", "object_id", "agreement"))
    ]


@contextmanager
def undone():
    """What is done within is undone at the end."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def one_by_one(action, row, by) -> tuple[str, str]:
    """What comes of one row by its verb."""
    try:
        VERBS[action](row, by=by)
    except Refusal as refusal:
        return "refused", refusal.code
    return "done", ""


def as_in_a_job(row, outcome) -> tuple[str, str]:
    """A proposal that was open when it was shown, and that a decision before it closed, is told as stale in a job."""
    was_open = isinstance(row, Finding) and row.superseded_at is None
    return ("refused", "stale") if was_open and outcome == ("refused", "not_open") else outcome


def rows_of(action):
    """All that the action may be tried on."""
    if action == "second":
        return list(Finding.objects.select_related("agreement", "proposed_by", "proposed_side").order_by("pk"))
    return list(IncidentReport.objects.select_related("agreement").order_by("pk"))


def foreseen(action, rows, by, agreement) -> dict[int, Refusal]:
    """Which of the rows the page of effects says cannot be done, and why."""
    if action != "second":
        return bulk_weighing.reports_refused(action, rows, by=by)
    capacity = accreditation.capacity(by, "moderator", agreement)
    return bulk_weighing.proposals_refused(rows, by=by, capacities={agreement.pk: capacity})


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_many_at_once_leave_what_one_by_one_leaves(exercise, people, data):
    action = data.draw(st.sampled_from([*VERBS, "second", "second"]))
    by = getattr(people, data.draw(st.sampled_from(MODERATORS)))
    chosen = data.draw(st.lists(st.sampled_from(rows_of(action)), min_size=1, max_size=12, unique=True))
    before = AuditEntry.objects.order_by("pk").last().pk
    with undone():
        alone = [as_in_a_job(row, one_by_one(action, row, by)) for row in chosen]
        left_alone = as_it_stands(before)
    with undone():
        together = done(action, chosen, agreement=exercise, by=by, grounds=WORDS)
        left_together = as_it_stands(before)
    assert together == alone
    assert left_together == left_alone


def test_what_the_page_says_of_each_is_what_its_verb_says(exercise, people):
    for action, who in product(VERBS, MODERATORS):
        rows, by = rows_of(action), getattr(people, who)
        refused = foreseen(action, rows, by, exercise)
        for row in rows:
            with undone():
                why = refused.get(row.pk)
                came = one_by_one(action, row, by)
                assert came == (("refused", why.code) if why else ("done", "")), (action, who)
        assert refused.keys() < {row.pk for row in rows} or (action, who) == ("second", "moderator_north_2")


def test_a_corrected_revision_beside_its_correction_comes_to_what_it_comes_to_alone(exercise, people):
    corrected = IncidentReport.objects.filter(revision=2, place_as_written="the left bank").get()
    chain = list(IncidentReport.objects.filter(chain=corrected.chain).select_related("agreement").order_by("-revision"))
    together = done("take", chain, agreement=exercise, by=people.moderator_north, grounds=WORDS)
    assert together == [("done", ""), ("refused", "is_superseded")]


def test_a_closed_proposal_beside_one_that_is_seconded_comes_to_what_it_comes_to_alone(exercise, people):
    proposals = Finding.objects.filter(standing="proposed").select_related("agreement", "proposed_by", "proposed_side")
    seconded = 0
    for who, closed, still_open in product(
        MODERATORS, proposals.filter(superseded_at__isnull=False), proposals.filter(superseded_at__isnull=True)
    ):
        if set(bulk_weighing.concerned(closed)) & set(bulk_weighing.concerned(still_open)):
            by, both = getattr(people, who), [still_open, closed]
            with undone():
                alone = [one_by_one("second", row, by) for row in both]
            with undone():
                assert done("second", both, agreement=exercise, by=by, grounds=WORDS) == alone
            seconded += alone[0] == ("done", "")
    assert seconded
