"""Take the token of a person's device away."""

from __future__ import annotations

from django.core.management.base import BaseCommand, CommandError, CommandParser

from monitoring import devices
from monitoring.models import User


class Command(BaseCommand):
    """Revoke one device's token, or all of a person's, at once."""

    help = "Revoke the token of a device of USER, or, without --name, of all their devices. It holds at once."

    def add_arguments(self, parser: CommandParser) -> None:
        """Whose device, and which."""
        parser.add_argument("user", metavar="USER", help="User name of the holder.")
        parser.add_argument("--name", help="The device's name; without it all devices of the holder.")

    def handle(self, *args: object, **options: str | None) -> None:
        """Revoke."""
        try:
            user = User.objects.get_by_natural_key(options["user"])
        except User.DoesNotExist:
            raise CommandError(f"There is no account {options['user']}.") from None
        count = devices.revoke(user, name=options["name"], by=None)
        if not count:
            names = ", ".join(sorted(user.auth_token_set.values_list("name", flat=True))) or "none"
            raise CommandError(f"No such device. Devices of {options['user']} with a token: {names}.")
        self.stdout.write(f"Revoked: {count}.")
