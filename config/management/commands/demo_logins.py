"""Print the demo's logins: for a demonstration on one's own machine only."""

from django.core.management.base import BaseCommand

from config.demo.accounts import open_accounts


class Command(BaseCommand):
    """The accounts with their generated passwords; monitors with their device token."""

    help = "Print the demo's accounts, passwords and device tokens."

    def handle(self, *args: object, **options: object) -> None:
        """Print a line each."""
        for username, login in sorted(open_accounts().items()):
            token = f"   token {login['token']}" if "token" in login else ""
            second = "   + code" if "secret" in login else ""
            self.stdout.write(f"  {username:<24}{login['password']:<20}{login['what']}{second}{token}")
        self.stdout.write(
            "  + code: log in with a second factor too; `./run manage demo_code NAME` shows the code of now."
        )
