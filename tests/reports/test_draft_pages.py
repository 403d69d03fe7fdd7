"""Drafts on the pages and over the API of guarantors, and what moderators see who release them."""

from __future__ import annotations

import json
import re

import pytest
from django.urls import reverse
from rest_framework.test import APIClient

from reports import closings, comments
from reports.closings.preparing import preparing
from reports.models import Closing, DraftComment, Edition, ReleaseApproval, Rendition
from tests.reports.agreed import LENGTH, NO_WINDOW, agreed, drafted_month, time_is_over
from tests.reports.test_editions_api import token_of
from tests.violations import occasions

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tables_alone")]
STATES = ("alder", "birch", "cedar")
PLANTED = "Quillfeather reads it otherwise."
RELEASES = reverse("admin:reports_closing_releases")


@pytest.fixture
def truce(exercise, tmp_path):
    """The exercise, its months released by two after 14 days for comments."""
    return agreed(exercise, tmp_path)


@pytest.fixture
def drafted(truce, people) -> Closing:
    """A month with an incident, its draft shown."""
    occasions.filed(truce, people.monitor_north)
    return drafted_month(truce)


def draft_of(state: str) -> Edition:
    with preparing():
        return Edition.objects.get(guarantor__code=state)


def files_of(state: str) -> list[Rendition]:
    with preparing():
        return list(Rendition.objects.filter(edition__guarantor__code=state).order_by("pk"))


@pytest.fixture
def systems(people) -> dict[str, APIClient]:
    """Each guarantor's own system, by a token."""
    systems = {state: APIClient() for state in STATES}
    for state, api in systems.items():
        api.credentials(HTTP_AUTHORIZATION=f"Token {token_of(getattr(people, f'guarantor_{state}'), people.operator)}")
    return systems


def test_a_guarantor_finds_its_draft_and_until_when_it_can_comment(client, drafted, people):
    client.force_login(people.guarantor_alder)
    listed = client.get(reverse("drafts")).text
    assert reverse("draft", args=[draft_of("alder").public_id]) in listed
    assert "No comment recorded yet" in listed
    page = client.get(reverse("draft", args=[draft_of("alder").public_id])).text
    assert "DRAFT: to be commented on, not released" in page
    assert f"at most {LENGTH} words" in page
    assert drafted.content_sha256 in page
    files = [file for file in files_of("alder") if file.stage == "draft"]
    assert len(files) == 2
    for file in files:
        address = reverse("draft-file", args=[file.public_id])
        assert address in page
        response = client.get(address)
        assert response.status_code == 200
        assert "_DRAFT_" in response["Content-Disposition"]
    assert "No edition has been released yet" in client.get(reverse("editions")).text


def test_that_cases_concern_its_parties_is_told_to_it_alone(client, drafted, people):
    marked, named = {}, {}
    for state in STATES:
        client.force_login(getattr(people, f"guarantor_{state}"))
        marked[state] = '<span class="tag">yes</span>' in client.get(reverse("drafts")).text
        page = client.get(reverse("draft", args=[draft_of(state).public_id])).text
        named[state] = "References in the annex" in page
        arranged = json.loads(draft_of(state).content)["concerns"]
        rows = [row for row in (*arranged["own_forces"], *arranged["undertaken"]) if row["registered"]]
        assert named[state] == marked[state] == bool(rows), state
    assert set(marked.values()) == {True, False}, "of these three some are concerned, and some are not"


def test_a_comment_is_recorded_and_corrected_on_the_page(client, drafted, people):
    client.force_login(people.guarantor_birch)
    address = reverse("draft", args=[draft_of("birch").public_id])
    assert client.post(address, {"words": ""}).status_code == 400
    too_long = client.post(address, {"words": "word " * (LENGTH + 1)})
    assert too_long.status_code == 400
    assert f"It has {LENGTH + 1} words" in too_long.text
    assert client.post(address, {"words": "Both.", "has_none": "on"}).status_code == 400
    assert client.post(address, {"words": PLANTED}).status_code == 302
    assert PLANTED in client.get(address).text
    assert client.post(address, {"words": "", "has_none": "on"}).status_code == 302
    assert "Recorded: no comment" in client.get(address).text
    with preparing():
        assert [row.words for row in DraftComment.objects.order_by("pk")] == [PLANTED, ""]


@pytest.mark.by_hand
def test_the_page_tells_who_comes_too_late(client, drafted, people):
    client.force_login(people.guarantor_birch)
    address = reverse("draft", args=[draft_of("birch").public_id])
    client.post(address, {"words": PLANTED})
    time_is_over(drafted)
    assert client.post(address, {"words": "Too late."}).status_code == 409
    page = client.get(address).text
    assert PLANTED in page
    assert "<textarea" not in page


def test_the_api_tells_ones_own_draft_and_takes_the_comment(drafted, systems):
    api = systems["cedar"]
    (told,) = api.get("/api/v1/drafts/").json()["results"]
    assert told["guarantor"] == "cedar"
    assert (told["comment"], told["comment_length"], told["content_sha256"]) == (None, LENGTH, drafted.content_sha256)
    where = f"/api/v1/drafts/{told['id']}/"
    assert api.get(where).json() == told
    for wrong in ({}, {"words": "Both.", "has_none": True}, {"has_none": False}, {"words": "word " * (LENGTH + 1)}):
        refused = api.post(f"{where}comment/", wrong, format="json")
        assert refused.status_code == 400, wrong
    said = api.post(f"{where}comment/", {"words": PLANTED}, format="json")
    assert (said.status_code, said.json()["words"]) == (200, PLANTED)
    assert api.post(f"{where}comment/", {"words": PLANTED}, format="json").json() == said.json()
    assert api.get(where).json()["comment"] == said.json()
    assert api.post(f"{where}comment/", {"has_none": True}, format="json").json()["has_none"] is True
    file = api.get(told["files"][0]["href"])
    assert file.status_code == 200
    assert api.get("/api/v1/editions/").json()["results"] == []


