"""Show the code that the second factor of a demo account wants now, in place of a phone."""

from __future__ import annotations

import time
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from config.demo.accounts import known_logins
from monitoring import second_factor
from monitoring.management import named


class Command(BaseCommand):
    """For accounts that the demo opened and no others: their secret is in the demo's file, where the password is."""

    help = "Print the code of now for the demo account NAME. Refused for every account that the demo did not open."

    def add_arguments(self, parser: CommandParser) -> None:
        """Whose."""
        parser.add_argument("user", metavar="NAME", help="User name of a demo account, as demo_logins lists them.")

    def handle(self, *args: object, **options: Any) -> None:
        """Print it, alone, on standard output."""
        secret = known_logins().get(options["user"], {}).get("secret")
        if secret is None:
            raise CommandError(
                _("“%(name)s” is no account of the demonstration with a second factor: only of those is a code shown.")
                % {"name": options["user"]}
            )
        user = named.account(options["user"])
        there = Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).first()
        if there is None or second_factor.decrypt(there.data["secret"]) != secret:
            raise CommandError(
                _("The second factor of “%(name)s” is another by now; the phone it was set up on knows its codes.")
                % {"name": options["user"]}
            )
        now = int(time.time())
        left = settings.MFA_TOTP_PERIOD - now % settings.MFA_TOTP_PERIOD
        self.stdout.write(format_hotp_value(hotp_value(secret, now // settings.MFA_TOTP_PERIOD)))
        self.stderr.write(_("New in %(left)d s; each holds once.") % {"left": left})
