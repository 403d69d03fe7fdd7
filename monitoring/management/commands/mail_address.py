"""Say where a person is mailed that something waits for them."""

from __future__ import annotations

import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from monitoring import mail_server, mailing
from monitoring.errors import Refusal
from monitoring.management import named


class Command(BaseCommand):
    """The address is read from standard input, that it stands in no list of commands."""

    help = (
        "Read an address from standard input, and mail USER there that something waits in the service, and nothing "
        "else; with --remove, nowhere any more. Only moderators, operators and guarantors' people are mailed."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Who, and whether it is taken away."""
        parser.add_argument("user", metavar="USER", help="User name.")
        parser.add_argument("--remove", action="store_true", help="Mail this person no more.")

    def handle(self, *args: object, **options: Any) -> None:
        """Set it, and say so without it."""
        user = named.account(options["user"])
        try:
            mailing.set_address(user, "" if options["remove"] else self._read(), by=None)
        except Refusal as refusal:
            raise CommandError(refusal.message) from None
        if options["remove"]:
            self.stdout.write(_("%(user)s is mailed no more.") % {"user": user.username})
            return
        self.stdout.write(_("%(user)s is mailed when something waits.") % {"user": user.username})
        if not user.has_usable_password():
            self.stderr.write(_("A link of invitation that was made before holds no more: make another (invite)."))
        if not mail_server.is_set():
            self.stderr.write(_("No mail server is set (EMAIL_HOST, EMAIL_FROM): nothing is sent until there is."))

    def _read(self) -> str:
        address = sys.stdin.readline().strip()
        if not address:
            raise CommandError(_("Write the address on standard input, or say --remove."))
        return address
