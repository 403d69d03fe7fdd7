"""The violations application."""

from django.apps import AppConfig


class ViolationsConfig(AppConfig):
    """Names the room."""

    name = "violations"
