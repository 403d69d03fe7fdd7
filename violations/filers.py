"""Those who file: for which team, which reports are theirs, and what they filed before under a client id."""

from __future__ import annotations

from django.utils.translation import gettext as _

from monitoring import accreditation
from monitoring.errors import Forbidden, Malformed, NotFound, NotNow
from monitoring.models import Agreement, Team, User
from violations import sealing
from violations.models import IncidentReport, SealedSource
from violations.report_content import ReportContent


def team_of(by: User, agreement: Agreement, stated: str, default: Team | None = None) -> Team:
    """Return the team that `by` files for now: the one stated, else `default` where it is theirs, else the only one.

    Raises Forbidden (no monitor of the agreement now), Malformed (not their team; several, and none stated).
    """
    held = accreditation.held_by(by, accreditation.Role.MONITOR, agreement=agreement).select_related("team")
    teams = {row.team.code: row.team for row in held if row.team is not None}
    if not teams:
        raise Forbidden(_("Your account is not accredited to file reports in this agreement."), code="not_accredited")
    if stated in teams:
        return teams[stated]
    if not stated:
        if default is not None and default.code in teams:
            return teams[default.code]
        if len(teams) == 1:
            return next(iter(teams.values()))
    sentence = _("Say for which of your teams you file: %(teams)s.") % {"teams": ", ".join(sorted(teams))}
    raise Malformed(sentence, code="team", fields={"/team": [sentence]})


def require_filer(by: User, report: IncidentReport) -> None:
    """Raise NotFound, as for a report that is none, where `by` did not file this one."""
    if not sealing.is_filer(by, report):
        raise NotFound(_("There is no such report among yours."), code="not_found")


def filed_before(
    by: User, client_id: str, agreement: Agreement, content: ReportContent, after: IncidentReport | None
) -> IncidentReport | None:
    """Return what this account filed under this client id, if it is the same filing; None where it filed nothing.

    Raises NotNow where it is another filing. Ask within `sealing.reading_own`.
    """
    sealed = (
        SealedSource.objects.filter(filer_tag=sealing.tag_of(by), client_id=client_id).select_related("report").first()
    )
    if sealed is None:
        return None
    report = sealed.report
    same_place = (
        (report.chain, report.revision) == (after.chain, after.revision + 1)
        if after
        else (report.agreement_id, report.revision) == (agreement.pk, 1)
    )
    same_content = report.content_sha256 == content.sha256()
    if not (same_place and same_content and sealing.same_source(sealed, content.source)):
        raise NotNow(
            _("You filed something else under this client id. Give each new filing an identifier of its own."),
            code="client_id_taken",
        )
    return report
