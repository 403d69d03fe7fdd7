"""Questions that moderators ask of the person who filed a report, and the answers. Who answers is sealed as ever."""

from __future__ import annotations

import uuid

from django.db import models

from monitoring.models import User
from monitoring.models.record import Recorded
from violations.models.reports import IncidentReport


class FilerQuestion(Recorded):
    """A question about a report, to be answered in words. Its review awaits the reply; the filer reads no name."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    report = models.ForeignKey(IncidentReport, models.PROTECT, related_name="questions")
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    question = models.TextField()


class FilerAnswer(Recorded):
    """The filer's answer, once: what has to be said otherwise is a correction or the answer to another question."""

    question = models.OneToOneField(FilerQuestion, models.PROTECT, related_name="answer")
    answer = models.TextField()
    language = models.CharField(max_length=8, help_text="ISO 639 code.")
