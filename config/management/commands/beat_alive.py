"""Say whether beat is at work; for the containers' health check."""

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from config import beat


class Command(BaseCommand):
    """Ends with an error where beat has sent nothing for a while."""

    help = "Say when beat last sent a task; an error where that is longer ago than it may be."

    def handle(self, *args: object, **options: object) -> None:
        """Look at the rows that beat writes back."""
        rung = beat.last_rung()
        said = (
            "Beat has sent nothing yet." if rung is None else f"Beat last sent a task at {rung:%Y-%m-%d %H:%M:%S} UTC."
        )
        if not beat.is_alive(timezone.now()):
            raise CommandError(said)
        self.stdout.write(said)
