"""Give a device of a person its token for the API."""

from __future__ import annotations

from django.core.management.base import BaseCommand, CommandError, CommandParser

from monitoring import devices
from monitoring.errors import Refusal
from monitoring.models import User


class Command(BaseCommand):
    """Print the new token, alone, on standard output: it cannot be shown again."""

    help = "Give a device of USER a token for the API. It is printed once and kept only as a hash."

    def add_arguments(self, parser: CommandParser) -> None:
        """Whose device, and what it is called."""
        parser.add_argument("user", metavar="USER", help="User name of the holder.")
        parser.add_argument("--name", required=True, help="What the holder calls the device, such as 'field phone 2'.")

    def handle(self, *args: object, **options: str) -> None:
        """Issue the token."""
        try:
            user = User.objects.get_by_natural_key(options["user"])
        except User.DoesNotExist:
            raise CommandError(f"There is no account {options['user']}.") from None
        try:
            token = devices.issue(user, name=options["name"], by=None)
        except Refusal as refusal:
            raise CommandError(refusal.message) from None
        self.stdout.write(token)
