"""Section 6, on: how requests were replied to, what guarantors stated and told, how measures agreed stand."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from reports.renderers import values
from reports.renderers.document.blocks import Block, Cell, cell, column, heading, paragraph, row, table
from reports.renderers.document.first_page import not_recorded
from reports.renderers.measured import measure
from reports.renderers.reading import Reading, word
from reports.renderers.words import WORDS

REPLIES = ("asked", "in_time", "late", "outstanding", "open", "withdrawn")


def replies(reading: Reading) -> list[Block]:
    """The three tables, zeros included; in a closing computed before there was such a section, that it is not told."""
    told = reading.replies
    if told is None:
        codes = ("previous_period", "replies", "statements", "measures", "accessions")
        return [paragraph(not_recorded(reading, *codes))]
    return [
        heading(_("Replies, statements, measures"), level=2),
        paragraph(whose_period()),
        _requests(reading, told["requests"]),
        *_statements(reading, told["statements"]),
        _measures(reading, told["measures_agreed"]),
    ]


def whose_period() -> str:
    """To which period what is asked, stated and agreed belongs."""
    return _(
        "What is about an incident belongs to the period in which the incident happened, a statement on a period to "
        "that period, a request about no incident to the period in which it was asked, and a measure to that in which "
        "it was agreed. How each stands is as known at the cut-off: a later answer makes another figure. What none was "
        "asked, and who stated nothing, is told as 0; that is no view of anybody."
    )


def _requests(reading: Reading, told: dict[str, Any]) -> Block:
    return table(
        "requests",
        _("Requests for information, by whom they were put to and how they were replied to"),
        columns=[column("1fr"), *(column("21mm", end=True) for _code in REPLIES)],
        head=[[_("Put to"), *(initial_of("reply", code) for code in REPLIES)]],
        rows=[
            *(row(addressee(reading, item), *_figures(item, REPLIES)) for item in _in_order(reading, told)),
            row(_("All requests"), *_figures(told["all"], REPLIES), look="total"),
        ],
        note=_(
            "In time: the first answer came by the date that was given, one on paper by the day on which it was handed "
            "in. Outstanding: that date had passed at the cut-off without an answer. Open: it had not. All guarantors "
            "are given at least the truce's %(days)s days. What was asked and answered is told where it was told."
        )
        % {"days": values.count(reading.header["rules"]["reply_deadline_days"])},
        whole=True,
        **measure(reading, "requests"),
    )


def _in_order(reading: Reading, told: dict[str, Any]) -> list[dict[str, Any]]:
    """By guarantor in English alphabetical order; parties at last."""
    rows = told["by_addressee"] if "by_addressee" in told else told["by_whom"]
    with_guarantor = reading.sorted("guarantor", [item for item in rows if item["guarantor"]], _guarantor)
    return [*with_guarantor, *(item for item in rows if not item["guarantor"])]


def _guarantor(item: dict[str, Any]) -> str:
    code: str = item["guarantor"]
    return code


def addressee(reading: Reading, item: dict[str, Any]) -> str:
    """Whom a request was put to, or whose a measure is."""
    if not item["guarantor"]:
        return word("addressee", item["addressee"])
    name = reading.name("guarantor", item["guarantor"])
    if item["addressee"] == "through":
        return _("%(guarantor)s, for a party that it answers for") % {"guarantor": name}
    return name


def _statements(reading: Reading, told: dict[str, Any]) -> list[Block]:
    rows = reading.sorted("guarantor", told["by_guarantor"], _guarantor)
    if not rows:
        return [paragraph(_("No State was guarantor of this truce in this period: there are no statements of any."))]
    return [
        table(
            "statements",
            _("Statements of guarantors that they told to the others"),
            columns=[column("1fr"), *(column("24mm", end=True) for _item in (*rows, told))],
            head=[[_("Statement"), *(reading.name("guarantor", item["guarantor"]) for item in rows), _("All")]],
            rows=[
                *(
                    row(
                        initial_of("statement", code),
                        *(_figure(item["statements"][code]) for item in (*rows, told["all"])),
                    )
                    for code in WORDS["statement"]
                ),
                row(_("All statements"), *(_figure(item["told"]) for item in (*rows, told["all"])), look="total"),
            ],
            note=_(
                "Each statement is on an incident of this period, on the period or a part of it, or on an edition of "
                "it; one of each guarantor stands on each. It stands beside the findings and changes none. Absence of "
                "a statement is no statement, and one that its owner has not told the others is counted nowhere."
            ),
            whole=True,
            **measure(reading, "statements"),
        )
    ]


def _measures(reading: Reading, told: dict[str, Any]) -> Block:
    states = list(WORDS["measure_state"])
    head: list[Cell] = [cell(_("Of"), rowspan=2), cell(_("Agreed in the period"), colspan=len(states) + 1)]
    return table(
        "measures-agreed",
        _("Measures agreed, by whom they are to be taken and how they stand"),
        columns=[column("1fr"), *(column("13.5mm", end=True) for _column in range(2 * len(states) + 2))],
        head=[
            [*head, cell(_("Agreed before, of which something was seen in it"), colspan=len(states) + 1)],
            [
                cell(name)
                for _which in range(2)
                for name in (_("All"), *(initial_of("measure_state", s) for s in states))
            ],
        ],
        rows=[
            *(row(addressee(reading, item), *_stand(item, states)) for item in _in_order(reading, told)),
            row(_("All measures"), *_stand(told["all"], states), look="total"),
        ],
        note=_(
            "As moderators recorded them from what was agreed elsewhere. A measure stands as the last step of its "
            "follow-up says, one without any as under way."
        ),
        whole=True,
        **measure(reading, "measures-agreed"),
    )


def _stand(item: dict[str, Any], states: list[str]) -> list[Cell]:
    now = [item["agreed"], *(item["stand"][state] for state in states)]
    before = [item["earlier_seen"], *(item["earlier_stand"][state] for state in states)]
    return [_figure(number) for number in (*now, *before)]


def _figures(item: dict[str, Any], codes: tuple[str, ...]) -> list[Cell]:
    return [cell(values.count(item[code]), faint=item[code] == 0, strong=code == "asked") for code in codes]


def _figure(number: int) -> dict[str, Any]:
    return cell(values.count(number), faint=number == 0)


def initial_of(kind: str, code: str) -> str:
    """A code's name as it begins a row."""
    name = word(kind, code)
    return name[:1].upper() + name[1:]
