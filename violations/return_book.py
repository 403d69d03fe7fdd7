"""Which of the recorded returns a new one repeats, contradicts or corrects, and writing what is new."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from monitoring import canonical, ledger
from monitoring.errors import NotNow
from monitoring.models import Agreement, Area, AreaAlias, GuarantorState
from violations.models import DailyReturn, ReturnLine, ReturnSource
from violations.return_content import Line, ReturnContent, Source


class Outcome(StrEnum):
    """What recording a return came to."""

    RECORDED = "recorded"
    CONTRADICTING = "contradicting"
    CORRECTED = "corrected"
    READ_ANEW = "read_anew"
    SECOND_SOURCE = "second_source"
    KNOWN = "known"


@dataclass(frozen=True)
class Recorded:
    """The return that the content now stands in, and what was written for it."""

    daily_return: DailyReturn
    outcome: Outcome
    unplaced: tuple[str, ...] = ()


Key = tuple[int, int, date]


@dataclass
class _Held:
    """A return as the book holds it: its row, its lines with their areas, and the addresses it was read at."""

    row: DailyReturn
    lines: list[ReturnLine]
    urls: set[str]
    acknowledged: bool = False


class Book:
    """The open returns that new ones may repeat, contradict or correct, and what is to be written in one entry."""

    def __init__(self, agreement: Agreement, contents: Sequence[ReturnContent]) -> None:
        self.agreement = agreement
        codes = {code for content in contents for code in (content.owner, content.teller)}
        # One book at a time for a ledger: two importers must not both find nothing and both write.
        locked = agreement.guarantors.select_for_update(no_key=True).filter(code__in=codes).order_by("pk")
        self.guarantors: dict[str, GuarantorState] = {state.code: state for state in locked}
        self.areas: dict[str, Area] = {area.code: area for area in agreement.areas.all()}
        self.aliases: dict[tuple[str, str], Area] = {
            (row.scheme, row.alias.casefold()): row.area
            for row in AreaAlias.objects.filter(version=agreement.terms).select_related("area")
        }
        self.held: dict[Key, list[_Held]] = {}
        open_returns = (
            DailyReturn.objects.open()
            .with_acknowledgement()
            .filter(agreement=agreement, bears_date__in={content.bears_date for content in contents})
            .order_by("variant")
            .prefetch_related("lines__area", "sources")
        )
        for row in open_returns:
            urls = {source.url for source in row.sources.all()}
            held = _Held(row, list(row.lines.all()), urls, row.acknowledged or row.acknowledged_since)
            self.held.setdefault((row.owner_id, row.teller_id, row.bears_date), []).append(held)
        self.closed: list[DailyReturn] = []
        self.rows: list[DailyReturn] = []
        self.lines: list[ReturnLine] = []
        self.sources: list[ReturnSource] = []

    @property
    def anything_new(self) -> bool:
        """Whether there is anything to write."""
        return bool(self.rows or self.sources)

    def enter(self, content: ReturnContent, *, correct: bool) -> Recorded:
        """Find out what recording `content` comes to, and note what is to be written."""
        key = (self.guarantors[content.owner].pk, self.guarantors[content.teller].pk, content.bears_date)
        told = self.held.setdefault(key, [])
        lines = [self._placed(line, content.scheme) for line in content.lines]
        unplaced = tuple(line.as_written for line in lines if line.area is None)
        numbers = _numbers(content, lines)
        for held in told:
            if self._numbers_of(held, content.scheme) == numbers:
                return replace(self._repeat(held, content, lines), unplaced=unplaced)
        url = content.source.url if content.source else None
        before = next((held for held in told if url in held.urls), None)
        if before is None:
            variant = max((held.row.variant for held in told), default=0) + 1
            held = self._open(content, lines, variant)
            told.append(held)
            outcome = Outcome.CONTRADICTING if variant > 1 else Outcome.RECORDED
            return Recorded(held.row, outcome, unplaced)
        if not correct or before.row.pk is None:
            raise NotNow(
                _(
                    "The return of %(owner)s of %(date)s as told by %(teller)s was recorded from %(url)s with other "
                    "numbers (total %(total)d). If these correct them, say so."
                )
                % {
                    "owner": content.owner,
                    "date": content.bears_date,
                    "teller": content.teller,
                    "url": url,
                    "total": before.row.total,
                },
                code="told_otherwise_before",
            )
        # Its other sources told the former numbers; those that tell the new ones, too, are entered for themselves.
        return Recorded(self._supersede(before, content, lines).row, Outcome.CORRECTED, unplaced)

    def enter_filed(self, content: ReturnContent, *, replaces: UUID | None) -> Recorded:
        """Find out what it comes to that the teller itself files `content`, and note what is to be written.

        Who files has no second outlet: other numbers are a correction, of the return that `replaces` names, or are
        refused. The same filing again is what it was the first time, whatever took its place since.
        """
        key = (self.guarantors[content.owner].pk, self.guarantors[content.teller].pk, content.bears_date)
        told = self.held.setdefault(key, [])
        lines = [self._placed(line, content.scheme) for line in content.lines]
        again = self._filed_before(key, _sha256(content, lines), replaces)
        if again is not None:
            return Recorded(again, Outcome.KNOWN)
        if replaces is None:
            if told:
                raise NotNow(
                    _("A return of this ledger and day is there already. If yours corrects it, say which it replaces."),
                    code="told_already",
                    members={"latest": str(told[0].row.public_id)},
                )
            return Recorded(self._open(content, lines, 1).row, Outcome.RECORDED)
        before = next((held for held in told if held.row.public_id == replaces), None)
        if before is None:
            latest = {"latest": str(told[0].row.public_id)} if told else {}
            raise NotNow(
                _("What you correct is no longer what stands of this ledger and day, or never was."),
                code="not_latest",
                members=latest,
            )
        return Recorded(self._supersede(before, content, lines).row, Outcome.CORRECTED)

    def _filed_before(self, key: Key, sha256: str, replaces: UUID | None) -> DailyReturn | None:
        """Return the return that the same filing gave before, open or not."""
        owner, teller, on = key
        same = DailyReturn.objects.filter(
            agreement=self.agreement, owner=owner, teller=teller, bears_date=on, content_sha256=sha256
        )
        if replaces is not None:  # what took its place did so at the instant at which it was closed
            replaced = DailyReturn.objects.filter(agreement=self.agreement, public_id=replaces)
            same = same.filter(recorded_at__in=replaced.values("superseded_at"))
        first: DailyReturn | None = same.order_by("pk").first()
        return first

    def write(self, entry: ledger.Entry) -> None:
        """Write what was noted, at the entry's instant."""
        recorded_at = entry.stamp()
        if self.closed:
            closing = DailyReturn.objects.filter(pk__in=[row.pk for row in self.closed])
            entry.close(closing, expected=len(self.closed))
        for row in (*self.rows, *self.sources):
            row.recorded_at = recorded_at
        DailyReturn.objects.bulk_create(self.rows)
        ReturnLine.objects.bulk_create(self.lines)
        ReturnSource.objects.bulk_create(self.sources)

    def _area(self, as_written: str, scheme: str) -> Area | None:
        name = as_written.casefold()
        return self.aliases.get((scheme, name)) or self.aliases.get(("", name))

    def _placed(self, line: Line, scheme: str) -> ReturnLine:
        area = self.areas[line.area] if line.area else self._area(line.as_written, scheme)
        return ReturnLine(as_written=line.as_written, area=area, count=line.count)

    def _numbers_of(self, held: _Held, scheme: str) -> tuple[Any, ...]:
        """Return the numbers of a held return, its names read as the mechanism reads them now."""
        lines = [
            ReturnLine(
                as_written=line.as_written,
                area=line.area or self._area(line.as_written, scheme),
                count=line.count,
            )
            for line in held.lines
        ]
        return _numbers(held.row, lines)

    def _repeat(self, held: _Held, content: ReturnContent, lines: list[ReturnLine]) -> Recorded:
        """The same numbers again: known, from a second source, or with names that are known only now."""
        placed = {line.as_written.casefold() for line in lines if line.area}
        if held.row.pk and any(line.area is None and line.as_written.casefold() in placed for line in held.lines):
            sources = [Source(source.outlet, source.url, source.note) for source in held.row.sources.all()]
            acknowledged = content.acknowledged or held.acknowledged
            self._supersede(held, replace(content, acknowledged=acknowledged), lines)
            for source in sources:
                if source.url not in held.urls:
                    self._add_source(held, source)
            return Recorded(held.row, Outcome.READ_ANEW)
        if content.source is None or content.source.url in held.urls:
            return Recorded(held.row, Outcome.KNOWN)
        self._add_source(held, content.source)
        return Recorded(held.row, Outcome.SECOND_SOURCE)

    def _supersede(self, held: _Held, content: ReturnContent, lines: list[ReturnLine]) -> _Held:
        """Close the held return and open another in its place."""
        self.closed.append(held.row)
        successor = self._open(content, lines, held.row.variant)
        held.row, held.lines, held.urls = successor.row, successor.lines, successor.urls
        held.acknowledged = content.acknowledged
        return held

    def _open(self, content: ReturnContent, lines: list[ReturnLine], variant: int) -> _Held:
        row = DailyReturn(
            agreement=self.agreement,
            owner=self.guarantors[content.owner],
            teller=self.guarantors[content.teller],
            acknowledged=content.acknowledged,
            bears_date=content.bears_date,
            variant=variant,
            window_from=content.window_from,
            window_until=content.window_until,
            window_basis=content.window_basis,
            total=content.total,
            unit=content.unit,
            headline_total=content.headline_total,
            breakdown=content.breakdown,
            confirmed=content.confirmed,
            not_confirmed=content.not_confirmed,
            attributed_elsewhere=content.attributed_elsewhere,
            note=content.note,
            content_sha256=_sha256(content, lines),
        )
        for line in lines:
            line.daily_return = row
        held = _Held(row, lines, set())
        self.rows.append(row)
        self.lines.extend(lines)
        if content.source is not None:
            self._add_source(held, content.source)
        return held

    def _add_source(self, held: _Held, source: Source) -> None:
        held.urls.add(source.url)
        self.sources.append(ReturnSource(daily_return=held.row, outlet=source.outlet, url=source.url, note=source.note))


