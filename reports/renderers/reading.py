"""A closing's content together with one edition of it, as a renderer reads them: names for codes, orders, the hash."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import get_language_info, ngettext
from django.utils.translation import gettext as _

from monitoring import canonical
from reports.renderers import values
from reports.renderers.words import COLUMNS, OUT_OF_SCOPE, UNITS_COUNTED, WORDS

HASH_DIGITS = 16


@dataclass(frozen=True)
class Reading:
    """One edition, read in one language. Nothing in it asks a database, a clock or a network.

    Without an edition it is the common content alone: of a period in which no State was guarantor. As a `draft` it is
    shown to be commented on; what was said then, `comments`, stands in what is released.
    """

    content: dict[str, Any]
    edition: dict[str, Any] | None
    language: str
    draft: bool = False
    comments: dict[str, Any] | None = None

    @property
    def head(self) -> dict[str, Any]:
        """What the content hash covers."""
        return self.content["head"]

    @property
    def header(self) -> dict[str, Any]:
        """Section 1, as far as it stands beside the hash."""
        return self.content["beside"]["header"]

    @property
    def sections(self) -> dict[str, Any]:
        """The common sections by code."""
        return self.content["sections"]

    @property
    def period(self) -> dict[str, Any]:
        """The period: kind, code and bounds from the head, and the zone that stands beside."""
        return {**self.head["period"], "time_zone": self.zone}

    @property
    def zone(self) -> str:
        """The IANA name of the truce's zone."""
        return self.header["time_zone"]

    @property
    def simulated(self) -> bool:
        """Whether the truce is simulated; then every page, map and file name says so."""
        return self.head["simulated"]

    @property
    def content_sha256(self) -> str:
        """The hash common to all guarantors, computed from the head itself."""
        return canonical.sha256(self.head)

    @property
    def short_hash(self) -> str:
        """The first digits of the common hash, in groups of four."""
        digits = self.content_sha256[:HASH_DIGITS]
        return values.code(" ".join(digits[at : at + 4] for at in range(0, HASH_DIGITS, 4)))

    @property
    def revision(self) -> int:
        """Which revision of the period it is, as printed "Rev. 1"; 0 for the first closing."""
        return self.header["number"] - 1

    @property
    def registrations_only(self) -> bool:
        """Whether the content is a day's: what was announced and registered, and nothing that was found."""
        return "registrations" in self.sections

    @property
    def comparison(self) -> dict[str, Any] | None:
        """Section 6; None in a closing computed before there was one."""
        return self.sections.get("comparison")

    @property
    def replies(self) -> dict[str, Any] | None:
        """Section 6, on: requests, statements, measures; None in a closing computed before that was recorded."""
        return self.sections.get("replies")

    @property
    def accessions(self) -> dict[str, Any] | None:
        """Section 6, at last: who joined; None in a closing computed before that was told."""
        return self.sections.get("accessions")

    @property
    def choices(self) -> dict[str, Any] | None:
        """Page 1, on: what two people chose to say of the period; None in a closing computed before they could."""
        return self.sections.get("choices")

    @property
    def corrigenda(self) -> dict[str, Any] | None:
        """Section 9, on: revisions of earlier periods; None in a closing computed before they were told."""
        return self.content["beside"].get("corrigenda")

    @property
    def requests(self) -> list[dict[str, Any]] | None:
        """The requests open to the reader's state; None where the edition does not tell them."""
        told = (self.edition or {}).get("requests", {})
        return told["open"] if told.get("recorded") else None

    @property
    def effort(self) -> dict[str, Any] | None:
        """Section 5, on: what monitors did to see; None in a closing computed before that was recorded."""
        return self.sections.get("effort")

    @property
    def cases(self) -> dict[str, Any] | None:
        """Section 4; None in a closing computed before there was one."""
        return self.content["beside"].get("cases")

    @property
    def set_accepted(self) -> bool:
        """Whether any incident of the period is probable because two people accepted the whole of its data set."""
        return self.sections["incidents"]["total"]["columns"]["probable_data_set"] > 0 or any(
            step["step"] == "set_taken" for step in self.content["beside"]["steps"]["record"]
        )

    @property
    def withheld_parties(self) -> bool:
        """Whether this truce's mechanism keeps who fired from its reports."""
        return self.sections["incidents"]["attribution_policy"] != "published"

    @property
    def registered(self) -> int:
        """How many incidents were registered in the period."""
        if self.registrations_only:
            return self.sections["registrations"]["total"]
        return self.sections["incidents"]["total"]["registered"]

    @property
    def anything_filed(self) -> bool:
        """Whether a team filed an incident report of the period, or one came with a data set."""
        section = self.sections["ledgers"]
        return any(ledger["filed"]["total"] for ledger in section["ledgers"]) or any(
            item["total"] for item in section["filed_by_others"]
        )

    @property
    def registered_in_either(self) -> bool:
        """Whether an incident was registered in this period or in the one that it is compared with."""
        standing = (self.comparison or {})["standing"]
        return any(standing[which]["registered"] for which in ("current", "previous"))

    def label(self, kind: str, code: str) -> str:
        """The name of `code` in the reader's language, else in English, else the code: as told, not yet isolated."""
        names = self.content["beside"]["labels"].get(kind, {}).get(code, {})
        return values.plain(names.get(self.language) or names.get("en") or code)

    def name(self, kind: str, code: str) -> str:
        """The name of `code`, ready to stand in a text."""
        return values.isolated(self.label(kind, code))

    def names(self, kind: str, codes: Iterable[str]) -> str:
        """Several names, in English alphabetical order."""
        return values.listed([self.name(kind, code) for code in self.sorted(kind, codes)])

    def sorted(self, kind: str, items: Iterable[Any], key: Callable[[Any], str] = lambda item: item) -> list[Any]:
        """`items` by the English name of the code that `key` finds in each: the same order in every language."""
        english = self.content["beside"]["labels"].get(kind, {})
        return sorted(items, key=lambda item: (english.get(key(item), {}).get("en", key(item)).casefold(), key(item)))

    def told(self, texts: dict[str, str]) -> str:
        """A text told in several languages: in the reader's, else in English, else in the first there is."""
        text = texts.get(self.language) or texts.get("en") or next(iter(texts.values()), "")
        return values.name(text)

    @property
    def agreement(self) -> str:
        """The truce."""
        return self.name("agreement", self.head["agreement"])

    @property
    def guarantor(self) -> str:
        """The state that this edition is arranged for; empty where it is arranged for none."""
        return self.name("guarantor", self.edition["guarantor"]) if self.edition else ""

    @property
    def ledgers(self) -> list[dict[str, Any]]:
        """The ledgers, in English alphabetical order of the states."""
        return self.sorted("guarantor", self.sections["ledgers"]["ledgers"], lambda row: row["guarantor"])

    @property
    def period_name(self) -> str:
        """The period as people call it: 'January 2017', '22 January 2017'."""
        return values.period(self.period["code"])

    @property
    def preliminary(self) -> bool:
        """Whether it is a week's: the report of the month is the reference."""
        return bool(self.period["kind"] == "week")

    @property
    def former_period_name(self) -> str:
        """The period that this one is compared with."""
        previous = (self.comparison or {})["previous"]
        return values.period(previous["period"])

    @property
    def unit(self) -> str:
        """The truce's unit of count."""
        return word("unit", self.head["unit"])

    def instant(self, text: str) -> str:
        """An instant in the truce's zone, the zone beside it."""
        return values.instant(text, self.zone)

    def level(self, code: str) -> str:
        """What a level of area is called in this truce, else what it is called in general."""
        names = self.content["beside"]["labels"].get("level", {})
        return self.label("level", code) if code in names else word("level", code)

    def area(self, code: str | None, level: str | None = None) -> str:
        """An area's name, or that the place is not known finely enough."""
        if code:
            return self.name("area", code)
        return _("Not placed at this level") if level else _("Not placed")

    def party(self, code: str | None, group: str = "not_named") -> str:
        """A party's name, or why there is none."""
        return self.name("party", code) if code else word("group", group)


