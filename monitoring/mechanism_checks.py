"""What must hold between the entries of a mechanism file; each check yields the faults it finds, with their places."""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from datetime import UTC, datetime
from itertools import combinations
from typing import Any

from django.utils.translation import gettext as _

from monitoring import period_codes
from monitoring.errors import Malformed
from monitoring.faults import Fault
from monitoring.models import Area, InstrumentTerms, PartyTerms

Entries = Mapping[str, list[tuple[str, Any]]]
ANY_SCHEME = "any"  # aliases under this key serve every source
LEVELS = [Area.Level.GOVERNORATE, Area.Level.DISTRICT, Area.Level.SUBDISTRICT]
START, END = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)


def faults_between(entries: Entries) -> list[Fault]:
    """Return what does not fit between the sound entries of a file."""
    return [fault for check in CHECKS for fault in check(entries)]


def faults_of_the_whole(entries: Entries, *, drawings: Iterable[str], geojson: str) -> list[Fault]:
    """Return what the file lacks and what nothing in it uses; asked only where every entry is sound in itself."""
    return [*_nothing_missing(entries), *_unused_drawings(entries, drawings, geojson)]


def _terms(entries: Entries) -> Iterator[Fault]:
    for place, terms in entries["terms"]:
        if terms.in_force_until and terms.in_force_until <= terms.in_force_from:
            yield Fault(f"{place}.in_force_until", _("this is not after in_force_from"))
        yield from _first_period(place, terms)
        if terms.revision_days and "month" not in terms.calendar:
            yield Fault(f"{place}.revision_days", _("only months are revised, and the calendar closes none"))
        yield from _release(place, terms, entries)


def _release(place: str, terms: Any, entries: Entries) -> Iterator[Fault]:
    """What goes together: a draft is commented on where two release it, by somebody, in so many words."""
    by_two = set(terms.calendar) - set(terms.automatic_release) if terms.release == "by_two" else set()
    window, length = terms.comment_window_days, terms.comment_length
    yield from _automatic(place, terms)
    if window and "month" not in by_two:
        message = _(
            'the draft of a month can be commented on, where two people release it; write release = "by_two" and let '
            "the calendar close months, or write 0"
        )
        yield Fault(f"{place}.comment_window_days", message)
    if window and not entries["guarantors"]:
        yield Fault(f"{place}.comment_window_days", _("the file has no guarantor that could comment; write 0"))
    if window and not length:
        message = _("say how many words a comment may have, the same for every guarantor")
        yield Fault(f"{place}.comment_length", message)
    if length and not window:
        message = _("there is no comment without comment_window_days; leave it out, or give a window")
        yield Fault(f"{place}.comment_length", message)


def _automatic(place: str, terms: Any) -> Iterator[Fault]:
    """Which kinds are released as they are made: some of those that are closed, where two people release the others."""
    kinds = terms.automatic_release
    if kinds and terms.release != "by_two":
        message = _('all is released as it is made; leave this out, or write release = "by_two" for the other kinds')
        yield Fault(f"{place}.automatic_release", message)
        return
    for kind in kinds:
        if kind not in terms.calendar:
            message = _("the calendar closes no %(kind)s")
            yield Fault(f"{place}.automatic_release", message % {"kind": kind})
    if kinds and set(terms.calendar) <= set(kinds):
        message = _('nothing is left that two people release; write release = "automatic" and leave this out')
        yield Fault(f"{place}.automatic_release", message)


def _first_period(place: str, terms: Any) -> Iterator[Fault]:
    if not terms.first_period:
        return
    try:
        kind = period_codes.kind_of(terms.first_period)
    except Malformed:
        message = _("write a month as 2017-01, a week as 2017-W04 or a day as 2017-01-22, or leave it out")
        yield Fault(f"{place}.first_period", message)
        return
    try:
        period_codes.dates(terms.first_period)
    except Malformed:
        yield Fault(f"{place}.first_period", _("there is no such month, week or day"))
        return
    if kind not in terms.calendar:
        message = _("it is a %(kind)s, which the calendar does not close")
        yield Fault(f"{place}.first_period", message % {"kind": kind})


def _codes_once(entries: Entries) -> Iterator[Fault]:
    for table in entries:
        yield from _once(((place, entry.code) for place, entry in entries[table] if hasattr(entry, "code")), _("code"))
    for place, instrument in entries["instruments"]:
        provisions = [
            (f"{place}.provisions[{number}] ({provision.code})", provision.code)
            for number, provision in enumerate(instrument.provisions, start=1)
        ]
        yield from _once(provisions, _("code"))
        for number, provision in enumerate(instrument.provisions, start=1):
            holders = [reading.holder for reading in provision.rival_readings]
            if len(set(holders)) < len(holders):
                message = _("a holder has two rival readings of one provision")
                yield Fault(f"{place}.provisions[{number}] ({provision.code}).rival_readings", message)