def _numbers(told: ReturnContent | DailyReturn, lines: Iterable[ReturnLine]) -> tuple[Any, ...]:
    """What makes two returns of one ledger, teller and date the same: every number, by area where it is known."""
    counts: Counter[tuple[str, str]] = Counter()
    for line in lines:
        counts[("area", line.area.code) if line.area else ("name", line.as_written.casefold())] += line.count
    return (
        told.total,
        str(told.unit),
        told.headline_total,
        str(told.breakdown),
        told.confirmed,
        told.not_confirmed,
        told.attributed_elsewhere,
        dict(counts),
    )


def _sha256(content: ReturnContent, lines: Iterable[ReturnLine]) -> str:
    """SHA-256 over the canonical JSON of what was told; where it was read is no part of it."""
    return canonical.sha256(
        {
            "owner": content.owner,
            "teller": content.teller,
            "acknowledged": content.acknowledged,
            "bears_date": content.bears_date.isoformat(),
            "window": [canonical.instant(content.window_from), canonical.instant(content.window_until)],
            "window_basis": content.window_basis,
            "total": content.total,
            "unit": str(content.unit),
            "headline_total": content.headline_total,
            "breakdown": str(content.breakdown),
            "confirmed": content.confirmed,
            "not_confirmed": content.not_confirmed,
            "attributed_elsewhere": content.attributed_elsewhere,
            "lines": [[line.as_written, line.area.code if line.area else None, line.count] for line in lines],
        }
    )
