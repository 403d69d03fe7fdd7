"""The guarantor's pages: its own editions and nobody else's, every file logged, readable by everyone."""

from __future__ import annotations

import hashlib
from html.parser import HTMLParser

import pytest
from django.contrib.staticfiles import finders
from django.core.files.storage import default_storage
from django.test import Client
from django.urls import reverse

from monitoring import accreditation
from monitoring.models import AuditEntry
from reports import closings
from reports.closings.preparing import preparing
from reports.models import Edition, Rendition
from tests.conftest import PASSWORD
from tests.everybody import all_roles
from tests.reports.released import released_month
from tests.second_factors import log_in
from tests.violations import sets
from tests.violations.occasions import filed
from violations import data_sets

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tables_alone")]


@pytest.fixture
def closed(exercise, people):
    """The month closed twice: something became known in between."""
    first = released_month(exercise)
    filed(exercise, people.monitor_north)
    return first, released_month(exercise)


@pytest.fixture
def own(closed) -> Edition:
    """Alder's newest edition."""
    return Edition.objects.get(closing=closed[1], guarantor__code="alder")


@pytest.fixture
def other(closed) -> Edition:
    """Birch's newest edition."""
    return Edition.objects.get(closing=closed[1], guarantor__code="birch")


@pytest.fixture
def reader(client, people) -> Client:
    client.force_login(people.guarantor_alder)
    return client


def page(client: Client, name: str, *args) -> str:
    return client.get(reverse(name, args=args)).content.decode()


