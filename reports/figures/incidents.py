"""Section 3: incidents and violations, in their columns, by side, party, provision, act, object, weapon, place and day.

An incident with several parties, objects, zones or provisions counts in each of their rows and once in the total. By
party it counts under who is answerable; under whom it names, in whatever role, in a table of its own.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from monitoring.models import GuarantorTerm, PartyTerms, Undertaking, ZoneLine
from reports.figures import breakdowns
from reports.figures.breakdowns import OWN_FORCES, Counts, Key
from reports.figures.casualties import casualties
from reports.figures.columns import VIOLATIONS, tally
from reports.figures.known import Known, in_period
from violations.codebook import Attribution, Confidence


def section(known: Known) -> dict[str, Any]:
    """Return section 3."""
    counts, joint = breakdowns.count(known)
    named = breakdowns.named(known)
    return {
        "total": counts["total"].row(),
        "attribution_policy": str(known.version.attribution),
        "by_side": _by_side(known, counts["side"]),
        "by_side_joint": joint["side", None],
        "by_party": _by_party(known, counts["party"]) if named else [],
        "by_party_joint": joint["party", None],
        "by_party_named": [
            {"party": party, "role": role, **counts["party_named"].row(party, role)}
            for party, role in counts["party_named"].keys()  # noqa: SIM118 - sorted
        ],
        "by_provision": [
            {"instrument": instrument, "provision": provision, **counts["provision"].row(instrument, provision)}
            for instrument, provision in counts["provision"].keys()  # noqa: SIM118 - sorted
        ],
        "by_provision_joint": joint["provision", None],
        "by_act": _by(counts["act"], "act"),
        "by_object_hit": _by(counts["object"], "object"),
        "by_object_hit_joint": joint["object", None],
        "by_weapon": _by(counts["weapon"], "weapon"),
        "by_area": [_by_area(known, level, counts["area"], joint["area", level]) for level in known.levels],
        "by_zone": _by_zone(known, counts["zone"]),
        "by_zone_joint": joint["zone", None],
        "by_day": _by_day(known, counts["day"]),
        "attribution": _attribution(counts["attribution"]) if named else [],
        "casualties": casualties(known),
    }


def _by(counts: Counts, name: str) -> list[dict[str, Any]]:
    return [{name: first, **counts.row(first)} for first, _second in counts.keys()]  # noqa: SIM118


def side_rows(known: Known, met: Iterable[Key]) -> list[Key]:
    """The parties of each side and the forces of its guarantors, if it has any, whether `met` or not; then the others.

    None where the truce does not publish who fired.
    """
    if not breakdowns.named(known):
        return []
    guaranteed = set(GuarantorTerm.objects.filter(version=known.version).values_list("side__code", flat=True))
    sides = guaranteed | set(
        PartyTerms.objects.filter(version=known.version, side__isnull=False).values_list("side__code", flat=True)
    )
    keys: list[Key] = []
    for side in sorted(sides):
        keys += [(side, "parties"), (side, str(OWN_FORCES))] if side in guaranteed else [(side, "parties")]
    return [*keys, *breakdowns.in_order(key for key in met if key not in keys)]


def _by_side(known: Known, counts: Counts) -> list[dict[str, Any]]:
    return [
        {
            "side": side,
            "forces": forces,
            **counts.row(side, forces),
            "killed_verified": counts.harm[side, forces][0],
            "injured_verified": counts.harm[side, forces][1],
        }
        for side, forces in side_rows(known, counts.columns)
    ]


def _by_party(known: Known, counts: Counts) -> list[dict[str, Any]]:
    """Own forces, parties that somebody answers for, parties that nobody does, and incidents under no party."""
    terms = {
        row.party.code: row for row in PartyTerms.objects.filter(version=known.version).select_related("party", "side")
    }
    undertaken = undertakings(known)
    rows = []
    for party, naming in counts.keys():  # noqa: SIM118
        term = terms.get(party or "")
        answering = undertaken.get(party or "", [])
        attributed = counts.attributed[party, naming]
        rows.append(
            {
                "party": party,
                "group": naming if party is None else _group(term, answering),
                "side": term.side.code if term and term.side else None,
                "undertaken_by": answering,
                "attributed": {
                    "registered": sum(attributed.values()),
                    "violations": sum(attributed.get(column, 0) for column in VIOLATIONS),
                },
                **counts.row(party, naming),
            }
        )
    return rows


def _group(term: PartyTerms | None, answering: list[dict[str, str]]) -> str:
    if term is not None and term.kind == OWN_FORCES:
        return str(OWN_FORCES)
    return "undertaken" if answering else "not_undertaken"


def undertakings(known: Known) -> dict[str, list[dict[str, str]]]:
    """By party: the guarantors that answer for it within the period, and on whose word."""
    answering: dict[str, list[dict[str, str]]] = defaultdict(list)
    rows = known.rows(
        f"""
        select distinct party.code collate "C" as party, guarantor.code collate "C" as guarantor, undertaking.basis
        from {Undertaking._meta.db_table} undertaking
        join monitoring_party party on party.id = undertaking.party_id
        join monitoring_guarantorstate guarantor on guarantor.id = undertaking.guarantor_id
        where undertaking.version_id = %(version)s and {in_period("undertaking")}
        order by 1, 2, 3
        """
    )
    for row in rows:
        answering[row["party"]].append({"guarantor": row["guarantor"], "basis": row["basis"]})
    return answering


def _by_area(known: Known, level: str, counts: Counts, joint: int) -> dict[str, Any]:
    """Every area of the level, zero included, then those not placed at it."""
    codes = known.agreement.areas.recorded_by(known.known_at).filter(level=level).values_list("code", flat=True)
    areas: list[str | None] = [*sorted(codes), None]
    return {"level": level, "joint": joint, "rows": [{"area": area, **counts.row(level, area)} for area in areas]}


def _by_zone(known: Known, counts: Counts) -> list[dict[str, Any]]:
    """Every zone that the truce draws, zero included, then those in none. A zone is what any of its drawings holds."""
    drawn: dict[str, set[str]] = defaultdict(set)
    for row in known.rows(
        f"""
        select zone.code as zone, line.drawn_by
        from {ZoneLine._meta.db_table} line join monitoring_zone zone on zone.id = line.zone_id
        where line.version_id = %(version)s and {in_period("line")}
        """
    ):
        drawn[row["zone"]].add(row["drawn_by"])
    codes = sorted({first for first, _second in counts.columns if first is not None} | set(drawn))
    zones: list[str | None] = [*codes, None]
    return [{"zone": zone, "rival_lines": len(drawn.get(zone or "", ())) > 1, **counts.row(zone)} for zone in zones]


def _by_day(known: Known, counts: Counts) -> list[dict[str, Any]]:
    keys: list[Key] = [(day.isoformat(), "day") for day in known.period.dates]
    keys += [(None, "not_dated_to_the_day"), (None, "across_the_edge")]
    return [{"date": date, "dated": dated, **counts.row(date, dated)} for date, dated in keys]


def _attribution(counts: Counts) -> list[dict[str, Any]]:
    """Every class, with how sure those found are; the classes in the order of the codebook."""
    rows = []
    for attribution in Attribution.values:
        columns: dict[str, int] = defaultdict(int)
        confidence = {**dict.fromkeys(Confidence.values, 0), "none": 0}
        for (first, second), row in counts.columns.items():
            if first == attribution:
                confidence[second or "none"] += sum(row.values())
                for column, incidents in row.items():
                    columns[column] += incidents
        rows.append({"attribution": attribution, "confidence": confidence, **tally(columns)})
    return rows
