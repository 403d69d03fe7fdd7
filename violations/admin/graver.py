"""What the form of a finding on a grave incident tells beside it: how its reports are graded, whether independent."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from violations import grades
from violations.admin import grade_rows, offered, words
from violations.admin.case import Case
from violations.moderation_codes import Lane


def asked(case: Case) -> dict[str, Any] | None:
    """The reports with their grades, and whether two are independent of one another; None of what is not grave."""
    if getattr(case.assessment, "lane", "") != Lane.GRAVE:
        return None
    reports = grade_rows.in_effect(case)
    return {
        "reports": [
            {
                "reference": words.reference(report.public_id),
                "grades": offered.graded(report),
                "graded": report.graded,
                "address": reverse("admin:violations_incidentreport_grade", args=[report.public_id]),
            }
            for report in reports
        ],
        "independent": _("At least two of its reports are independent: they share no team, side or data set.")
        if grades.any_independent(reports)
        else _("No two of its reports are independent: they are one, or share a team, a side or a data set."),
    }
