"""Contents to render: JSON renditions that the demo made, as they are and turned into harder cases.

`contents/` holds one edition of the exercise (everything in it, simulated, with shapes, a second closing) and two of
the published returns of 2017 (nothing filed; in May with zones and no areas). `tests/test_demo.py` sees to it that they
hold what the demo gives, and says how they are written anew.
"""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

from django.utils import translation

from monitoring import canonical
from reports import choices
from reports.figures import comparison
from reports.renderers import csv, pdf
from reports.renderers import json as json_of
from reports.renderers.reading import Reading
from violations import codebook

CONTENTS = Path(__file__).with_name("contents")
EXERCISE, JANUARY, MAY = "exercise-2025-03-birch", "astana-2016-2017-01-iran", "astana-2016-2017-05-turkey"
ALL = (EXERCISE, JANUARY, MAY)
AGES = ("all", "days_0_7", "days_8_30", "days_31_90", "days_91_more")
OF_A_DAY_NOT_SHOWN = (
    "findings_and_attribution",
    "registered_later",
    "all_incidents_were_reported",
    "truth_of_a_report",
    "narrative_and_sources",
    "status_recognition_boundaries",
)


def stored(name: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """The closing's content and the edition `name`, each a copy of its own."""
    rendition = json.loads((CONTENTS / f"{name}.json").read_text())
    return rendition["closing"], rendition["edition"]


def rendered(form: str, content: dict[str, Any], edition: dict[str, Any] | None) -> bytes:
    """The file in English, whatever formats a test has closings stored in."""
    with translation.override("en"):
        return {"pdf": pdf.render, "csv": csv.render, "json": json_of.render}[form](Reading(content, edition, "en"))


def reading(name: str = EXERCISE, language: str = "en") -> Reading:
    """The same, read."""
    return Reading(*stored(name), language)


def crowded() -> tuple[dict[str, Any], dict[str, Any]]:
    """The exercise with very long names, reservations, all that may be chosen: more than a first page easily holds."""
    content, edition = stored(EXERCISE)
    labels = content["beside"]["labels"]
    for kind in ("agreement", "guarantor", "side", "party"):
        for names in labels[kind].values():
            names["en"] = f"{names['en']} of the Confederated Provinces and Outlying Districts"
    reservations = content["sections"]["reservations"]["reservations"]
    reservations.extend(copy.deepcopy(reservations) * 3)
    for of in content["sections"]["choices"].values():
        (chosen,) = of["chosen"]
        long = ("Fire was heard for the whole of the night on both banks, and answered. " * 3)[: choices.LONGEST - 5]
        of["chosen"] = [chosen | {"words": f"{nth}: {long}"} for nth in ("one", "two", "six")]
    return content, edition


def imported() -> tuple[dict[str, Any], dict[str, Any]]:
    """The exercise as a data set would fill it: many incidents, over several days, no direction known."""
    content, edition = stored(EXERCISE)
    section, annex = content["sections"]["incidents"], content["beside"]["annex"]
    whole = section["total"]
    others = next(row for row in content["sections"]["ledgers"]["filed_by_others"] if row["team_kind"] == "none")
    others["total"] = whole["registered"]
    party = edition["concerns"]["undertaken"][0] | {"role": "involved", "incidents": []}
    section["by_party_named"] = [{"party": party["party"], "role": "involved", **whole}]
    for item in section["casualties"]:
        item["injured"] |= {"reported_maximum": 0, "verified_minimum": 0, "verified_incidents": 0}
    told = {item["of"]: item for item in section["casualties"]}
    told["not_discounted"]["injured"]["incidents_unknown"] = whole["registered"] - whole["columns"]["discounted"]
    told["violations"]["injured"]["incidents_unknown"] = whole["subtotals"]["violations"]
    beyond = next(row for row in section["by_day"] if row["dated"] == "across_the_edge")
    beyond |= {"registered": 2, "columns": dict.fromkeys(beyond["columns"], 0) | {"pending": 2}}
    edge = told["across_the_edge"]
    edge["killed"] |= {"reported_maximum": 3, "incidents_unknown": 0, "verified_minimum": 0, "verified_incidents": 0}
    edge["injured"]["incidents_unknown"] = 2
    pattern = annex["incidents"][0] | {
        "alleged": [],
        "attributed": [],
        "target": [],
        "involved": [party["party"]],
        "weapon": None,
        "zones": [],
        "time_precision": "days_2_6",
        "date": None,
        "occurred_from": "2025-03-02T05:00:00.000000Z",
        "occurred_until": "2025-03-04T08:00:00.000000Z",
    }
    annex["incidents"] = [pattern | {"reference": f"{number:010x}"} for number in range(120)]
    party["incidents"] = [incident["reference"] for incident in annex["incidents"]]
    edition["concerns"] |= {"own_forces": [], "undertaken": [party]}
    return content, edition


def single_day() -> tuple[dict[str, Any], dict[str, Any]]:
    """A day as the exercise's month would have it: its ledgers on that day, and registrations made up here."""
    content, edition = stored(EXERCISE)
    content["head"]["period"] |= {
        "kind": "day",
        "code": "2025-03-05",
        "from": "2025-03-05T08:00:00.000000Z",
        "until": "2025-03-06T08:00:00.000000Z",
    }
    ledgers = content["sections"]["ledgers"]
    for ledger in ledgers["ledgers"]:
        ledger["days"] = ledger["days"][4:5]
    hours = [f"2025-03-{5 + at // 24:02d}T{at % 24:02d}:00:00.000000Z" for at in range(8, 32)]
    registrations = {
        "total": 7,
        "by_filer": [
            {"team_kind": "guarantor", "side": "north", "count": 3},
            {"team_kind": "guarantor", "side": "south", "count": 4},
            {"team_kind": "joint", "side": None, "count": 0},
            {"team_kind": "independent", "side": None, "count": 1},
            {"team_kind": "none", "side": None, "count": 0},
        ],
        "by_filer_joint": 1,
        "by_act": [{"act": "direct_fire", "count": 2}, {"act": "indirect_fire", "count": 5}],
        "by_area": {
            "level": "district",
            "joint": 0,
            "rows": [{"area": "VA01", "count": 4}, {"area": "VA03", "count": 2}, {"area": None, "count": 1}],
        },
        "by_hour": {
            "rows": [{"from": hour, "count": 2 if at in (9, 17, 18) else 0} for at, hour in enumerate(hours)],
            "not_dated": 1,
            "withheld_recent": 0,
        },
    }
    content["sections"] = {"ledgers": ledgers, "registrations": registrations}
    content["head"]["sections"] = [
        {"code": code, "version": 1, "sha256": canonical.sha256(part)} for code, part in content["sections"].items()
    ]
    header = content["beside"]["header"]
    header |= {
        "number": 1,
        "not_recorded": ["monitoring_coverage", "refused_access"],
        "not_shown": list(OF_A_DAY_NOT_SHOWN),
    }
    nothing = {"previous": None, "figures": [], "sections_added": [], "sections_dropped": [], "because": []}
    content["beside"] = {"header": header, "changes": nothing, "labels": content["beside"]["labels"]}
    content["beside_sha256"] = {code: canonical.sha256(part) for code, part in content["beside"].items()}
    edition |= {"concerns": None, "content_sha256": hash_of(content), "requests": {"recorded": False}}
    del edition["version"]
    return content, edition


def busy_day() -> tuple[dict[str, Any], dict[str, Any]]:
    """A day on which everything happened everywhere, told by everybody, with long names."""
    content, edition = single_day()
    labels = content["beside"]["labels"]
    for kind in ("agreement", "guarantor", "side"):
        for names in labels[kind].values():
            names["en"] = f"{names['en']} of the Confederated Provinces"
    areas = [f"D{number:02d}" for number in range(70)]
    labels["area"] |= {code: {"en": f"District of Upper and Lower Somewhere {code}"} for code in areas}
    section = content["sections"]["registrations"]
    section["total"] = 70_700
    section["by_filer"] = [
        *({"team_kind": "guarantor", "side": side, "count": 20_000} for side in ("north", "south", None)),
        *({"team_kind": kind, "side": None, "count": 9_000} for kind in ("joint", "independent", "none")),
    ]
    section["by_filer_joint"] = 16_300
    acts = [act for act, _name in codebook.Act.choices]
    section["by_act"] = [{"act": act, "count": 70_700 // len(acts)} for act in acts]
    section["by_act"][0]["count"] += 70_700 % len(acts)
    section["by_area"]["rows"] = [{"area": area, "count": 1_000 + at} for at, area in enumerate([*areas, None])]
    for row in section["by_hour"]["rows"]:
        row["count"] = 2_900
    section["by_hour"] |= {"not_dated": 1_000, "withheld_recent": 100}
    for ledger in content["sections"]["ledgers"]["ledgers"]:
        (day,) = ledger["days"]
        telling = {
            "acknowledged": False,
            "attributed_elsewhere": None,
            "breakdown": "none",
            "confirmed": None,
            "headline_total": None,
            "lines": [],
            "not_confirmed": None,
            "note": "",
            "sources": [],
            "teller": ledger["guarantor"],
            "total": 12_345,
            "unit": "case_of_fire",
            "window_basis": "",
            "window_from": "2025-03-05T08:00:00.000000Z",
            "window_until": "2025-03-06T08:00:00.000000Z",
        }
        day |= {
            "state": "returned",
            "contradicted": True,
            "returns": [telling | {"variant": variant} for variant in (1, 2, 3)],
        }
    return content, edition


def from_before() -> tuple[dict[str, Any], dict[str, Any]]:
    """The exercise as it was told before sections 4 and 6 were, requests, corrigenda, choices."""
    content, edition = stored(EXERCISE)
    later = ("comparison", "replies", "accessions", "choices")
    for code in later:
        del content["sections"][code]
    for code in ("cases", "corrigenda"):
        del content["beside"][code], content["beside_sha256"][code]
    content["head"]["sections"] = [row for row in content["head"]["sections"] if row["code"] not in later]
    header = content["beside"]["header"]
    told = ("determinations_on_earlier", "ageing", "previous_period", "replies", "statements", "measures", "accessions")
    header["not_recorded"] = [*told, "events_of_concern", "improvements", "information_requests"]
    for party in header["parties"]:
        party["undertakings"] = [{key: item[key] for key in ("guarantor", "basis")} for item in party["undertakings"]]
    del edition["version"]
    edition["requests"] = {"recorded": False}
    return content, edition


def compared(
    *, registered: tuple[int, int], violations: tuple[int, int], sides: dict[tuple[str, str], tuple[int, int]]
) -> tuple[dict[str, Any], dict[str, Any]]:
    """The exercise as if these were counted in March and in February: in all, and in each row of `sides`."""
    content, edition = stored(EXERCISE)
    total = content["sections"]["incidents"]["total"]
    by_side = [
        {"side": side, "forces": forces, **comparison.compared(*counts, days=(31, 28), daily=spread(*counts))}
        for (side, forces), counts in sides.items()
    ]
    content["sections"]["comparison"] = {
        "why_none": "",
        "days": 31,
        "previous": {"period": "2025-02", "days": 28},
        "standing": {"current": total, "previous": total},
        "measures": [
            {
                "measure": measure,
                "why_not": "",
                "all": comparison.compared(*counts, days=(31, 28), daily=spread(*counts)),
                "by_side": by_side,
            }
            for measure, counts in (("registered", registered), ("violations", violations))
        ],
        "announced": [],
    }
    return content, edition


def spread(current: int, previous: int) -> list[list[int]]:
    """The counts, one on each of the first days of their months as long as they last."""
    return [
        [count // length + (day < count % length) for day in range(length)]
        for count, length in ((current, 31), (previous, 28))
    ]


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


def without_binding() -> tuple[dict[str, Any], dict[str, Any]]:
    """And in which how the texts bind would tell who fired; the first incident was discounted."""
    content, edition = without_parties()
    annex = content["beside"]["annex"]
    annex |= {"version": 2, "binding_withheld": True}
    for number, incident in enumerate(annex["incidents"]):
        incident |= dict.fromkeys(("column", "scope", "reasons", "scope_overruled", "provisions"))
        incident["column"] = "discounted" if number == 0 else None
    for row in content["sections"]["out_of_scope"]["by_reading"]:
        row["on"] = [{"kind": "adherence", "code": None}]
    return content, edition


def renamed(kind: str, code: str, name: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """The exercise with another name for one thing."""
    content, edition = stored(EXERCISE)
    content["beside"]["labels"][kind][code]["en"] = name
    return content, edition


def hash_of(content: dict[str, Any]) -> str:
    """The content hash, computed here."""
    return canonical.sha256(content["head"])
