"""A truce that gives its duty officers hours to check, and those who serve its teams."""

from pathlib import Path

from monitoring import accreditation
from monitoring.models import Agreement, MechanismVersion, User
from tests.second_factors import with_second_factor
from tests.violations.occasions import reloaded

HOURS = 2


def with_hours(folder: Path, hours: int = HOURS) -> MechanismVersion:
    """The exercise, in which a filing may stand with its team's duty officer for so long."""
    return reloaded(folder, ("reply_deadline_days = 3", f"reply_deadline_days = 3\nduty_check_hours = {hours}"))


def duty_officer(agreement: Agreement, name: str = "duty-alder", *, team: str = "team-alder", sent_by: str = "alder"):
    """A duty officer of a team, or, where `team` is empty, of the agreement's; sent by nobody where `sent_by` is."""
    user = User.objects.create(username=name)
    accreditation.accredit(
        user,
        agreement,
        "duty_officer",
        by=None,
        team=agreement.teams.get(code=team) if team else None,
        guarantor=agreement.guarantors.get(code=sent_by) if sent_by else None,
    )
    return with_second_factor(user)
