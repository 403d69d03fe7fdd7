"""A date as a form takes it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator

from monitoring import days


class DayField(forms.DateField):
    """A date that the browser's own calendar gives, within those that may be handed in."""

    default_validators = [MinValueValidator(days.FIRST_DATE), MaxValueValidator(days.LAST_DATE)]

    def __init__(self, **more: Any) -> None:
        super().__init__(widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **more)
