"""A month that two people release and whose work failed is taken up where it stood, by whoever asks for that."""

from __future__ import annotations

import pytest

from reports import approvals, closings
from reports.closings.drafting import close_comments
from reports.models import Closing, Rendition
from tests.reports.agreed import agreed, drafted_month, rendered_month, seen, time_is_over
from tests.violations import occasions

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("json_alone")]
FROZEN = ("number", "content_sha256", "computed_at", "drafted_at", "comments_until", "comments_sha256", "version")


@pytest.fixture
def truce(exercise, people, tmp_path):
    """The exercise, its months released by two after 14 days for comments, with an incident."""
    occasions.filed(exercise, people.monitor_north)
    return agreed(exercise, tmp_path)


def at_drafted(truce, people) -> Closing:
    """Its draft was shown, and the time for comments is over."""
    closing = drafted_month(truce)
    time_is_over(closing)
    return closing


def at_commented(truce, people) -> Closing:
    """The comments are closed, and no file is made yet."""
    closing = at_drafted(truce, people)
    lease = closings.claim(closing.pk)
    close_comments(lease)
    lease.give_back()
    return closing


def at_rendered(truce, people) -> Closing:
    """Every file is stored, and two people let it be released."""
    closing = rendered_month(truce)
    for by in (people.moderator_north, people.moderator_south):
        approvals.approve(closing.public_id, seen(closing), by=by)
    return closing


def laid_aside(closing: Closing) -> dict:
    """Let workers fail at the closing until it is laid aside, and return what of it is frozen."""
    while Closing.objects.get(pk=closing.pk).state != "failed":
        Closing.objects.filter(pk=closing.pk).update(lease_until=None)
        lease = closings.claim(closing.pk)
        assert lease is not None
        lease.fail("The disk is full.")
    return Closing.objects.filter(pk=closing.pk).values(*FROZEN).get()


def by_an_operator(closing: Closing) -> Closing:
    return closings.try_again(closing, by=None)


def by_a_request(closing: Closing) -> Closing:
    return closings.request(closing.agreement, closing.kind, closing.period)


@pytest.mark.parametrize("again", [by_an_operator, by_a_request])
@pytest.mark.parametrize(
    ("brought", "stands"), [(at_drafted, "drafted"), (at_commented, "commented"), (at_rendered, "commented")]
)
def test_what_failed_with_a_draft_is_tried_again_from_there(truce, people, brought, stands, again):
    closing = brought(truce, people)
    frozen = laid_aside(closing)
    files = set(Rendition.objects.filter(edition__closing=closing).values_list("path", flat=True))
    taken_up = again(closing)
    assert (taken_up.pk, taken_up.state, taken_up.attempts) == (closing.pk, stands, 0)
    done = closings.advance(closing.pk)
    assert done.state == ("released" if brought is at_rendered else "rendered"), done.failure
    then = Closing.objects.filter(pk=closing.pk).values(*FROZEN).get()
    assert {name: then[name] for name in frozen if frozen[name]} == {
        name: frozen[name] for name in frozen if frozen[name]
    }
    assert then["comments_sha256"]
    assert files <= set(Rendition.objects.filter(edition__closing=closing).values_list("path", flat=True))
