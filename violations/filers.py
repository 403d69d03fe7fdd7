"""Those who file: for which team, which reports are theirs, and what they filed before under a client id."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from monitoring import accreditation
from monitoring.errors import Forbidden, Malformed, NotFound, NotNow
from monitoring.models import Agreement, Team, User
from violations import report_document, sealing
from violations.models import IncidentReport, SealedSource
from violations.report_content import ReportContent


def team_of(by: User, agreement: Agreement, stated: str, default: Team | None = None) -> Team:
    """Return the team that `by` files for now: the one stated, else `default` where it is theirs, else the only one.

    Raises Forbidden (no monitor of the agreement now), Malformed (not their team; several, and none stated).
    """
    held = accreditation.held_by(by, accreditation.Role.MONITOR, agreement=agreement).select_related("team")
    return the_one({row.team.code: row.team for row in held if row.team is not None}, stated, default)


def the_one(teams: Mapping[str, Team], stated: str, default: Team | None = None) -> Team:
    """Return the one of the `teams` of a filer, by code, that they file for. Raises as `team_of`."""
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


def require_monitor(by: User, agreement: Agreement) -> None:
    """Raise Forbidden where `by` is no monitor of the agreement now."""
    if not accreditation.held_by(by, accreditation.Role.MONITOR, agreement=agreement).exists():
        raise Forbidden(_("Your account is not accredited to file reports in this agreement."), code="not_accredited")


def teams_of(user: User) -> list[Team]:
    """Return the teams for which `user` is a monitor now."""
    held = accreditation.held_by(user, accreditation.Role.MONITOR).select_related("team")
    return [row.team for row in held if row.team is not None]


def require_filer(by: User, report: IncidentReport) -> None:
    """Raise NotFound, as for a report that is none, where `by` did not file this one."""
    if not sealing.is_filer(by, report):
        raise NotFound(_("There is no such report among yours."), code="not_found")


def filed_under(by: User, client_id: str) -> IncidentReport | None:
    """Return what this account filed under this client id. Ask within `sealing.reading_own`."""
    sealed = _sealed(by, client_id)
    return sealed.report if sealed else None


def client_id_of(report: IncidentReport | None) -> str:
    """Return the client id under which `report` was filed, '' where there is none. Ask within `sealing.reading_own`."""
    sealed = SealedSource.objects.filter(report=report).first() if report else None
    return sealed.client_id if sealed else ""


def filed_before(
    by: User, client_id: str, agreement: Agreement, content: ReportContent, after: IncidentReport | None
) -> IncidentReport | None:
    """Return what this account filed under this client id, if it is the same filing; None where it filed nothing.

    Raises NotNow, with the difference, where it is another filing. Ask within `sealing.reading_own`.
    """
    sealed = _sealed(by, client_id)
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
        raise _taken(sealed, agreement, content, client_id_of(after))
    return report


def require_free(by: User, client_id: str, agreement: Agreement, content: ReportContent, corrects: str) -> None:
    """Raise NotNow, with the difference, where this account filed something under this client id."""
    sealed = _sealed(by, client_id)
    if sealed is not None:
        raise _taken(sealed, agreement, content, corrects)


def taken(differences: list[dict[str, Any]], **members: Any) -> NotNow:
    """The refusal of another filing under a client id that is taken, for the eyes of its owner."""
    return NotNow(
        _("You filed something else under this client id. Correct that, or give each new filing an id of its own."),
        code="client_id_taken",
        members={"differences": differences, **members},
    )


def _sealed(by: User, client_id: str) -> SealedSource | None:
    own = SealedSource.objects.filter(filer_tag=sealing.tag_of(by), client_id=client_id)
    return own.select_related("report__agreement").first()


def _taken(sealed: SealedSource, agreement: Agreement, content: ReportContent, corrects: str) -> NotNow:
    report = sealed.report
    before = IncidentReport.objects.filter(chain=report.chain, revision=report.revision - 1).first()
    filed = {"agreement": report.agreement.code, "corrects": client_id_of(before)}
    told = report_document.of_another(filed, {"agreement": agreement.code, "corrects": corrects})
    told += report_document.differences(report, content)
    if not sealing.same_source(sealed, content.source):
        told.append(report_document.SEALED)
    newest = IncidentReport.objects.of_chain(report.chain).first()
    return taken(told, receipt=report.receipt, latest=str(newest.public_id))
