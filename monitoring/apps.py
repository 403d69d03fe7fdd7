"""The monitoring application."""

from django.apps import AppConfig


class MonitoringConfig(AppConfig):
    """Names the room."""

    name = "monitoring"
