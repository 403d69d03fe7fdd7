"""End what a person may do in a truce."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from monitoring import accreditation, ledger
from monitoring.management import named
from monitoring.models import Accreditation


class Command(BaseCommand):
    """All accreditations of the person in that role, at once; those to come as well."""

    help = "End the accreditation of USER in a role, at once. What was filed and decided under it stands."

    def add_arguments(self, parser: CommandParser) -> None:
        """Whose, where, as what."""
        parser.add_argument("user", metavar="USER", help="User name.")
        parser.add_argument("--agreement", required=True, metavar="CODE", help="Code of the truce.")
        parser.add_argument("--role", required=True, metavar="ROLE", help="The role that ends.")

    def handle(self, *args: object, **options: Any) -> None:
        """End them."""
        agreement, user = named.agreement(options["agreement"]), named.account(options["user"])
        held = Accreditation.objects.not_ended(timezone.now()).filter(user=user, agreement=agreement)
        ending = list(held.filter(role=options["role"]).order_by("pk"))
        if not ending:
            roles = ", ".join(held.order_by("role").values_list("role", flat=True).distinct()) or _("none")
            raise CommandError(
                _("%(user)s is not accredited as “%(role)s” in %(agreement)s. Roles held there: %(roles)s.")
                % {"user": user.username, "role": options["role"], "agreement": agreement.code, "roles": roles}
            )
        try:
            with ledger.writing():
                for row in ending:
                    accreditation.end(row, by=None)
        except ledger.Conflict:
            raise CommandError(_("Somebody else ended it at the same moment; nothing was written.")) from None
        self.stdout.write(
            ngettext("%(count)d accreditation is ended.", "%(count)d accreditations are ended.", len(ending))
            % {"count": len(ending)}
        )
