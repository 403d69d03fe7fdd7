"""A report as a form that is filled in while somebody tells it: few fields, sound defaults, each fault at its field.

For a duty officer, who writes down what a caller tells or what stands on paper, and for a party's liaison. The rules
are those of filing: the form only gives the shape, and tells what the verb refuses. Times are by the truce's clocks.
"""

from __future__ import annotations

import re
import uuid
from datetime import datetime, time
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from django import forms
from django.contrib.gis.geos import Point
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from monitoring.date_field import DayField
from violations import codebook
from violations.report_content import LANGUAGE, NamedParty, ReportContent

if TYPE_CHECKING:
    from collections.abc import Iterable

    from monitoring.errors import Refusal
    from monitoring.models import Agreement, Area, Team

COORDINATES = re.compile(r"\s*(-?\d{1,2}(?:\.\d{1,7})?)\s*[,;\s]\s*(-?\d{1,3}(?:\.\d{1,7})?)\s*", re.ASCII)
MOST = 100_000
# What an area alone is known to, by its level.
KNOWN_TO = {"grouping": "governorate", "governorate": "governorate"}
# Where a fault of the document stands in the form; what is not here stands at the top.
FIELDS = {
    "/occurred/from": "day",
    "/occurred/until": "clock",
    "/occurred/precision": "clock",
    "/place": "area",
    "/place/area": "area",
    "/place/precision": "place_precision",
    "/place/polygon": "place_precision",
    "/observation/count": "count",
    "/observation/unit": "count_unit",
    "/observation/qualifier": "count_qualifier",
    "/source": "told_by_relation",
}
OF_OTHERS = ("channel", "team", "means", "told_by_relation", "told_by_name", "told_by_contact", "consent")


def _text(label: Any, longest: int, **more: Any) -> forms.CharField:
    return forms.CharField(
        label=label, max_length=longest, required=False, widget=forms.TextInput(attrs={"dir": "auto"}), **more
    )


def _number(label: Any, **more: Any) -> forms.IntegerField:
    return forms.IntegerField(label=label, min_value=0, max_value=MOST, required=False, **more)


def _blank(choices: Iterable[tuple[Any, Any]], name: Any) -> list[tuple[Any, Any]]:
    return [("", name), *choices]


def choose_team(field: Any, teams: list[Team]) -> None:
    """Offer a duty officer's teams. Of several none is chosen beforehand: for whom it is filed, it is counted."""
    named = [(team.code, team.name) for team in teams]
    field.choices = named if len(teams) == 1 else _blank(named, _("choose"))
    field.initial = teams[0].code if len(teams) == 1 else ""
    field.error_messages["required"] = _("Say for which of your teams it is.")


