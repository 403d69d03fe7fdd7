"""manage.py redact propose|second|list: erase words of a report on request, by two people, each with a password.

What is erased is gone from every revision of the report: the narrative, the place as written, who told. The report
stays with its hash and its figures; who erased what, when and why stands beside it.
"""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from monitoring import owner
from monitoring.management import named
from monitoring.management.at_terminal import authenticated
from monitoring.management.refused import told
from violations import redaction
from violations.models import IncidentReport, Redaction


class Command(BaseCommand):
    """Run as the owner of the database; the application's role is refused."""

    help = "Erase words of a report on request, agreed to by two people of different sides, each with a password."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """What is done, by whom, on what."""
        doing = parser.add_subparsers(dest="doing", required=True)
        propose = doing.add_parser("propose", help="Propose a redaction; nothing is erased yet.")
        propose.add_argument("report", type=UUID, metavar="REPORT", help="Public identifier of any of its revisions.")
        propose.add_argument(
            "--erase", required=True, action="append", choices=Redaction.Part.values, help="What; may be repeated."
        )
        propose.add_argument("--reason", required=True, choices=Redaction.Reason.values, help="Why, as a code.")
        propose.add_argument(
            "--grounds", required=True, metavar="TEXT", help="Who asked and why; kept as it is, so name nobody."
        )
        second = doing.add_parser("second", help="Agree to a proposal; what it names is then erased for good.")
        second.add_argument("id", type=UUID, metavar="ID", help="The identifier that propose printed.")
        for one in (propose, second):
            one.add_argument("--by", required=True, metavar="NAME", help="Your account; the password is asked for.")
        listed = doing.add_parser("list", help="List what was proposed and done.")
        listed.add_argument("--agreement", required=True, metavar="CODE", help="Code of the agreement.")

    def handle(self, *args: Any, **options: Any) -> None:
        """Do what is asked."""
        getattr(self, f"_{options['doing']}")(options)

    def _propose(self, options: dict[str, Any]) -> None:
        report = IncidentReport.objects.select_related("agreement").filter(public_id=options["report"]).first()
        if report is None:
            raise CommandError(_("There is no such report."))
        with told("redaction.propose", by=None):
            owner.require()
        by = authenticated(options["by"], "redaction.propose", agreement=report.agreement)
        with told("redaction.propose", by=by, on=report):
            proposed = redaction.propose(
                report, options["erase"], reason=options["reason"], grounds=options["grounds"], by=by
            )
        self.stdout.write(self._line(proposed))
        self.stdout.write(_("Nothing is erased yet. A person of another side, or an independent, agrees with:"))
        self.stdout.write(f"  redact second {proposed.public_id} --by NAME")

    def _second(self, options: dict[str, Any]) -> None:
        rows = Redaction.objects.select_related("agreement", "report", "proposed_by", "seconded_by")
        proposed = rows.filter(public_id=options["id"]).first()
        if proposed is None:
            raise CommandError(_("There is no such proposal."))
        with told("redaction.second", by=None):
            owner.require()
        self.stdout.write(self._line(proposed))
        self.stdout.write(_("On these grounds: %(grounds)s") % {"grounds": proposed.grounds})
        by = authenticated(options["by"], "redaction.second", agreement=proposed.agreement)
        with told("redaction.second", by=by, on=proposed):
            done = redaction.second(proposed, by=by)
        revisions = IncidentReport.objects.filter(chain=done.chain).count()
        self.stdout.write(
            ngettext(
                "Erased, from %(count)s revision: %(parts)s.", "Erased, from %(count)s revisions: %(parts)s.", revisions
            )
            % {"count": revisions, "parts": self._parts(done)}
        )

    def _list(self, options: dict[str, Any]) -> None:
        rows = Redaction.objects.filter(agreement=named.agreement(options["agreement"])).order_by("pk")
        if not rows:
            self.stdout.write(_("Nothing was proposed to be erased."))
        for row in rows.select_related("report", "proposed_by", "seconded_by"):
            self.stdout.write(self._line(row))

    def _line(self, row: Redaction) -> str:
        if row.seconded_by is not None:
            state = _("done, seconded by %(name)s") % {"name": row.seconded_by.get_username()}
        else:
            state = _("proposed, open")
        return _("%(id)s  report %(report)s, %(parts)s (%(reason)s): proposed by %(name)s; %(state)s") % {
            "id": row.public_id,
            "report": row.report.public_id,
            "parts": self._parts(row),
            "reason": row.get_reason_display(),
            "name": row.proposed_by.get_username(),
            "state": state,
        }

    def _parts(self, row: Redaction) -> str:
        return ", ".join(str(Redaction.Part(part).label) for part in row.erased)
