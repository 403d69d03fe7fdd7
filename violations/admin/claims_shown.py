"""Claims in words: at a row of the queue, and on the page of an incident with what can be done about it."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import OuterRef, Subquery
from django.db.models.functions import JSONObject
from django.urls import reverse
from django.utils.translation import gettext as _

from monitoring.models import User
from violations.admin import words
from violations.admin.case import Case
from violations.admin.names import Names
from violations.models import Claim


def with_claim(assessments: Any) -> Any:
    """Annotate `claimed`: who holds each incident, for which side, until when; null where nobody does."""
    held = Claim.objects.running().filter(incident=OuterRef("incident"))
    return assessments.annotate(
        claimed=Subquery(held.values(told=JSONObject(by="by", side="side", until="ends_at"))[:1])
    )


def told(claimed: dict[str, Any] | None, names: Names, zone: ZoneInfo, user: User) -> str:
    """A claim in words; nothing where there is none."""
    if not claimed:
        return ""
    until = datetime.fromisoformat(claimed["until"]).astimezone(zone)
    if claimed["by"] == user.pk:
        return _("claimed by you until %(time)s") % {"time": f"{until:%H:%M}"}
    said = _("claimed by a moderator of %(side)s until %(time)s")
    if claimed["side"] is None:
        said = _("claimed by an independent moderator until %(time)s")
    return said % {"side": words.side(names.side(claimed["side"])), "time": f"{until:%H:%M}"}


def asked(case: Case) -> dict[str, Any]:
    """What the page of an incident asks along with the record, for `Case.also`: until when, not for how long."""
    return {"claims": Claim.objects.running().filter(incident=case.incident).defer("lasts")}


def claim_view(case: Case) -> dict[str, Any]:
    """What the page of an incident, which `asked`, says of a claim, and what can be done about it."""
    held = next(iter(case.record.also["claims"]), None)
    claimed = held and {"by": held.by_id, "side": held.side_id, "until": held.ends_at.isoformat()}
    mine = held is not None and held.by_id == case.user.pk
    of = [case.incident.public_id]
    return {
        "told": told(claimed, case.names, case.zone, case.user),
        "mine": mine,
        "claim": reverse("admin:violations_claim_claim", args=of) if mine or not held else "",
        "release": reverse("admin:violations_claim_release", args=of) if mine else "",
    }
