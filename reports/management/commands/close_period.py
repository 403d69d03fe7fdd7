"""Close a period by hand: the whole road in this process, from the request to the release."""

from __future__ import annotations

import hashlib
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.dateparse import parse_datetime

from monitoring.errors import Refusal
from monitoring.management import named
from reports import closings, downloads, periods
from reports.closings import common
from reports.models import Closing, Rendition

PATIENCE_SECONDS = 60
# Where the road of a month that two people release rests.
WAITS_FOR_PEOPLE: dict[str, str] = {
    Closing.State.DRAFTED: "The draft is shown to every guarantor; its files are made anew once comments are closed.",
    Closing.State.RENDERED: "Every file is stored: it is released once two people of different sides let it be.",
}


class Command(BaseCommand):
    """Prints what it does as it does it, and the short hash that all capitals can compare."""

    help = "Close a period: compute it at a cut-off, render an edition for each guarantor, release to all at once."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take agreement, period, cut-off and folder."""
        parser.add_argument("--agreement", required=True, metavar="CODE")
        parser.add_argument(
            "--period",
            required=True,
            metavar="PERIOD",
            help="a month (2017-01), a week (2017-W04) or a day (2017-01-22)",
        )
        parser.add_argument(
            "--cut-off",
            "--cutoff",
            dest="cutoff",
            metavar="INSTANT",
            help="as known at this instant of the record, with its zone (default: now, or the end of the grace)",
        )
        parser.add_argument(
            "--out",
            metavar="DIR",
            help="copy the released renditions there, by readable names, and say so in the audit; with no "
            "guarantor the common content",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Request the closing and walk it down the road."""
        agreement = named.agreement(options["agreement"])
        try:
            kind = periods.kind_of(options["period"])
            closing = closings.request(
                agreement,
                kind,
                options["period"],
                how=Closing.RequestedHow.HAND,
                cutoff_at=_instant(options["cutoff"]) if options["cutoff"] else None,
            )
        except Refusal as refusal:
            raise CommandError(refusal.message) from refusal
        self._tell(f"{_named(closing)}: as known at {closing.cutoff_at:%Y-%m-%d %H:%M:%S %Z}.")
        closing = self._advanced(closing)
        if options["out"] and closing.released_at is not None:
            self._copy(closing, Path(options["out"]))

    def _advanced(self, closing: Closing) -> Closing:
        """Walk the road to its end and say where it led. Raises CommandError where it did not lead there."""
        asked = closing
        if closing.released_at is None:
            closing = self._worked(closing)
        if closing.state == Closing.State.UNCHANGED and closing.same_as is not None:
            closing = closing.same_as
        if closing.released_at is None and closing.by_two and closing.state in WAITS_FOR_PEOPLE:
            self._tell(WAITS_FOR_PEOPLE[closing.state])
            return closing
        if closing.released_at is None:
            raise CommandError(f"It could not be released: {closing.failure or closing.state}. {_next_try(closing)}")
        if asked.pk == closing.pk and asked.released_at is None:
            self._tell("Released to all guarantors at once." if closing.editions.exists() else "Computed and released.")
        else:
            self._tell(f"Nothing is new: closing no. {closing.number} stands.")
        if not closing.editions.exists():
            self._tell(
                "No State was guarantor of this truce in this period: no edition is arranged for anybody.\n"
                f"  common content {str(closing.content_sha256)[:16]}; --out DIR writes it out"
            )
        for edition in closing.editions.select_related("guarantor").order_by("guarantor__code"):
            self._tell(f"  {edition.guarantor.code}: common content {str(closing.content_sha256)[:16]}")
        return closing

    def _worked(self, closing: Closing) -> Closing:
        started, told = time.monotonic(), False
        while True:
            try:
                return closings.advance(closing.pk, tell=lambda name: self._tell(f"  rendered {name}"))
            except closings.NotYetError:
                if time.monotonic() - started > PATIENCE_SECONDS:
                    raise CommandError(
                        "The record at the cut-off is not closed yet. The request stands: a running worker (./run "
                        "serve) takes it up within a minute, or run this again."
                    ) from None
                if not told:
                    self._tell("Waiting for writers that began before the cut-off.")
                    told = True
                time.sleep(0.2)

    def _copy(self, closing: Closing, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        if not closing.editions.exists():
            for name, rendered in common.files(closing):
                (folder / name).write_bytes(rendered)
                self._tell(f"  {folder / name}")
        stored = Rendition.objects.filter(edition__closing=closing, stage=Rendition.Stage.FINAL).select_related(
            "edition__agreement"
        )
        for rendition in stored.order_by("file_name"):
            if _is_there(folder / rendition.file_name, rendition):
                self._tell(f"  {folder / rendition.file_name} is there")
                continue
            try:
                (folder / rendition.file_name).write_bytes(downloads.copy(rendition, by=None))
            except Refusal as refusal:
                raise CommandError(f"{rendition.file_name}: {refusal.message}") from refusal
            self._tell(f"  {folder / rendition.file_name}")

    def _tell(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()


def _is_there(path: Path, rendition: Rendition) -> bool:
    """Whether the file was copied before, as it was rendered: nothing is taken away again."""
    return path.is_file() and hashlib.sha256(path.read_bytes()).hexdigest() == rendition.sha256


def _next_try(closing: Closing) -> str:
    """When it is tried again, and by whom; or that it is laid aside."""
    if closing.state == Closing.State.FAILED:
        return f"It is laid aside after {closing.attempts} attempts: mend the cause, then run this again."
    if closing.lease_holder is not None and closing.lease_until is not None:
        return f"Another process is at it, until {_written(closing.lease_until)} at the latest; then run this again."
    when = f"after {_written(closing.lease_until)}" if closing.lease_until else "within a minute"
    return (
        f"The request stands. It is tried again {when}: by a running worker (./run serve starts one), or by running "
        "this again then."
    )


def _written(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%H:%M:%S UTC")


def _named(closing: Closing) -> str:
    simulated = " (simulated)" if closing.agreement.simulated else ""
    return f"{closing.agreement.code}{simulated} {closing.period}"


def _instant(written: str) -> datetime:
    try:
        at = parse_datetime(written)
    except ValueError:
        at = None
    if at is None:
        raise CommandError(f"“{written}” is no instant: write it as 2017-02-05T00:00:00Z.")
    return at
