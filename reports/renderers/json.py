"""An edition as JSON: the common content and what concerns one guarantor, each as published and hashed."""

from __future__ import annotations

from typing import Any

from monitoring import canonical
from reports.renderers.reading import Reading


def render(reading: Reading) -> bytes:
    """Return canonical JSON with `closing` and `edition`; both are as docs/content.schema.json says.

    `edition` is null where the common content is arranged for nobody. A draft has `draft`, what was released after
    comments has `comments`; where there is never a draft, neither is there.
    """
    told: dict[str, Any] = {"closing": reading.content, "edition": reading.edition}
    if reading.draft:
        told["draft"] = True
    if reading.comments is not None:
        told["comments"] = reading.comments
    return (canonical.dumps(told) + "\n").encode()
