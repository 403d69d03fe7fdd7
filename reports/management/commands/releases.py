"""manage.py releases list|propose|second: after a restore, what had been released and is lost, and who says go on.

Nothing of a truce is closed while the log of releases tells of a release that the database does not know, or lacks one
that it knows; then it was lost or emptied, and is written anew from the database when two agree. One person
proposes to go on without it, another agrees, each with their own password. The lost numbers stay taken.
"""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from monitoring.management import named
from monitoring.management.at_terminal import authenticated
from monitoring.management.refused import told
from monitoring.models import Agreement
from reports import resuming
from reports.closings import held
from reports.models import Resumption


class Command(BaseCommand):
    """Operators, auditors and moderators of the truce, two of them."""

    help = "Tell which truces' closings are held back after a restore, and let them go on, agreed to by two people."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """What is done, of which truce, by whom."""
        doing = parser.add_subparsers(dest="doing", required=True)
        doing.add_parser("list", help="What is held back, why, and what was proposed.")
        propose = doing.add_parser("propose", help="Propose to go on, what the record does not know being lost.")
        propose.add_argument("agreement", metavar="CODE")
        propose.add_argument("--grounds", required=True, help="How it is known what had been released. Name nobody.")
        propose.add_argument(
            "--edition",
            action="append",
            default=[],
            type=Path,
            metavar="FILE",
            help="an edition as JSON that a guarantor holds, of a release that no log tells of; or several",
        )
        second = doing.add_parser("second", help="Agree to a proposal.")
        second.add_argument("id", type=UUID, metavar="ID", help="The identifier that propose printed.")
        for one in (propose, second):
            one.add_argument("--by", required=True, metavar="NAME", help="Your account; the password is asked for.")

    def handle(self, *args: Any, **options: Any) -> None:
        """Do what is asked."""
        getattr(self, f"_{options['doing']}")(options)

    def _list(self, options: dict[str, Any]) -> None:
        for agreement in Agreement.objects.order_by("code"):
            with told("resumption.list", by=None):
                why = held.held(agreement)
            self.stdout.write(f"{agreement.code}: {_('held back') if why else _('goes on')}")
            for line in why.lines:
                self.stdout.write(_("  not known to this database: %(line)s") % {"line": line})
            for line in why.unlogged:
                self.stdout.write(_("  released, and in no log of releases: %(line)s") % {"line": line})
            if why.restored_at is not None:
                self.stdout.write(
                    _("  restored without a log of releases that is kept apart and knows what the backup holds")
                )
        for resumption in Resumption.objects.select_related("agreement", "proposed_by", "seconded_by").order_by("pk"):
            self._tell(resumption)

    def _propose(self, options: dict[str, Any]) -> None:
        agreement = named.agreement(options["agreement"])
        by = authenticated(options["by"], "resumption.propose", agreement=agreement)
        with told("resumption.propose", by=by):
            resumption = resuming.propose(agreement, grounds=options["grounds"], by=by, files=tuple(options["edition"]))
        self._tell(resumption)
        self.stdout.write(_("Another operator, auditor or moderator of the truce agrees with:"))
        self.stdout.write(f"  releases second {resumption.public_id} --by NAME")

    def _second(self, options: dict[str, Any]) -> None:
        found = Resumption.objects.select_related("agreement", "proposed_by", "seconded_by")
        resumption = found.filter(public_id=options["id"]).first()
        if resumption is None:
            raise CommandError(_("There is no such proposal."))
        self._tell(resumption)
        by = authenticated(options["by"], "resumption.second", agreement=resumption.agreement)
        with told("resumption.second", by=by, on=resumption):
            resuming.second(resumption, by=by)
        self.stdout.write(_("Agreed. Closings of %(truce)s go on.") % {"truce": resumption.agreement.code})

    def _tell(self, resumption: Resumption) -> None:
        if resumption.superseded_at is not None:
            state = _("another took its place")
        else:
            state = _("agreed to") if resumption.seconded_by else _("waits for another person")
        seconded = resumption.seconded_by.get_username() if resumption.seconded_by else "–"
        self.stdout.write(
            _("%(id)s  %(truce)s: proposed by %(name)s, seconded by %(second)s; %(state)s. %(grounds)s")
            % {
                "id": resumption.public_id,
                "truce": resumption.agreement.code,
                "name": resumption.proposed_by.get_username(),
                "second": seconded,
                "state": state,
                "grounds": resumption.grounds,
            }
        )
        for lost in resumption.lost.all():
            self.stdout.write(_("  lost: %(lost)s (%(hash)s)") % {"lost": lost, "hash": lost.content_sha256[:16]})
