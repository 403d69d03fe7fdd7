"""How many messages to PostgreSQL a filing takes: no more than it did, however much of a report is told."""

import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.violations.documents import REPORTS, correction, device_of, document

pytestmark = pytest.mark.django_db(transaction=True)

# The device with what its holder is admitted to; what is held, what is written where all is as it was, and the
# assessment, in one message, which is a transaction.
OF_A_REPORT = 2
SENT_AGAIN = 15
OF_A_CORRECTION = 50
SECTOR = {"place": {"precision": "sector"}}
SEEN = {
    "observer": {"longitude": -123.52, "latitude": -48.81, "as_written": "post 4", "controlled_by": "North Army"},
    "bearings": [{"unit": "compass", "point": "NE"}],
    "range_km": {"low": 1, "high": 3},
}


def messages_of(device, where, body):
    with CaptureQueriesContext(connection) as captured:
        answer = device.post(where, body)
    assert answer.status_code == 201, answer.content
    return [query["sql"] for query in captured]


def test_a_report_takes_two_messages_however_much_it_tells(exercise, people):
    device = device_of(people.monitor_north)
    messages_of(device, REPORTS, document())  # what a process and its connection learn once
    parties = [{"role": "involved", "name": f"group {number}"} for number in range(20)]
    for told in (document(), document(parties=[], source={}), document(parties=parties)):
        sent = messages_of(device, REPORTS, {**told, "client_id": str(uuid.uuid4())})
        assert len(sent) == OF_A_REPORT, "\n".join(sent)
    drawn = messages_of(device, REPORTS, document(**SECTOR, observation=SEEN))
    assert len(drawn) == OF_A_REPORT + 1, "\n".join(drawn)  # PostGIS draws the sector


def test_what_is_sent_again_or_corrected_takes_no_more_than_it_did(exercise, people):
    device = device_of(people.monitor_north)
    other = device.post(REPORTS, document()).json()
    device.post(f"{REPORTS}{other['id']}/corrections/", correction())  # what a process and its connection learn once
    body = {**document(), "client_id": str(uuid.uuid4())}
    first = device.post(REPORTS, body)
    where = f"{REPORTS}{first.json()['id']}/corrections/"
    messages_of(device, REPORTS, body)  # the same
    again = messages_of(device, REPORTS, body)
    assert len(again) == SENT_AGAIN, "\n".join(again)
    corrected = messages_of(device, where, correction(act="air_strike"))
    assert len(corrected) == OF_A_CORRECTION, "\n".join(corrected)
