"""Real and simulated data never come into one agreement, and nothing comes in that cannot have happened yet."""

import csv
from datetime import timedelta
from io import StringIO
from zoneinfo import ZoneInfo

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from tests.violations import real_events, sets, test_import_returns, test_import_third_party
from tests.violations.real_events import run
from tests.violations.test_import_events import EVENT, written
from tests.violations.test_import_refusals import rejected
from violations.models import DailyReturn, IncidentReport, ThirdPartyFigure

pytestmark = pytest.mark.django_db


def of_kind(folder, *kinds: str | None):
    """A table of one event a kind: what its column `simulated` says, or None where there is no such column."""
    path = folder / "events.csv"
    with path.open("w", newline="") as file:
        table = csv.DictWriter(file, [*EVENT, *(["simulated"] if None not in kinds else [])])
        table.writeheader()
        for number, kind in enumerate(kinds, 1):
            told = {name: sets.EVENT[name] for name in EVENT} | {"id": str(number)}
            table.writerow(told if kind is None else told | {"simulated": kind})
    return path


def into(agreement: str, path, **options) -> str:
    return real_events.told(
        "import_events",
        path,
        format="ucdp-ged",
        agreement=agreement,
        rejects=path.with_suffix(".rejects.csv"),
        stderr=StringIO(),
        **options,
    )


@pytest.mark.parametrize("kinds", [(None,), ("",), ("no",), ("yes", "")])
def test_events_that_do_not_say_that_they_are_simulated_come_into_no_simulated_truce(exercise, tmp_path, kinds):
    path = of_kind(tmp_path, *kinds)
    with pytest.raises(CommandError) as refused:
        into("exercise", path)
    assert f"events.csv, line {1 + len(kinds)}, column simulated: " in str(refused.value)
    assert "exercise is simulated" in str(refused.value)
    assert not IncidentReport.objects.exists()
    assert not path.with_suffix(".rejects.csv").exists()


def test_simulated_events_come_into_a_simulated_truce_and_into_no_real_one(exercise, astana, tmp_path):
    path = of_kind(tmp_path, "yes", "Yes")
    assert "2  new" in into("exercise", path)
    with pytest.raises(CommandError, match="astana-2016 is real"):
        into("astana-2016", path)
    assert "1  new" in into("astana-2016", of_kind(tmp_path, "no"), anyway=True)


def test_a_simulated_line_that_is_refused_can_be_mended_and_handed_in(exercise, tmp_path):
    path = of_kind(tmp_path, "yes")
    path.write_text(path.read_text().replace("-48.8", "far"))
    assert "1  refused" in into("exercise", path)
    mended = tmp_path / "mended.csv"
    mended.write_text(path.with_suffix(".rejects.csv").read_text().replace(",far,", ",-48.8,"))
    assert "1  new" in into("exercise", mended)


@pytest.mark.parametrize("kind", ["", "yes"])
def test_figures_of_a_real_network_come_into_no_simulated_truce(exercise, tmp_path, kind):
    """Whatever the file says of itself: their publisher is real."""
    columns = (*test_import_third_party.LINE, "simulated")
    path = test_import_third_party.written(tmp_path, {"simulated": kind}, columns=columns)
    with pytest.raises(CommandError, match="exercise is simulated"):
        real_events.told(
            "import_third_party", path, format="snhr", agreement="exercise", rejects=tmp_path / "rejects.csv"
        )
    assert not ThirdPartyFigure.objects.exists()


def test_returns_that_do_not_say_that_they_are_simulated_come_into_no_simulated_truce(exercise, tmp_path):
    with pytest.raises(CommandError, match="exercise is simulated"):
        call_command("import_returns", test_import_returns.SAMPLE, agreement="exercise", stdout=StringIO())
    with pytest.raises(CommandError, match="exercise is simulated"):
        call_command("import_returns", *test_import_returns.pair(tmp_path), agreement="exercise", stdout=StringIO())
    assert not DailyReturn.objects.exists()


def test_simulated_returns_come_into_a_simulated_truce_and_into_no_real_one(exercise, astana, tmp_path):
    def returns(owner: str):
        lines = test_import_returns.own(tmp_path, ledger=owner, told_by=owner, breakdown="none", lines="")
        heading, line = lines.read_text().splitlines()
        lines.write_text(f"{heading},simulated\n{line},yes\n")
        return lines

    out = StringIO()
    call_command("import_returns", returns("alder"), agreement="exercise", stdout=out)
    assert "1  recorded" in out.getvalue()
    with pytest.raises(CommandError, match="astana-2016 is real"):
        test_import_returns.run(returns("russia"))


def day(after: int) -> str:
    """Today by the clocks of the Syrian truce, and so many days later."""
    return (timezone.now().astimezone(ZoneInfo("Asia/Damascus")).date() + timedelta(days=after)).isoformat()


def test_an_event_that_begins_after_the_import_is_refused(astana, tmp_path):
    path = written(
        tmp_path,
        {"date_start": day(0), "date_end": day(0)},
        {"id": "8", "date_start": day(1), "date_end": day(1)},
        {"id": "9", "date_start": "2099-01-01", "date_end": "2099-01-01", "best": "many"},
    )
    run(path)
    assert IncidentReport.objects.get().external_id == "7"
    assert [(line["id"], line["column"]) for line in rejected(path)] == [("8", "date_start"), ("9", "date_start; best")]
    assert "cannot have happened" in rejected(path)[0]["reason"]


def test_a_figure_as_of_a_day_to_come_is_refused(astana, tmp_path):
    path = test_import_third_party.written(
        tmp_path, {"as_of_date": day(0)}, {"category": "a", "as_of_date": day(1)}, {"category": "b", "url": "x"}
    )
    test_import_third_party.run(path)
    assert [(line["line"], line["column"]) for line in rejected(path)] == [("3", "as_of_date"), ("4", "url")]
    assert ThirdPartyFigure.objects.count() == 1


def test_a_return_of_a_day_to_come_is_refused(astana, tmp_path):
    with pytest.raises(CommandError, match=r"column bears_date: .*cannot have happened"):
        test_import_returns.run(test_import_returns.own(tmp_path, bears_date=day(2)))
    test_import_returns.run(test_import_returns.own(tmp_path, bears_date=day(0)))
