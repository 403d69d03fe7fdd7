"""The devices that people file from."""

from __future__ import annotations

from django.db import models
from knox.models import AbstractAuthToken


class DeviceToken(AbstractAuthToken):
    """A named device's key to the API, kept as a hash. No part of the record: revoking it deletes it."""

    name = models.CharField(max_length=80, help_text="What the person calls the device.")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "name"], name="monitoring_device_name_once")]

    def __str__(self) -> str:
        return self.name
