"""Codes of how moderators weigh and decide: lanes, grades, flags, what a grave finding adds. Part of codebook 1."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Lane(models.TextChoices):
    """How much is asked of moderators before an incident is decided, gravest first."""

    GRAVE = "grave", _("grave")
    STANDARD = "standard", _("standard")
    ROUTINE = "routine", _("routine")


class LaneGrounds(models.TextChoices):
    """Why an incident was moved to another lane by hand; the words stand beside."""

    GRAVER_THAN_CODED = "graver_than_coded", _("graver than its codes say")
    PART_OF_A_PATTERN = "part_of_a_pattern", _("part of a pattern that is graver than each alone")
    LESS_THAN_CODED = "less_than_coded", _("its codes say more than its reports bear out")
    ONLY_HEARD = "only_heard", _("only heard, nobody came to harm")
    OTHER = "other", _("another reason, in words")


class SourceGrade(models.TextChoices):
    """How reliable the source of a report is (Admiralty)."""

    RELIABLE = "A", _("A, completely reliable")
    USUALLY = "B", _("B, usually reliable")
    FAIRLY = "C", _("C, fairly reliable")
    NOT_USUALLY = "D", _("D, not usually reliable")
    UNRELIABLE = "E", _("E, unreliable")
    UNKNOWN = "F", _("F, cannot be judged")


class InformationGrade(models.TextChoices):
    """How credible what a report tells is (Admiralty)."""

    CONFIRMED = "1", _("1, confirmed by other sources")
    PROBABLY = "2", _("2, probably true")
    POSSIBLY = "3", _("3, possibly true")
    DOUBTFUL = "4", _("4, doubtful")
    IMPROBABLE = "5", _("5, improbable")
    UNKNOWN = "6", _("6, cannot be judged")


class BulkGrounds(models.TextChoices):
    """Why a moderator decides alike on many; words stand beside it."""

    EACH_EXAMINED = "each_examined", _("each was examined")
    SAMPLE_EXAMINED = "sample_examined", _("a sample was examined")
    ROUTINE = "routine", _("routine, without harm")
    ONE_SERIES = "one_series", _("entries of one series")
    SAME_FAULT = "same_fault", _("the same fault in each")
    TAKEN_IN_TURN = "taken_in_turn", _("taken up in turn")
    OTHER = "other", _("other, as written")


class Intent(models.TextChoices):
    """Grave lane only."""

    DELIBERATE = "deliberate", _("deliberate")
    ACCIDENTAL = "accidental", _("accidental")
    UNKNOWN = "unknown", _("unknown")


class Sequence(models.TextChoices):
    """Grave lane only."""

    INITIATING = "initiating", _("initiating")
    RETURN_FIRE = "return_fire", _("return fire")
    UNKNOWN = "unknown", _("unknown")


class Harm(models.TextChoices):
    """What was done to people."""

    KILLED = "killed", _("killed")
    INJURED = "injured", _("injured")


class People(models.TextChoices):
    """Who the people were that came to harm."""

    CIVILIAN = "civilian", _("civilians")
    COMBATANT = "combatant", _("combatants")
    UNKNOWN = "unknown", _("status unknown")


class CasualtySourceKind(models.TextChoices):
    """From what kind of source a number of casualties is known."""

    REPORT = "report", _("a report of the incident")
    MEDICAL = "medical", _("a hospital, clinic or ambulance service")
    RESCUE = "rescue", _("a rescue service or civil defence")
    AUTHORITY = "authority", _("a civil authority or its register")
    UNITED_NATIONS = "united_nations", _("a body of the United Nations")
    HUMANITARIAN = "humanitarian", _("a humanitarian organisation")
    RECORDER = "recorder", _("an organisation that records casualties")
    PARTY = "party", _("a party or a guarantor state")
    MEDIA = "media", _("a news outlet")
    OTHER = "other", _("another organisation")


class SittingSaid(models.TextChoices):
    """What a sitting of the determining body says of an incident on its agenda."""

    AGREED = "agreed", _("agreed")
    NOT_AGREED = "not_agreed", _("not agreed")
    REFERRED_BACK = "referred_back", _("referred back")


class Flag(models.TextChoices):
    """What whoever reviews a report should notice. It judges nobody: each may have a plain reason."""

    BEFORE_TRUCE = "before_truce", _("it happened before the truce began")
    AFTER_TRUCE = "after_truce", _("it happened after the truce ended")
    AHEAD_OF_FILING = "ahead_of_filing", _("its time lies after the time at which it was filed")
    FILED_LATE = "filed_late", _("it was filed late")
    ON_NO_SHAPE = "on_no_shape", _("the point lies in no area whose shape is known")
    OFF_NAMED_AREA = "off_named_area", _("the place lies outside the area as named")
    OFF_ITS_BEARING = "off_its_bearing", _("the direction as observed does not lead to the point")
    OFF_ITS_RANGE = "off_its_range", _("the point is nearer or farther away than was observed")
    BEARINGS_APART = "bearings_apart", _("the directions of two reports of the incident do not cross")
    CROSSING_ELSEWHERE = "crossing_elsewhere", _("directions of the incident's reports cross elsewhere")
    CASUALTY_ORDER = "casualty_order", _("the order of low, best and high is broken")
    PARTY_UNKNOWN = "party_unknown", _("a party as written is not known to the mechanism file")
    SAME_KEYS = "same_keys", _("another report has the same time, place, act and parties")
    ERASED = "erased", _("words of it were erased on request")
