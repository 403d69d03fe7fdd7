"""A stored file that is missing after a restore is made again where it comes out as it was, and only then."""

from __future__ import annotations

import pytest

from reports import approvals, closings, comments, mending, renderers
from reports.closings.preparing import preparing
from reports.models import Edition, Rendition, SupplementFile
from tests.reports.agreed import agreed, drafted_month, seen, sheet_to, time_is_over
from tests.reports.released import released_month

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("json_alone")]


def test_a_missing_file_is_made_again_only_as_it_was(exercise, files, monkeypatch):
    closing = released_month(exercise)
    paths = [files / edition.renditions.get().path for edition in closing.editions.order_by("pk")]
    before = [path.read_bytes() for path in paths]
    for path in paths[:2]:
        path.unlink()
    with monkeypatch.context() as patch:
        patch.setattr(renderers, "render", lambda *_told, **_how: b"as the code of tomorrow has it")
        assert (mending.mend().made, paths[0].exists()) == (0, False)
    assert mending.mend() == mending.Mended(2, ())
    assert [path.read_bytes() for path in paths] == before
    assert mending.mend() == mending.Mended(0, ())


@pytest.mark.by_hand("comments_in_time")
def test_drafts_reports_with_comments_and_corrigenda_are_made_again_as_they_were(exercise, people, files, tmp_path):
    closing = drafted_month(agreed(exercise, tmp_path))
    with preparing():
        draft = Edition.objects.get(guarantor__code="alder")
    comments.say(draft.public_id, by=people.guarantor_alder, words="We have read it.")
    time_is_over(closing)
    closing = closings.advance(closing.pk)
    for by in (people.moderator_north, people.moderator_south):
        approvals.approve(closing.public_id, seen(closing), by=by)
    sheet_to(closings.advance(closing.pk), people)
    with preparing():
        stored = list(Rendition.objects.all())
    assert {row.stage for row in stored} == {"draft", "final"}
    paths = [files / row.path for row in stored]
    paths += [files / path for path in SupplementFile.objects.values_list("path", flat=True)]
    before = {path: path.read_bytes() for path in paths}
    assert any(b"We have read it." in said for said in before.values())
    for path in paths:
        path.unlink()
    assert mending.mend() == mending.Mended(len(paths), ())
    assert {path: path.read_bytes() for path in paths} == before


def test_a_corrigendum_that_the_code_makes_otherwise_is_missing_still(exercise, people, files, monkeypatch):
    sheet = sheet_to(released_month(exercise), people)
    file = SupplementFile.objects.get(supplement=sheet, format="json")
    (files / file.path).unlink()
    monkeypatch.setattr(mending.sheet, "render", lambda *_told, **_how: b"as the code of tomorrow has it")
    assert mending.mend() == mending.Mended(0, (file.file_name,))
    assert not (files / file.path).exists()
