"""An agreement, the versions of its mechanism file, and its texts: instruments and provisions."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

from django.contrib.gis.db import models as gis
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from monitoring.models.record import Closable, Identity

# By what rule an incident is grave or routine where the file does not say otherwise; all else is standard.
LANES: dict[str, dict[str, Any]] = {
    "grave": {
        "acts": [
            "air_strike",
            "uav_attack",
            "chemical_allegation",
            "sexual_violence",
            "child_recruitment",
            "monitors_obstructed",
            "monitors_threatened",
        ],
        "objects": [
            "medical",
            "school",
            "religious",
            "displaced_persons_site",
            "relief",
            "water_or_power",
            "monitors",
        ],
        "weapons": ["chemical"],
        "casualties": True,
        "decide_within_days": 0,
    },
    "standard": {"decide_within_days": 0},
    "routine": {"means": ["heard"], "decide_within_days": 0},
}


# Which reports moderators are told of at once where the file does not say otherwise.
ALERTS: dict[str, dict[str, Any]] = {"flash": {"grave": True, "acts": [], "killed_at_least": 0}}


def alerts_in_general() -> dict[str, dict[str, Any]]:
    """Return the rule of alerts as it is where a file says nothing of it."""
    return deepcopy(ALERTS)


def lanes_in_general() -> dict[str, dict[str, Any]]:
    """Return the rule of lanes as it is where a file says nothing of it."""
    return deepcopy(LANES)


class Agreement(Identity):
    """A truce. Whether it is simulated is set when it is loaded and never changes."""

    code = models.SlugField(max_length=80, unique=True, editable=False)
    simulated = models.BooleanField(editable=False)

    class Meta:
        ordering = ["code"]

    @property
    def terms(self) -> MechanismVersion:
        """The mechanism version that holds now. Raises MechanismVersion.DoesNotExist where none was loaded."""
        return self.versions.open().get()

    def terms_known_at(self, instant) -> MechanismVersion:
        """The mechanism version that held at `instant` of the record."""
        return self.versions.as_known_at(instant).get()


class MechanismVersion(Closable):
    """A full, immutable copy of what a mechanism file says that bears on a figure. Nothing is changed inside it."""

    class DayNamedFor(models.TextChoices):
        """Whether a day that begins in the evening bears the date of its start or of its end."""

        START = "start"
        END = "end"

    class Release(models.TextChoices):
        """How editions are released: once they are made, or once two people of different sides agree."""

        AUTOMATIC = "automatic"
        BY_TWO = "by_two"

    class Attribution(models.TextChoices):
        """Whether this truce's mechanism names a firing party, and to whom."""

        PUBLISHED = "published"
        INTERNAL = "internal"
        NOT_MADE = "not_made"

    class PartyRequests(models.TextChoices):
        """How a party is asked for information: through the guarantor that has undertaken for it, or directly."""

        THROUGH_GUARANTOR = "through_guarantor"
        DIRECT = "direct"

    class LedgersFrom(models.TextChoices):
        """Whether sides hand in their returns or these are taken from publications (then a day is never 'missing')."""

        RETURNS = "returns"
        PUBLICATIONS = "publications"

    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    file_sha256 = models.CharField(max_length=64, help_text="SHA-256 over the canonical content of the file.")

    in_force_from = models.DateTimeField(help_text="First instant of the truce.")
    in_force_until = models.DateTimeField(null=True, help_text="First instant after the truce; null while it stands.")
    time_zone = models.CharField(max_length=64, help_text="IANA name.")
    day_begins = models.TimeField(help_text="Local time at which a day of the mechanism begins.")
    day_named_for = models.CharField(max_length=5, choices=DayNamedFor)
    calendar = ArrayField(models.CharField(max_length=8), help_text="Kinds of period that are closed.")
    first_period = models.CharField(
        max_length=10, blank=True, help_text="First period that beat closes; none if empty."
    )
    release = models.CharField(max_length=16, choices=Release)
    automatic_release = ArrayField(
        models.CharField(max_length=8),
        default=list,
        db_default=[],
        help_text="Where two people release: the kinds of period that are released once they are made all the same.",
    )
    scope_level = models.CharField(
        max_length=12, blank=True, help_text="The truce applies in all areas of this level, once they have shapes."
    )
    scope_area = gis.MultiPolygonField(srid=4326, null=True, help_text="Where the truce applies; null: not bounded.")
    unit_of_count = models.CharField(max_length=32)
    filing_grace_hours = models.PositiveIntegerField()
    reply_deadline_days = models.PositiveIntegerField()
    comment_window_days = models.PositiveIntegerField(help_text="How long a draft can be commented on; 0: no draft.")
    comment_length = models.PositiveIntegerField(
        default=0, db_default=0, help_text="Words that a comment on a draft may have, the same for every guarantor."
    )
    seconding_days = models.PositiveIntegerField(help_text="Days to second a finding; 0: at once one-sided.")
    guarantor_place_level = models.CharField(max_length=16, help_text="Finest area that leaves to a guarantor.")
    guarantor_time_step = models.CharField(max_length=8, help_text="hour or day: finest time that leaves.")
    guarantor_delay_hours = models.PositiveIntegerField(help_text="Incidents younger than this leave in totals only.")
    attribution = models.CharField(max_length=12, choices=Attribution)
    ledgers_from = models.CharField(max_length=12, choices=LedgersFrom)
    determining_body = models.CharField(max_length=200, blank=True)
    handling_marking = models.CharField(max_length=200, blank=True)
    authentic_language = models.CharField(max_length=8)
    duty_check_hours = models.PositiveIntegerField(
        default=0, db_default=0, help_text="How long a filing may stand with its team's duty officer; 0: not at all."
    )
    party_requests = models.CharField(
        max_length=20,
        choices=PartyRequests,
        default=PartyRequests.THROUGH_GUARANTOR,
        db_default=PartyRequests.THROUGH_GUARANTOR,
        help_text="How a party is asked for information.",
    )
    reply_reminder_days = models.PositiveIntegerField(
        default=1, db_default=1, help_text="How long before it is due a reply is reminded of; 0: only once it is."
    )
    revision_days = ArrayField(
        models.PositiveIntegerField(),
        default=list,
        db_default=[],
        help_text="How many days after its first release a month is revised; empty: by hand alone.",
    )
    level_names = models.JSONField(
        default=dict,
        db_default={},
        help_text="By level and language, what areas of it are called here; else as in general.",
    )
    lanes = models.JSONField(
        default=lanes_in_general,
        db_default=LANES,
        help_text="By lane: what puts an incident there, and within how many days it is to be decided; 0: not said.",
    )
    alerts = models.JSONField(
        default=alerts_in_general, db_default=ALERTS, help_text="Which reports moderators are told of at once."
    )
    accessions = models.JSONField(
        default=list,
        db_default=[],
        help_text="Settlements that joined a text: which, where, from when, by what source.",
    )

    class Meta:
        ordering = ["agreement", "number"]
        constraints = [
            *Closable.Meta.constraints,
            models.UniqueConstraint(fields=["agreement", "number"], name="monitoring_version_number"),
            models.UniqueConstraint(
                fields=["agreement"], condition=Q(superseded_at__isnull=True), name="monitoring_one_open_version"
            ),
            models.CheckConstraint(
                condition=Q(in_force_until__isnull=True) | Q(in_force_until__gt=F("in_force_from")),
                name="monitoring_version_in_force_order",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.agreement.code}, version {self.number}"


class OfVersion(models.Model):
    """A fact that a mechanism version states; it lives and ends with the version.

    `valid_from` and `valid_until` are the world's time, half-open; null is open.
    """

    version = models.ForeignKey(MechanismVersion, models.PROTECT, related_name="+")

    class Meta:
        abstract = True


class Instrument(Identity):
    """A text of the truce: annex, statement, memorandum, rival proposal."""

    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="instruments")

    class Meta:
        ordering = ["agreement", "code"]
        constraints = [models.UniqueConstraint(fields=["agreement", "code"], name="monitoring_instrument_code")]


