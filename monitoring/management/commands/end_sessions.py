"""End the sessions of an account, or of all: a browser left open in wrong hands, a machine that was broken into."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from monitoring import accounts
from monitoring.management import named


class Command(BaseCommand):
    """Whoever is logged in logs in again. Devices speak on: their tokens are revoked by themselves."""

    help = (
        "End every session of USER, or with --everybody of all accounts, at once. Tokens of devices hold on: "
        "revoke_device_token."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Whose."""
        parser.add_argument("user", metavar="USER", nargs="?", help="User name.")
        parser.add_argument("--everybody", action="store_true", help="The sessions of all accounts.")

    def handle(self, *args: object, **options: Any) -> None:
        """End them."""
        if bool(options["user"]) == options["everybody"]:
            raise CommandError(_("Name an account, or say --everybody."))
        if options["everybody"]:
            accounts.end_all_sessions(by=None)
            self.stdout.write(_("Every session of every account is ended."))
            return
        user = named.account(options["user"])
        accounts.end_sessions_of(user, by=None)
        self.stdout.write(_("Every session of %(user)s is ended.") % {"user": user.username})
