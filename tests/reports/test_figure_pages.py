"""Each figure of an edition leads to its incidents, by page and by API; and any two editions stand side by side."""

from __future__ import annotations

import json
import re
from html import unescape
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client
from django.urls import reverse
from rest_framework.test import APIClient

from monitoring.models import AuditEntry
from reports import behind
from reports.figures.annex import reference
from reports.figures.changes import VIEWS, figures
from reports.models import Edition
from tests.everybody import client_of
from tests.reports.released import released_month
from tests.reports.test_pages import Outline
from tests.violations.occasions import agreed, breach, filed, incident_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("json_alone")]

LINK = re.compile(r'<a href="([^"]*/figures/incidents/\?[^"]*)"[^>]*>([^<]*)</a>')


@pytest.fixture
def reports(exercise, people):
    return [filed(exercise, people.monitor_north, act=act) for act in ("indirect_fire", "direct_fire", "direct_fire")]


@pytest.fixture
def closed(exercise, people, reports):
    """The month closed twice: a finding was agreed in between."""
    first = released_month(exercise)
    decision = breach(exercise)
    agreed(incident_of(reports[0]), decision, by=people.moderator_north, and_by=people.moderator_south)
    return first, released_month(exercise)


def edition_of(closing, state: str = "alder") -> Edition:
    return Edition.objects.get(closing=closing, guarantor__code=state)


@pytest.fixture
def pages(client, people) -> Client:
    client.force_login(people.guarantor_alder)
    return client


@pytest.fixture
def api(people) -> APIClient:
    client = APIClient()
    client.force_authenticate(people.guarantor_alder)
    return client


def behind_at(client, edition, path, **asked):
    return client.get(reverse("edition-figure-incidents", args=[edition.public_id]), {"path": path, **asked})


def test_every_number_of_the_edition_s_page_is_a_link_that_leads_to_as_many_incidents(pages, closed):
    shown = pages.get(reverse("edition", args=[edition_of(closed[1]).public_id])).text
    links = [(unescape(address), text) for address, text in LINK.findall(shown)]
    glance = shown.partition('id="glance-title"')[2].partition("</dl>")[0]
    assert glance.count("<dd>") == glance.count("<dd><a href=")
    changed = shown.partition('id="changed-title"')[2].partition('id="because-caption"')[0]
    figures_told = re.findall(r'<td class="number">(?:<strong>)?([^<]*)', changed)
    assert not [text for text in figures_told if text.strip().isdigit()], "a number that is there is a link"
    assert len(links) > 20
    for address, text in links:
        answer = pages.get(address)
        assert answer.status_code == 200, address
        assert text in answer.context["figure"] or "days held" in text
        if "lines" in answer.context and not answer.context["persons"]:
            listed = len(answer.context["lines"])
            assert listed == int(text) or ("by_zone" in address and listed < int(text)), address
    assert {urlsplit(address).path.split("/")[2] for address, _text in links} == {
        str(edition_of(closing).public_id) for closing in closed
    }


def test_the_incidents_behind_a_figure_are_named_with_what_the_annex_shows(pages, closed, reports):
    edition = edition_of(closed[1])
    answer = behind_at(pages, edition, "incidents/by_act/direct_fire/registered")
    names = {reference(incident_of(report).public_id) for report in reports[1:]}
    assert {line["reference"] for line in answer.context["lines"]} == names
    assert "2 incidents, all of them listed." in answer.text
    assert "direct fire" in answer.text
    one = behind_at(pages, edition, "incidents/total/columns/violations_preliminary")
    assert "1 incident, and it is listed." in one.text
    nothing = behind_at(pages, edition, "incidents/total/columns/discounted")
    assert "there is nothing to list" in nothing.text
    before = behind_at(pages, edition_of(closed[0]), "incidents/total/columns/violations_preliminary")
    assert before.context["lines"] == []


def test_what_the_annex_does_not_show_is_counted_and_the_reason_is_said(pages, closed):
    answer = behind_at(pages, edition_of(closed[1]), "incidents/by_zone/none/registered")
    told = answer.context
    assert (told["lines"], told["figure"]) == ([], "3")
    assert "0 of 3 incidents are listed." in answer.text
    assert "none is listed as lying in no zone" in answer.text


def test_where_nothing_had_been_filed_its_0_is_no_count_of_zero(pages, exercise, people):
    answer = behind_at(pages, edition_of(released_month(exercise)), "incidents/total/registered")
    assert answer.context["figure"] == "no figure"
    assert "not a count of zero" in answer.text


@pytest.mark.parametrize(
    ("path", "said", "onward"),
    [
        ("ledgers/ledgers/alder/announced/days_held", "daily returns", "/returns/exercise/"),
        ("ledgers/ledgers/alder/filed/total", "as they were filed", ""),
        ("effort/restrictions/total", "counts no incident", ""),
    ],
)
def test_a_figure_that_counts_no_incident_says_what_it_is_made_of(pages, closed, path, said, onward):
    answer = behind_at(pages, edition_of(closed[1]), path)
    assert answer.status_code == 200
    assert "lines" not in answer.context
    assert said in answer.text
    assert answer.context["onward"][0] == onward
    assert onward in answer.text