def _once(placed: Iterable[tuple[str, str]], what: str) -> Iterator[Fault]:
    first: dict[str, str] = {}
    for place, value in placed:
        if value in first:
            message = _("the %(what)s '%(value)s' stands at %(first)s already")
            yield Fault(f"{place}.code", message % {"what": what, "value": value, "first": first[value]})
        first.setdefault(value, place)


def _trees(entries: Entries) -> Iterator[Fault]:
    for table in ("parties", "areas"):
        parents = {entry.code: entry.parent for _place, entry in entries[table]}
        for place, entry in entries[table]:
            if (circle := _circle(entry.code, parents)) is not None:
                message = _("this goes round in a circle: %(circle)s")
                yield Fault(f"{place}.parent", message % {"circle": " -> ".join(circle)})


def _circle(code: str, parents: Mapping[str, str | None]) -> list[str] | None:
    path, above = [code], parents.get(code)
    while above is not None and above not in path:
        path.append(above)
        above = parents.get(above)
    return [*path, code] if above == code else None


def _areas(entries: Entries) -> Iterator[Fault]:
    levels = {area.code: area.level for _place, area in entries["areas"]}
    for place, area in entries["areas"]:
        if area.level == Area.Level.GROUPING:
            if not area.members or area.parent:
                yield Fault(place, _("a grouping has members, and no parent"))
            if any(levels.get(member) == Area.Level.GROUPING for member in area.members):
                yield Fault(f"{place}.members", _("a grouping cannot be a member of a grouping"))
            if len(set(area.members)) < len(area.members):
                yield Fault(f"{place}.members", _("a member stands here twice"))
            continue
        if area.members:
            yield Fault(f"{place}.members", _("only an area of level 'grouping' has members"))
        above = levels.get(area.parent or "")
        if above is not None and (above not in LEVELS or LEVELS.index(above) >= LEVELS.index(area.level)):
            message = _("a %(level)s cannot lie in '%(parent)s', a %(above)s")
            yield Fault(f"{place}.parent", message % {"level": area.level, "parent": area.parent, "above": above})


def _overlaps(entries: Entries) -> Iterator[Fault]:
    for place, party in entries["parties"]:
        yield from _no_overlap(f"{place}.adherences", party.adherences, lambda row: (row.to, row.reading))
    for place, guarantor in entries["guarantors"]:
        yield from _no_overlap(f"{place}.terms", guarantor.terms)
        yield from _no_overlap(f"{place}.undertakings", guarantor.undertakings, lambda row: row.party)
    for place, observer in entries["observers"]:
        yield from _no_overlap(f"{place}.terms", observer.terms)
    for place, zone in entries["zones"]:
        yield from _no_overlap(f"{place}.lines", zone.lines, lambda row: row.drawn_by)


def _no_overlap(place: str, rows: Iterable[Any], same: Callable[[Any], Hashable] = lambda row: None) -> Iterator[Fault]:
    """Yield a fault for each two of `rows` alike in `same` that hold at the same time."""
    alike = defaultdict(list)
    for number, row in enumerate(rows, start=1):
        alike[same(row)].append((number, row))
    for group in alike.values():
        for (first, one), (second, other) in combinations(group, 2):
            until_one, until_other = one.valid_until or END, other.valid_until or END
            if (one.valid_from or START) < until_other and (other.valid_from or START) < until_one:
                message = _("it overlaps in time with number %(first)d of this list")
                yield Fault(f"{place}[{second}]", message % {"first": first})


def _aliases(entries: Entries) -> Iterator[Fault]:
    for table in ("parties", "areas"):
        bearers: dict[tuple[str, str], str] = {}
        for _place, entry in entries[table]:  # a name that serves every source must not be another's code or name
            for name in (entry.code, *entry.names.values()):
                bearers.setdefault((ANY_SCHEME, _plain(name)), entry.code)
        for place, entry in entries[table]:
            for scheme, aliases in entry.aliases.items():
                for alias in aliases:
                    bearer = bearers.setdefault((scheme, _plain(alias)), entry.code)
                    if bearer != entry.code:
                        message = _("'%(alias)s' is a name of '%(other)s', too")
                        yield Fault(f"{place}.aliases.{scheme}", message % {"alias": alias, "other": bearer})
                if len({_plain(alias) for alias in aliases}) < len(aliases):
                    yield Fault(f"{place}.aliases.{scheme}", _("a name stands here twice"))


