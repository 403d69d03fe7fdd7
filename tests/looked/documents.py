"""One document of every kind of report and truce, and of January 2017 as others recorded it."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.utils import translation

import violations
from monitoring import accreditation, ledger, mechanism, mechanism_file
from monitoring.models import Agreement, User
from reports import closings
from reports.models import Closing
from reports.renderers import pdf
from reports.renderers.reading import Reading
from tests.conftest import accredited, loaded_exercise
from tests.monitoring.truces import SHIPPED, write
from tests.reports import readings
from tests.violations import occasions, real_events
from violations.importing.commission import import_returns

SAMPLES = Path(violations.__file__).parent / "samples"
LANGUAGE = "en"
WITH_WEEKS = ('calendar = ["day", "month"]', 'calendar = ["day", "week", "month"]')


def loaded(name: str, *changes: tuple[str, str]) -> Agreement:
    """A truce that comes with the service, as its operator loads it, or with something else written in its file."""
    with TemporaryDirectory() as folder, ledger.writing() as entry:
        path = write(Path(folder), *changes, name=name) if changes else SHIPPED / f"{name}.toml"
        return mechanism.record(mechanism_file.read(path), by=None, entry=entry).agreement


def calendar_of(kind: str) -> tuple[tuple[str, str], ...]:
    """What is written otherwise in a truce's file so that it closes this kind: those that are shipped close no week."""
    return (WITH_WEEKS,) if kind == "week" else ()


def page_of(content: dict[str, Any], edition: dict[str, Any] | None, **beside: Any) -> bytes:
    """The PDF of a content, as a draft or with comments where `beside` says so; closings of these tests store none."""
    with translation.override(LANGUAGE):
        return pdf.render(Reading(content, edition, LANGUAGE, **beside))


def printed(closing: Closing, state: str | None) -> bytes:
    """The PDF of a released closing for a State, or of the common content."""
    assert closing.released_at is not None, closing.failure
    edition = json.loads(closing.editions.get(guarantor__code=state).content) if state else None
    return page_of(json.loads(closing.content()), edition)


def closed(agreement: Agreement, kind: str, code: str, state: str | None) -> bytes:
    """Close a period as known now, and print it."""
    return printed(closings.advance(closings.request(agreement, kind, code).pk), state)


def kept(content_of: Callable[[], tuple[dict[str, Any], dict[str, Any]]]) -> Callable[[], bytes]:
    """The PDF of a content that tests of the renderers share: the demo's, and what was made of it."""
    return lambda: page_of(*content_of())


def published(kind: str, code: str) -> Callable[[], bytes]:
    """A period of the Syrian truce from the published returns alone."""

    def made() -> bytes:
        astana = loaded("astana-2016", *calendar_of(kind))
        import_returns(astana, [SAMPLES / "joint_commission_2017.csv"], by=None)
        return closed(astana, kind, code, "turkey")

    return made


def january_as_recorded() -> bytes:
    """January 2017 with the returns, with the events that UCDP recorded, and with OCHA's boundaries."""
    astana = loaded("astana-2016")
    import_returns(astana, [SAMPLES / "joint_commission_2017.csv"], by=None)
    real_events.load_boundaries()
    real_events.run(real_events.TRUCE)
    return closed(astana, "month", "2017-01", "russia")


def heard(kind: str, code: str) -> Callable[[], bytes]:
    """A period of the truce that has no guarantor, with what its mission heard in it."""
    from tests.reports.test_without_guarantors import heard as one_heard

    def made() -> bytes:
        minsk = loaded("minsk-2015", *calendar_of(kind))
        monitor = User.objects.create(username="observer")
        team = minsk.teams.get(code="special-monitoring-mission")
        since = datetime(2015, 2, 1, tzinfo=UTC)
        accreditation.accredit(monitor, minsk, "monitor", by=None, team=team, valid_from=since)
        for number in range(30):
            at = datetime(2015, 3, 2, 3, tzinfo=UTC) + number * timedelta(hours=13)
            one_heard(minsk, monitor, at, client_id=f"heard-{number}")
        return closed(minsk, kind, code, None)

    return made


