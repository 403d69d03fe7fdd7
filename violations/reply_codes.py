"""Codes of what guarantors say, of how an answer came, and of how measures stand. They belong to codebook 1."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Statement(models.TextChoices):
    """A guarantor's own word. Absence of a statement is no statement: there is no code for it."""

    CONCURS = "concurs", _("concurs")
    DOES_NOT_CONFIRM = "does_not_confirm", _("does not confirm")
    CANNOT_CONFIRM = "cannot_confirm", _("cannot confirm")
    CONTESTS_FACTS = "contests_facts", _("contests the facts")
    CONTESTS_ATTRIBUTION = "contests_attribution", _("contests the attribution")
    DISPUTES_SCOPE = "disputes_scope", _("disputes that the truce applies")
    CLAIMS_RESPONSE_TO_FIRE = "claims_response_to_fire", _("claims that it was a response to fire")
    ACCEPTS_RESPONSIBILITY = "accepts_responsibility", _("accepts responsibility")
    TAKES_NOTE = "takes_note", _("takes note")
    RESERVES_POSITION = "reserves_position", _("reserves its position")
    UNDER_EXAMINATION = "under_examination", _("is examining it")


class ReplyChannel(models.TextChoices):
    """How a word came that its owner did not file itself; blank where it did."""

    BY_HAND = "by_hand", _("a paper handed over")
    BY_POST = "by_post", _("a paper by post or courier")
    BY_FAX = "by_fax", _("a paper by fax or as a picture")
    SPOKEN = "spoken", _("spoken, and taken down")


class Reminding(models.TextChoices):
    """What reminded: the service, ahead of the due date or once it had passed; or a moderator."""

    AHEAD = "ahead", _("ahead of the due date")
    OVERDUE = "overdue", _("the due date had passed")
    BY_HAND = "by_hand", _("by a moderator")


class MeasureState(models.TextChoices):
    """What was seen of a measure that was agreed, at one step of its follow-up."""

    UNDER_WAY = "under_way", _("under way")
    DONE = "done", _("done")
    NOT_DONE = "not_done", _("not done")
    DROPPED = "dropped", _("no longer pursued")
