"""What data sets are called and on what terms they are used, said where their figures stand."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from reports.renderers import values
from reports.renderers.reading import Reading


def names(reading: Reading) -> str:
    """The names of the data sets that tell of incidents of the period; '' where none does, or the content is older."""
    return values.listed([values.name(item["name"]) for item in _told(reading, "incidents")])


def of_incidents(reading: Reading) -> str:
    """The same with publisher, codebook, terms and how they are cited."""
    return " ".join(_credit(item) for item in _told(reading, "incidents"))


def of_publisher(reading: Reading, publisher: str) -> str:
    """On what terms the figures of a third party are printed."""
    items = [item for item in _told(reading, "third_party_figures") if item["publisher"] == publisher]
    return " ".join(_terms(item) for item in items)


def _told(reading: Reading, told: str) -> list[dict[str, Any]]:
    return [item for item in reading.header.get("data_sets", []) if item["told"] == told]


def _credit(item: dict[str, Any]) -> str:
    parts = [
        _("Data set: %(name)s, %(publisher)s.")
        % {"name": values.name(item["name"]), "publisher": values.name(item["publisher"])},
        _("Read by %(codebook)s; which release the file is of is not recorded.")
        % {"codebook": values.name(item["read_by"])}
        if item["read_by"]
        else "",
        _terms(item),
        _("To be cited as: %(citation)s.") % {"citation": values.name(item["citation"])} if item["citation"] else "",
    ]
    return " ".join(filter(None, parts))


def _terms(item: dict[str, Any]) -> str:
    if item["licence"]:
        return _("Licence: %(licence)s.") % {"licence": values.name(item["licence"])}
    return _("No licence of it is known to this service: numbers alone are quoted, each with its address.")
