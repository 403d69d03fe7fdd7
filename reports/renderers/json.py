"""An edition as JSON: the common content and what concerns one guarantor, each as published and hashed."""

from __future__ import annotations

from monitoring import canonical
from reports.renderers.reading import Reading


def render(reading: Reading) -> bytes:
    """Return canonical JSON with `closing` and `edition`; both are as docs/content.schema.json says.

    `edition` is null where the common content is arranged for nobody.
    """
    return (canonical.dumps({"closing": reading.content, "edition": reading.edition}) + "\n").encode()
