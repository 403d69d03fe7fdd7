"""Recompute stored closings at their own cut-offs and say whether each gives the hash that was published."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from reports import closings
from reports.closings.verifying import Outcome
from reports.models import Closing


class Command(BaseCommand):
    """Ends with exit code 1 where a closing differs."""

    help = "Recompute every stored closing: same, differs, or (its code retired) stored hash only."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the agreement."""
        parser.add_argument("--agreement", metavar="CODE", help="only the closings of this agreement")

    def handle(self, *args: Any, **options: Any) -> None:
        """Verify one after the other, a line each and one for each of its parts."""
        stored = Closing.objects.computed().select_related("agreement", "version")
        if options["agreement"]:
            stored = stored.filter(agreement__code=options["agreement"])
        differing = 0
        for closing in stored.iterator():
            verdict = closings.verify(closing)
            differing += verdict.outcome == Outcome.DIFFERS
            simulated = " (simulated)" if closing.agreement.simulated else ""
            sections = f": {', '.join(verdict.sections)}" if verdict.sections else ""
            self.stdout.write(
                f"{closing.agreement.code}{simulated} {closing.period} no. {closing.number} "
                f"{str(closing.content_sha256)[:16]} {verdict.outcome}{sections}"
            )
            for part, outcome in verdict.parts:
                self.stdout.write(f"  {part}: {outcome}")
        if differing:
            self.stderr.write(f"{differing} closings differ from what was published.")
            raise SystemExit(1)