def shelled() -> bytes:
    """A week of the exercise with shellings at all hours, on two of which a finding was agreed."""
    exercise = loaded_exercise()
    people = accredited(exercise)
    with TemporaryDirectory() as folder:
        occasions.reloaded(Path(folder), WITH_WEEKS)
    filers = people["monitor_north"], people["monitor_south"], people["monitor_independent"]
    reports = [
        occasions.filed(exercise, filers[number % 3], occurred_from=occasions.NOON + number * timedelta(hours=11))
        for number in range(12)
    ]
    both = {"by": people["moderator_north"], "and_by": people["moderator_south"]}
    for report, decision in zip(reports, (occasions.breach(exercise), occasions.discounted()), strict=False):
        occasions.under_review(report, people["moderator_north"])
        occasions.agreed(occasions.incident_of(report), decision, **both)
    return closed(exercise, "week", "2025-W11", "birch")


def draft() -> bytes:
    """The exercise's month as it is shown to be commented on."""
    return page_of(*readings.stored(readings.EXERCISE), draft=True)


def commented() -> bytes:
    """The exercise's month with the comments on its draft: one at length, one that has none, one not received."""
    content, edition = readings.stored(readings.EXERCISE)
    words = "We have read the annex.\n" + "The log of our post has no fire in the first hour of that day. " * 12
    said = (("alder", "comment", words), ("birch", "has_none", ""), ("cedar", "not_received", ""))
    comments = {
        "schema": 1,
        "closing": "00000000-0000-4000-8000-000000000001",
        "content_sha256": readings.hash_of(content),
        "drafted_at": "2025-04-08T08:00:00.000000Z",
        "until": "2025-04-22T08:00:00.000000Z",
        "length": 200,
        "comments": [{"guarantor": state, "said": what, "words": told} for state, what, told in said],
    }
    return page_of(content, edition, comments=comments)


def corrigendum() -> bytes:
    """A sheet of several lines to the exercise's month."""
    content, _edition = readings.stored(readings.EXERCISE)
    told = {
        "schema": 1,
        "supplement": "00000000-0000-4000-8000-000000000000",
        "kind": "corr",
        "number": 1,
        "agreed_at": "2025-05-02T08:00:00.000000Z",
        "words": "Page 3: for “ford” read “weir”.\nPage 7, note 2: leave out “upper”.\n" + "It changes no figure. " * 9,
        "agreement": "exercise",
        "simulated": True,
        "period": "2025-03",
        "closing": "00000000-0000-4000-8000-000000000001",
        "closing_number": content["beside"]["header"]["number"],
        "closing_released_at": "2025-04-22T09:00:00.000000Z",
        "content_sha256": readings.hash_of(content),
    }
    with translation.override(LANGUAGE):
        return pdf.render_sheet(Reading(content, None, LANGUAGE), told)


DOCUMENTS: dict[str, Callable[[], bytes]] = {
    "exercise, month": kept(lambda: readings.stored(readings.EXERCISE)),
    "exercise, day": kept(readings.single_day),
    "exercise, week": shelled,
    "exercise, month as a draft": draft,
    "exercise, month with comments on its draft": commented,
    "exercise, month, a corrigendum to it": corrigendum,
    "exercise, busy day": kept(readings.busy_day),
    "exercise, month with a data set": kept(readings.imported),
    "exercise, month with long names": kept(readings.crowded),
    "astana-2016, month, January 2017 as published": published("month", "2017-01"),
    "astana-2016, month, May 2017 as published": kept(lambda: readings.stored(readings.MAY)),
    "astana-2016, week, 23 to 29 January 2017 as published": published("week", "2017-W04"),
    "astana-2016, day, 22 January 2017 as published": published("day", "2017-01-22"),
    "astana-2016, month, January 2017 with recorded events": january_as_recorded,
    "minsk-2015, month": heard("month", "2015-03"),
    "minsk-2015, week": heard("week", "2015-W10"),
    "minsk-2015, day": heard("day", "2015-03-05"),
}
OF_REAL_EVENTS = {"astana-2016, month, January 2017 with recorded events"}
