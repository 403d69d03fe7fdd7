"""The first answer to a new report is written straight from it: the same bytes as what is read of it ever after."""

import pytest

from monitoring import accreditation
from monitoring.models import User
from tests.violations.documents import REPORTS, device_of, document

pytestmark = pytest.mark.django_db
SQUARE = {
    "type": "Polygon",
    "coordinates": [[[-123.5, -48.8], [-123.4, -48.8], [-123.4, -48.7123456], [-123.5, -48.8]]],
}
OBSERVER = {
    "longitude": -123.52,
    "latitude": -48.81,
    "as_written": "بالقرب من النهر",
    "controlled_by": "Army of the North",
}
SEEN = {
    "unit": "explosion",
    "what": "muzzle_flash",
    "phase": "incoming",
    "observer": OBSERVER,
    "bearings": [{"unit": "compass", "point": "NE"}, {"unit": "degrees", "value": 47.125}],
    "range_km": {"low": 1, "high": 3.5},
}
COUNTED = {"count": 3, "qualifier": "about", "unit": "explosion"}
CONTENTS = {
    "as most are": {},
    "as little as may be": {
        "objects_hit": [],
        "weapon": {"family": "undetermined"},
        "observation": {},
        "parties": [],
        "casualties": {},
        "source": {},
    },
    "a polygon": {"place": {"polygon": SQUARE, "precision": "sector"}},
    "an area alone": {"place": {"area": "VA01", "precision": "district", "as_written": "ناحية الطاحونة"}},
    "a sector that is drawn": {"place": {"precision": "sector"}, "observation": {**SEEN, **COUNTED}},
    "what was seen": {"observation": SEEN},
    "a day": {"occurred": {"from": "2025-03-10T00:00:00-08:00", "precision": "day"}},
    "a fraction of a second": {
        "occurred": {"from": "2025-03-10T12:00:00.25Z", "until": "2025-03-10T15:30:01.5+03:30", "precision": "hour"}
    },
    "many parties, two known": {
        "parties": [{"role": "involved", "name": f"group {number}"} for number in range(9)]
        + [{"role": "target", "name": "south army"}, {"role": "alleged", "name": "قوات الشمال"}]
    },
    "one party under two of its names": {
        "parties": [{"role": "alleged", "name": name} for name in ("Army of the North", "North Army", "قوات الشمال")]
    },
    "casualties of every kind": {
        "casualties": {
            "killed": {"civilian": {"low": 0, "best": 2, "high": 5}, "women": {"high": 1}},
            "injured": {"unknown": {"best": 3, "low": None}, "combatant": {"low": 1, "high": 4}},
        }
    },
    "words": {"narrative": 'Три разрыва за мельницей. 😐 "</script>" \u2028', "narrative_language": "ru"},
    "several hit": {"objects_hit": ["school", "medical", "residential", "school"]},
}


@pytest.mark.parametrize("told", CONTENTS.values(), ids=CONTENTS)
def test_the_first_answer_is_what_is_read_of_the_report_ever_after(exercise, people, told):
    device = device_of(people.monitor_north)
    body = document(**told)
    first, again = device.post(REPORTS, body), device.post(REPORTS, body)
    assert first.status_code == 201, first.content
    assert (first.content, first["Location"]) == (again.content, again["Location"])
    assert again["Idempotency-Replayed"] == "true"
    now = device.get(first["Location"])
    assert first.content == now.content


def test_so_it_is_of_a_partys_own_word(exercise, people):
    liaison = User.objects.create(username="liaison")
    party = exercise.parties.get(code="north-army")
    accreditation.accredit(liaison, exercise, accreditation.Role.PARTY_LIAISON, by=None, party=party)
    device = device_of(liaison)
    body = document(means="party_notification")
    first, again = device.post(REPORTS, body), device.post(REPORTS, body)
    assert first.json()["told_by"] == "north-army", first.content
    assert first.json()["team"] is None
    assert first.content == again.content == device.get(first["Location"]).content
