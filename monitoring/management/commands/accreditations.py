"""Say who is accredited in a truce: as what, sent by whom, from when to when."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone
from django.utils.translation import gettext as _

from monitoring.local_time import offset
from monitoring.management import named
from monitoring.models import Accreditation


class Command(BaseCommand):
    """For operators: it names monitors."""

    help = "List who is accredited in AGREEMENT, and who will be. Times are by the truce's clocks."

    def add_arguments(self, parser: CommandParser) -> None:
        """Which truce, and whether those ended are told, too."""
        parser.add_argument("agreement", metavar="AGREEMENT", help="Code of the truce.")
        parser.add_argument("--ended", action="store_true", help="Those whose accreditation has ended, too.")

    def handle(self, *args: object, **options: Any) -> None:
        """Print a line each."""
        agreement = named.agreement(options["agreement"])
        zone = ZoneInfo(agreement.terms.time_zone)
        rows = Accreditation.objects.filter(agreement=agreement)
        if not options["ended"]:
            rows = rows.not_ended(timezone.now())
        lines = [
            (
                row.role,
                row.user.username if row.user.is_active else _("%(user)s (inactive)") % {"user": row.user.username},
                row.sender_code or _("nobody"),
                row.team.code if row.team else "",
                *(_told(at, zone) if at else "" for at in (row.valid_from, row.until)),
            )
            for row in rows.select_related("user", "team", "sent_by_guarantor", "sent_by_party", "observer").order_by(
                "role", "user__username", "pk"
            )
        ]
        table = [(_("role"), _("user"), _("sent by"), _("team"), _("from"), _("until")), *lines]
        widths = [max(map(len, column)) for column in zip(*table, strict=True)]
        simulated = _(" (SIMULATED)") if agreement.simulated else ""
        clocks = offset(timezone.now().astimezone(zone)) if _is_fixed(zone) else zone.key
        self.stdout.write(f"{agreement.code}{simulated}, {clocks}: {len(lines)}")
        for line in table if lines else []:
            self.stdout.write(
                f"  {'  '.join(cell.ljust(width) for cell, width in zip(line, widths, strict=True))}".rstrip()
            )


def _is_fixed(zone: ZoneInfo) -> bool:
    """Whether the zone is an offset by name: the names Etc/GMT+8 have their sign turned round."""
    return zone.key.startswith("Etc/")


def _told(at: datetime, zone: ZoneInfo) -> str:
    """An instant by the truce's clocks; with its own offset where the line above names a zone of several."""
    local = at.astimezone(zone)
    return f"{local:%Y-%m-%d %H:%M}" if _is_fixed(zone) else f"{local:%Y-%m-%d %H:%M} ({offset(local)})"
