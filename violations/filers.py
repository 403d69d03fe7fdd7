"""Those who file: for which team or party, which reports are theirs, what they filed before under a client id."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from monitoring import accreditation, duty_officers
from monitoring.accreditation import Role
from monitoring.errors import Forbidden, Malformed, NotFound, NotNow
from monitoring.models import Agreement, Party, Team, User
from violations import report_document, sealing
from violations.codebook import Means
from violations.models import IncidentReport, SealedSource
from violations.report_content import ReportContent

# Who files reports: a monitor their team's, a duty officer what others told, a liaison the word of a party.
FILERS = (Role.MONITOR, Role.DUTY_OFFICER, Role.PARTY_LIAISON)
FILERS_FOR_OTHERS = (Role.DUTY_OFFICER, Role.PARTY_LIAISON)
# Who files a team's own work.
FILERS_OF_TEAMS = (Role.MONITOR, Role.DUTY_OFFICER)


@dataclass(frozen=True)
class Standpoint:
    """For whom a report is filed: a team, or the party whose own word it is."""

    team: Team | None = None
    party: Party | None = None


def standpoint(
    by: User, agreement: Agreement, content: ReportContent, before: IncidentReport | None = None
) -> Standpoint:
    """Return for whom `by` files this now; a correction is for whom the revision `before` was.

    What a party's liaison files is that party's word, told as a notification by it. Who is a monitor or duty officer as
    well says by the team that it is the team's. What a duty officer files has a channel, and who told it.
    Raises Forbidden (nobody who files here now), Malformed (`/team`, `/means`, `/channel`, `/source`).
    """
    party = party_of(by, agreement)
    is_word = before.told_by_id is not None if before else _is_a_party_s_word(by, agreement, content, party)
    if is_word:
        if party is None:
            raise Forbidden(_("Your account speaks for no party in this agreement now."), code="not_accredited")
        _require_a_party_s_word(content)
        return Standpoint(party=party)
    team = team_of(by, agreement, content.team, before.team if before else None)
    _require_channel(by, agreement, content, team)
    return Standpoint(team=team)


def party_of(by: User, agreement: Agreement) -> Party | None:
    """Return the party whose liaison `by` is now; None: of none."""
    held = accreditation.held_by(by, Role.PARTY_LIAISON, agreement=agreement).select_related("sent_by_party")
    first = held.order_by("pk").first()
    return first.sent_by_party if first else None


def team_of(by: User, agreement: Agreement, stated: str, default: Team | None = None) -> Team:
    """Return the team that `by` files for now: the one stated; else `default`, of what is corrected; else the only one.

    Raises Forbidden (no monitor or duty officer of the agreement now), Malformed (not their team, be it `default`;
    several, and none stated): a correction moves to another team only where that is said.
    """
    return the_one({team.code: team for team in teams_of(by, agreement)}, stated, default)


def the_one(teams: Mapping[str, Team], stated: str, default: Team | None = None) -> Team:
    """Return the one of the `teams` of a filer, by code, that they file for. Raises as `team_of`."""
    if not teams:
        raise Forbidden(_("Your account is not accredited to file reports in this agreement."), code="not_accredited")
    if stated in teams:
        return teams[stated]
    if not stated and default is not None and default.code in teams:
        return teams[default.code]
    if not stated and default is None and len(teams) == 1:
        return next(iter(teams.values()))
    sentence = _("Say for which of your teams you file: %(teams)s.") % {"teams": ", ".join(sorted(teams))}
    raise Malformed(sentence, code="team", fields={"/team": [sentence]})


def require_accredited(by: User, agreement: Agreement) -> None:
    """Raise Forbidden where `by` is nobody who files reports of the agreement now."""
    if not accreditation.held_by(by, *FILERS, agreement=agreement).exists():
        raise Forbidden(_("Your account is not accredited to file reports in this agreement."), code="not_accredited")


def teams_of(user: User, agreement: Agreement | None = None) -> list[Team]:
    """Return the teams for which `user` files now, as a monitor or as a duty officer."""
    own = _monitored(user, agreement)
    others = duty_officers.teams_filed_for_by(user, agreement).exclude(pk__in=[team.pk for team in own])
    return [*own, *others]


def _monitored(user: User, agreement: Agreement | None) -> list[Team]:
    held = accreditation.held_by(user, Role.MONITOR, agreement=agreement).select_related("team")
    return [row.team for row in held if row.team is not None]


def _is_a_party_s_word(by: User, agreement: Agreement, content: ReportContent, party: Party | None) -> bool:
    if party is None:
        return False
    notified = content.means == Means.PARTY_NOTIFICATION and not content.channel and not content.team
    return notified or not teams_of(by, agreement)


def _require_a_party_s_word(content: ReportContent) -> None:
    faults = {}
    if content.means != Means.PARTY_NOTIFICATION:
        faults["/means"] = [_("A party's own word is a notification by that party: party_notification.")]
    if content.team:
        faults["/team"] = [_("A party's liaison files for the party, not for a team: leave the team out.")]
    if content.channel:
        faults["/channel"] = [_("A party's liaison hands in the party's own word: leave the channel out.")]
    if faults:
        raise Malformed(_("The complaint cannot be filed like this."), code="malformed_report", fields=faults)


def _require_channel(by: User, agreement: Agreement, content: ReportContent, team: Team) -> None:
    faults = {}
    if content.channel and not duty_officers.teams_filed_for_by(by, agreement).filter(pk=team.pk).exists():
        faults["/channel"] = [_("Only a duty officer of the team hands in what others told: leave the channel out.")]
    elif content.channel and not content.source:
        faults["/source"] = [_("Say who told it, it is sealed; where they gave no name, how they stand to it.")]
    elif not content.channel and team not in _monitored(by, agreement):
        faults["/channel"] = [_("Say how it came to you: caller or paper.")]
    if faults:
        raise Malformed(_("The report cannot be filed like this."), code="malformed_report", fields=faults)


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
