"""A report as the document in which it is handed in: read into its content, written from it, two of them compared."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from itertools import product
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib.gis.geos import LinearRing, Polygon

from monitoring import canonical
from violations import report_content, sightings
from violations.models import IncidentReport
from violations.report_content import NamedParty, ReportContent
from violations.sightings import Sighting

Document = dict[str, Any]
# That the sealed source differs, and nothing of how.
SEALED: Document = {"pointer": "#/source"}


def read(document: Mapping[str, Any]) -> ReportContent:
    """Return what `document` says. Instants and polygons may be as the API reads them, or as JSON writes them."""
    occurred, place = document["occurred"], document["place"]
    weapon, observation = document.get("weapon", {}), document.get("observation", {})
    return ReportContent(
        team=document.get("team", ""),
        occurred_from=_instant(occurred["from"]),
        occurred_until=_instant(occurred["until"]) if "until" in occurred else None,
        time_precision=occurred["precision"],
        position=(place["longitude"], place["latitude"]) if "longitude" in place else None,
        place_area=_polygon(place["polygon"]) if "polygon" in place else None,
        stated_area=place.get("area", ""),
        place_precision=place["precision"],
        place_as_written=place.get("as_written", ""),
        act=document["act"],
        objects_hit=tuple(document.get("objects_hit", ())),
        weapon_family=weapon.get("family", ""),
        calibre_mm=weapon.get("calibre_mm"),
        weapon_assessed=weapon.get("assessed", False),
        means=document["means"],
        count=observation.get("count"),
        count_qualifier=observation.get("qualifier", ""),
        count_unit=observation.get("unit", ""),
        observed=observation.get("what", ""),
        phase=observation.get("phase", ""),
        sighting=Sighting.read(observation),
        parties=tuple(NamedParty(party["role"], party["name"]) for party in document.get("parties", ())),
        casualties=_known(document.get("casualties", {})),
        narrative=document.get("narrative", ""),
        narrative_language=document.get("narrative_language", ""),
        consent=document.get("consent", ""),
        channel=document.get("channel", ""),
        source=dict(document["source"]) if document.get("source") else None,
    )


def written(content: ReportContent) -> Document:
    """Return the JSON document that says `content`, the sealed source too, and nothing else. `read` reads it back."""
    weapon = {"family": content.weapon_family, "calibre_mm": content.calibre_mm, "assessed": content.weapon_assessed}
    observation = {
        "count": content.count,
        "qualifier": content.count_qualifier,
        "unit": content.count_unit,
        "what": content.observed,
        "phase": content.phase,
        **(content.sighting.written() if content.sighting else {}),
    }
    return _given(
        {
            "team": content.team,
            "occurred": {
                "from": canonical.instant(content.occurred_from),
                "until": content.occurred_until and canonical.instant(content.occurred_until),
                "precision": content.time_precision,
            },
            "place": {
                **(dict(zip(("longitude", "latitude"), content.position, strict=True)) if content.position else {}),
                "polygon": content.place_area and _geojson(content.place_area),
                "area": content.stated_area,
                "precision": content.place_precision,
                "as_written": content.place_as_written,
            },
            "act": content.act,
            "objects_hit": sorted(set(content.objects_hit)),
            "weapon": weapon if content.weapon_family else None,
            "means": content.means,
            "observation": observation,
            "parties": [
                {"role": role, "name": name} for role, name in sorted((one.role, one.name) for one in content.parties)
            ],
            "casualties": content.casualties,
            "narrative": content.narrative,
            "narrative_language": content.narrative_language,
            "consent": content.consent,
            "channel": content.channel,
            "source": content.source,
        }
    )


def content_of(report: IncidentReport) -> ReportContent:
    """Return what was filed in `report`, as far as it is not sealed; an end that was left out is as it was taken."""
    return ReportContent(
        occurred_from=report.occurred_from,
        occurred_until=report.occurred_until,
        time_precision=report.time_precision,
        position=(report.point.x, report.point.y) if report.point else None,
        place_area=report.place_area,
        stated_area=report.stated_area.code if report.stated_area else "",
        place_precision=report.place_precision,
        place_as_written=report.place_as_written,
        act=report.act,
        objects_hit=tuple(report.objects_hit),
        weapon_family=report.weapon_family,
        calibre_mm=report.calibre_mm,
        weapon_assessed=report.weapon_assessed,
        means=report.means,
        count=report.count,
        count_qualifier=report.count_qualifier,
        count_unit=report.count_unit,
        observed=report.observed,
        phase=report.phase,
        sighting=Sighting.read(report.sighting or {}),
        parties=tuple(NamedParty(party.role, party.as_written) for party in report.parties.all()),
        casualties=report.casualties,
        narrative=report.narrative,
        narrative_language=report.narrative_language,
        consent=report.consent,
        channel=report.channel,
        team=report.team.code if report.team else "",
    )


def differences(report: IncidentReport, again: ReportContent) -> list[Document]:
    """Return where `again` says something else than `report`: pointer, what was `filed`, what is `sent`; null: nothing.

    Of the sealed source nothing: whoever found a telephone could ask for it word by word.
    """
    filed, sent = written(content_of(report)), _unsealed(again)
    until = report_content.until(again, ZoneInfo(report.agreement.terms.time_zone))
    sent["occurred"]["until"] = canonical.instant(until) if until else None
    if again.drawn_from:
        sent["place"]["polygon"] = _geojson(sightings.sector(again.drawn_from))
    if not again.team and "team" in filed:
        sent["team"] = filed["team"]
    return of_another(filed, sent) or _stated_in_one(report, again)


def _stated_in_one(report: IncidentReport, again: ReportContent) -> list[Document]:
    """Return what one of the two states and the other leaves out, where they come to the same.

    That may be the team, the end, or casualties of which no number is known. Which were stated when the report was
    filed is known by the hash alone.
    """
    teams = ("", report.team.code if report.team else "")
    for team, until in product(teams, (None, report.occurred_until)):
        filed = replace(again, team=team, occurred_until=until, casualties=report.casualties)
        if filed.sha256() == report.content_sha256:
            return of_another(_may_be_left_out(filed), _may_be_left_out(again))
    return []


def _may_be_left_out(content: ReportContent) -> Document:
    until = content.occurred_until and canonical.instant(content.occurred_until)
    return {"team": content.team, "occurred": {"until": until}, "casualties": content.casualties}


def differences_of(before: ReportContent, again: ReportContent) -> list[Document]:
    """The same of two contents, of which nothing is recorded."""
    told = of_another(_unsealed(before), _unsealed(again))
    return [*told, SEALED] if before.source != again.source else told


def of_another(filed: Document, sent: Document) -> list[Document]:
    """Return where two documents differ."""
    return [
        {"pointer": f"#{pointer}", "filed": before, "sent": after}
        for pointer, before, after in _compared(filed, sent, "")
    ]


def _unsealed(content: ReportContent) -> Document:
    document = written(content)
    document.pop("source", None)
    return document


def _compared(filed: Any, sent: Any, pointer: str) -> Iterator[tuple[str, Any, Any]]:
    """Members of objects one by one; a list, and a polygon, as a whole."""
    if filed == sent:
        return
    if isinstance(filed, dict) and isinstance(sent, dict) and "coordinates" not in filed:
        for name in {**filed, **sent}:
            yield from _compared(filed.get(name), sent.get(name), f"{pointer}/{name}")
    else:
        yield pointer, filed, sent


def _instant(value: datetime | str) -> datetime:
    return value if isinstance(value, datetime) else datetime.fromisoformat(value)


def _polygon(value: Polygon | Mapping[str, Any]) -> Polygon:
    return value if isinstance(value, Polygon) else Polygon(LinearRing(value["coordinates"][0]), srid=4326)


def _geojson(polygon: Polygon) -> Document:
    return {"type": "Polygon", "coordinates": [[list(position[:2]) for position in polygon[0]]]}


def _known(casualties: Mapping[str, Any]) -> dict[str, Any]:
    """Leave out what is not known: absent and null mean the same."""
    return {
        harm: {
            whom: {bound: number for bound, number in bounds.items() if number is not None}
            for whom, bounds in by_person.items()
        }
        for harm, by_person in casualties.items()
    }


def _given(document: Mapping[str, Any]) -> Document:
    """Leave out what says nothing, in the members too."""
    told = {name: _given(inner) if isinstance(inner, dict) else inner for name, inner in document.items()}
    return {name: inner for name, inner in told.items() if inner not in (None, "", [], {})}