class InstrumentTerms(OfVersion):
    """What a version says of an instrument: its kind, when it was adopted and by whom it is held."""

    class Kind(models.TextChoices):
        """Whether a text binds (adopted), was put forward (proposed), or stands against another (rival)."""

        ADOPTED = "adopted"
        PROPOSED = "proposed"
        RIVAL = "rival"

    instrument = models.ForeignKey(Instrument, models.PROTECT, related_name="terms")
    kind = models.CharField(max_length=8, choices=Kind)
    adopted_on = models.DateField(null=True)
    valid_from = models.DateTimeField(null=True)
    valid_until = models.DateTimeField(null=True)
    holder = models.CharField(max_length=200, blank=True, help_text="Who put it forward.")
    source = models.TextField(blank=True)


class Provision(Identity):
    """A numbered clause of an instrument."""

    instrument = models.ForeignKey(Instrument, models.PROTECT, related_name="provisions")

    class Meta:
        ordering = ["instrument", "code"]
        constraints = [models.UniqueConstraint(fields=["instrument", "code"], name="monitoring_provision_code")]


class ProvisionTerms(OfVersion):
    """What a version says of a provision: when and where it stands, and the acts that breach it.

    A rival reading is a second row with the holder's name in `reading`; '' is the common reading.
    """

    provision = models.ForeignKey(Provision, models.PROTECT, related_name="terms")
    reading = models.CharField(max_length=200, blank=True)
    text = models.JSONField(default=dict, help_text="What it asks, in our words, by language.")
    acts = ArrayField(models.CharField(max_length=32), help_text="Codes of the acts that breach it.")
    zones = models.ManyToManyField("monitoring.Zone", related_name="+", help_text="None: everywhere in scope.")
    valid_from = models.DateTimeField(null=True)
    valid_until = models.DateTimeField(null=True)
    source = models.TextField(blank=True)


class Reservation(OfVersion):
    """Who contests what; printed in every report it bears on."""

    code = models.SlugField(max_length=80)
    on_kind = models.CharField(max_length=16, help_text="agreement, guarantor, observer, instrument, party, zone.")
    on_code = models.CharField(max_length=80)
    holder = models.CharField(max_length=200)
    text = models.JSONField(default=dict)
    valid_from = models.DateTimeField(null=True)
    valid_until = models.DateTimeField(null=True)
    source = models.TextField(blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["version", "code"], name="monitoring_reservation_code")]