class Outline(HTMLParser):
    """What of a page bears on whether everybody can use it."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.points: list[str] = []
        self.labels: list[str] = []
        self.controls: list[str] = []
        self.headings: list[int] = []
        self.tags: list[str] = []
        self.styled = False
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        self.tags.append(tag)
        self.styled = self.styled or "style" in given or any(name.startswith("on") for name in given)
        if "id" in given:
            self.ids.append(given["id"])
        self.points += (given.get("aria-labelledby") or "").split()
        if (given.get("href") or "").startswith("#"):
            self.points.append(given["href"][1:])
        if tag == "label":
            self.labels.append(given["for"])
        if tag == "input" and given.get("type") != "hidden":
            self.controls.append(given["id"])
        if tag in {"h1", "h2", "h3"}:
            self.headings.append(int(tag[1]))


def test_the_bare_address_leads_to_the_editions_and_there_a_stranger_logs_in(client):
    assert client.get("/", follow=True).redirect_chain == [("/login/?next=/", 302)]
    assert client.get(reverse("editions")).url == f"/login/?next={reverse('editions')}"


def test_logging_in_leads_to_ones_editions_and_logging_out_wants_a_post(client, people, closed):
    assert log_in(client, "guarantor-alder", PASSWORD).redirect_chain[-2:] == [("/", 302), (reverse("editions"), 302)]
    assert client.get("/logout/").status_code == 405
    assert client.post("/logout/").url == "/login/"
    assert client.get(reverse("editions")).status_code == 302


def test_what_an_edition_says_at_a_glance_adds_up_to_the_registered(reader, exercise, people, tmp_path):
    sets.imported(exercise, tmp_path, *sets.KINDS)
    proposal = data_sets.propose(exercise, sets.SET, by=people.moderator_north, grounds="Sampled.").acceptance
    data_sets.second(proposal, by=people.moderator_south)
    filed(exercise, people.monitor_north)
    edition = Edition.objects.get(closing=released_month(exercise), guarantor__code="alder")
    shown = reader.get(reverse("edition", args=[edition.public_id])).context["shown"]
    told = {term: int(value) for term, value, _path in shown.glance if not term.startswith("Ledger")}
    registered = told.pop("Incidents registered")
    assert told["of these probable (data set)"] == 4
    assert (registered, sum(told.values())) == (7, 7), told


def test_the_list_shows_ones_own_newest_first_with_what_changed(reader, closed, own):
    text = page(reader, "editions")
    assert text.count(reverse("edition", args=[own.public_id])) == 2
    assert text.index("figures changed") < text.index("First closing of the period")
    assert "Alder" in text
    assert "Birch" not in text
    assert "Cedar" not in text
    assert "SIMULATED" in text
    assert "(UTC−08:00)" in text
    assert " ".join(own.closing.content_sha256[at : at + 4] for at in (0, 4, 8, 12)) in text


def test_an_edition_says_what_changed_the_hash_and_every_file(reader, closed, own):
    text = page(reader, "edition", own.public_id)
    assert own.closing.content_sha256 in text
    assert "Incidents › all › registered" in text
    assert "Compared with closing 1" in text
    assert "Incident reports filed" in text
    assert "the record as known at" in text
    assert "Closing 1</a>" in text
    for file in own.renditions.all():
        assert file.sha256 in text
        assert file.file_name in text
        assert reverse("rendition-download", args=[file.public_id]) in text


def test_the_first_closing_says_that_there_is_nothing_to_compare(reader, closed):
    first = Edition.objects.get(closing=closed[0], guarantor__code="alder")
    text = page(reader, "edition", first.public_id)
    assert "This is the first closing of the period" in text
    assert "this is not a count of zero" in text


@pytest.mark.parametrize("tables_alone", [False], indirect=True)
def test_a_file_comes_as_an_attachment_by_its_readers_name_and_is_logged(reader, people, exercise):
    closing = released_month(exercise)
    files = list(Rendition.objects.filter(edition__closing=closing, edition__guarantor__code="alder"))
    assert {file.format for file in files} == {"pdf", "csv", "json"}
    for file in files:
        answer = reader.get(reverse("rendition-download", args=[file.public_id]))
        assert answer.status_code == 200
        assert hashlib.sha256(answer.getvalue()).hexdigest() == file.sha256
        assert answer["Content-Disposition"] == f'attachment; filename="{file.file_name}"'
        assert file.file_name.startswith("SIMULATED_")
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert answer["Cache-Control"] == "private, no-store"
        assert str(file.public_id) not in file.path
    logged = AuditEntry.objects.filter(action="rendition.download", actor=people.guarantor_alder, outcome="done")
    assert {row.object_id for row in logged} == {str(file.public_id) for file in files}


def test_where_the_audit_cannot_be_written_no_byte_leaves(reader, own, monkeypatch):
    def refuse(*args, **kwargs):
        raise RuntimeError

    monkeypatch.setattr("monitoring.audit.done", refuse)
    file = own.renditions.get(format="csv")
    with pytest.raises(RuntimeError):
        reader.get(reverse("rendition-download", args=[file.public_id]))


def test_a_stored_file_that_is_not_the_one_rendered_is_not_handed_out(reader, own):
    file = own.renditions.get(format="csv")
    default_storage.delete(file.path)
    answer = reader.get(reverse("rendition-download", args=[file.public_id]))
    assert answer.status_code == 409
    assert "Tell an operator" in answer.content.decode()
    assert not AuditEntry.objects.filter(action="rendition.download", outcome="done").exists()


def test_nothing_of_another_guarantor_is_shown_not_even_by_its_address(reader, people, other):
    for address in [
        reverse("edition", args=[other.public_id]),
        *(reverse("rendition-download", args=[file.public_id]) for file in other.renditions.all()),
    ]:
        answer = reader.get(address)
        assert answer.status_code == 404
        assert "yours to read" in answer.content.decode()
    denied = AuditEntry.objects.filter(outcome="denied", actor=people.guarantor_alder)
    assert {row.action for row in denied} == {"edition", "rendition-download"}
    assert {row.reason for row in denied} == {"not_found"}


def test_what_is_not_released_is_not_there(reader, people, exercise):
    closing = closings.request(exercise, "month", "2025-03")
    lease = closings.claim(closing.pk)
    closings.compute(lease)
    closings.render(lease)
    with preparing():
        edition = Edition.objects.get(closing=closing, guarantor__code="alder")
        file = edition.renditions.get(format="csv")
    assert "No edition has been released yet" in page(reader, "editions")
    assert reader.get(reverse("edition", args=[edition.public_id])).status_code == 404
    assert reader.get(reverse("rendition-download", args=[file.public_id])).status_code == 404


def test_when_the_accreditation_ends_so_does_the_reading(reader, people, own):
    file = own.renditions.get(format="csv")
    held = accreditation.held_by(people.guarantor_alder, accreditation.Role.GUARANTOR).get()
    accreditation.end(held, by=people.operator)
    told = reader.get(reverse("rendition-download", args=[file.public_id]))
    assert told.status_code == 403
    assert "Your account holds no accreditation now" in told.text
    for name, row in (("rendition-download", file), ("edition", own)):
        assert reader.get(reverse(name, args=[row.public_id])).url.startswith("/login/")


def test_before_the_first_release_the_page_says_so(client, people):
    client.force_login(people.guarantor_cedar)
    assert "No edition has been released yet" in page(client, "editions")


@pytest.mark.parametrize("who", ["monitor_north", "moderator_south", "operator", "superuser"])
def test_whoever_is_accredited_for_no_guarantor_gets_an_explanation(client, people, closed, who):
    client.force_login(getattr(people, who))
    text = page(client, "editions")
    assert "There is nothing here for your account" in text
    assert "/renditions/" not in text
    assert ("Your work is in the administration" in text) is getattr(people, who).is_staff


@pytest.mark.parametrize(
    ("who", "has"),
    [
        ("guarantor_alder", {"editions", "returns"}),
        ("liaison", {"complaints"}),
        ("monitor_north", set()),
        ("observer", set()),
        ("duty_officer", {"admin:index"}),
        ("moderator_south", {"admin:index"}),
        ("auditor", {"admin:index"}),
        ("operator", {"admin:index"}),
        ("superuser", {"admin:index"}),
    ],
)
def test_each_is_led_to_what_they_have_and_to_nothing_else(client, exercise, astana, people, who, has):
    client.force_login(getattr(all_roles(exercise, astana, people), who))
    shown = client.get(reverse("account")).content.decode()
    nav = shown.partition('<nav aria-label="Pages">')[2].partition("</nav>")[0]
    led = {name for name in ("editions", "returns", "complaints", "admin:index") if f'href="{reverse(name)}"' in nav}
    assert led == has
    assert f'href="{reverse("account")}"' in nav


def test_a_long_list_is_read_in_pages(reader, closed, monkeypatch):
    monkeypatch.setattr("reports.edition_pages.A_PAGE", 1)
    first = reader.get(reverse("editions")).content.decode()
    assert "Page 1 of 2" in first
    second = reader.get(reverse("editions"), {"page": "2"}).content.decode()
    assert "First closing of the period" in second
    assert "Newest monthly report" not in second


def test_the_list_asks_no_more_of_the_database_for_more_editions(reader, closed, django_assert_max_num_queries):
    reader.get(reverse("editions"))  # the first page of a session notes that somebody is there
    with django_assert_max_num_queries(13):  # three of them write that the list was looked at
        reader.get(reverse("editions"))


def test_pages_are_small_plain_and_reach_no_other_site(reader, own):
    css = finders.find("reports/portal.css")
    with open(css, "rb") as file:
        weight = len(file.read())
    for text in (page(reader, "editions"), page(reader, "edition", own.public_id)):
        assert len(text.encode()) + weight <= 100 * 1024
        outline = Outline(text)
        assert "script" not in outline.tags
        assert "style" not in outline.tags
        assert not outline.styled
        assert "http://" not in text
        assert "https://" not in text
    answer = reader.get(reverse("editions"))
    assert "unsafe-inline" not in answer["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in answer["Content-Security-Policy"]


def test_pages_can_be_used_by_everyone(reader, own):
    texts = [page(reader, "editions"), page(reader, "edition", own.public_id)]
    anonymous = Client()
    texts += [page(anonymous, "account_login"), anonymous.post("/login/", {}).content.decode()]
    for text in texts:
        outline = Outline(text)
        assert text.startswith("<!DOCTYPE html>")
        assert '<html lang="en" dir="ltr">' in text
        assert outline.headings.count(1) == 1
        assert outline.headings[0] == 1
        assert set(outline.points) <= set(outline.ids)
        assert len(set(outline.ids)) == len(outline.ids)
        assert set(outline.controls) <= set(outline.labels)
        assert {"main", "header", "footer", "title"} <= set(outline.tags)
        assert 'class="skip" href="#content"' in text
    assert "<title>Error: " in texts[-1]
    assert "This field is required" in texts[-1]


def test_text_stands_out_from_its_ground():
    """WCAG: at least 4.5 to 1 for every colour that text has."""

    def luminance(colour: str) -> float:
        parts = [int(colour[at : at + 2], 16) / 255 for at in (0, 2, 4)]
        linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    for text in ("16212c", "4d5965", "66717c"):
        for ground in ("ffffff", "eef0f2"):
            if (text, ground) != ("66717c", "eef0f2"):  # never printed so
                assert (luminance(ground) + 0.05) / (luminance(text) + 0.05) >= 4.5


def test_an_address_that_is_none_is_told_in_a_page(reader):
    answer = reader.get("/editions/nonsense/")
    assert answer.status_code == 404
    assert "There is nothing here" in answer.content.decode()


def test_operators_see_how_closings_stand_and_never_what_they_say(client, people, closed, own):
    client.force_login(people.operator)
    texts = [
        client.get(address).content.decode()
        for address in (
            reverse("admin:reports_closing_changelist"),
            reverse("admin:reports_closing_change", args=[closed[1].pk]),
            reverse("admin:reports_edition_changelist"),
            reverse("admin:reports_edition_change", args=[own.pk]),
        )
    ]
    assert "released" in texts[0].lower()
    assert closed[1].content_sha256 in texts[1]
    assert own.renditions.get(format="csv").file_name in texts[3]
    for text in texts:
        assert "content_sha256&quot;" not in text
        assert "undertaken" not in text
        assert "by_side" not in text
        assert "/renditions/" not in text
