"""What of the queue is shown: its five views, and the filters that narrow them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db.models import Exists, OuterRef, Q
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from monitoring.accreditation import Capacity
from monitoring.models import MechanismVersion
from violations import codebook, moderation_codes, nearness, queue, searching
from violations.admin.forms import by_reference, chains_by_receipt
from violations.admin.names import Names
from violations.models import Assessment, Claim, Incident, IncidentReport, ReportLink

VIEWS = {
    "mine": gettext_lazy("Needs me"),
    "others": gettext_lazy("Waits for others"),
    "decided": gettext_lazy("Decided"),
    "set": gettext_lazy("Accepted with a data set"),
    "all": gettext_lazy("All"),
}
DAY = "%Y-%m-%d"  # as browsers hand in a date, whatever they show
NEEDS = {"mine": queue.MINE, "others": queue.OTHERS, "decided": queue.DECIDED, "set": (queue.Need.SET,)}
# Days of which every clock has a midnight.
IN_THE_CALENDAR = [MinValueValidator(date(1900, 1, 1)), MaxValueValidator(date(2999, 12, 31))]
# Incidents that are looked up by their dates: where more happened then, each is asked in turn.
MOST_DATED = 20_000

# What leaves something that can be looked at or measured anew: what moderators mean by a case that has evidence.
LEAVE_EVIDENCE = (
    codebook.Means.UAV,
    codebook.Means.CAMERA,
    codebook.Means.ACOUSTIC_SENSOR,
    codebook.Means.RADAR,
    codebook.Means.IMAGERY,
    codebook.Means.CRATER_ANALYSIS,
    codebook.Means.MEDICAL_RECORD,
)


class QueueFilter(forms.Form):
    """What of the queue is shown. Everything is optional; what does not parse is told and not applied."""

    view = forms.ChoiceField(choices=list(VIEWS.items()), required=False, widget=forms.HiddenInput)
    q = forms.CharField(
        label=gettext_lazy("Search"),
        required=False,
        max_length=100,
        help_text=gettext_lazy("A reference, a receipt, or words of the place or the narrative, in any script."),
        widget=forms.TextInput(attrs={"type": "search", "dir": "auto"}),
    )
    since = forms.DateField(
        label=gettext_lazy("Happened from"),
        required=False,
        input_formats=[DAY],
        validators=IN_THE_CALENDAR,
        help_text=gettext_lazy("Its earliest instant, by the truce's clocks; a day begins at midnight."),
        widget=forms.DateInput(attrs={"type": "date"}, format=DAY),
    )
    until = forms.DateField(
        label=gettext_lazy("Happened until, that day too"),
        required=False,
        input_formats=[DAY],
        validators=IN_THE_CALENDAR,
        widget=forms.DateInput(attrs={"type": "date"}, format=DAY),
    )
    agreement = forms.ChoiceField(label=gettext_lazy("Agreement"), required=False)
    lane = forms.ChoiceField(
        label=gettext_lazy("Lane"), required=False, choices=[("", gettext_lazy("any")), *moderation_codes.Lane.choices]
    )
    state = forms.ChoiceField(
        label=gettext_lazy("Review"),
        required=False,
        choices=[("", gettext_lazy("any")), *codebook.ReviewState.choices],
    )
    act = forms.ChoiceField(
        label=gettext_lazy("Act"), required=False, choices=[("", gettext_lazy("any")), *codebook.Act.choices]
    )
    object = forms.ChoiceField(
        label=gettext_lazy("Object hit"),
        required=False,
        choices=[("", gettext_lazy("any")), *codebook.ObjectHit.choices],
    )
    grade = forms.ChoiceField(
        label=gettext_lazy("Grade"),
        required=False,
        choices=[
            ("", gettext_lazy("any")),
            (gettext_lazy("Source"), moderation_codes.SourceGrade.choices),
            (gettext_lazy("Information"), moderation_codes.InformationGrade.choices),
        ],
    )
    scope = forms.ChoiceField(
        label=gettext_lazy("Scope"), required=False, choices=[("", gettext_lazy("any")), *codebook.Scope.choices]
    )
    area = forms.ChoiceField(label=gettext_lazy("Area"), required=False)
    zone = forms.ChoiceField(label=gettext_lazy("Zone"), required=False)
    party = forms.ChoiceField(label=gettext_lazy("Party, in any role"), required=False)
    side = forms.ChoiceField(label=gettext_lazy("Side of a party named"), required=False)
    evidence = forms.ChoiceField(
        label=gettext_lazy("Evidence"),
        required=False,
        choices=[
            ("", gettext_lazy("with or without")),
            ("yes", gettext_lazy("recorded or examined")),
            ("no", gettext_lazy("seen, heard or told alone")),
        ],
        help_text=gettext_lazy("By the means of its reports: a camera, radar or crater analysis leaves something."),
    )
    near = forms.ChoiceField(
        label=gettext_lazy("Others near in time and place"),
        required=False,
        choices=[("", gettext_lazy("with or without")), ("yes", gettext_lazy("some")), ("no", gettext_lazy("none"))],
    )

    claimed = forms.ChoiceField(
        label=gettext_lazy("Claimed"),
        required=False,
        choices=[
            ("", gettext_lazy("by anybody or nobody")),
            ("no", gettext_lazy("not by others")),
            ("mine", gettext_lazy("by me")),
        ],
    )

    def __init__(
        self, *args: Any, names: Names, acting: Mapping[int, Capacity], zones: Mapping[int, ZoneInfo], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.names, self.zones = names, zones
        self.acting = list(acting)
        self.persons = {capacity.accreditation.user_id for capacity in acting.values()}  # the one who asks
        agreements = {pk: capacity.accreditation.agreement.name for pk, capacity in acting.items()}
        sides = {row.side_id: row.side.name for row in names.terms.values() if row.side}
        self._offer("agreement", agreements)
        self._offer("area", {pk: f"{area.name} ({area.get_level_display()})" for pk, area in names.areas.items()})
        self._offer("zone", {pk: zone.name for pk, zone in names.zones.items()})
        self._offer("party", {pk: row.party.name for pk, row in names.terms.items()})
        self._offer("side", sides)
        if len(agreements) == 1:
            del self.fields["agreement"]

    def _offer(self, name: str, choices: Mapping[Any, str]) -> None:
        self.fields[name].choices = [("", _("any")), *choices.items()]  # type: ignore[attr-defined]

    @property
    def showing(self) -> str:
        """Which of the five views."""
        return self.cleaned_data.get("view") or "mine"

    @property
    def needs(self) -> Collection[str]:
        """What the incidents of that view need; all if empty."""
        return NEEDS.get(self.showing, ())

    @property
    def narrowed(self) -> bool:
        """Whether anything but the view was asked for."""
        return any(value for name, value in self.cleaned_data.items() if name != "view")

    def clean_until(self) -> date | None:
        """No period ends before it begins."""
        since, until = self.cleaned_data.get("since"), self.cleaned_data["until"]
        if since and until and until < since:
            raise forms.ValidationError(_("This is before the day from which on it happened."))
        return until

    def apply(self, rows: Any) -> Any:
        """Narrow the assessments of the queue to what was asked."""
        asked = {name: value for name, value in self.cleaned_data.items() if value}
        for name in asked.keys() & {"agreement", "act", "scope"}:
            rows = rows.filter(**{name: asked[name]})
        for name, column in (("area", "areas"), ("zone", "zones"), ("object", "objects_hit")):
            if name in asked:
                rows = rows.filter(**{f"{column}__contains": [asked[name]]})
        if "lane" in asked:
            rows = rows.with_lane().filter(lane=asked["lane"])
        for name, parties in (("party", self.names.party_and_below), ("side", self.names.parties_of_side)):
            if name in asked:
                rows = rows.filter(_names_any(parties(int(asked[name]))))
        for name, condition in (("grade", _graded), ("evidence", _with_evidence), ("claimed", self._claimed)):
            if name in asked:
                rows = rows.filter(condition(asked[name]))
        if "near" in asked:
            rows = rows.annotate(near=nearness.has_any()).filter(near=asked["near"] == "yes")
        rows = rows.filter(self._on_days)
        return self._with_words(rows, asked["q"]) if "q" in asked else rows

    @property
    def _on_days(self) -> Q:
        """That it happened on the days asked for; of any day where none was."""
        since, until = (self.cleaned_data.get(name) for name in ("since", "until"))
        return happened(self.zones, since, until) if since or until else Q()

    def _claimed(self, how: str) -> Any:
        """That the moderator claims it, or that no other does."""
        held = Claim.objects.running().filter(incident=OuterRef("incident"))
        if how == "mine":
            return Exists(held.filter(by__in=self.persons))
        return ~Exists(held.exclude(by__in=self.persons))

    def _with_words(self, rows: Any, written: str) -> Any:
        if self._told is None:
            return rows.annotate(told=searching.in_assessed(written)).filter(told=True)
        return rows.filter(incident__in=sorted(self._told))

    @cached_property
    def among(self) -> set[int] | None:
        """The incidents that words and dates leave, where these are few enough to be named; else None."""
        few = [found for found in (self._told, self._dated) if found is not None]
        return set.intersection(*few) if few else None

    @cached_property
    def _dated(self) -> set[int] | None:
        """The incidents of the days asked for; None where no day is, or too many happened then to be named.

        The docket is in the order of the queue and knows no dates: where few happened then, an index names them, and
        the docket is read for these alone; else it is read along, and each is asked when it happened.
        """
        if not self._on_days:
            return None
        rows = Assessment.objects.open().filter(self._on_days)
        found = set(rows.values_list("incident", flat=True)[: MOST_DATED + 1])
        return found if len(found) <= MOST_DATED else None

    @cached_property
    def _told(self) -> set[int] | None:
        """The incidents that what was searched for leaves; None where nothing was, or too many have the words."""
        written = self.cleaned_data.get("q", "").strip()
        if not written:
            return None
        theirs = Incident.objects.filter(agreement__in=self.acting)
        quoted = ReportLink.objects.members().open().filter(chain__in=chains_by_receipt(written))
        named = by_reference(theirs, written) | theirs.filter(pk__in=quoted.values("incident"))
        meant = set(named.values_list("pk", flat=True))
        return meant or searching.incidents(written, self.acting)


def zones_of(agreements: Collection[int]) -> dict[int, ZoneInfo]:
    """The zone of each truce, by the version in force."""
    rows = MechanismVersion.objects.open().filter(agreement__in=list(agreements))
    return {pk: ZoneInfo(name) for pk, name in rows.values_list("agreement", "time_zone")}


def happened(zones: Mapping[int, ZoneInfo], since: date | None, until: date | None) -> Q:
    """That an assessment begins on the days asked for, `until` among them, by the clocks of its truce.

    `zones`: of each agreement meant.
    """
    said = Q(pk__in=[])
    for agreement, zone in zones.items():
        begins = Q(agreement=agreement)
        if since:
            begins &= Q(occurred_from__gte=_midnight(since, zone))
        if until:
            begins &= Q(occurred_from__lt=_midnight(until + timedelta(days=1), zone))
        said |= begins
    return said


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), zone)


def _graded(grade: str) -> Exists:
    """That the report which leads an incident has the grade, of its source or of what it tells."""
    axis = "source_grade" if grade in moderation_codes.SourceGrade.values else "information_grade"
    leads = IncidentReport.objects.with_grades().filter(pk=OuterRef("lead_report"))
    return Exists(leads.filter(**{axis: grade}))


def _with_evidence(asked: str) -> Any:
    """That a report of the incident names a means that leaves something to look at; or that none does."""
    members = ReportLink.objects.members().open().filter(incident=OuterRef("incident"))
    found = Exists(members.filter(report__means__in=LEAVE_EVIDENCE))
    return found if asked == "yes" else ~found


def _names_any(parties: list[int]) -> Q:
    return Q(alleged__overlap=parties) | Q(target__overlap=parties) | Q(involved__overlap=parties)
