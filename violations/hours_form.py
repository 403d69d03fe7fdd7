"""A patrol, a post or a watch as a form: hours copied from a team's paper, a line a stretch and a line an observation.

Times are by the truce's clocks; one that is earlier than the beginning is of the day after. The rules are those of
filing; what is wrong is told with its line.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable, Iterator
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from monitoring.date_field import DayField
from violations import codebook
from violations.codebook import CountQualifier
from violations.effort_content import Observation, PatrolContent, Stretch
from violations.report_form import choose_team

if TYPE_CHECKING:
    from monitoring.errors import Refusal
    from monitoring.models import Agreement, Team

CLOCK = r"([01]?\d|2[0-3]):([0-5]\d)"
STRETCH = re.compile(rf"(\S+)\s+{CLOCK}\s*(?:-|\s)\s*{CLOCK}(?:\s+(.{{1,200}}))?", re.ASCII)
SEEN = re.compile(rf"{CLOCK}\s+(\?|[~<]?\d{{1,6}}|\d{{1,6}}\+)\s+([a-z_]+)((?:\s+\S+)*)", re.ASCII)
BEARING, METRES = re.compile(r"\d{1,3}°?", re.ASCII), re.compile(r"\d{1,6}m", re.ASCII)
SURE = {"~": CountQualifier.ABOUT, "<": CountQualifier.UP_TO, "+": CountQualifier.AT_LEAST}


class NotRead(Exception):  # noqa: N818 - the line's fault, not ours
    """A line that cannot be read."""


def _lines(label: Any, rows: int, help_text: Any) -> forms.CharField:
    return forms.CharField(
        label=label,
        required=False,
        widget=forms.Textarea(attrs={"rows": rows, "dir": "ltr", "spellcheck": "false"}),
        help_text=help_text,
    )


class HoursForm(forms.Form):
    """Hours of observation of one team. `filed` is what the verb takes."""

    client_id = forms.UUIDField(widget=forms.HiddenInput)
    team = forms.ChoiceField(label=gettext_lazy("For which team"))
    kind = forms.ChoiceField(
        label=gettext_lazy("What it was"), choices=codebook.PatrolKind.choices, widget=forms.RadioSelect
    )
    day = DayField(label=gettext_lazy("Date on which it began"))
    begins = forms.TimeField(label=gettext_lazy("From"), widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"))
    ends = forms.TimeField(
        label=gettext_lazy("Until"),
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        help_text=gettext_lazy("Where it is not later than the beginning, it was on the day after."),
    )
    area = forms.ChoiceField(label=gettext_lazy("Area, where it was one"), required=False)
    position = forms.CharField(label=gettext_lazy("Post, as the team names it"), max_length=200, required=False)
    stretches = _lines(
        gettext_lazy("Areas, where they were several"),
        4,
        gettext_lazy("A line each: code of the area, from, until, post. As: VA01 09:00 12:00 by the mill."),
    )
    log = _lines(
        gettext_lazy("Log of a watch"),
        10,
        gettext_lazy(
            "A line each: time, how many, of what, then phase, degrees and metres where known. As: "
            "23:05 1 explosion incoming 270 4000m. ~3 is about three, 3+ at least, <3 up to, ? uncountable."
        ),
    )
    note = forms.CharField(label=gettext_lazy("Note"), max_length=2000, required=False)

    def __init__(self, agreement: Agreement, teams: list[Team], **more: Any) -> None:
        super().__init__(**more)
        self.agreement, self.zone = agreement, ZoneInfo(agreement.terms.time_zone)
        areas = [(area.code, f"{area.name} ({area.code})") for area in agreement.areas.order_by("level", "code")]
        self.fields["area"].choices = [("", gettext_lazy("not named")), *areas]  # type: ignore[attr-defined]
        choose_team(self.fields["team"], teams)
        self.fields["client_id"].initial = uuid.uuid4
        self.fields["kind"].initial = codebook.PatrolKind.WATCH
        self.fields["day"].initial = timezone.now().astimezone(self.zone).date

    def clean_stretches(self) -> list[tuple[Any, ...]]:
        """Read the lines: area, from, until, post."""
        return list(self._read("stretches", _stretch))

    def clean_log(self) -> list[tuple[Any, ...]]:
        """Read the lines of the log."""
        return list(self._read("log", _seen))

    def _read(self, name: str, read: Callable[[str], Any]) -> Iterator[Any]:
        faults = []
        for number, line in enumerate(self.cleaned_data[name].splitlines(), 1):
            try:
                if line.strip():
                    yield read(line.strip())
            except NotRead as fault:
                faults.append(_("Line %(number)d: %(fault)s") % {"number": number, "fault": fault})
        if faults:
            raise forms.ValidationError(faults)

    @property
    def filed(self) -> PatrolContent:
        """What the form says, for the verb."""
        given = self.cleaned_data
        begins, ends = self._at(given["begins"]), self._at(given["ends"])
        ends = ends if ends > begins else ends + timedelta(days=1)
        one = (Stretch(given["area"], begins, ends, given["position"]),) if given["area"] else ()
        return PatrolContent(
            kind=given["kind"],
            started_at=begins,
            ended_at=ends,
            stretches=tuple(
                Stretch(area, self._at(start), self._at(end, after=start), post)
                for area, start, end, post in given["stretches"]
            )
            or one,
            observations=tuple(Observation(self._at(at), *seen) for at, *seen in given["log"]),
            team=given["team"],
            note=given["note"],
        )

    def _at(self, clock: time, after: time | None = None) -> datetime:
        """The instant at which the clocks showed `clock`, within the day from the beginning, or after `after` in it."""
        begins = self.cleaned_data["begins"]
        at = datetime.combine(self.cleaned_data["day"], clock, tzinfo=self.zone)
        next_day = clock < begins or (after is not None and clock <= after and after >= begins)
        return at + timedelta(days=1) if next_day else at

    def tell(self, refusal: Refusal) -> None:
        """Put what the verb refused to its fields, with its line; what concerns no field, to the whole."""
        told = False
        for pointer, sentences in getattr(refusal, "fields", {}).items():
            first, *rest = pointer.strip("/").split("/")
            name = {"until": "ends", "observations": "log", "team": "team"}.get(first, "stretches")
            if name == "stretches" and not self.cleaned_data.get("stretches"):
                name = "area"
            line = _("Line %(number)d: ") % {"number": int(rest[0]) + 1} if rest and name != "area" else ""
            for sentence in sentences:
                self.add_error(name, f"{line}{sentence}")
                told = True
        if not told:
            self.add_error(None, refusal.message)


def _stretch(line: str) -> tuple[str, time, time, str]:
    read = STRETCH.fullmatch(line)
    if read is None:
        raise NotRead(_("write the code of the area, from and until, as “VA01 09:00 12:00”."))
    area, *clocks, post = read.groups()
    start, end = time(int(clocks[0]), int(clocks[1])), time(int(clocks[2]), int(clocks[3]))
    return area, start, end, post or ""


def _seen(line: str) -> tuple[Any, ...]:
    """(time, observed, qualifier, count, phase, bearing, metres) of a line."""
    read = SEEN.fullmatch(line)
    if read is None:
        raise NotRead(_("write time, how many and of what, as “23:05 1 explosion”."))
    hour, minute, many, what, more = read.groups()
    observed = what if what in codebook.Observed.values else what.removesuffix("s")
    if observed not in codebook.Observed.values:
        known = ", ".join(codebook.Observed.values)
        raise NotRead(_("“%(what)s” is not in the list: %(known)s.") % {"what": what, "known": known})
    sign = many.strip("0123456789")
    qualifier = CountQualifier.UNCOUNTABLE if sign == "?" else SURE.get(sign, CountQualifier.EXACT)
    count = None if sign == "?" else int(many.strip("~<+"))
    return time(int(hour), int(minute)), observed, qualifier.value, count, *_more(more.split())


def _more(words: list[str]) -> tuple[str, int | None, int | None]:
    phase, bearing, metres = "", None, None
    for word in words:
        if word in codebook.Phase.values:
            phase = word
        elif METRES.fullmatch(word):
            metres = int(word[:-1])
        elif BEARING.fullmatch(word) and int(word.strip("°")) < 360:
            bearing = int(word.strip("°"))
        else:
            raise NotRead(_("“%(word)s” is no phase, no degrees and no metres.") % {"word": word})
    return phase, bearing, metres
