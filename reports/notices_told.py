"""What a notice says, in words, and where its reader goes from there: for the page of notices."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from monitoring.models import Area, GuarantorState, MechanismVersion, Notice, NoticeMailOutcome, User
from violations import codebook
from violations.admin import words

Kind = Notice.Kind
Names = Mapping[tuple[int, str], str]
Said = tuple[str, str, str]  # what it says, where it leads, and how that is called
WHY_FLASH = {
    "grave": gettext_lazy("in the grave lane by the truce's rule"),
    "act": gettext_lazy("an act that the truce's file names"),
    "killed": gettext_lazy("as many reported killed as the truce's file names"),
}
KINDS = {
    Kind.FLASH: gettext_lazy("Flash report"),
    Kind.SURGE: gettext_lazy("More than chance alone would usually give"),
    Kind.RETURN_DUE: gettext_lazy("Returns due"),
    Kind.RETURN_LATE: gettext_lazy("Returns late"),
    Kind.REPLY_DUE: gettext_lazy("Reply due"),
    Kind.REPLY_LATE: gettext_lazy("Reply late"),
    Kind.SECOND_DUE: gettext_lazy("To be seconded soon"),
    Kind.SECOND_LATE: gettext_lazy("Not seconded in time"),
    Kind.QUESTION_LATE: gettext_lazy("Filers not heard from"),
    Kind.WORK_FAILED: gettext_lazy("Work that failed"),
    Kind.WORK_WAITS: gettext_lazy("Work that nobody takes up"),
    Kind.MAIL_FAILED: gettext_lazy("Mail not sent"),
    Kind.DRAFT_GIVEN: gettext_lazy("Draft to be commented on"),
    Kind.DRAFT_CLOSES: gettext_lazy("Time for comments ends soon"),
}
OF_DRAFTS = frozenset({Kind.DRAFT_GIVEN, Kind.DRAFT_CLOSES})  # told to a guarantor's people, on the page of drafts


@dataclass(frozen=True)
class Shown:
    """One notice, as its page lists it: `when` by the clocks of the truce."""

    public_id: str
    agreement: str
    simulated: bool
    kind: str
    says: str
    address: str
    called: str
    when: str
    due: str
    is_seen: bool


def shown(rows: Iterable[Any]) -> list[Shown]:
    """Each of `rows` (`notices.of`, with their agreements) in words; four statements more, however many."""
    found = list(rows)
    versions = MechanismVersion.objects.open().filter(agreement__in={row.agreement_id for row in found})
    zones = {agreement: ZoneInfo(zone) for agreement, zone in versions.values_list("agreement", "time_zone")}
    names = _names(found)
    return [_shown(row, names, zones[row.agreement_id]) for row in found]


def _names(rows: Iterable[Any]) -> Names:
    """The names of the areas and guarantors that notices name by code, by agreement and code; accounts by 0 and id."""
    coded: dict[Any, set[str]] = {
        Area: {row.details["area"] for row in rows if row.kind == Kind.SURGE},
        GuarantorState: {owner for row in rows for owner in row.details.get("owners", ())},
    }
    agreements = {row.agreement_id for row in rows}
    named = {
        (one.agreement_id, one.code): one.name
        for model, codes in coded.items()
        for one in model.objects.filter(agreement__in=agreements, code__in=codes)
    }
    mailed = User.objects.filter(public_id__in={row.object_id for row in rows if row.kind == Kind.MAIL_FAILED})
    return named | {(0, str(person.public_id)): person.username for person in mailed}


def _shown(row: Any, names: Names, zone: ZoneInfo) -> Shown:
    says, address, called = SAYS[row.kind](row, names)
    return Shown(
        public_id=str(row.public_id),
        agreement=row.agreement.name,
        simulated=row.agreement.simulated,
        kind=str(KINDS[row.kind]),
        says=says,
        address=address,
        called=called,
        when=words.instant_with_offset(row.recorded_at, zone),
        due=words.instant_with_offset(row.due_at, zone) if row.due_at else "",
        is_seen=row.is_seen,
    )


def _flash(row: Notice, _names: Names) -> Said:
    told = row.details
    act = str(codebook.Act(told["act"]).label).capitalize()
    why = "; ".join(str(WHY_FLASH[one]) for one in told["why"])
    if told["killed"]:
        killed = ngettext("%(count)d reported killed", "up to %(count)d reported killed", told["killed"])
        act = f"{act}, {killed % {'count': told['killed']}}"
    return f"{act}: {why}.", *_incident(row)


def _incident(row: Notice) -> tuple[str, str]:
    address = reverse("admin:violations_incident_change", args=[row.object_id])
    return address, _("Incident %(ref)s") % {"ref": row.object_id.replace("-", "")[:10]}


def _returns(row: Notice, names: Names) -> Said:
    """That a day's return is not here says nothing of the day."""
    owners = [names[row.agreement_id, owner] for owner in row.details["owners"]]
    told = {"day": words.day(date.fromisoformat(row.object_id)), "owners": ", ".join(sorted(owners))}
    says = {
        Kind.RETURN_DUE: _("%(day)s is over. Its return is to come of: %(owners)s.") % told,
        Kind.RETURN_LATE: _("The return of %(day)s had not come when it was due, of: %(owners)s.") % told,
    }
    return says[Kind(row.kind)], reverse("admin:violations_dailyreturn_changelist"), _("Daily returns")


