"""What is asked before a grave incident is decided, beyond what is asked of every other: the full form (DESIGN 6).

Of whatever was checked, be it found or discounted: that a moderator graded each of its reports, for the grades of team
and means say nothing of this one. Of what stands: an answer on each harm that the reports tell of, by group and with
its sources. Of a breach: intent and sequence. 'Unknown' is an answer to all of these but the grades, where F and 6 are.
Who seconds is the same as everywhere: another side, or an independent.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from violations.codebook import Conduct, LinkKind, Verification
from violations.models import Grade, ReportLink
from violations.moderation_codes import Harm, Lane

if TYPE_CHECKING:
    from violations.decisions import Decision, Faults


def check(decision: Decision, assessment: Any, faults: Faults) -> None:
    """Note what a decision on a grave incident lacks, or what one on another has that is asked of the grave alone.

    `assessment` is the incident's open one, with its lane.
    """
    grave = assessment.lane == Lane.GRAVE
    for axis in ("intent", "sequence"):
        value = getattr(decision, axis)
        if not grave:
            faults.unless(not value, axis, _("Asked only of grave incidents."))
        elif decision.conduct == Conduct.BREACH:
            faults.unless(value, axis, _("This incident is grave: answer, be it that it is unknown."))
    if not grave:
        return
    if decision.stands:
        _casualties(decision, assessment, faults)
    if decision.verification != Verification.NOT_CHECKED:
        left = ungraded(assessment.incident_id)
        faults.unless(
            not left,
            "grades",
            _("This incident is grave: grade each of its reports first. Not yet graded: %(reports)s.")
            % {"reports": ", ".join(left)},
        )


def ungraded(incident_id: int) -> list[str]:
    """The references of the incident's reports, in effect and no duplicates, that no moderator has graded."""
    given = Grade.objects.open().filter(report=OuterRef("report"))
    links = ReportLink.objects.open().members().filter(incident=incident_id).exclude(kind=LinkKind.DUPLICATE)
    left = links.exclude(Exists(given)).order_by("pk").values_list("report__public_id", flat=True)
    return [public_id.hex[:10] for public_id in left]


def _casualties(decision: Decision, assessment: Any, faults: Faults) -> None:
    answered = {row.harm for row in decision.casualties}
    for harm, most, message in (
        (
            Harm.KILLED,
            assessment.killed_high,
            _("Its reports tell of people killed: answer, be it that it is unknown."),
        ),
        (
            Harm.INJURED,
            assessment.injured_high,
            _("Its reports tell of people injured: answer, be it that it is unknown."),
        ),
    ):
        faults.unless(not most or harm in answered, "casualties", message)
