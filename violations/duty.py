"""What a duty officer does with a team's log before it goes on: check an entry, ask about it, gather those of an event.

None of it moves a review, changes a word or a time of what was filed, or keeps a report from going on (`duty_log`).
What a moderator took up is theirs. Nobody checks what they filed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.translation import gettext as _

from monitoring import audit, duty_officers, ledger
from monitoring.errors import Forbidden, Malformed, NotFound, NotNow
from violations import assessment, cases, docket, duty_log, holding, membership, review, sealing
from violations.codebook import DutyOutcome, LinkKind, ReviewState
from violations.models import DutyCheck, FilerQuestion, IncidentReport, Patrol, ReportLink

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from monitoring.ledger import Entry
    from monitoring.models import User

KINDS = (LinkKind.SAME_EVENT, LinkKind.PART_OF_SERIES)
MOST_AT_ONCE = 100
LONGEST = 2000


def check(reports: Sequence[IncidentReport], *, by: User) -> list[DutyCheck]:
    """Say that the entries were checked: they go on to the moderators. What is checked already stays so.

    Raises NotFound (no entry of a team that `by` serves), Forbidden (`own_report`), NotNow (`taken_up`: a moderator has
    it; withdrawn, corrected).
    """
    with holding.deciding() as entry:
        _entries(reports, by=by)
        return [_say(entry, DutyOutcome.CHECKED, by=by, report=report) for report in reports]


def ask(report: IncidentReport, *, by: User, question: str) -> FilerQuestion:
    """Return an entry to its filer with a question, to be answered in words or by a correction. It holds nothing back.

    Raises as `check`; Malformed (no question).
    """
    question = _words(question, _("Write the question: what is needed from whoever filed this."), "/question")
    with holding.deciding() as entry:
        _entries([report], by=by)
        asked = FilerQuestion.objects.create(report=report, by=by, question=question, recorded_at=entry.stamp())
        _say(entry, DutyOutcome.ASKED, by=by, report=report, words=question)
    return asked


def take_back(report: IncidentReport, *, by: User, grounds: str) -> DutyCheck:
    """Take the check of an entry back: it stands with the duty officer again while its hours last.

    Raises as `check`; Malformed (no grounds), NotNow (`not_checked`).
    """
    grounds = _words(grounds, _("Write why the check is taken back."), "/grounds")
    with holding.deciding() as entry:
        _entries([report], by=by)
        if last_outcome(report=report) != DutyOutcome.CHECKED:
            raise NotNow(_("This entry is not checked."), code="not_checked")
        return _say(entry, DutyOutcome.UNDONE, by=by, report=report, words=grounds)


def check_hours(patrol: Patrol, *, by: User) -> DutyCheck:
    """Say that a patrol, post or watch was checked. Its hours count as before. Raises NotFound, NotNow."""
    with ledger.writing() as entry:
        _require_hours(patrol, by=by)
        return _say(entry, DutyOutcome.CHECKED, by=by, patrol=patrol)


def ask_about_hours(patrol: Patrol, *, by: User, question: str) -> DutyCheck:
    """Ask the team about a patrol, post or watch: who filed it is not kept, so whoever files for the team reads it.

    The team answers by a correction. Raises NotFound, NotNow, Malformed (no question).
    """
    question = _words(question, _("Write the question: what is needed from whoever filed this."), "/question")
    with ledger.writing() as entry:
        _require_hours(patrol, by=by)
        return _say(entry, DutyOutcome.ASKED, by=by, patrol=patrol, words=question)


def group(reports: Sequence[IncidentReport], *, by: User, kind: str, grounds: str) -> list[ReportLink]:
    """Gather entries of one team that tell of one event or of one series: all belong to the incident filed first.

    Each stays a report of its own, submitted, for moderators to take up; what they make of the grouping is theirs.
    Raises as `check`; Malformed (`kind` is none of KINDS, no grounds, fewer than two), NotNow (`over`: one was filed
    longer ago than the log shows; `decided`: something was found or proposed; `with_others`: a report of another team,
    or one that was taken up, tells of one of the incidents; `together`: they are one already).
    """
    if kind not in KINDS:
        message = _("Say whether the entries tell of one event or of one series.")
        raise Malformed(message, fields={"/kind": [message]})
    grounds = _words(grounds, _("Write on what grounds the entries belong together."), "/grounds")
    with holding.deciding() as entry:
        links = _entries(reports, by=by)
        _require_of_late(links)
        if len(links) < 2:
            message = _("Choose at least two entries.")
            raise Malformed(message, fields={"/reports": [message]})
        concerned = {link.incident_id for link in links}
        _require_theirs(concerned, links, by=by)
        incident = links[0].incident
        apart = [link for link in links if link.incident_id != incident.pk]
        if not apart:
            raise NotNow(_("These entries tell of one incident already."), code="together")
        made = [membership.join(link, incident, kind=kind, by=by, grounds=grounds, entry=entry) for link in apart]
        _follow(concerned, entry)
        for link in made:
            audit.done("duty.group", by=by, on=link.report)
    return made


def separate(report: IncidentReport, *, by: User, grounds: str) -> ReportLink:
    """Take an entry out of a group: it tells again of the incident that it opened when it was filed.

    Raises as `group`; NotNow (`alone`: it tells of that incident).
    """
    grounds = _words(grounds, _("Write on what grounds the entry is taken out."), "/grounds")
    with holding.deciding() as entry:
        opened = ReportLink.objects.members().filter(chain=report.chain).order_by("pk").first()
        (link,) = _entries([report], by=by, beside=[opened.incident_id] if opened else [])
        if opened is None or opened.incident_id == link.incident_id:
            raise NotNow(_("This entry tells of the incident that it opened. Take the others out."), code="alone")
        concerned = {link.incident_id, opened.incident_id}
        _require_theirs(concerned, [link], by=by)
        made = membership.join(link, opened.incident, kind=LinkKind.SAME_EVENT, by=by, grounds=grounds, entry=entry)
        _follow(concerned, entry)
        audit.done("duty.separate", by=by, on=report)
    return made


def last_outcome(**entry: IncidentReport | Patrol) -> str:
    """What was said last of an entry (`report=` or `patrol=`); '' where nothing was."""
    said = DutyCheck.objects.filter(**entry).order_by("-pk").first()
    return said.outcome if said else ""


def _entries(reports: Sequence[IncidentReport], *, by: User, beside: Collection[int] = ()) -> list[ReportLink]:
    """Hold the entries and their incidents; return their links, the incident filed first before the others."""
    if not 1 <= len(reports) <= MOST_AT_ONCE:
        message = _("Choose entries, at most %(most)d at once.") % {"most": MOST_AT_ONCE}
        raise Malformed(message, fields={"/reports": [message]})
    _require_served({report.team_id for report in reports}, by=by)
    chains = [report.chain for report in reports]
    if sealing.is_filer(by, *chains):
        raise Forbidden(_("You filed one of these entries: somebody else must check it."), code="own_report")
    links = holding.hold_chains(chains, *beside)
    for report in reports:
        if review.state_of(report) != ReviewState.SUBMITTED:
            raise NotNow(
                _("This entry is not the duty officer's any more: it was taken up, corrected or withdrawn."),
                code="taken_up",
            )
    return links


def _require_served(teams: Collection[int | None], *, by: User) -> None:
    served = set(duty_officers.teams_checked_by(by).values_list("pk", flat=True))
    if not served:
        raise Forbidden(_("Your account is not accredited as a duty officer now."), code="not_accredited")
    if not served.issuperset(teams):
        raise NotFound(_("There is no such entry in the logs that you check."), code="not_found")


def _require_hours(patrol: Patrol, *, by: User) -> None:
    _require_served([patrol.team_id], by=by)
    if not Patrol.objects.open().filter(pk=patrol.pk).exists():
        raise NotNow(_("These hours were corrected or withdrawn."), code="not_latest")


def _require_theirs(incidents: Collection[int], links: Sequence[ReportLink], *, by: User) -> None:
    """Raise NotNow where moderators or another team have to do with one of the incidents.

    Raises Forbidden where `by` filed any report that tells of one: what becomes of that is somebody else's.
    """
    if sealing.is_filer(by, *membership.chains(incidents)):
        raise Forbidden(
            _("You filed a report that tells of one of these incidents: somebody else must gather them."),
            code="own_report",
        )
    if any(membership.is_decided_on(*incidents, chain=link.chain) for link in links):
        raise NotNow(
            _("Something is found or proposed there: moderators decide what belongs together."), code="decided"
        )
    members = IncidentReport.objects.filter(
        pk__in=ReportLink.objects.open().members().filter(incident__in=incidents).values("report")
    )
    teams = {link.report.team_id for link in links}
    if len(teams) > 1 or any(
        report.team_id not in teams or review.state_of(report) != ReviewState.SUBMITTED for report in members
    ):
        raise NotNow(
            _("A duty officer gathers what one team filed and nobody took up; the rest is for the moderators to link."),
            code="with_others",
        )


def _require_of_late(links: Sequence[ReportLink]) -> None:
    """Raise NotNow where an entry was filed before the days that the log shows: figures of it may be out by now."""
    first = IncidentReport.objects.filter(chain__in=[link.chain for link in links], revision=1)
    if first.filter(recorded_at__lte=timezone.now() - duty_log.SHOWN).exists():
        raise NotNow(
            _("One of these entries was filed longer ago than the log shows: moderators link what belongs together."),
            code="over",
        )


def _follow(incidents: Collection[int], entry: Entry) -> None:
    assessment.reassess(list(incidents), recorded_at=entry.stamp())
    cases.follow(list(incidents), recorded_at=entry.stamp())
    docket.follow(list(incidents), recorded_at=entry.stamp())


def _say(
    entry: Entry,
    outcome: str,
    *,
    by: User,
    report: IncidentReport | None = None,
    patrol: Patrol | None = None,
    words: str = "",
) -> DutyCheck:
    on = report or patrol
    assert on is not None  # noqa: S101 - it is of one of the two
    said = DutyCheck.objects.filter(report=report, patrol=patrol).order_by("-pk").first()
    if said is not None and said.outcome == outcome == DutyOutcome.CHECKED:
        return said
    said = DutyCheck.objects.create(
        agreement=on.agreement,
        report=report,
        patrol=patrol,
        outcome=outcome,
        by=by,
        words=words,
        recorded_at=entry.stamp(),
    )
    audit.done(f"duty.{ACTS[outcome]}", by=by, on=on)
    return said


ACTS: dict[str, str] = {DutyOutcome.CHECKED: "check", DutyOutcome.ASKED: "ask", DutyOutcome.UNDONE: "take_back"}


def _words(words: str, message: str, pointer: str) -> str:
    words = words.strip()
    if not words or len(words) > LONGEST:
        raise Malformed(message, fields={pointer: [message]})
    return words