def word(kind: str, code: Any) -> str:
    """The name of a code of a list, in the language that is active; the code itself where it has none."""
    return str(WORDS[kind].get(code, code))


def counted(number: int, unit: str) -> str:
    """So many of a unit, in the form that the number has: '1 incident', '2 incidents'."""
    return UNITS_COUNTED[unit] % {"number": number, "count": values.count(number)}


def sides(reading: Reading, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Rows by side in English alphabetical order, then those of no side."""
    with_side = reading.sorted("side", [row for row in rows if row["side"]], lambda row: row["side"])
    return [*with_side, *(row for row in rows if not row["side"])]


def side_name(reading: Reading, row: dict[str, Any]) -> str:
    """Whose row it is: a side's armed actors, its guarantors' own forces, or why it is of no side."""
    if row["side"]:
        pattern = _("%(side)s: own forces of guarantors") if row["forces"] == "guarantor_forces" else "%(side)s"
        return pattern % {"side": reading.name("side", row["side"])}
    return _("No side") if row["forces"] == "parties" else word("forces", row["forces"])


def filer(reading: Reading, item: dict[str, Any]) -> str:
    """Who filed: the guarantors' teams of a side, teams of none, or the liaisons of parties of a side."""
    if item["team_kind"] == "party" and item["side"]:
        return _("Parties' own word, %(side)s") % {"side": reading.name("side", item["side"])}
    if item["side"]:
        return _("Guarantors' teams, %(side)s") % {"side": reading.name("side", item["side"])}
    return word("team_kind", item["team_kind"])


def out_of_scope(tally: dict[str, Any]) -> int:
    """How many of a row stand in one of the out-of-scope columns."""
    return sum(tally["columns"][reason] for reason in OUT_OF_SCOPE)


def violations_of_registered(tally: dict[str, Any]) -> str:
    """The two numbers of a row that are asked for first, in words, without a full stop."""
    return ngettext(
        "Of %(registered)s incident registered, %(violations)s stands as a violation",
        "Of %(registered)s incidents registered, %(violations)s stand as violations",
        tally["registered"],
    ) % {
        "registered": values.count(tally["registered"]),
        "violations": values.count(tally["subtotals"]["violations"]),
    }


def place_in_columns(code: str) -> str:
    """Where an incident stands, within a sentence: 'out of scope: designated group', 'violation, determined'."""
    name = word("column", code) if code in COLUMNS else word("scope", code)
    name = name[:1].lower() + name[1:]
    if code in OUT_OF_SCOPE:
        return _("out of scope: %(reason)s") % {"reason": name}
    return _("violation, %(standing)s") % {"standing": name} if code.startswith("violations_") else name


def language_name(code: str) -> str:
    """The name of a language in the language that is active."""
    try:
        return str(get_language_info(code)["name_translated"])
    except KeyError:
        return values.code(code)


def initial(text: str) -> str:
    """The text as it begins a row."""
    return text[:1].upper() + text[1:]
