"""How large a content may be to be read whole while somebody waits: for a spreadsheet, or for its figures one by one.

Read, it takes many times the room of its text. A larger one is there as it was released, and as tables.
"""

from __future__ import annotations

from django.db.models.functions import Length

from reports.models import Closing

LARGEST_CONTENT = 32_000_000  # characters


def is_too_large(closing_id: int) -> bool:
    """Whether the content of a closing is larger; asked without reading it."""
    sizes = Closing.objects.annotate(size=Length("common__content")).values_list("size", flat=True)
    return (sizes.get(pk=closing_id) or 0) > LARGEST_CONTENT
