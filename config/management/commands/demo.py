"""The demonstration: load both truces, play the exercise, import the published returns, close, render, tell."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandParser
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from config.demo.accounts import open_accounts
from config.demo.exercise import Exercise
from config.demo.summary import summary
from monitoring.models import Agreement, BoundarySet
from reports.models import Closing
from violations.models import DailyReturn

ROOMS = Path(__file__).resolve().parents[3]
TRUCES = ROOMS / "monitoring" / "mechanisms"
SAMPLES = ROOMS / "violations" / "samples"
MONTHS = [f"2017-{month:02d}" for month in range(1, 7)]


class Command(BaseCommand):
    """Each step first looks for its result: a second run changes nothing."""

    help = "Set up both shipped truces with all that is to be seen, and print what came of it."

    def add_arguments(self, parser: CommandParser) -> None:
        """Where the released reports are copied to."""
        parser.add_argument("--out", type=Path, required=True, metavar="DIR", help="Where to put the released reports.")

    def handle(self, *args: object, out: Path, **options: Any) -> None:
        """Do every step, and end with the table."""
        self._step("Load the truces", self._load)
        self._step("Open the accounts", lambda tell: open_accounts())
        exercise = Exercise()
        self._step("File the exercise", lambda tell: _reports(exercise.file(tell)))
        self._step("Find upon the exercise", lambda tell: _("%(n)d decided now") % {"n": exercise.decide(tell)})
        self._step("Hold the exercise's sitting", lambda tell: _outcomes(exercise.sit()))
        self._step("Record the exercise's returns", lambda tell: _returns(exercise.announce()))
        self._step("File the exercise's patrols", lambda tell: _effort(exercise.work()))
        self._step("Ask, answer and state", lambda tell: _replies(exercise.reply()))
        self._step("Choose what page 1 says", lambda tell: _("%(n)d agreed on now") % {"n": exercise.choose()})
        self._step("Import the published returns of 2017", self._import_returns)
        self._step("Close the exercise's month", lambda tell: self._close("exercise", ["2025-03"], out))
        if exercise.revise():
            self._step(
                "Close it again: something became known",
                lambda tell: self._close("exercise", ["2025-03"], out, again=True),
            )
        self._step("Close January to June 2017", lambda tell: self._close("astana-2016", MONTHS, out))
        self.stdout.write(summary(out))

    def _load(self, tell: Callable[[str], None]) -> str:
        for truce in ("astana-2016", "exercise"):
            call_command("load_mechanism", TRUCES / f"{truce}.toml", stdout=_Quiet(), stderr=_Quiet())
        if not BoundarySet.objects.filter(agreement__code="exercise").exists():
            call_command(
                "load_areas",
                "exercise",
                TRUCES / "exercise-districts.geojson",
                level="district",
                source="Invented for the exercise",
                code="code",
                stdout=_Quiet(),
            )
        return ", ".join(Agreement.objects.order_by("code").values_list("code", flat=True))

    def _import_returns(self, tell: Callable[[str], None]) -> str:
        before = DailyReturn.objects.count()
        call_command("import_returns", *sorted(SAMPLES.glob("*.csv")), agreement="astana-2016", stdout=_Quiet())
        return _returns(DailyReturn.objects.count() - before)

    def _close(self, agreement: str, periods: list[str], out: Path, *, again: bool = False) -> str:
        for period in periods:
            closed = Closing.objects.filter(agreement__code=agreement, period=period, released_at__isnull=False)
            cutoff = (
                {} if again or not closed.exists() else {"cutoff": closed.latest("cutoff_at").cutoff_at.isoformat()}
            )
            call_command("close_period", agreement=agreement, period=period, out=out, stdout=_Quiet(), **cutoff)
        return _months(len(periods))

    def _step(self, title: str, work: Callable[[Callable[[str], None]], object]) -> None:
        live = sys.stderr.isatty()

        def tell(progress: str) -> None:
            if live:
                self.stderr.write(f"\r  {title}: {progress}", ending="")

        self.stdout.write(f"  {title} ...", ending="")
        self.stdout.flush()
        outcome = work(tell)
        self.stdout.write(f" {outcome}" if isinstance(outcome, str) else " done")


def _reports(new: int) -> str:
    return ngettext("%(n)d new report", "%(n)d new reports", new) % {"n": new}


def _outcomes(new: int) -> str:
    return ngettext("%(n)d outcome confirmed now", "%(n)d outcomes confirmed now", new) % {"n": new}


def _returns(new: int) -> str:
    return ngettext("%(n)d new return", "%(n)d new returns", new) % {"n": new}


def _effort(new: int) -> str:
    return ngettext("%(n)d new patrol or restriction", "%(n)d new patrols and restrictions", new) % {"n": new}


def _replies(new: int) -> str:
    said = ngettext("%(n)d new request, answer or statement", "%(n)d new requests, answers and statements", new)
    return said % {"n": new}


def _months(count: int) -> str:
    return ngettext("%(n)d month", "%(n)d months", count) % {"n": count}


class _Quiet:
    """Takes what a command prints and keeps it to itself: the demo tells its own steps."""

    def write(self, text: str) -> None:
        """Say nothing."""

    def flush(self) -> None:
        """Nothing is held back."""