def everything_told(client, people, systems, state: str) -> dict[str, tuple[int, bytes]]:
    """What a guarantor is told at every door of drafts and editions, its own and the others'."""
    client.force_login(getattr(people, f"guarantor_{state}"))
    api = systems[state]
    with preparing():
        drafts = list(Edition.objects.values_list("public_id", flat=True).order_by("pk"))
        files = list(Rendition.objects.values_list("public_id", flat=True).order_by("pk"))
    pages = [reverse("editions"), reverse("drafts"), reverse("replies"), reverse("returns")]
    pages += [reverse(name, args=[one]) for one in drafts for name in ("draft", "edition")]
    pages += [reverse(name, args=[one]) for one in files for name in ("draft-file", "rendition-download")]
    doors = ["/api/v1/editions/", "/api/v1/drafts/", "/api/v1/statements/"]
    doors += [f"/api/v1/{name}/{one}/" for one in drafts for name in ("drafts", "editions")]
    doors += [f"/api/v1/{name}/{one}/" for one in files for name in ("drafts/files", "renditions")]
    told = {address: client.get(address) for address in pages} | {address: api.get(address) for address in doors}
    return {address: (answer.status_code, without_token(answer)) for address, answer in told.items()}


def without_token(answer) -> bytes:
    """What an answer tells, but for the token of its forms."""
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return re.sub(rb'name="csrfmiddlewaretoken" value="\w+"', b"", body)


@pytest.mark.by_hand
def test_nobody_learns_of_another_guarantor_s_comment_before_the_release(client, drafted, people, systems):
    before = {state: everything_told(client, people, systems, state) for state in ("alder", "cedar")}
    comments.say(draft_of("birch").public_id, by=people.guarantor_birch, words=PLANTED)
    assert {state: everything_told(client, people, systems, state) for state in ("alder", "cedar")} == before
    own = [
        address
        for address, (_status, body) in everything_told(client, people, systems, "birch").items()
        if PLANTED.encode() in body
    ]
    assert sorted(own) == sorted(
        [
            reverse("draft", args=[draft_of("birch").public_id]),
            "/api/v1/drafts/",
            f"/api/v1/drafts/{draft_of('birch').public_id}/",
        ]
    )
    time_is_over(drafted)
    assert closings.advance(drafted.pk).state == "rendered", "the final files are stored now, the comment in them"
    for state in ("alder", "cedar"):
        for address, (_status, body) in everything_told(client, people, systems, state).items():
            assert PLANTED.encode() not in body, address
    for person in (people.operator, people.superuser):
        client.force_login(person)
        for name in ("changelist", "change"):
            args = [drafted.pk] if name == "change" else []
            assert PLANTED not in client.get(reverse(f"admin:reports_closing_{name}", args=args)).text


@pytest.mark.by_hand
def test_moderators_read_the_comments_and_release_by_two_and_then_all_read_them(client, drafted, people):
    comments.say(draft_of("birch").public_id, by=people.guarantor_birch, words=PLANTED)
    client.force_login(people.moderator_south)
    assert "No report waits for its release" in client.get(RELEASES).text
    time_is_over(drafted)
    closing = closings.advance(drafted.pk)
    one = reverse("admin:reports_closing_release", args=[closing.public_id])
    seen = {"content": closing.content_sha256, "comments": closing.comments_sha256}
    for person, given in ((people.moderator_south, "0 of 2"), (people.moderator_north, "1 of 2")):
        client.force_login(person)
        assert given in client.get(RELEASES).text
        page = client.get(one)
        assert page.status_code == 200
        assert PLANTED in page.text
        assert closing.comments_sha256 in page.text
        taken = json.loads(client.get(reverse("admin:reports_closing_content", args=[closing.public_id])).content)
        assert taken["comments"]["comments"][1]["words"] == PLANTED
        approve = reverse("admin:reports_closing_approve", args=[closing.public_id])
        assert client.post(approve, {**seen, "comments": "0" * 64}).status_code == 409
        assert client.post(approve, seen).status_code == 302
    assert closings.advance(closing.pk).released_at is not None
    client.force_login(people.guarantor_alder)
    page = client.get(reverse("edition", args=[draft_of("alder").public_id])).text
    assert PLANTED in page
    assert "No comment was received in time." in page
    assert client.get(reverse("draft", args=[draft_of("alder").public_id])).status_code == 404, "it is an edition now"


def test_letting_it_be_is_taken_back_on_the_page_and_is_nothing_for_others(client, exercise, tmp_path, people):
    agreed(exercise, tmp_path, NO_WINDOW)
    closing = closings.advance(closings.request(exercise, "month", "2025-03").pk)
    approve = reverse("admin:reports_closing_approve", args=[closing.public_id])
    seen = {"content": closing.content_sha256, "comments": closing.comments_sha256}
    client.force_login(people.moderator_north)
    assert client.post(approve, seen).status_code == 302
    assert client.post(reverse("admin:reports_closing_take_back", args=[closing.public_id])).status_code == 302
    assert not ReleaseApproval.objects.open().exists()
    for person in (people.operator, people.superuser):
        client.force_login(person)
        assert client.post(approve, seen).status_code == 403
        assert client.get(RELEASES).status_code == 403
    assert not ReleaseApproval.objects.open().exists()
