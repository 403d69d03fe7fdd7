"""Lists of the record that count nothing big and lead to pages by public id."""

from __future__ import annotations

from typing import Any

from django.contrib.admin.views.main import ChangeList
from django.core.paginator import Paginator
from django.urls import reverse
from django.utils.functional import cached_property

MOST_LISTED = 5000


class Capped(Paginator):
    """Pages of at most MOST_LISTED rows: nobody turns more, and nothing big is counted."""

    @cached_property
    def count(self) -> int:
        """How many rows are listed."""
        return len(self.object_list.order_by().values_list("pk")[:MOST_LISTED])  # type: ignore[attr-defined]


class ByPublicId(ChangeList):
    """A list whose rows lead to pages by public id: keys of the database leave it nowhere."""

    def url_for_result(self, result: Any) -> str:
        """The page of a row."""
        return reverse(f"admin:violations_{self.opts.model_name}_change", args=[result.public_id])
