"""What every table is in: its unit, out of what it counts, and what is not in it. The same words for print and table.

A table says it in a line below its caption, the long table in two of its columns.
"""

from __future__ import annotations

from typing import NamedTuple, TypedDict

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from reports.renderers import values
from reports.renderers.reading import Reading


class Measure(NamedTuple):
    """Unit, denominator, what is missing: phrases that a reading fills in."""

    unit: object
    of: object
    missing: object


_INCIDENTS = gettext_lazy("incidents")
_REGISTERED = gettext_lazy("%(registered)s registered in %(period)s")
_UNFILED = gettext_lazy("what nobody filed by the cut-off")
_OF_THE_FILE = gettext_lazy("what the mechanism file holds for %(period)s")
_NOT_IN_THE_FILE = gettext_lazy("what the file does not tell")
_DAYS_NOT_HELD = gettext_lazy("days whose return is not held; they are no zeros")
_NAME_NONE = gettext_lazy("incidents that name none of these parties, or none at all")

MEASURES: dict[str, Measure] = {
    "returns-held": Measure(
        gettext_lazy("days; announced: as each return counts"), gettext_lazy("days due of %(period)s"), _DAYS_NOT_HELD
    ),
    "ledger-days": Measure(
        gettext_lazy("announced: as each return counts; filed: incident reports"),
        gettext_lazy("days of %(period)s"),
        _DAYS_NOT_HELD,
    ),
    "tellings": Measure(
        gettext_lazy("as each return counts"), gettext_lazy("returns held for %(period)s"), _DAYS_NOT_HELD
    ),
    "filed": Measure(
        gettext_lazy("incident reports"), gettext_lazy("reports in effect at the cut-off, of %(period)s"), _UNFILED
    ),
    "case-lists": Measure(
        gettext_lazy("cases"),
        gettext_lazy("lists told for days of %(period)s"),
        gettext_lazy("days that one of two lists does not cover"),
    ),
    "incidents": Measure(_INCIDENTS, _REGISTERED, _UNFILED),
    "column-key": Measure(
        gettext_lazy("none: words"), gettext_lazy("columns of this report"), gettext_lazy("no column")
    ),
    "by-party-named": Measure(_INCIDENTS, _REGISTERED, gettext_lazy("incidents that name no party")),
    "attribution": Measure(_INCIDENTS, _REGISTERED, _UNFILED),
    "casualties": Measure(
        gettext_lazy("persons; incidents where said so"),
        gettext_lazy("%(registered)s registered in %(period)s, the discounted left out"),
        gettext_lazy("casualties that no source tells of"),
    ),
    "undertakings": Measure(gettext_lazy("undertakings"), _OF_THE_FILE, _NOT_IN_THE_FILE),
    "observers": Measure(gettext_lazy("States and bodies"), _OF_THE_FILE, _NOT_IN_THE_FILE),
    "determined": Measure(
        _INCIDENTS,
        gettext_lazy("incidents before %(period)s on which people agreed a finding in it"),
        gettext_lazy("those accepted with a whole data set"),
    ),
    "cases": Measure(
        gettext_lazy("cases"),
        gettext_lazy("incidents up to the end of %(period)s that people took up"),
        gettext_lazy("incidents that nobody has taken up"),
    ),
    "out-of-scope": Measure(_INCIDENTS, _REGISTERED, gettext_lazy("the discounted, whatever their scope")),
    "readings": Measure(_INCIDENTS, _REGISTERED, gettext_lazy("readings that the mechanism file does not hold")),
    "effort": Measure(
        gettext_lazy("patrols, posts, watches; team hours"),
        gettext_lazy("what teams filed of %(period)s"),
        gettext_lazy("hours that no team filed"),
    ),
    "effort-areas": Measure(
        gettext_lazy("team hours, days, incidents"),
        gettext_lazy("%(days)s days of %(period)s, in areas where teams were"),
        gettext_lazy("areas that were not watched"),
    ),
    "watch-logs": Measure(
        gettext_lazy("lines of logs; single observations"),
        gettext_lazy("watch logs of %(period)s"),
        gettext_lazy("what no post could hear or see"),
    ),
    "restrictions": Measure(
        gettext_lazy("restrictions of movement"),
        gettext_lazy("those filed that began in %(period)s"),
        gettext_lazy("where nobody went"),
    ),
    "both-periods": Measure(_INCIDENTS, gettext_lazy("the registered of each of the two periods"), _UNFILED),
    "change": Measure(
        gettext_lazy("incidents; their rate a day"), gettext_lazy("the registered of each of the two periods"), _UNFILED
    ),
    "announced-change": Measure(
        gettext_lazy("as each ledger counts, a day held"), gettext_lazy("days due of the two periods"), _DAYS_NOT_HELD
    ),
    "requests": Measure(
        gettext_lazy("requests"),
        gettext_lazy("requests put by the cut-off that belong to %(period)s"),
        gettext_lazy("what was asked and answered"),
    ),
    "statements": Measure(
        gettext_lazy("statements"),
        gettext_lazy("those that stood and were told by the cut-off and belong to %(period)s"),
        gettext_lazy("what its owner has not told"),
    ),
    "measures-agreed": Measure(
        gettext_lazy("measures"),
        gettext_lazy("those recorded by the cut-off"),
        gettext_lazy("what was agreed and not recorded"),
    ),
    "choices": Measure(
        gettext_lazy("events of concern, improvements"),
        gettext_lazy("those that people of two sides had agreed on for %(period)s by the cut-off"),
        gettext_lazy("what one side alone proposed"),
    ),
    "accessions": Measure(gettext_lazy("groups, settlements"), _OF_THE_FILE, _NOT_IN_THE_FILE),
    "reservations": Measure(gettext_lazy("reservations"), _OF_THE_FILE, _NOT_IN_THE_FILE),
    "third-party": Measure(
        gettext_lazy("as the publisher counts"),
        gettext_lazy("numbers recorded that bear a date of %(period)s"),
        gettext_lazy("what was published and not recorded here"),
    ),
    "changes": Measure(
        gettext_lazy("figures, each in its own unit"),
        gettext_lazy("figures of the sections that both closings have"),
        gettext_lazy("drawings, which show other tables"),
    ),
    "corrigenda": Measure(
        gettext_lazy("figures"),
        gettext_lazy("revisions of earlier periods released since the last closing"),
        gettext_lazy("reports of days, which are not issued again"),
    ),
    "comments": Measure(
        gettext_lazy("words"),
        gettext_lazy("one comment of each State that the draft was shown to"),
        gettext_lazy("what was said after the time for comments"),
    ),
    "steps": Measure(
        gettext_lazy("entries of the record"),
        gettext_lazy("those by the cut-off that bear on %(period)s"),
        gettext_lazy("who acted, and when a report was filed"),
    ),
    "sections": Measure(
        gettext_lazy("none: hashes"),
        gettext_lazy("sections inside the content hash"),
        gettext_lazy("what stands beside"),
    ),
    "annex": Measure(
        _INCIDENTS, _REGISTERED, gettext_lazy("%(recent)s younger than the delay, which are in the totals")
    ),
    "own-annex": Measure(_INCIDENTS, gettext_lazy("incidents listed in the annex"), _NAME_NONE),
    "concerns": Measure(_INCIDENTS, _REGISTERED, _NAME_NONE),
    "answers-for": Measure(gettext_lazy("parties"), _OF_THE_FILE, _NOT_IN_THE_FILE),
    "requests-open": Measure(
        gettext_lazy("requests"),
        gettext_lazy("requests put to this State, of whatever period, unanswered at the cut-off"),
        gettext_lazy("what was asked of others"),
    ),
    "day-ledgers": Measure(
        gettext_lazy("announced: as each return counts; filed: incident reports"),
        gettext_lazy("the returns and reports of this day"),
        _DAYS_NOT_HELD,
    ),
    "day": Measure(_INCIDENTS, gettext_lazy("%(registered)s registered"), _UNFILED),
    "day-by-hour": Measure(
        _INCIDENTS, gettext_lazy("%(registered)s registered"), gettext_lazy("those not told to the hour")
    ),
}


class Told(TypedDict):
    """A measure in words, as a table takes it."""

    unit: str
    of: str
    missing: str


def measure(reading: Reading, code: str) -> Told:
    """The unit, the denominator and what is missing of the table of this kind, in words."""
    beside = reading.content["beside"]
    filled = {
        "registered": values.count(reading.registered),
        "period": reading.period_name,
        "days": values.count(len(reading.header["days"])),
        "recent": values.count(beside["annex"]["withheld_recent"] if "annex" in beside else None),
    }
    unit, of, missing = (str(phrase) % filled for phrase in MEASURES[code])
    return {"unit": unit, "of": of, "missing": missing}


def line(unit: str, of: str, missing: str) -> str:
    """The line below a caption."""
    return _("Unit: %(unit)s. Of: %(of)s. Not in it: %(missing)s.") % {"unit": unit, "of": of, "missing": missing}
