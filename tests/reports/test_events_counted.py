"""The real events of the truce, closed month by month, against a count by other tools: every figure is the same."""

from __future__ import annotations

import json
from collections import Counter
from datetime import date, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import pytest

from monitoring.models import Area
from reports import closings
from reports.closings.verifying import Outcome
from tests.conftest import MECHANISMS
from tests.reports import events_oracle
from tests.reports.events_oracle import Count, Mechanism
from tests.reports.schema import check_content
from tests.violations.real_events import TRUCE, WORLD, given, load_boundaries, run, shapes_of
from violations.models import Assessment

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("json_alone"), given]

DAMASCUS = ZoneInfo("Asia/Damascus")
MONTHS = ("2016-12", "2017-01", "2017-02", "2017-03", "2017-04", "2017-05")


@cache
def the_mechanism() -> Mechanism:
    return Mechanism(MECHANISMS / "astana-2016.toml")


@cache
def the_events() -> list[events_oracle.Event]:
    return events_oracle.events(TRUCE, events_oracle.governorates(shapes_of(1)), the_mechanism())


def days_of(month: str) -> tuple[date, date]:
    first = date.fromisoformat(f"{month}-01")
    return first, (first + timedelta(days=31)).replace(day=1)


@pytest.fixture
def imported(astana, tmp_path):
    """The truce with its boundaries at every level and the real events; none of them is refused."""
    load_boundaries()
    assert f"{len(the_events()):,}  new" in run(TRUCE, rejects=tmp_path / "rejects.csv")
    assert not (tmp_path / "rejects.csv").exists()
    return astana


def closed(agreement, month: str) -> dict:
    closing = closings.advance(closings.request(agreement, "month", month).pk)
    assert closings.verify(closing).outcome == Outcome.SAME
    content = json.loads(closing.content())
    check_content(content)
    return content


def listed(content: dict) -> Count:
    """What the annex lists, incident by incident, as the other count lists it."""
    annex = content["beside"]["annex"]
    assert annex["withheld_recent"] == 0
    lines: Count = Counter()
    for row in annex["incidents"]:
        role = "alleged" if row["alleged"] else "involved"
        assert not row["target"]
        lines[
            datetime.fromisoformat(row["occurred_from"]).astimezone(DAMASCUS).date().isoformat(),
            row["date"] or "not dated",
            row["area"] or "not placed",
            row["scope"],
            row["column"],
            role,
            ", ".join(row[role]),
            f"killed {row['killed']['reported_low']}-{row['killed']['reported_high']}",
        ] += 1
    return lines


def figures(content: dict) -> Count:
    """What the report says, figure by figure, under the names that the other count gives them; zeros left out."""
    sections = content["sections"]
    section = sections["incidents"]
    rows = [(("total",), section["total"])]
    rows += [(("act", row["act"]), row) for row in section["by_act"]]
    rows += [(("object hit", row["object"] or "-"), row) for row in section["by_object_hit"]]
    rows += [(("weapon", row["weapon"] or "-"), row) for row in section["by_weapon"]]
    rows += [(("party", row["party"] or "-", row["group"]), row) for row in section["by_party"]]
    rows += [(("named", row["party"], row["role"]), row) for row in section["by_party_named"]]
    rows += [(("side", row["side"] or "-", row["forces"]), row) for row in section["by_side"]]
    rows += [(("day", row["date"] or row["dated"]), row) for row in section["by_day"]]
    (by_governorate,) = section["by_area"]
    assert by_governorate["level"] == "governorate"
    rows += [(("governorate", row["area"] or "not placed at this level"), row) for row in by_governorate["rows"]]
    said: Count = Counter()
    for name, row in rows:
        assert row["registered"] == sum(row["columns"].values()), name
        assert row["subtotals"] == {"verified": 0, "in_scope": 0, "violations": 0}, name
        said.update({(*name, column): count for column, count in row["columns"].items()})
        said[*name, "registered"] += row["registered"]
    said["several rows", "governorate"] += by_governorate["joint"]
    said["several rows", "party"] += section["by_party_joint"]
    for row in sections["out_of_scope"]["by_reason"]:
        said["out of scope", row["reason"], "stands there"] += row["incidents"]
        said["out of scope", row["reason"], "also applies"] += row["also_applies"]
    for row in section["casualties"]:
        for harm in ("killed", "injured"):
            said.update({(harm, row["of"], what): count for what, count in row[harm].items()})
    return said


def must_equal(said: Count, expected: Count, of: str) -> None:
    """Fail with every figure that differs, by its name."""
    names = sorted(name for name in set(said) | set(expected) if said[name] != expected[name])
    assert not names, "\n".join(
        f"{of}, {', '.join(name)}: the report says {said[name]}, the files {expected[name]}" for name in names
    )


def test_events_of_the_whole_world_are_placed_and_judged_as_the_files_say(astana, tmp_path):
    """By the other header: a thousand events of 1989 to 2022, most of them abroad or outside the truce's time."""
    load_boundaries()
    expected = {
        str(event.number): (event.scope, event.governorates, event.killed)
        for event in events_oracle.events(WORLD, events_oracle.governorates(shapes_of(1)), the_mechanism())
    }
    assert f"{len(expected):,}  new" in run(WORLD, rejects=tmp_path / "rejects.csv", anyway=True)
    codes = dict(Area.objects.filter(level="governorate").values_list("pk", "code"))
    found = {
        one.lead_report.external_id: (
            one.scope,
            tuple(sorted(codes[area] for area in one.areas if area in codes)),
            (one.killed_low, one.killed_high),
        )
        for one in Assessment.objects.open().select_related("lead_report")
    }
    assert len({scope for scope, _governorates, _killed in expected.values()}) > 4
    differing = [number for number in expected if found.get(number) != expected[number]]
    assert not differing, "\n".join(
        f"event {number}: assessed {found.get(number)}, the files {expected[number]}" for number in differing
    )


def test_january_2017_is_what_the_files_say(imported):
    content = closed(imported, "2017-01")
    said = figures(content)
    expected = events_oracle.counted(the_events(), *days_of("2017-01"), the_mechanism())
    assert expected["total", "registered"] > 400
    must_equal(said, expected, "January 2017")
    must_equal(listed(content), events_oracle.listed(the_events(), *days_of("2017-01")), "the annex of January 2017")


def test_the_whole_span_is_what_the_files_say_and_every_event_is_counted_once(imported):
    """Month by month, and together: the columns over all months make the events of the file."""
    together: Count = Counter()
    for month in MONTHS:
        said = figures(closed(imported, month))
        must_equal(said, events_oracle.counted(the_events(), *days_of(month), the_mechanism()), month)
        together.update(said)
    span = events_oracle.counted(the_events(), days_of(MONTHS[0])[0], days_of(MONTHS[-1])[1], the_mechanism())
    edges = {"day", "killed", "injured"}  # what lies across the edge of a month need not lie across that of the span
    must_equal(
        Counter({name: count for name, count in together.items() if name[0] not in edges}),
        Counter({name: count for name, count in span.items() if name[0] not in edges}),
        "the whole span",
    )
    for harm in ("killed", "injured"):
        name = (harm, "not_discounted", "reported_maximum")
        assert together[name] == span[name], f"the whole span, {harm}"
    columns = {name: count for name, count in together.items() if name[0] == "total" and name[1] != "registered"}
    assert sum(columns.values()) == together["total", "registered"] == len(the_events())
