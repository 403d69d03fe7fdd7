"""Make a link by which a person sets their password, and then their second factor."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from monitoring import invitations
from monitoring.errors import Refusal
from monitoring.management import named, site


class Command(BaseCommand):
    """Also for whoever forgot a password or lost a phone: only who has the machine can let them in again."""

    help = (
        "Print a link by which USER sets a password, once, within three days; links made before hold no more. With "
        "--lost-second-factor theirs is taken away and they set up another."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Who, and what they lost."""
        parser.add_argument("user", metavar="USER", help="User name.")
        parser.add_argument(
            "--lost-second-factor", action="store_true", help="Take their second factor and recovery codes away."
        )

    def handle(self, *args: object, **options: Any) -> None:
        """Make it, and say what it is."""
        user = named.account(options["user"])
        try:
            link = invitations.invite(user, by=None, without_second_factor=options["lost_second_factor"])
        except Refusal as refusal:
            raise CommandError(refusal.message) from None
        self.stderr.write(
            _("A link for %(user)s, to be used once until %(until)s. Give it to nobody else.")
            % {"user": user.username, "until": f"{invitations.holds_until():%Y-%m-%d %H:%M} UTC"}
        )
        self.stdout.write(site.address(link))
