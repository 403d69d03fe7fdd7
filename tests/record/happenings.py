"""What may happen to a record, and how often: who acts, what they file, find and load, for Hypothesis to draw from."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from hypothesis import strategies as st

from tests.violations import sets
from tests.violations.occasions import NOON, SHELLING
from violations.report_content import NamedParty

# Who acts: side (None: independent), and the guarantor that sent them.
SENT_BY = {"north": "alder", "north_2": "cedar", "south": "birch", "nobody": None}
SIDES = {"north": "north", "north_2": "north", "south": "south", "nobody": None}
TEAMS = {"north": "team-alder", "south": "team-birch", "nobody": "team-independent"}
# Two moderators file too: on what they filed they may not decide.
FILERS = ("filer_north", "filer_south", "south", "nobody")
MODERATORS = tuple(SENT_BY)

NAMED = (
    (NamedParty("alleged", "north-army"), NamedParty("target", "south-guard")),
    (NamedParty("alleged", "river-company"), NamedParty("alleged", "harbour-brigade")),
    (NamedParty("alleged", "north-volunteers"), NamedParty("target", "birch-forces")),
    (NamedParty("alleged", "black-gull"),),
    (NamedParty("alleged", "hill-clans"), NamedParty("target", "north-army")),
    (NamedParty("alleged", "coast-watch"),),
    (NamedParty("involved", "birch-forces"),),
    (),
)
REPORTS = st.builds(
    lambda hours, east, north, act, parties, killed: replace(
        SHELLING,
        occurred_from=NOON + timedelta(hours=hours),
        position=(-123.5 + east / 10, -48.8 - north / 10),
        act=act,
        parties=parties,
        casualties={"killed": {"unknown": {"low": killed, "high": killed + 1}}} if killed else {},
    ),
    hours=st.sampled_from([0, 1, 20, -24 * 9, -24 * 10]),
    east=st.sampled_from([0, 1, 2, 3, 0, 1, 30]),
    north=st.integers(0, 4),
    act=st.sampled_from(["indirect_fire", "indirect_fire", "direct_fire", "reinforcement", "looting"]),
    parties=st.sampled_from(NAMED[:3] * 2 + NAMED[3:]),
    killed=st.sampled_from([0, 0, 2]),
)
FOUND = st.sampled_from(
    [
        "breach",
        "breach",
        "breach",
        "breach",
        "unattributed",
        "no_breach",
        "undetermined",
        "inconclusive",
        "discounted",
        "in_scope",
        "out",
    ]
)
# What a set that others recorded tells: few events, so that one comes again and is told otherwise.
EVENTS = st.builds(
    lambda number, kind, killed: kind | {"id": str(number), "high": str(4 + killed)},
    number=st.integers(1, 5),
    kind=st.sampled_from(sets.KINDS),
    killed=st.sampled_from([0, 0, 1]),
)
CHANGES: tuple[tuple[tuple[str, str], ...], ...] = (
    (),
    (('acts = ["direct_fire", "indirect_fire"', 'acts = ["indirect_fire"'),),
    (('kind = "non_signatory", source', 'kind = "signatory", source'),),
    (("seconding_days = 0", "seconding_days = 30"),),
    (('attribution = "published"', 'attribution = "not_made"'),),
    (sets.FORBIDDEN,),
)
SHAPES = ("exercise-districts.geojson", "shifted.geojson")
PERIODS = (("month", "2025-03"), ("day", "2025-03-10"))
WHICH = st.integers(0, 11)
SAID = st.sampled_from(["agreed", "agreed", "not_agreed", "referred_back"])
BY = st.sampled_from(MODERATORS)
# What happens, and how often.
HAPPENS = {
    "nothing": 1,
    "file": 3,
    "import_set": 2,
    "accept_set": 3,
    "correct": 2,
    "withdraw": 1,
    "review": 3,
    "link": 3,
    "take_back": 2,
    "propose": 2,
    "propose_what_waits": 2,
    "second": 3,
    "second_what_is_past": 1,
    "agree": 4,
    "dissent": 1,
    "move_lane": 2,
    "second_lane": 1,
    "grade": 1,
    "propose_ill_sourced": 2,
    "propose_ungraded": 2,
    "sitting": 2,
    "outcome": 2,
    "confirm": 2,
    "load": 2,
    "close": 2,
    "draft": 1,
    "comment": 1,
    "comments_end": 1,
    "approve": 2,
    "release_by_two": 2,
    "sheet": 2,
    "look": 2,
    "begin_to_write": 4,
    "end_of_writing": 2,
}
STEPS = [what for what, times in HAPPENS.items() for _ in range(times)]
