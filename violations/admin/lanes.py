"""The lane of an incident on the moderators' pages: where it stands, by what, and moving it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from monitoring import accreditation
from monitoring.accreditation import Capacity
from violations import codebook, lanes, moderation_codes, standing
from violations.admin import words
from violations.admin.case import Case
from violations.admin.forms import DecidingForm
from violations.models import LaneMove


class LaneForm(DecidingForm):
    """To which lane an incident is moved, and why: by a code and in words."""

    lane = forms.ChoiceField(
        label=gettext_lazy("Lane"),
        widget=forms.RadioSelect,
        help_text=gettext_lazy(
            "Grave asks for the full form. Routine is recorded and counted, and not adjudicated one by one. "
            "What asks for less than now takes force when another side seconds it."
        ),
    )
    reason = forms.ChoiceField(
        label=gettext_lazy("Why"), widget=forms.RadioSelect, choices=moderation_codes.LaneGrounds.choices
    )
    grounds = forms.CharField(
        label=gettext_lazy("Grounds"),
        widget=forms.Textarea(attrs={"rows": 5, "dir": "auto"}),
        help_text=gettext_lazy("Moderators of every side read them. Name nobody."),
    )

    def __init__(self, *args: Any, now: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        lane: forms.ChoiceField = self.fields["lane"]  # type: ignore[assignment]
        lane.choices = [(code, name) for code, name in moderation_codes.Lane.choices if code != now]


def why_grave(row: Any, rule: Mapping[str, Any]) -> str:
    """What makes an assessment grave by the rule of its truce: casualties, objects hit, weapon; the act is told."""
    grave = rule["grave"]
    reasons = []
    if grave["casualties"]:
        reasons.append(words.harm((row.killed_low, row.killed_high), (row.injured_low, row.injured_high)))
    reasons += [str(codebook.ObjectHit(hit).label) for hit in row.objects_hit if hit in grave["objects"]]
    if row.act not in grave["acts"] and row.weapon_family in grave["weapons"]:
        reasons.append(str(codebook.WeaponFamily(row.weapon_family).label))
    return ", ".join(filter(None, reasons))


def lane_view(case: Case, capacity: Capacity) -> dict[str, Any]:
    """What the page of an incident says of its lane, and what can be done about it now."""
    row: Any = case.assessment
    if row is None:
        return {}
    moves = case.moves if case.live else []
    return {
        "lane": moderation_codes.Lane(row.lane).label,
        "code": row.lane,
        "by_rule": moderation_codes.Lane(row.lane_by_rule).label,
        "moved": row.lane != row.lane_by_rule,
        "why": why_grave(row, case.version.lanes) if row.lane_by_rule == moderation_codes.Lane.GRAVE else "",
        "in_force": next((_told(case, move) for move in moves if move.in_force), None),
        "proposals": [_proposal(case, move, capacity) for move in moves if not move.in_force],
        "address": reverse("admin:violations_incident_lane", args=[case.incident.public_id])
        if case.live and not case.at
        else "",
    }


def _told(case: Case, move: LaneMove) -> dict[str, Any]:
    return {
        "lane": move.get_lane_display(),
        "from": move.get_moved_from_display(),
        "reason": move.get_reason_display(),
        "grounds": move.grounds,
        "when": words.instant(move.recorded_at, case.zone),
        "proposer": f"{move.proposed_by.get_username()} ({words.side(move.proposed_side)})",
        "seconder": (
            f"{move.seconded_by.get_username()} ({words.side(move.seconded_side)})" if move.seconded_by else ""
        ),
    }


def _proposal(case: Case, move: LaneMove, capacity: Capacity) -> dict[str, Any]:
    fresh = lanes.stands_as_proposed(move, case.assessment) and not case.changed_since(move.recorded_at)
    own = move.proposed_by_id == case.user.pk
    may = fresh and not own and not case.at and _may_agree(case, move, capacity)
    return {
        **_told(case, move),
        "who_seconds": words.who_seconds(move.proposed_side),
        "stale": "" if fresh else _("The incident or its lane changed since: it cannot be seconded as it is."),
        "second": reverse("admin:violations_lanemove_second", args=[move.public_id]) if may else "",
    }


def _may_agree(case: Case, move: LaneMove, capacity: Capacity) -> bool:
    author = next((one for one in case.record.authors if one.user_id == move.proposed_by_id), None)
    side = accreditation.side_told(author) if author is not None else None
    return standing.may_agree_with_author(author, side, move.proposed_side, capacity)