def test_every_number_is_in_the_list_of_figures_and_tells_where_its_incidents_are(api, pages, closed):
    edition = edition_of(closed[1])
    content = json.loads(closed[1].content())
    address, told = reverse("api-edition-figures", args=[edition.public_id]), {}
    while address:
        answer = api.get(address).json()
        assert len(answer["results"]) <= behind.FIGURES_A_PAGE
        told |= {row["path"]: row for row in answer["results"]}
        address = answer["next"]
    numbers = {
        path: figure
        for code, section in content["sections"].items()
        if code not in VIEWS
        for path, figure in figures(section, code)
        if type(figure) is int
    }
    no_count = {
        path for path in numbers if re.match("effort/(total|by_kind|by_team|by_day|days_watched|quiet_days)", path)
    }
    assert {path: row["figure"] for path, row in told.items()} == numbers | dict.fromkeys(no_count), (
        "no hours were filed"
    )
    assert {path for path, row in told.items() if row["note"]} == no_count
    assert len(numbers) > behind.FIGURES_A_PAGE
    row = api.get(told["incidents/total/registered"]["href"]).json()
    assert (row["figure"], row["counts"], row["listed"], row["unlisted"], row["why_unlisted"]) == (
        3,
        "incidents",
        3,
        0,
        [],
    )
    shown = {line["reference"]: line for line in content["beside"]["annex"]["incidents"]}
    assert {one["incident"]["reference"]: one["incident"] for one in row["incidents"]} == shown
    listing = pages.get(reverse("edition-figures", args=[edition.public_id]))
    tables = [table["code"] for table in listing.context["tables"]]
    assert {path for table in listing.context["tables"] for path, _number in table["figures"]} == set(numbers)
    for table in tables:
        assert pages.get(reverse("edition-figures", args=[edition.public_id]), {"table": table}).status_code == 200


def test_a_list_goes_on_from_the_last_that_was_shown_and_from_nothing_else(pages, api, closed, monkeypatch):
    monkeypatch.setattr(behind, "A_PAGE", 2)
    edition = edition_of(closed[1])
    first = behind_at(pages, edition, "incidents/total/registered")
    assert len(first.context["lines"]) == 2
    query = {name: values[0] for name, values in parse_qs(first.context["next"][1:]).items()}
    second = behind_at(pages, edition, **query)
    assert len(second.context["lines"]) == 1
    assert second.context["next"] == ""
    names = [line["reference"] for page in (first, second) for line in page.context["lines"]]
    assert len(set(names)) == 3
    address = reverse("api-edition-figure-incidents", args=[edition.public_id])
    page = api.get(address, {"path": "incidents/total/registered"}).json()
    told = [*page["incidents"], *api.get(page["next"]).json()["incidents"]]
    assert [one["incident"]["reference"] for one in told] == names
    assert behind_at(pages, edition, "incidents/total/registered", after="0000000000").status_code == 400
    answer = api.get(address, {"path": "incidents/total/registered", "after": "0000000000"})
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (400, "#/after")


def test_what_is_no_figure_is_told_with_what_to_do(pages, api, closed):
    edition = edition_of(closed[1])
    absent = behind_at(pages, edition, "incidents/by_act/none/registered")
    assert absent.status_code == 404
    assert "Take one from its list of figures" in absent.text
    assert behind_at(pages, edition, "").status_code == 400
    table = pages.get(reverse("edition-figures", args=[edition.public_id]), {"table": "other"})
    assert table.status_code == 404
    address = reverse("api-edition-figure-incidents", args=[edition.public_id])
    assert api.get(address, {"path": "a/b"}).json()["code"] == "no_such_figure"
    assert api.get(address).json()["errors"][0]["pointer"] == "#/path"


def test_two_closings_side_by_side_are_the_changes_of_the_later_with_the_incident_that_moved(
    pages, api, closed, reports
):
    old, new = (edition_of(closing) for closing in closed)
    content = json.loads(closed[1].content())
    answer = pages.get(reverse("edition-comparison", args=[new.public_id]), {"with": str(old.public_id)})
    changes = content["beside"]["changes"]["figures"]
    paths = [row["path"] for row in answer.context["figures"]]
    assert sorted(paths) == sorted(figure["path"] for figure in changes)
    assert paths[0].startswith("incidents/total/"), "what concerns all incidents stands first"
    (row,) = answer.context["incidents"]
    assert row["reference"] == reference(incident_of(reports[0]).public_id)
    assert "stands as: was pending, is violation, preliminary" in answer.text
    assert answer.context["before"].id == str(old.public_id)
    told = api.get(reverse("api-edition-comparison", args=[new.public_id, old.public_id])).json()
    assert [figure["path"] for figure in told["figures"]] == paths
    assert sorted(told["figures"], key=lambda figure: paths.index(figure["path"])) == sorted(
        changes, key=lambda figure: paths.index(figure["path"])
    )
    assert told["figures_differing"] == len(told["figures"])
    assert (told["before"]["number"], told["now"]["number"], told["same_period"]) == (1, 2, True)
    (one,) = told["incidents"]
    assert one["how"] == "differs"
    assert {"field": "column", "old": "pending", "new": "violations_preliminary"} in one["fields_differing"]
    turned = api.get(reverse("api-edition-comparison", args=[old.public_id, new.public_id])).json()
    assert turned == told