class ReportForm(forms.Form):
    """What somebody tells of an event. `filed` is what the verb takes, `client_id` by which the same is known again."""

    client_id = forms.UUIDField(widget=forms.HiddenInput)
    channel = forms.ChoiceField(
        label=_("How it comes to you"),
        choices=codebook.Channel.choices,
        initial=codebook.Channel.CALLER,
        widget=forms.RadioSelect,
    )
    team = forms.ChoiceField(label=_("For which team"))
    told_by_relation = _text(
        _("Who tells it, how they stand to it"),
        200,
        help_text=_("As: resident, medic, monitor without a line. Sealed."),
    )
    told_by_name = _text(_("Their name"), 200, help_text=_("Sealed; leave it empty where they give none."))
    told_by_contact = _text(_("How they can be reached"), 500, help_text=_("Sealed."))
    consent = forms.ChoiceField(
        label=_("What they agreed to"), choices=codebook.Consent.choices, initial=codebook.Consent.NOT_ASKED
    )
    day = DayField(label=_("Date"))
    clock = forms.TimeField(
        label=_("Time"),
        required=False,
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        help_text=_("Leave it empty where only the day is known."),
    )
    to_the_hour = forms.BooleanField(label=_("The time is known to the hour only"), required=False)
    place_as_written = _text(_("Place, as they say it"), 500)
    area = forms.ChoiceField(label=_("Area"), required=False)
    coordinates = _text(_("Latitude and longitude"), 40, help_text=_("In degrees, as -48.8000, -123.5000."))
    place_precision = forms.ChoiceField(
        label=_("Place known to"),
        required=False,
        choices=_blank(codebook.PlacePrecision.choices, _("100 m of the coordinates, or the area")),
    )
    act = forms.ChoiceField(label=_("What was done"), choices=_blank(codebook.Act.choices, _("choose")))
    means = forms.ChoiceField(
        label=_("How they know of it"),
        choices=codebook.Means.choices,
        initial=codebook.Means.WITNESS_INTERVIEW,
    )
    weapon = forms.ChoiceField(
        label=_("Weapon"), required=False, choices=_blank(codebook.WeaponFamily.choices, _("not said"))
    )
    count = _number(_("How many"))
    count_qualifier = forms.ChoiceField(
        label=_("How sure"), required=False, choices=_blank(codebook.CountQualifier.choices, _("not counted"))
    )
    count_unit = forms.ChoiceField(
        label=_("Of what"), required=False, choices=_blank(codebook.CountUnit.choices, _("not counted"))
    )
    alleged = _text(
        _("Who is said to have done it"), 200, help_text=_("By the name they use; several divided by semicolons.")
    )
    target = _text(_("Against whom"), 200)
    killed = _number(_("Killed"), help_text=_("Leave empty what is not known: it is no 0."))
    injured = _number(_("Injured"))
    harmed = forms.ChoiceField(
        label=_("Who they were"),
        required=False,
        initial="unknown",
        choices=[("unknown", _("status unknown")), ("civilian", _("civilians")), ("combatant", _("combatants"))],
    )
    objects_hit = forms.MultipleChoiceField(
        label=_("What was hit"),
        required=False,
        choices=codebook.ObjectHit.choices,
        widget=forms.CheckboxSelectMultiple,
    )
    narrative = forms.CharField(
        label=_("In their words"),
        required=False,
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 5, "dir": "auto"}),
        help_text=_("Name nobody here who told it."),
    )
    narrative_language = forms.CharField(
        label=_("Language of these words"), max_length=8, required=False, help_text=_("Its code, as en or ar.")
    )

    def __init__(self, agreement: Agreement, teams: list[Team] | None = None, **more: Any) -> None:
        """`teams`: those for which a duty officer files; None: it is a party's own word."""
        super().__init__(**more)
        self.agreement, self.terms = agreement, agreement.terms
        self.zone = ZoneInfo(self.terms.time_zone)
        self.areas = {area.code: area for area in agreement.areas.order_by("level", "code")}
        self._choices("area", _blank(((code, _named(area)) for code, area in self.areas.items()), _("not named")))
        if teams is None:
            self._of_a_party()
        else:
            self._of_others(teams)
        self.fields["client_id"].initial = uuid.uuid4
        self.fields["day"].initial = timezone.now().astimezone(self.zone).date
        self.fields["narrative_language"].initial = self.terms.authentic_language
        for name in ("alleged", "target"):
            self.fields[name].widget.attrs["list"] = "parties"
        self._one_of("area", "coordinates")

    def _of_a_party(self) -> None:
        for name in OF_OTHERS:
            del self.fields[name]
        for name, label in {"place_as_written": _("Place, as you name it"), "narrative": _("In your words")}.items():
            self.fields[name].label = label
        self.fields["narrative"].help_text = ""
        self._begins_at("day")

    def _of_others(self, teams: list[Team]) -> None:
        choose_team(self.fields["team"], teams)
        if len(teams) == 1:
            self.fields["team"].widget = forms.HiddenInput()
        self._begins_at("told_by_relation")
        self._one_of("told_by_relation", "told_by_name")

    def _one_of(self, *names: str) -> None:
        for name in names:
            self.fields[name].when = _("one of the two")  # type: ignore[attr-defined]

    def _begins_at(self, name: str) -> None:
        """Put the cursor there, but not over what is told to be wrong."""
        if not self.is_bound:
            self.fields[name].widget.attrs["autofocus"] = True

    def _choices(self, name: str, choices: Any) -> None:
        self.fields[name].choices = list(choices)  # type: ignore[attr-defined]

    @property
    def party_names(self) -> list[str]:
        """The names of the truce's parties, to choose from; any other may be written."""
        return sorted(party.name for party in self.agreement.parties.all())

    def full_clean(self) -> None:
        """What is wrong with a field that nobody sees is told of the whole."""
        super().full_clean()
        for field in self.hidden_fields():
            for error in list(field.errors):
                self.add_error(None, f"{field.label}: {error}")

    def clean_coordinates(self) -> Point | None:
        """Read latitude and longitude, in this order, as people say them."""
        written = self.cleaned_data["coordinates"]
        if not written:
            return None
        read = COORDINATES.fullmatch(written)
        latitude, longitude = (float(read[1]), float(read[2])) if read else (91.0, 181.0)
        if abs(latitude) > 90 or abs(longitude) > 180:
            raise forms.ValidationError(_("Give latitude and longitude in degrees, as -48.8000, -123.5000."))
        return Point(longitude, latitude, srid=4326)

    def clean(self) -> None:
        """Somewhere it was: who fills in the form is told in its own words."""
        if not self.cleaned_data.get("area") and self.cleaned_data.get("coordinates", "wrong") is None:
            self.add_error("area", _("Say where: choose an area, or give latitude and longitude."))

    def clean_narrative_language(self) -> str:
        """A language goes with words; without them none is said."""
        language: str = self.cleaned_data["narrative_language"].strip()
        if language and not LANGUAGE.fullmatch(language):
            raise forms.ValidationError(_("Give the code of a language, as en or ar."))
        return language if self.cleaned_data.get("narrative") else ""

    @property
    def filed(self) -> ReportContent:
        """What the form says, for the verb."""
        given = self.cleaned_data
        told_by = {key: given.get(f"told_by_{key}") for key in ("relation", "name", "contact")}
        return ReportContent(
            **self._when(),
            **self._where(),
            act=given["act"],
            means=given.get("means", codebook.Means.PARTY_NOTIFICATION.value),
            weapon_family=given["weapon"],
            objects_hit=tuple(given["objects_hit"]),
            count=given["count"],
            count_qualifier=given["count_qualifier"],
            count_unit=given["count_unit"],
            parties=tuple(self._parties()),
            casualties=self._casualties(),
            narrative=given["narrative"],
            narrative_language=given["narrative_language"],
            consent=given.get("consent", ""),
            channel=given.get("channel", ""),
            team=given.get("team", ""),
            source={key: said for key, said in told_by.items() if said} or None,
        )

    def tell(self, refusal: Refusal) -> None:
        """Put what the verb refused to its fields; what concerns no field, to the whole."""
        told = False
        for pointer, sentences in getattr(refusal, "fields", {}).items():
            name = FIELDS.get(pointer) or self._field_of(pointer)
            for sentence in sentences:
                self.add_error(name if name in self.fields else None, sentence)
                told = True
        if not told:
            self.add_error(None, refusal.message)

    def _field_of(self, pointer: str) -> str:
        first, *rest = pointer.strip("/").split("/")
        if first == "parties" and rest:
            named = list(self._parties())
            return named[int(rest[0])].role if int(rest[0]) < len(named) else "alleged"
        return {"weapon": "weapon", "casualties": (rest or [""])[0]}.get(first, first)

    def _when(self) -> dict[str, Any]:
        given = self.cleaned_data
        clock = given["clock"]
        precision = codebook.TimePrecision.DAY if clock is None else codebook.TimePrecision.MINUTE
        if clock is not None and given["to_the_hour"]:
            clock, precision = clock.replace(minute=0), codebook.TimePrecision.HOUR
        at = datetime.combine(given["day"], clock or time(0), tzinfo=self.zone)
        return {"occurred_from": at, "time_precision": precision.value}

    def _where(self) -> dict[str, Any]:
        given = self.cleaned_data
        area: Area | None = self.areas.get(given["area"])
        by_itself = "vicinity" if given["coordinates"] else KNOWN_TO.get(area.level if area else "", "district")
        return {
            "position": given["coordinates"].coords if given["coordinates"] else None,
            "stated_area": given["area"],
            "place_as_written": given["place_as_written"],
            "place_precision": given["place_precision"] or by_itself,
        }

    def _parties(self) -> Iterable[NamedParty]:
        for role in ("alleged", "target"):
            for name in self.cleaned_data.get(role, "").split(";"):
                if name.strip():
                    yield NamedParty(role, name.strip())

    def _casualties(self) -> dict[str, Any]:
        given = self.cleaned_data
        who = given["harmed"] or "unknown"
        return {
            harm: {who: {"low": given[harm], "high": given[harm]}}
            for harm in ("killed", "injured")
            if given[harm] is not None
        }


def _named(area: Area) -> str:
    return f"{area.name} ({area.get_level_display()})"