def _reply(row: Notice, _names: Names) -> Said:
    says = {
        Kind.REPLY_DUE: _("A reply that was asked for is due soon and has not come."),
        Kind.REPLY_LATE: _("A reply that was asked for was due and has not come."),
    }
    address = reverse("admin:violations_informationrequest_change", args=[row.object_id])
    return says[Kind(row.kind)], address, _("Request %(ref)s") % {"ref": row.object_id.replace("-", "")[:10]}


def _seconds(row: Notice, _names: Names) -> Said:
    count = row.details["count"]
    says = {
        Kind.SECOND_DUE: ngettext(
            "%(count)d proposal is to be seconded within a day, or it reads as one-sided.",
            "%(count)d proposals are to be seconded within a day, or they read as one-sided.",
            count,
        ),
        Kind.SECOND_LATE: ngettext(
            "%(count)d proposal was not seconded in time and reads as one-sided until it is.",
            "%(count)d proposals were not seconded in time and read as one-sided until they are.",
            count,
        ),
    }
    return says[Kind(row.kind)] % {"count": count}, _queue("mine"), _("The queue")


def _with_filers(row: Notice, _names: Names) -> Said:
    said = ngettext(
        "%(count)d report has been with its filer for %(days)d days, and no answer came.",
        "%(count)d reports have been with their filers for %(days)d days, and no answer came.",
        row.details["count"],
    )
    return said % row.details, _queue("others"), _("What waits for others")


def _surge(row: Notice, names: Names) -> Said:
    told = {**row.details, "day": words.day(date.fromisoformat(row.object_id))}
    said = ngettext(
        "%(where)s: %(now)d incident registered in %(days_now)d days to %(day)s, %(before)d in the "
        "%(days_before)d days before them: more than chance alone would usually give.",
        "%(where)s: %(now)d incidents registered in %(days_now)d days to %(day)s, %(before)d in the "
        "%(days_before)d days before them: more than chance alone would usually give.",
        told["now"],
    )
    asked = {"agreement": row.agreement.code, "day": row.object_id, "level": told["level"]}
    address = f"{reverse('admin:reports_closing_surges')}?{urlencode(asked)}"
    return (
        said % {**told, "where": names[row.agreement_id, told["area"]] if told["area"] else _("Everywhere")},
        address,
        _("How it was tested, and what is missing"),
    )


def _queue(view: str) -> str:
    return f"{reverse('admin:violations_incident_changelist')}?{urlencode({'view': view})}"


def _mail(row: Notice, names: Names) -> Said:
    reason = NoticeMailOutcome.Reason(row.details["reason"]).label
    said = _(
        "%(attempts)d mails in a row to %(person)s were not taken: %(reason)s. It is tried once a day from now on."
    )
    told = {"attempts": row.details["attempts"], "person": names[0, row.object_id], "reason": reason}
    return said % told, "", ""


def _work(row: Notice, _names: Names) -> Said:
    told = row.details
    says = {
        ("closing", Kind.WORK_FAILED): _("The closing of %(period)s failed and is laid aside."),
        ("closing", Kind.WORK_WAITS): _("The closing of %(period)s has waited for half an hour: is a worker running?"),
        ("period", Kind.WORK_FAILED): _(
            "%(period)s could not be asked for by the calendar (%(cause)s). It is tried again every minute; the "
            "worker's log says where it failed."
        ),
        ("supplement", Kind.WORK_FAILED): _(
            "A corrigendum or addendum to the closing of %(period)s could not be made (%(cause)s). It is tried again "
            "every minute; the worker's log says where it failed."
        ),
        ("bulkjob", Kind.WORK_WAITS): _("A decision on many has waited for half an hour: is a worker running?"),
    }
    if row.object_kind == "bulkjob":
        return says["bulkjob", Kind(row.kind)], "", ""
    closings = reverse("admin:reports_closing_changelist")
    said = says[row.object_kind, Kind(row.kind)]
    return said % {**told, "period": told["period"] or _("What is due")}, closings, _("Closings")


def _draft(row: Notice, _names: Names) -> Said:
    says = {
        Kind.DRAFT_GIVEN: _("The draft of %(period)s is shown to every guarantor, and awaits your comment."),
        Kind.DRAFT_CLOSES: _("The time for comments on the draft of %(period)s ends soon. None of yours was recorded."),
    }
    told = {"period": row.details["period"]}
    return says[Kind(row.kind)] % told, reverse("draft", args=[row.object_id]), _("The draft")


SAYS: dict[str, Callable[[Any, Names], Said]] = {
    Kind.FLASH: _flash,
    Kind.SURGE: _surge,
    Kind.RETURN_DUE: _returns,
    Kind.RETURN_LATE: _returns,
    Kind.REPLY_DUE: _reply,
    Kind.REPLY_LATE: _reply,
    Kind.SECOND_DUE: _seconds,
    Kind.SECOND_LATE: _seconds,
    Kind.QUESTION_LATE: _with_filers,
    Kind.WORK_FAILED: _work,
    Kind.WORK_WAITS: _work,
    Kind.MAIL_FAILED: _mail,
    Kind.DRAFT_GIVEN: _draft,
    Kind.DRAFT_CLOSES: _draft,
}
