"""The incidents behind every figure: as moderators see them, and as the annex shows them to guarantors."""

from __future__ import annotations

import random
from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest

from reports import periods
from reports.figures import annex, assemble, header, paths, rows, rows_in_full
from reports.figures.annex import reference
from reports.figures.changes import VIEWS, figures
from reports.figures.known import Known
from reports.figures.paths import Counted, Elsewhere
from reports.models import Closing
from tests.reports import readings
from tests.reports.records import Record
from tests.reports.rows_behind import require_rows_behind
from tests.violations import occasions

MADE = {
    **{name: lambda name=name: readings.stored(name) for name in readings.ALL},
    "single_day": readings.single_day,
    "busy_day": readings.busy_day,
    "from_before": readings.from_before,
}


@pytest.mark.parametrize("made", MADE)
def test_listed_and_unlisted_are_the_figure_at_every_path_of_what_the_demo_made(made):
    require_rows_behind(MADE[made]()[0])


@pytest.mark.parametrize("made", MADE)
def test_every_figure_of_a_content_has_an_address_of_its_own_and_says_what_it_counts(made):
    content, _edition = MADE[made]()
    sections = {code: section for code, section in content["sections"].items() if code not in VIEWS}
    told = [path for code, section in sections.items() for path, _figure in figures(section, code)]
    assert Counter(told).most_common(1)[0][1] == 1
    counted = paths.counted(content)
    assert counted.keys() <= set(told)
    numbers = {
        path
        for code, section in sections.items()
        for path, figure in figures(section, code)
        if type(figure) is int and code in paths.COUNTED
    }
    assert {path.partition("/")[0] for path in numbers - counted.keys()} <= {"comparison"}
    for path in random.Random(1).sample(sorted(told), 40):
        found = paths.found(content, path)
        assert found.counts == counted[path] if path in counted else found.counts in set(Elsewhere), path


def test_what_is_no_path_of_the_content_is_none():
    content, _edition = readings.stored(readings.EXERCISE)
    for path in (
        "",
        "incidents",
        "incidents/total",
        "incidents/total/columns/other",
        "annex/incidents",
        "charts/dates/0",
    ):
        assert paths.found(content, path) is None


@pytest.mark.django_db
@pytest.mark.by_hand
@pytest.mark.parametrize(("seed", "attribution"), [(1, "published"), (2, "internal")])
def test_the_list_of_moderators_is_the_figure_and_the_annex_a_part_of_it(exercise, people, tmp_path, seed, attribution):
    if attribution != "published":
        occasions.reloaded(tmp_path, ('attribution = "published"', f'attribution = "{attribution}"'))
    record = Record(exercise, people, seed)
    record.draw(120)
    months: Counter[tuple[bool, bool]] = Counter()
    met: Counter[tuple[str, str]] = Counter()
    for known in knowns(record):
        content = content_of(known)
        require_rows_behind(content)
        for what, path in asked(content, seed):
            page = rows_in_full.listed(known, what, most=1000)
            found = paths.found(content, path)
            assert page.figure == found.figure, (path, what)
            assert page.incidents == len(page.rows) == len({row.public_id for row in page.rows})
            if known.period.kind == "month":
                whole = {reference(row.public_id): row.number for row in page.rows}
                shown = rows.listed(content, found)
                assert {row["reference"]: number for number, row in shown.incidents}.items() <= whole.items(), path
                months[bool(shown.incidents), bool(shown.unlisted)] += 1
            met[what.part, what.measure] += bool(page.figure)
    assert len(months) == 4, "some are listed whole, some in part, some not at all, and some are zero"
    parts = {part for (part, _measure), number in met.items() if number}
    assert parts >= {"reading", "harm", "zone", "reason", "registered_filer", "registered_hour"}
    assert met["zone", "joint"] + met["object", "joint"] > 0
    assert ("party" in parts) == (attribution == "published")


def knowns(record: Record) -> list[Known]:
    """The month half way and at the end, and a day; what happened after its middle is too recent to tell."""
    version = record.agreement.terms
    began, known_at = version.recorded_at, record.now
    version.guarantor_delay_hours = (known_at - datetime(2025, 3, 18, tzinfo=UTC)) // timedelta(hours=1)
    earlier = began + (known_at - began) // 2
    spans = [("month", "2025-03", earlier), ("month", "2025-03", known_at), ("day", "2025-03-12", known_at)]
    return [Known(record.agreement, version, periods.bounds(version, kind, code), at) for kind, code, at in spans]


def content_of(known: Known) -> dict:
    """The figures of a period with what of beside them their rows are read by."""
    common = assemble.figures(known)
    closing = Closing(cutoff_at=known.known_at, recorded_at=known.known_at, requested_how="hand")
    beside = {"header": header.header(known, closing, 1)}
    if known.period.kind == "month":
        beside["annex"] = annex.annex(known)
    return {"head": common.head, "sections": common.sections, "beside": beside}


def asked(content: dict, seed: int) -> list[tuple[Counted, str]]:
    """Each thing that any figure counts, once; of the many zeros forty."""
    told = {code: dict(figures(section, code)) for code, section in content["sections"].items()}
    counted = {what: path for path, what in paths.counted(content).items()}
    zeros = [what for what, path in counted.items() if not told[path.partition("/")[0]][path]]
    left_out = set(random.Random(seed).sample(zeros, max(0, len(zeros) - 40)))
    return [(what, path) for what, path in counted.items() if what not in left_out]
