"""What a reader is shown of an edition on a page: words and times ready to stand there, files with size and hash."""

from __future__ import annotations

import json
from functools import cached_property
from typing import Any

from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from monitoring import canonical
from reports import periods
from reports.closings import commenting
from reports.exports import taking
from reports.figures_shown import counts
from reports.models import Edition, PeriodKind, Rendition, Supplement
from reports.renderers import values
from reports.renderers.document.changed import where, whole, written
from reports.renderers.document.chosen import ListTold, told
from reports.renderers.document.comments import rule, unsaid
from reports.renderers.document.corrigenda import called
from reports.renderers.document.first_page import total_announced, without_prejudice
from reports.renderers.reading import HASH_DIGITS, Reading, language_name, out_of_scope, place_in_columns, word
from reports.renderers.tables import AT_THE_TIER
from reports.renderers.uncounted import Uncounted, no_number, of_changes, registered_at
from reports.renderers.words import COLUMNS, OUT_OF_SCOPE

TABLES = {name: table.told for name, table in AT_THE_TIER.items()}
WHOLE = {
    "edition.xlsx": gettext_lazy("Every figure and the incidents of the annex as a spreadsheet."),
    "edition.zip": gettext_lazy("The files as released, all tables, what each column and code means, and the hashes."),
}
SAID = {"pdf": "PDF", "csv": "CSV", "json": "JSON"}


class ListedEdition:
    """A line of the list, from the rows alone: its content is not read."""

    def __init__(self, edition: Edition) -> None:
        self.edition = edition
        self.closing = edition.closing

    @property
    def id(self) -> str:
        """Its public id."""
        return str(self.edition.public_id)

    @property
    def agreement(self) -> str:
        """The truce."""
        return self.edition.agreement.name_in(_language())

    @property
    def guarantor(self) -> str:
        """The state it is arranged for."""
        return self.edition.guarantor.name_in(_language())

    @property
    def period(self) -> str:
        """The period as people call it."""
        return values.period(self.closing.period)

    @property
    def simulated(self) -> bool:
        """Whether the truce is simulated."""
        return self.edition.agreement.simulated

    @property
    def released(self) -> str:
        """When it was released, in the truce's zone."""
        assert self.edition.released_at is not None  # noqa: S101 - only released editions are shown
        return self._instant(canonical.instant(self.edition.released_at))

    @property
    def cutoff(self) -> str:
        """The instant at which the record was read."""
        return self._instant(canonical.instant(self.closing.cutoff_at))

    @property
    def short_hash(self) -> str:
        """The first digits of the common hash, as page 1 prints them."""
        digits = (self.closing.content_sha256 or "")[:HASH_DIGITS]
        return " ".join(digits[at : at + 4] for at in range(0, len(digits), 4))

    @property
    def changed(self) -> str:
        """How many figures differ from the last closing of the period."""
        if self.registrations_only:
            return _("The one edition of this day")
        if self.preliminary:
            return _("The one edition of this week, preliminary")
        if not self.edition.revises:  # type: ignore[attr-defined]
            return _("First closing of the period")
        count = self.edition.figures_changed  # type: ignore[attr-defined]
        if not count:
            return _("No figure differs from the closing before")
        return ngettext("%(count)s figure changed", "%(count)s figures changed", count) % {"count": values.count(count)}

    @property
    def registrations_only(self) -> bool:
        """Whether it is a day's: registrations only, and not issued again."""
        return self.closing.kind == PeriodKind.DAY

    @property
    def preliminary(self) -> bool:
        """Whether it is a week's: the report of the month is the reference."""
        return self.closing.kind == PeriodKind.WEEK

    @property
    def files(self) -> list[dict[str, Any]]:
        """Every file that was released, not those of the draft: format, language, size, hash."""
        order = [str(form) for form in Rendition.Format]
        return [
            {
                "id": str(file.public_id),
                "format": SAID[file.format],
                "language": language_name(file.language),
                "language_code": file.language,
                "size": filesizeformat(file.size),
                "sha256": file.sha256,
                "name": file.file_name,
            }
            for file in sorted(
                (file for file in self.edition.renditions.all() if file.stage == Rendition.Stage.FINAL),
                key=lambda file: (file.language, order.index(file.format)),
            )
        ]

    def _instant(self, text: str) -> str:
        assert self.closing.version is not None  # noqa: S101 - it is computed
        return values.instant(text, self.closing.version.time_zone)


