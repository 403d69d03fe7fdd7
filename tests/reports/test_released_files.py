"""The files of an edition that was a draft before: those of the draft are told nowhere, whatever the database shows."""

from __future__ import annotations

import pytest

from reports import approvals, closings
from reports.api.told import EditionTold
from reports.closings.preparing import preparing
from reports.exports import zipped
from reports.models import Closing, Edition
from reports.shown import ListedEdition
from tests.reports.agreed import agreed, rendered_month, seen
from tests.violations import occasions

pytestmark = [pytest.mark.django_db, pytest.mark.by_hand, pytest.mark.usefixtures("tables_alone")]


@pytest.fixture
def released(exercise, people, tmp_path) -> Closing:
    """A month that was commented on and that two let go out."""
    agreed(exercise, tmp_path)
    occasions.filed(exercise, people.monitor_north)
    closing = rendered_month(exercise)
    for by in (people.moderator_north, people.moderator_south):
        approvals.approve(closing.public_id, seen(closing), by=by)
    closing = closings.advance(closing.pk)
    assert closing.released_at is not None, closing.failure
    return closing


def test_every_query_asks_for_the_released_files_itself(released, people, rf):
    with preparing():  # the database holds nothing back
        edition = Edition.objects.visible_to(people.guarantor_alder).for_listing().get()
        stages = list(Edition.objects.get(pk=edition.pk).renditions.values_list("stage", flat=True))
        assert sorted(stages) == ["draft", "draft", "final", "final"]
        final = {str(file.public_id) for file in edition.renditions.all()}
        assert {file.stage for file in edition.renditions.all()} == {"final"}
        plain = Edition.objects.visible_to(people.guarantor_alder).select_related("closing__version").get()
        assert {file["id"] for file in ListedEdition(plain).files} == final
        assert {str(file.public_id) for file in zipped.taken(plain, by=people.guarantor_alder)} == final
        told = EditionTold(edition, context={"request": rf.get("/")}).data["renditions"]
        assert {file["id"] for file in told} == final
