"""Contents to render: JSON renditions that `./run demo` made, as they are and turned into harder cases.

`contents/` holds one edition of the exercise (everything in it, simulated, with shapes, a second closing) and two of
the published returns of 2017 (nothing filed; in May with zones and no areas).
"""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

from monitoring import canonical
from reports.renderers.reading import Reading

CONTENTS = Path(__file__).with_name("contents")
EXERCISE, JANUARY, MAY = "exercise-2025-03-birch", "astana-2016-2017-01-iran", "astana-2016-2017-05-turkey"
ALL = (EXERCISE, JANUARY, MAY)


def stored(name: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """The closing's content and the edition `name`, each a copy of its own."""
    rendition = json.loads((CONTENTS / f"{name}.json").read_text())
    return rendition["closing"], rendition["edition"]


def reading(name: str = EXERCISE, language: str = "en") -> Reading:
    """The same, read."""
    return Reading(*stored(name), language)


def crowded() -> tuple[dict[str, Any], dict[str, Any]]:
    """The exercise with very long names and many reservations: more than a first page easily holds."""
    content, edition = stored(EXERCISE)
    labels = content["beside"]["labels"]
    for kind in ("agreement", "guarantor", "side", "party"):
        for names in labels[kind].values():
            names["en"] = f"{names['en']} of the Confederated Provinces and Outlying Districts"
    reservations = content["sections"]["reservations"]["reservations"]
    reservations.extend(copy.deepcopy(reservations) * 3)
    return content, edition


def single_day() -> tuple[dict[str, Any], dict[str, Any]]:
    """The exercise's month cut down to what a day's closing holds."""
    content, edition = stored(EXERCISE)
    content["head"]["period"] |= {"kind": "day", "code": "2025-03-05"}
    charts = content["sections"]["charts"]
    charts["dates"] = ["2025-03-05"]
    for key in ("registered", "violations"):
        charts["incidents"][key] = charts["incidents"][key][4:5]
    for row in charts["ledgers"]:
        for key in ("announced", "states", "contradicted", "filed"):
            row[key] = row[key][4:5]
    for ledger in content["sections"]["ledgers"]["ledgers"]:
        ledger["days"] = ledger["days"][4:5]
    return content, edition


def without_parties() -> tuple[dict[str, Any], dict[str, Any]]:
    """The exercise as a truce would have it that names no firing party."""
    content, edition = stored(EXERCISE)
    section = content["sections"]["incidents"]
    section |= {"attribution_policy": "not_made", "by_side": [], "by_party": [], "attribution": []}
    annex = content["beside"]["annex"]
    annex["parties_withheld"] = True
    for incident in annex["incidents"]:
        incident |= {"alleged": [], "target": [], "involved": [], "attributed": [], "attribution": None}
    edition["concerns"] = {"parties_withheld": True, "own_forces": [], "undertaken": []}
    return content, edition


def renamed(kind: str, code: str, name: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """The exercise with another name for one thing."""
    content, edition = stored(EXERCISE)
    content["beside"]["labels"][kind][code]["en"] = name
    return content, edition


def hash_of(content: dict[str, Any]) -> str:
    """The content hash, computed here."""
    return canonical.sha256(content["head"])
