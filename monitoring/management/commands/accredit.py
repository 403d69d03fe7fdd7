"""Give a person a role in a truce, and an account where they have none."""

from __future__ import annotations

import sys
from typing import Any
from zoneinfo import ZoneInfo

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import IntegrityError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from monitoring import accounts, accreditation, invitations, ledger
from monitoring.errors import Refusal
from monitoring.management import named, site, terminal
from monitoring.models import Accreditation, Agreement, User

ROLES = accreditation.Role.values
# What PostgreSQL refuses, by the name of the constraint.
REFUSED = {
    "monitoring_accreditation_order": gettext_lazy("It would end before it begins: --until must lie after --from."),
    "monitoring_guarantor_reader_is_sent": gettext_lazy(
        "Who reads for a guarantor was sent by it: name it by --guarantor."
    ),
    "monitoring_monitor_has_a_team": gettext_lazy("A monitor files for a team: name it by --team."),
    "monitoring_liaison_is_sent_by_a_party": gettext_lazy("A party's liaison is sent by it: name it by --party."),
}


class Command(BaseCommand):
    """One transaction: the account, if it is new, and the accreditation."""

    help = (
        "Accredit USER in a truce. An account that is not there yet is opened, with --invite without a password and a "
        "link is printed by which the person sets one. Without it a password is asked for on the terminal; with "
        "--no-password nobody can log in by the account (a monitor's device token works all the same)."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Who, as what, sent by whom, from when to when."""
        parser.add_argument("user", metavar="USER", help="User name.")
        parser.add_argument("--agreement", required=True, metavar="CODE", help="Code of the truce.")
        parser.add_argument("--role", required=True, metavar="ROLE", help=f"One of {', '.join(ROLES)}.")
        parser.add_argument(
            "--team", metavar="CODE", help="The team: of a monitor always, of a duty officer who serves one alone."
        )
        sender = parser.add_mutually_exclusive_group(required=True)
        sender.add_argument("--guarantor", metavar="CODE", help="The guarantor that sent the person.")
        sender.add_argument("--party", metavar="CODE", help="The party that sent the person.")
        sender.add_argument("--observer", metavar="CODE", help="The observer state that the person reads for.")
        sender.add_argument("--nobody", action="store_true", help="Sent by nobody: independent.")
        parser.add_argument("--from", dest="valid_from", metavar="INSTANT", help="From when on (default: now).")
        parser.add_argument(
            "--until", dest="valid_until", metavar="INSTANT", help="The first instant after (default: open)."
        )
        password = parser.add_mutually_exclusive_group()
        password.add_argument("--no-password", action="store_true", help="A new account gets no password.")
        password.add_argument("--invite", action="store_true", help="Print a link by which the person sets one, once.")

    def handle(self, *args: object, **options: Any) -> None:
        """Find what was named, ask for a password where one is needed, accredit."""
        agreement = named.agreement(options["agreement"])
        if options["role"] not in ROLES:
            raise CommandError(
                _("There is no role “%(role)s”; there are: %(known)s.")
                % {"role": options["role"], "known": ", ".join(ROLES)}
            )
        what = _named(agreement, options)
        user = User.objects.filter(username=options["user"]).first()
        is_new = user is None
        asked = not (user or options["no_password"] or options["invite"])
        password = _asked_password(options["user"]) if asked else None
        try:
            with ledger.writing():
                if user is None:
                    user = accounts.open_account(options["user"], password=password, by=None)
                given = accreditation.accredit(user, agreement, options["role"], by=None, **what)
                link = invitations.invite(user, by=None) if options["invite"] else ""
        except Refusal as refusal:
            raise CommandError(refusal.message) from None
        except IntegrityError as error:
            raise CommandError(_refused(error, options["user"], agreement)) from None
        if is_new:
            self.stdout.write(_("The account %(user)s is new.") % {"user": options["user"]})
        self.stdout.write(
            _("%(user)s is accredited as %(role)s in %(agreement)s, sent by %(sender)s.")
            % {
                "user": options["user"],
                "role": given.role,
                "agreement": agreement.code,
                "sender": given.sender_code or _("nobody"),
            }
        )
        if link:
            self.stdout.write(site.address(link))


def _named(agreement: Agreement, options: dict[str, Any]) -> dict[str, Any]:
    """What the options name within the agreement. Raises CommandError with the codes that there are."""
    refusals = {
        "team": _("There is no team “%(code)s” in this agreement; there are: %(known)s."),
        "guarantor": _("There is no guarantor “%(code)s” in this agreement; there are: %(known)s."),
        "party": _("There is no party “%(code)s” in this agreement; there are: %(known)s."),
        "observer": _("There is no observer “%(code)s” in this agreement; there are: %(known)s."),
    }
    rows = {
        "team": agreement.teams,
        "guarantor": agreement.guarantors,
        "party": agreement.parties,
        "observer": agreement.observers,
    }
    found = {kind: named.of(rows[kind], options[kind], refusals[kind]) for kind in rows if options[kind]}
    zone = ZoneInfo(agreement.terms.time_zone)
    return found | {name: named.instant(options[name], zone) for name in ("valid_from", "valid_until")}


def _asked_password(username: str) -> str:
    """Ask on the terminal, twice. Raises CommandError where there is no terminal, or the two differ."""
    if not sys.stdin.isatty():
        raise CommandError(
            _("There is no account “%(user)s”, and without a terminal no password can be asked for: --no-password.")
            % {"user": username}
        )
    password = terminal.password(_("Password of the new account %(user)s: ") % {"user": username})
    if not password:
        raise CommandError(_("An empty password is none; with --no-password nobody can log in by the account."))
    if terminal.password(_("The same again: ")) != password:
        raise CommandError(_("The two passwords differ; nothing was written."))
    return password


def _refused(error: IntegrityError, username: str, agreement: Agreement) -> str:
    """Say in a sentence what PostgreSQL refused. Raises `error` anew where it is none that is known."""
    constraint = getattr(getattr(error.__cause__, "diag", None), "constraint_name", "")
    if constraint in ("monitoring_person_has_one_sender", "monitoring_person_has_one_sending_party"):
        before = Accreditation.objects.filter(user__username=username, agreement=agreement).order_by("pk").last()
        return _(
            "%(user)s is, or was, accredited in %(agreement)s as sent by %(sender)s. Within one agreement a person is "
            "ever sent by the same one."
        ) % {
            "user": username,
            "agreement": agreement.code,
            "sender": (before.sender_code if before else "") or _("nobody"),
        }
    if constraint in REFUSED:
        return str(REFUSED[constraint])
    raise error
