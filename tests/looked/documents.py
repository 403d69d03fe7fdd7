"""One document of every kind of report and truce, and of January 2017 as others recorded it."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from django.utils import translation

import violations
from monitoring import accreditation, ledger, mechanism, mechanism_file
from monitoring.models import Agreement, User
from reports import closings
from reports.models import Closing
from reports.renderers import pdf
from reports.renderers.reading import Reading
from tests.monitoring.truces import SHIPPED
from tests.reports import readings
from tests.violations import real_events
from violations.importing.commission import import_returns

SAMPLES = Path(violations.__file__).parent / "samples"
LANGUAGE = "en"


def loaded(name: str) -> Agreement:
    """A truce that comes with the service, as its operator loads it."""
    with ledger.writing() as entry:
        return mechanism.record(mechanism_file.read(SHIPPED / f"{name}.toml"), by=None, entry=entry).agreement


def page_of(content: dict[str, Any], edition: dict[str, Any] | None) -> bytes:
    """The PDF of a content; closings of these tests store none."""
    with translation.override(LANGUAGE):
        return pdf.render(Reading(content, edition, LANGUAGE))


def printed(closing: Closing, state: str | None) -> bytes:
    """The PDF of a released closing for a State, or of the common content."""
    assert closing.released_at is not None, closing.failure
    edition = json.loads(closing.editions.get(guarantor__code=state).content) if state else None
    return page_of(json.loads(closing.content), edition)


def closed(agreement: Agreement, kind: str, code: str, state: str | None) -> bytes:
    """Close a period as known now, and print it."""
    return printed(closings.advance(closings.request(agreement, kind, code).pk), state)


def kept(content_of: Callable[[], tuple[dict[str, Any], dict[str, Any]]]) -> Callable[[], bytes]:
    """The PDF of a content that tests of the renderers share: the demo's, and what was made of it."""
    return lambda: page_of(*content_of())


def published(kind: str, code: str) -> Callable[[], bytes]:
    """A period of the Syrian truce from the published returns alone."""

    def made() -> bytes:
        astana = loaded("astana-2016")
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
        minsk = loaded("minsk-2015")
        monitor = User.objects.create(username="observer")
        team = minsk.teams.get(code="special-monitoring-mission")
        since = datetime(2015, 2, 1, tzinfo=UTC)
        accreditation.accredit(monitor, minsk, "monitor", by=None, team=team, valid_from=since)
        for number in range(30):
            at = datetime(2015, 3, 2, 3, tzinfo=UTC) + number * timedelta(hours=13)
            one_heard(minsk, monitor, at, client_id=f"heard-{number}")
        return closed(minsk, kind, code, None)

    return made


DOCUMENTS: dict[str, Callable[[], bytes]] = {
    "exercise, month": kept(lambda: readings.stored(readings.EXERCISE)),
    "exercise, day": kept(readings.single_day),
    "exercise, busy day": kept(readings.busy_day),
    "exercise, month with a data set": kept(readings.imported),
    "exercise, month with long names": kept(readings.crowded),
    "astana-2016, month, January 2017 as published": published("month", "2017-01"),
    "astana-2016, month, May 2017 as published": kept(lambda: readings.stored(readings.MAY)),
    "astana-2016, day, 22 January 2017 as published": published("day", "2017-01-22"),
    "astana-2016, month, January 2017 with recorded events": january_as_recorded,
    "minsk-2015, month": heard("month", "2015-03"),
    "minsk-2015, day": heard("day", "2015-03-05"),
}
OF_REAL_EVENTS = {"astana-2016, month, January 2017 with recorded events"}
