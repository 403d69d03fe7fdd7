"""A guarantor's own list of the cases of a period, kept as it was filed, and that it was told to the others."""

from __future__ import annotations

import uuid

from django.contrib.gis.db import models as gis
from django.db import models
from django.db.models import F, Q

from monitoring.models import Agreement, Area, GuarantorState, Party, User
from monitoring.models.record import Closable, Recorded
from violations import codebook


class CaseList(Closable):
    """The cases of [from_date, until_date) as their owner lists them; a list without a row says that there were none.

    Until it is told (`CaseListTelling`) it is a draft that nobody but its owner reads. A draft takes the place of the
    draft before, a list that is told that of the one told before.
    """

    class Form(models.TextChoices):
        """What was handed in."""

        CSV = "csv"
        JSON = "json"

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="case_lists")
    owner = models.ForeignKey(GuarantorState, models.PROTECT, related_name="+", help_text="Whose cases.")
    from_date = models.DateField(help_text="First day that it covers.")
    until_date = models.DateField(help_text="First day that it no longer covers.")
    form = models.CharField(max_length=4, choices=Form)
    as_filed = models.TextField(help_text="The text as it was handed in.")
    content_sha256 = models.CharField(max_length=64, help_text="Over owner, days and the text as filed.")
    client_id = models.CharField(
        max_length=80, blank=True, db_default="", help_text="The client's own name of the handing in; empty: none."
    )

    class Meta:
        constraints = [
            *Closable.Meta.constraints,
            models.UniqueConstraint(
                fields=["owner", "client_id"], condition=~Q(client_id=""), name="violations_caselist_client_id_once"
            ),
            models.CheckConstraint(condition=Q(until_date__gt=F("from_date")), name="violations_caselist_days_order"),
        ]
        indexes = [models.Index(fields=["agreement", "owner", "from_date"], name="violations_caselist_days")]

    def __str__(self) -> str:
        return f"{self.owner.code}, {self.from_date} to {self.until_date}"


class CaseListRow(models.Model):
    """One case as its owner lists it. It is no incident report: it is counted nowhere."""

    case_list = models.ForeignKey(CaseList, models.PROTECT, related_name="rows")
    number = models.PositiveIntegerField(help_text="Its place in the list, from 1.")
    reference = models.CharField(max_length=120, blank=True)
    their_reference = models.CharField(max_length=120, blank=True, help_text="That of the other list.")
    occurred_from = models.DateTimeField()
    occurred_until = models.DateTimeField()
    time_precision = models.CharField(max_length=8, choices=codebook.TimePrecision)
    place_as_written = models.CharField(max_length=500, blank=True)
    point = gis.PointField(srid=4326, null=True)
    place_precision = models.CharField(max_length=12, choices=codebook.PlacePrecision, blank=True)
    area_as_written = models.CharField(max_length=120, blank=True)
    area = models.ForeignKey(Area, models.PROTECT, null=True, related_name="+")
    act = models.CharField(max_length=32, choices=codebook.Act)
    alleged_as_written = models.CharField(max_length=200, blank=True)
    alleged = models.ForeignKey(Party, models.PROTECT, null=True, related_name="+")
    killed = models.PositiveIntegerField(null=True, help_text="Null: not told.")
    injured = models.PositiveIntegerField(null=True, help_text="Null: not told.")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case_list", "number"], name="violations_caselistrow_once"),
            models.CheckConstraint(
                condition=Q(occurred_until__gt=F("occurred_from")), name="violations_caselistrow_order"
            ),
        ]


class CaseListTelling(Recorded):
    """That the owner told a list to the other guarantors. There is no taking it back, only another list."""

    case_list = models.OneToOneField(CaseList, models.PROTECT, related_name="telling")
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
