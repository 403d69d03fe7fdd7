"""Recompute stored closings at their own cut-offs and say whether each gives the hash that was published."""

from __future__ import annotations

from collections import Counter
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from monitoring.management import named
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
            stored = stored.filter(agreement=named.agreement(options["agreement"]))
        came_to: Counter[Outcome] = Counter()
        for closing in stored.iterator():
            verdict = closings.verify(closing)
            came_to[verdict.outcome] += 1
            simulated = " (simulated)" if closing.agreement.simulated else ""
            sections = f": {', '.join(verdict.sections)}" if verdict.sections else ""
            self.stdout.write(
                f"{closing.agreement.code}{simulated} {closing.period} no. {closing.number} "
                f"{str(closing.content_sha256)[:16]} {verdict.outcome}{sections}"
            )
            for part, outcome in verdict.parts:
                self.stdout.write(f"  {part}: {outcome}")
        self._sum_up(came_to)
        if differing := came_to[Outcome.DIFFERS]:
            said = ngettext(
                "%(count)d closing differs from what was published.",
                "%(count)d closings differ from what was published.",
                differing,
            )
            self.stderr.write(said % {"count": differing})
            raise SystemExit(1)

    def _sum_up(self, came_to: Counter[Outcome]) -> None:
        """How many closings came to what; and what it says of one, or of a part, that only its hash was compared."""
        if not came_to:
            self.stdout.write(_("No closing is stored."))
            return
        said = ngettext("%(count)d closing", "%(count)d closings", came_to.total()) % {"count": came_to.total()}
        counts = ", ".join(f"{count} {outcome.value}" for outcome, count in came_to.items())
        self.stdout.write(f"{said}: {counts}.")
        self.stdout.write(
            _(
                "Stored hash only: it is as it was stored, by its hash, and is not computed again: names, numbers and "
                "changes never are, nor is a section whose code is retired."
            )
        )