class EditionShown(ListedEdition):
    """One edition with its content read."""

    @cached_property
    def reading(self) -> Reading:
        """The content and the edition, as renderers read them."""
        closing = self.closing
        told = commenting.printed(closing) if closing.comments_sha256 and closing.released_at else None
        return Reading(
            json.loads(closing.content() or ""), json.loads(self.edition.content), _language(), comments=told
        )

    @cached_property
    def sheets(self) -> list[dict[str, Any]]:
        """The corrigenda and addenda to it, in the order of their release."""
        rows = Supplement.objects.released().filter(closing=self.closing.pk).prefetch_related("files")
        return [
            {
                "name": called(row.kind, row.number),
                "released": self._instant(canonical.instant(row.released_at)),
                "words": row.words,
                "files": [
                    {"id": str(file.public_id), "format": SAID[file.format], "size": filesizeformat(file.size)}
                    for file in sorted(row.files.all(), key=lambda file: (file.format != "pdf", file.format))
                ],
            }
            for row in rows
        ]

    @property
    def rule_of_comments(self) -> str:
        """The rule that the comments on the draft keep; empty where none is ever asked for."""
        told = self.reading.comments
        return rule(self.reading, told) if told is not None else ""

    @property
    def comments(self) -> list[dict[str, str]]:
        """What each guarantor said on the draft, in the English alphabetical order of the states."""
        told = self.reading.comments or {"comments": []}
        return [
            {
                "guarantor": self.reading.name("guarantor", item["guarantor"]),
                "words": item["words"],
                "unsaid": unsaid(item),
            }
            for item in told["comments"]
        ]

    @property
    def title(self) -> str:
        """What the page is called."""
        told = {
            "period": self.period,
            "number": values.count(self.closing.number),
            "revision": values.count(self.closing.revision),
        }
        if self.closing.revision:
            return _("%(period)s, closing %(number)s (Rev. %(revision)s)") % told
        return _("%(period)s, closing %(number)s") % told

    @property
    def tables(self) -> list[dict[str, str]]:
        """What lies behind it: each file with what it is, and where it is taken."""
        return [
            {
                "file": file,
                "told": str(TABLES.get(file.partition(".")[0]) or WHOLE[file]),
                "address": reverse(f"edition-{taking.slug(file)}", args=[self.edition.public_id]),
            }
            for file in taking.OF_AN_EDITION
            if not (self.registrations_only and taking.lists_incidents(file))
        ]

    @property
    def window(self) -> str:
        """The period's bounds."""
        return values.window(self.reading.period)

    @property
    def revised_on(self) -> str:
        """The days of the period's revisions by the calendar, after the last of which it is final; '' for none."""
        if self.closing.kind not in periods.REVISED:
            return ""
        of_period = self.edition.agreement.closings.filter(kind=self.closing.kind, period=self.closing.period)
        first = of_period.first_released().select_related("version").get()
        return values.listed(
            [values.day(day.date.isoformat()) for day in periods.revisions(first.version, first.released_at)]
        )

    @property
    def marking(self) -> str:
        """The handling marking."""
        return values.name(self.reading.header["marking"])

    @property
    def glance(self) -> list[tuple[str, str, str]]:
        """A few figures of page 1, each with its path; none of them a sum over different units."""
        lines = [
            (
                _("Ledger of %(name)s") % {"name": self.reading.name("guarantor", ledger["guarantor"])},
                _("%(held)s of %(due)s days held; %(total)s")
                % {
                    "held": values.count(ledger["announced"]["days_held"]),
                    "due": values.count(ledger["announced"]["days_due"]),
                    "total": total_announced(ledger["announced"]),
                },
                f"ledgers/ledgers/{ledger['guarantor']}/announced/days_held",
            )
            for ledger in self.reading.ledgers
        ]
        if not self.reading.registered:
            return [
                *lines,
                (
                    _("Incidents filed"),
                    _("none had been filed when the record was read; this is not a count of zero"),
                    registered_at(self.reading),
                ),
            ]
        if self.registrations_only:
            return [
                *lines,
                (_("Incidents registered"), values.count(self.reading.registered), registered_at(self.reading)),
            ]
        return [*lines, *self._registered(self.reading.sections["incidents"]["total"])]

    def _registered(self, total: dict[str, Any]) -> list[tuple[str, str, str]]:
        """The registered and where they stand: lines that add up to it; an empty column has none, but for pending."""
        columns = total["columns"]
        others = [code for code in columns if code not in OUT_OF_SCOPE and not code.startswith("violations_")]
        return [
            (_("Incidents registered"), values.count(total["registered"]), registered_at(self.reading)),
            (
                _("of these violations"),
                values.count(total["subtotals"]["violations"]),
                "incidents/total/subtotals/violations",
            ),
            (_("of these out of scope"), values.count(out_of_scope(total)), "out_of_scope/total"),
            *(
                (
                    _("of these %(column)s") % {"column": place_in_columns(code)},
                    values.count(columns[code]),
                    f"incidents/total/columns/{code}",
                )
                for code in COLUMNS
                if code in others and (columns[code] or code == "pending")
            ),
        ]

    @property
    def changes(self) -> list[dict[str, Any]]:
        """What changed of all incidents, old and new."""
        return [self._change(row) for row in self._changed if whole(row)]

    @property
    def changes_within(self) -> list[dict[str, Any]]:
        """What changed in the breakdowns, the ledgers and the rest."""
        return [self._change(row) for row in self._changed if not whole(row)]

    @cached_property
    def _nothing(self) -> dict[str, Uncounted]:
        """What is no count of what a figure was, and of what it is."""
        return of_changes(self.reading)

    @property
    def _changed(self) -> list[dict[str, Any]]:
        figures: list[dict[str, Any]] = self.reading.content["beside"]["changes"]["figures"]
        return figures

    def _change(self, row: dict[str, Any]) -> dict[str, Any]:
        old, new = (
            no_number() if nothing.why_at(row["path"], row[which]) else written(self.reading, row, which)
            for which, nothing in self._nothing.items()
        )
        return {
            "where": where(self.reading, row),
            "old": old,
            "new": new,
            "path": row["path"],
            "was": counts(row["old"]),
            "is": counts(row["new"]),
        }

    @property
    def because(self) -> list[dict[str, str]]:
        """What was recorded between the two cut-offs, by role and day."""
        return [
            {
                "step": word("step", row["step"]),
                "role": word("role", row["role"]),
                "side": self.reading.name("side", row["side"]) if row["side"] else "–",
                "day": values.day(row["date"]) if row["date"] else _("not told"),
                "count": values.count(row["count"]),
            }
            for row in self.reading.content["beside"]["changes"]["because"]
        ]

    @property
    def previous(self) -> str:
        """Which closing it is compared with; empty for the first."""
        previous = self.reading.content["beside"]["changes"]["previous"]
        if previous is None:
            return ""
        return _("closing %(number)s, cut-off %(cutoff)s") % {
            "number": values.count(previous["number"]),
            "cutoff": self._instant(previous["cutoff_at"]),
        }

    @property
    def previous_closing(self) -> str:
        """The public id of that closing; empty for the first."""
        previous = self.reading.content["beside"]["changes"]["previous"]
        return previous["closing"] if previous else ""

    @property
    def chosen(self) -> list[ListTold]:
        """The events of concern and the improvements that two people chose, or why there is none."""
        return told(self.reading)

    @property
    def statement(self) -> str:
        """What no figure here says."""
        return without_prejudice()


def _language() -> str:
    return (get_language() or "en").partition("-")[0]
