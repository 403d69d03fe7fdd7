"""The devices that people file from."""

from __future__ import annotations

import uuid

from django.contrib.postgres.functions import RandomUUID
from django.db import models
from knox.models import AbstractAuthToken


class DeviceToken(AbstractAuthToken):
    """A named device's key to the API, kept as a hash. No part of the record: revoking it deletes it.

    When it was last used is kept by the hour: finer it would tell when somebody filed.
    """

    public_id = models.UUIDField(default=uuid.uuid4, db_default=RandomUUID(), unique=True, editable=False)
    name = models.CharField(max_length=80, help_text="What the person calls the device.")
    last_used_at = models.DateTimeField(null=True, editable=False, help_text="The hour in which it was last used.")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "name"], name="monitoring_device_name_once")]

    def __str__(self) -> str:
        return self.name
