"""manage.py accept_findings propose|second|list: take an imported set as probable, by two named people.

Each of the two gives their own password at the prompt; neither can be handed in as an argument or through a pipe. So
nobody who sits at the machine does both alone.
"""

from __future__ import annotations

from argparse import ArgumentParser
from datetime import UTC
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from monitoring import audit
from monitoring.errors import Refusal
from monitoring.faults import visible
from monitoring.management import named
from monitoring.management.at_terminal import authenticated
from monitoring.models import Agreement, Side, User
from violations import data_sets
from violations.codebook import Attribution, Conduct, Scope
from violations.data_sets import Weighed
from violations.models import SetAcceptance

LEFT_OUT = {
    "found": gettext_lazy("left alone: something was found already"),
    "proposed": gettext_lazy("left alone: something is proposed, be it one-sided"),
    "other_reports": gettext_lazy("left alone: reports that were filed, or of another source, tell of them too"),
    "told_otherwise": gettext_lazy("left alone: the source tells them otherwise by now"),
    "found_since": gettext_lazy("left alone: something was found or proposed since"),
    "changed_since": gettext_lazy("left alone: they, or what is known of them, changed since"),
}


class Command(BaseCommand):
    """One proposes, another of a different side seconds; what they accept is in a column of its own and in no total."""

    help = "Accept an imported set as probable (data set), by two people of different sides, each with a password."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """What is done, by whom, on what."""
        doing = parser.add_subparsers(dest="doing", required=True)
        propose = doing.add_parser("propose", help="Propose that a set be accepted, as it is recorded now.")
        propose.add_argument("--agreement", required=True, metavar="CODE", help="Code of the agreement.")
        propose.add_argument("--source", required=True, metavar="SET", help="The set, such as ucdp-ged.")
        propose.add_argument("--grounds", required=True, metavar="TEXT", help="Why it is held probable; kept as it is.")
        propose.add_argument(
            "--again", action="store_true", help="Also where your own proposal is open: this one takes its place."
        )
        second = doing.add_parser("second", help="Second a proposal; what it says is then found.")
        second.add_argument("id", type=UUID, metavar="ID", help="The identifier that propose printed.")
        for one in (propose, second):
            one.add_argument("--by", required=True, metavar="NAME", help="Your account; the password is asked for.")
            one.add_argument("--dry-run", action="store_true", help="Say what would come of it, and record nothing.")
        listed = doing.add_parser("list", help="List what is proposed and accepted.")
        listed.add_argument("--agreement", required=True, metavar="CODE", help="Code of the agreement.")

    def handle(self, *args: Any, **options: Any) -> None:
        """Do what is asked."""
        getattr(self, f"_{options['doing']}")(options)

    def _propose(self, options: dict[str, Any]) -> None:
        agreement = named.agreement(options["agreement"])
        by = authenticated(options["by"], "set.propose", agreement=agreement)
        weighed = self._done(
            lambda: data_sets.propose(
                agreement, options["source"], by=by, grounds=options["grounds"], again=options["again"]
            ),
            "set.propose",
            agreement,
            by,
            dry_run=options["dry_run"],
        )
        if weighed.replaced is not None:
            would_or_did = _("This would take the place of") if options["dry_run"] else _("This takes the place of")
            self.stdout.write(f"{would_or_did} {self._line(weighed.replaced)}")
        self._tell(weighed, _("incidents that this is proposed on"))
        if not options["dry_run"]:
            self.stdout.write(
                _("Nothing is counted by it yet. A person of another side, or an independent, seconds it with:")
            )
            self.stdout.write(f"  accept_findings second {weighed.acceptance.public_id} --by NAME")

    def _second(self, options: dict[str, Any]) -> None:
        proposal = SetAcceptance.objects.select_related("agreement", "proposed_by").filter(public_id=options["id"])
        acceptance = proposal.first()
        if acceptance is None:
            raise CommandError(_("There is no such proposal."))
        self._show(acceptance)
        agreement = acceptance.agreement
        by = authenticated(options["by"], "set.second", agreement=agreement)
        weighed = self._done(
            lambda: data_sets.second(acceptance, by=by), "set.second", agreement, by, dry_run=options["dry_run"]
        )
        self._tell(weighed, _("incidents found probable (data set), in no total"))

    def _list(self, options: dict[str, Any]) -> None:
        rows = SetAcceptance.objects.filter(agreement=named.agreement(options["agreement"])).order_by("pk")
        if not rows:
            self.stdout.write(_("No set was proposed to be accepted."))
        for row in rows.select_related("proposed_by", "proposed_side", "seconded_by", "seconded_side"):
            self._show(row)

    def _show(self, row: SetAcceptance) -> None:
        self.stdout.write(self._line(row))
        grounds = _("on these grounds: %(grounds)s") % {"grounds": visible(row.grounds)}
        self.stdout.write(f"  {_state(row)}; {grounds}")

    def _line(self, row: SetAcceptance) -> str:
        said = ngettext(
            "%(id)s  %(source)s, %(day)s, %(count)s incident: proposed by %(who)s",
            "%(id)s  %(source)s, %(day)s, %(count)s incidents: proposed by %(who)s",
            row.incidents,
        )
        return said % {
            "id": row.public_id,
            "source": row.source,
            "day": row.recorded_at.astimezone(UTC).strftime("%Y-%m-%d %H:%M UTC"),
            "count": f"{row.incidents:,}",
            "who": _person(row.proposed_by, row.proposed_side),
        }

    def _done(self, verb: Any, action: str, agreement: Agreement, by: User, *, dry_run: bool) -> Weighed:
        try:
            with transaction.atomic():
                weighed: Weighed = verb()
                transaction.set_rollback(dry_run)
        except Refusal as refusal:
            audit.denied(action, by=by, reason=refusal.code, agreement=agreement)
            hint = _(" Say --again if that is meant.") if refusal.code == "own_proposal_open" else ""
            raise CommandError(f"{refusal.message}{hint}") from None
        return weighed

    def _tell(self, weighed: Weighed, what: str) -> None:
        self.stdout.write(f"{weighed.acceptance.incidents:>9,}  {what}")
        for scope, attribution, conduct, count in weighed.found:
            told = {
                "scope": Scope(scope).label,
                "attribution": Attribution(attribution).label,
                "conduct": Conduct(conduct).label,
            }
            said = _("%(scope)s; attribution: %(attribution)s; conduct: %(conduct)s") % told
            self.stdout.write(f"{count:>18,}  {said}")
        for reason, count in weighed.left_out.items():
            self.stdout.write(f"{count:>9,}  {LEFT_OUT[reason]}")


def _state(row: SetAcceptance) -> str:
    """What stands, or what became of a proposal and which row came in its place."""
    if row.seconded_by is not None:
        return _("accepted, seconded by %(who)s") % {"who": _person(row.seconded_by, row.seconded_side)}
    following = data_sets.successor(row)
    if following is None:
        return _("open: nobody has seconded it") if row.superseded_at is None else _("closed")
    if following.seconded_by_id is not None:
        return _("seconded; accepted as %(id)s") % {"id": following.public_id}
    return _("replaced by its side, by %(id)s") % {"id": following.public_id}


def _person(user: User, side: Side | None) -> str:
    """Who it was, and for which side: sent by none, they are independent."""
    return _("%(name)s (%(side)s)") % {
        "name": user.get_username(),
        "side": side.name if side is not None else _("independent"),
    }
