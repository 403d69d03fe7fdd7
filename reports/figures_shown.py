"""What a reader is shown of a figure and of the incidents behind it: words ready to stand on a page."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from reports.figures.paths import Counted, Elsewhere, Found
from reports.figures.rows import Listed, Why
from reports.renderers import values
from reports.renderers.document.annex import in_words
from reports.renderers.document.changed import where, written
from reports.renderers.reading import Reading, initial
from reports.renderers.sentences import WITHHELD
from reports.renderers.uncounted import no_number, uncounted

LEADS_TO = {
    Elsewhere.RETURNS: gettext_lazy(
        "This figure is made of what was announced in daily returns. It counts no incident: the returns of each day "
        "stand in the ledger."
    ),
    Elsewhere.REPORTS: gettext_lazy(
        "This figure counts incident reports as they were filed. Several reports may tell of one incident; incidents "
        "are counted in the section of that name."
    ),
    Elsewhere.CASES_LISTED: gettext_lazy(
        "This figure counts rows of lists of cases that guarantors told, and no incident of the record."
    ),
    Elsewhere.EFFORT: gettext_lazy(
        "This figure is of what monitors did to see, or were kept from. It counts no incident."
    ),
    Elsewhere.PREVIOUS_PERIOD: gettext_lazy(
        "This figure counts incidents of the period before, as known at the cut-off of this report, which lists its "
        "own alone. Those of the period before are listed in the reports of that period."
    ),
    Elsewhere.COMPUTED: gettext_lazy(
        "This figure is computed from two counts. Each of the two leads to the incidents that it counts."
    ),
    Elsewhere.TOLD_BY_OTHERS: gettext_lazy(
        "This figure was published by somebody else. What it counts is known to its publisher alone."
    ),
    Elsewhere.CHOICES: gettext_lazy(
        "This figure is of what two people of different sides chose to say on page 1. It counts no incident."
    ),
    Elsewhere.NO_NUMBER: gettext_lazy("No number stands here, and nothing is counted."),
}
WHY = {
    Why.RECENT: gettext_lazy(
        "Incidents younger than the truce's delay are counted and not listed; in all of the period: %(recent)s."
    ),
    Why.BINDING_WITHHELD: WITHHELD["binding"],
    Why.ZONES: gettext_lazy(
        "A zone is named beside an incident only where all of the area shown lies in it: else the place would be told "
        "more finely than the truce lets out. So not every incident counted in a zone is listed there, and none is "
        "listed as lying in no zone."
    ),
    Why.AREAS: gettext_lazy(
        "Of each incident one area is named, of the finest level that it may be told at. Of coarser levels, and of an "
        "incident that lies in several areas, the others are not told."
    ),
    Why.READINGS: gettext_lazy(
        "Which incidents would stand elsewhere by another reading is not told, for it could say whom they name: their "
        "number alone is."
    ),
    Why.NO_ANNEX: gettext_lazy(
        "The report of a day lists no incident. The report of its month does, by then with what was found."
    ),
}


def called(reading: Reading, path: str) -> str:
    """A figure by the names of the codes that lead to it."""
    return initial(where(reading, {"section": path.partition("/")[0], "path": path}))


def counts(figure: Any) -> bool:
    """Whether a figure is a number, which leads to what it counts."""
    return isinstance(figure, int) and not isinstance(figure, bool)


def amount(found: Found, reading: Reading) -> str:
    """The figure, ready to stand on a page; where what is 0 in the content is no count, that there is no number."""
    if note(found, reading):
        return no_number()
    return written(reading, {"path": found.path, "now": found.figure}, "now")


def note(found: Found, reading: Reading) -> str:
    """Why the 0 that stands there is no count; '' where it is one."""
    return uncounted(reading).why_at(found.path, found.figure)


def leads_to(found: Found) -> str:
    """Where a figure leads that counts no incident of the period; '' where it counts some."""
    return "" if isinstance(found.counts, Counted) else str(LEADS_TO[found.counts])


def how_many(told: Listed, *, persons: bool) -> str:
    """How much of a figure that is a count is listed."""
    said = {"listed": values.count(told.listed), "figure": values.count(told.figure)}
    if not told.figure:
        return _("The figure is 0: there is nothing to list.")
    if persons:
        return _("The incidents listed make up %(listed)s of %(figure)s persons.") % said
    if not told.unlisted:
        return (
            ngettext("%(figure)s incident, and it is listed.", "%(figure)s incidents, all of them listed.", told.figure)
            % said
        )
    return _("%(listed)s of %(figure)s incidents are listed.") % said


def why(reading: Reading, told: Listed) -> list[str]:
    """Why the others are not."""
    annex = reading.content["beside"].get("annex") or {}
    recent = values.count(annex.get("withheld_recent"))
    return [str(WHY[one]) % {"recent": recent} if one == Why.RECENT else str(WHY[one]) for one in told.why]


def lines(reading: Reading, shown: list[tuple[int, dict[str, Any]]]) -> list[dict[str, Any]]:
    """The incidents behind a figure, each with what it adds."""
    return [{**in_words(reading, incident), "number": values.count(number)} for number, incident in shown]