def _plain(name: str) -> str:
    """Return a name as it is looked up: neither case nor spacing nor the encoding of accents tells two apart."""
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())


def _own_forces(entries: Entries) -> Iterator[Fault]:
    parties = {party.code: party for _place, party in entries["parties"]}
    owner: dict[str, str] = {}
    for place, guarantor in entries["guarantors"]:
        for number, term in enumerate(guarantor.terms, start=1):
            where, own = f"{place}.terms[{number}].own_forces", parties.get(term.own_forces or "")
            if own is None:
                continue
            if own.kind != PartyTerms.Kind.GUARANTOR_FORCES:
                yield Fault(where, _("'%(party)s' is not of kind 'guarantor_forces'") % {"party": own.code})
            if own.side != term.side:
                yield Fault(where, _("'%(party)s' is not of the guarantor's side") % {"party": own.code})
            if owner.setdefault(own.code, guarantor.code) != guarantor.code:
                message = _("'%(party)s' are the own forces of '%(other)s'")
                yield Fault(where, message % {"party": own.code, "other": owner[own.code]})


def _undertakings(entries: Entries) -> Iterator[Fault]:
    kinds = {party.code: party.kind for _place, party in entries["parties"]}
    for place, guarantor in entries["guarantors"]:
        for number, row in enumerate(guarantor.undertakings, start=1):
            if kinds.get(row.party) == PartyTerms.Kind.GUARANTOR_FORCES:
                message = _("a guarantor's own forces stand apart and need no undertaking")
                yield Fault(f"{place}.undertakings[{number}].party", message)


def _adherences(entries: Entries) -> Iterator[Fault]:
    for place, party in entries["parties"]:
        for number, row in enumerate(party.adherences, start=1):
            if row.through == party.code:
                yield Fault(f"{place}.adherences[{number}].through", _("a party is not bound through itself"))


def _instruments(entries: Entries) -> Iterator[Fault]:
    for place, instrument in entries["instruments"]:
        if instrument.kind == InstrumentTerms.Kind.RIVAL and not instrument.holder:
            yield Fault(f"{place}.holder", _("a rival text has a holder: who put it forward?"))


def _nothing_missing(entries: Entries) -> Iterator[Fault]:
    if not entries["sides"]:
        yield Fault("sides", _("the truce has no sides; findings need two persons of different sides"))
    if not any(instrument.kind == InstrumentTerms.Kind.ADOPTED for _place, instrument in entries["instruments"]):
        yield Fault("instruments", _("the truce has no adopted instrument, so nothing could be a breach of it"))
    own = {term.own_forces for _place, guarantor in entries["guarantors"] for term in guarantor.terms}
    for place, party in entries["parties"]:
        if party.kind == PartyTerms.Kind.GUARANTOR_FORCES and party.code not in own:
            yield Fault(f"{place}.kind", _("no guarantor's term names these as its own forces"))
    for place, terms in entries["terms"]:
        if not any(area.level == terms.guarantors_see.place for _place, area in entries["areas"]):
            message = _("the file lists no area of level '%(level)s'; incidents would leave with no place at all")
            yield Fault(f"{place}.guarantors_see.place", message % {"level": terms.guarantors_see.place})
        if terms.scope_level and not any(area.level == terms.scope_level for _place, area in entries["areas"]):
            message = _("the file lists no area of level '%(level)s'")
            yield Fault(f"{place}.scope_level", message % {"level": terms.scope_level})
        if terms.scope_level and terms.scope_area:
            yield Fault(f"{place}.scope_level", _("the truce is bounded by 'scope_area' already; give one of the two"))


def _unused_drawings(entries: Entries, drawings: Iterable[str], geojson: str) -> Iterator[Fault]:
    used = {line.drawing for _place, zone in entries["zones"] for line in zone.lines}
    used |= {terms.scope_area for _place, terms in entries["terms"]}
    for name in drawings:
        if name not in used:
            yield Fault(f"{geojson}: {name}", _("nothing in the mechanism file uses this drawing"))


CHECKS: tuple[Callable[[Entries], Iterator[Fault]], ...] = (
    _terms,
    _codes_once,
    _instruments,
    _trees,
    _areas,
    _aliases,
    _adherences,
    _own_forces,
    _undertakings,
    _overlaps,
)
