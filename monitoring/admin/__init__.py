"""The mechanism and its people in the administration."""

from monitoring.admin.mechanism import ReadOnly, ReadOnlyAdmin
from monitoring.admin.people import AccreditationAdmin, DeviceAdmin

__all__ = ["AccreditationAdmin", "DeviceAdmin", "ReadOnly", "ReadOnlyAdmin"]