def test_the_two_lists_of_a_comparison_go_on_each_by_itself(api, closed, monkeypatch):
    monkeypatch.setattr(behind, "FIGURES_A_PAGE", 7)
    old, new = (edition_of(closing) for closing in closed)
    address, paths = reverse("api-edition-comparison", args=[new.public_id, old.public_id]), []
    while address:
        told = api.get(address).json()
        paths += [figure["path"] for figure in told["figures"]]
        address = told["next"]
    assert len(paths) == len(set(paths)) == told["figures_differing"] > 7


def test_another_month_stands_beside_it_and_is_no_change(pages, long_truce, people):
    february, march = (released_month(long_truce, month) for month in ("2025-02", "2025-03"))
    answer = pages.get(
        reverse("edition-comparison", args=[edition_of(march).public_id]),
        {"with": str(edition_of(february).public_id)},
    )
    assert answer.status_code == 200
    assert "no figure of one is a change of the other" in answer.text
    assert "the incidents of one are not those of the other" in answer.text


def test_with_nothing_to_compare_with_that_is_said(pages, exercise, people):
    edition = edition_of(released_month(exercise))
    answer = pages.get(reverse("edition-comparison", args=[edition.public_id]))
    assert "There is no other report to compare with" in answer.text
    itself = pages.get(reverse("edition-comparison", args=[edition.public_id]), {"with": str(edition.public_id)})
    assert "This is one closing, beside itself" in itself.text
    assert "Nothing that is compared differs." in itself.text
    assert pages.get(reverse("edition-comparison", args=[edition.public_id]), {"with": "one"}).status_code == 400


DOORS = ("edition-figures", "edition-figure-incidents", "edition-comparison")
API_DOORS = ("api-edition-figures", "api-edition-figure-incidents", "api-edition-comparison")


def addresses(edition) -> list[str]:
    return [
        reverse(name, args=[edition.public_id] * (2 if name == "api-edition-comparison" else 1))
        for name in (*DOORS, *API_DOORS)
    ]


@pytest.mark.parametrize("who", ["guarantor_birch", "moderator_north", "monitor_north", "operator", "superuser"])
def test_nobody_but_the_guarantor_s_readers_opens_these_doors(people, closed, who):
    client, path = client_of(getattr(people, who)), {"path": "incidents/total/registered"}
    for address in addresses(edition_of(closed[1])):
        status = client.get(address, path if "incidents" in address else {}).status_code
        assert status in {302, 403, 404}, address
        assert status == 404 or who != "guarantor_birch", address


def test_another_s_edition_cannot_be_laid_beside_one_s_own(pages, closed):
    mine, theirs = edition_of(closed[1]), edition_of(closed[1], "birch")
    answer = pages.get(reverse("edition-comparison", args=[mine.public_id]), {"with": str(theirs.public_id)})
    assert answer.status_code == 404


def test_a_look_at_figures_is_in_the_audit_and_so_is_each_of_two(pages, closed, exercise):
    old, new = (edition_of(closing) for closing in closed)
    before = AuditEntry.objects.latest("pk").pk
    behind_at(pages, new, "incidents/total/registered")
    pages.get(reverse("edition-comparison", args=[new.public_id]), {"with": str(old.public_id)})
    rows = AuditEntry.objects.filter(pk__gt=before).order_by("pk").values_list("action", "object_id", "agreement")
    assert list(rows) == [("edition.view", str(one.public_id), exercise.pk) for one in (new, new, old)]


def test_the_pages_can_be_used_by_keyboard_and_read_aloud(pages, closed):
    old, new = (edition_of(closing) for closing in closed)
    for name, asked in (
        ("edition-figures", {}),
        ("edition-figures", {"table": "incidents/by_act"}),
        ("edition-figure-incidents", {"path": "incidents/total/registered"}),
        ("edition-figure-incidents", {"path": "effort/restrictions/total"}),
        ("edition-comparison", {"with": str(old.public_id)}),
    ):
        text = pages.get(reverse(name, args=[new.public_id]), asked).text
        outline = Outline(text)
        assert len(outline.ids) == len(set(outline.ids)), name
        assert set(outline.points) <= set(outline.ids), name
        assert set(outline.controls) <= set(outline.labels), name
        assert outline.headings[0] == 1, name
        assert not outline.styled, name
        assert set(" ".join(re.findall(r'aria-describedby="([^"]*)"', text)).split()) <= set(outline.ids), name
