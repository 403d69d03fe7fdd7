"""The mechanism's tables in the admin: looked at, never edited; what changes them are verbs and the mechanism file."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest


class ReadOnly:
    """Nothing is added, changed or deleted by way of the admin."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Verbs add."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nothing is changed."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nothing is deleted."""
        return False


class ReadOnlyAdmin(ReadOnly, admin.ModelAdmin):
    """A table that is looked at."""

    actions = None


class ReadOnlyInline(ReadOnly, admin.TabularInline):
    """Rows that belong to one above, looked at with it."""

    extra = 0
    can_delete = False

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Who sees the row sees what belongs to it."""
        return True
