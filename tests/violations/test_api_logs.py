"""What the API logs tells what happened and holds nothing of what was sent: no token, no place, no word, no name."""

import logging

from tests.violations.documents import REPORTS, correction, device_of, document
from tests.violations.occasions import under_review
from violations import questions, verdicts
from violations.models import IncidentReport

QUOTED = "Key (as_written)=(A. Weaver, at the mill) already exists."
SENT = ("Weaver", "mill", "impacts", "123.5", "48.8", "men of the coast", "Army of the North", "thunder", "Token")


def test_a_full_run_of_filing_leaves_nothing_of_it_in_the_log(exercise, people, caplog, monkeypatch):
    caplog.set_level(logging.DEBUG)
    device, other = device_of(people.monitor_north), device_of(people.monitor_south)
    token = device._credentials["HTTP_AUTHORIZATION"].removeprefix("Token ")
    first = device.post(REPORTS, document(client_id="field-phone-7"))
    where = f"{REPORTS}{first.json()['id']}/"
    device.post(REPORTS, document(client_id="field-phone-7", act="device"))
    device.post(REPORTS, document(act="thunder"))
    device.post(f"{REPORTS}batch/", {"items": [document(client_id="field-phone-7", act="flare"), document()]})
    device.post(REPORTS, document(corrects="field-phone-9"))
    device.get("/api/v1/receipts/")
    device.get(f"/api/v1/receipts/{first.json()['receipt']}/")
    for query in ("text=thunder", "near=-123.5,-48.8,5", "bbox=-123.5,48.8,1,2", "colour=thunder", "text=thunder%00"):
        device.get(f"{REPORTS}?{query}")
    under_review(IncidentReport.objects.get(public_id=first.json()["id"]), people.moderator_south)
    asked = questions.ask(
        IncidentReport.objects.get(public_id=first.json()["id"]), by=people.moderator_south, grounds="thunder?"
    )
    for words in ("thunder", "more thunder"):
        device.post(f"/api/v1/questions/{asked.public_id}/answer/", {"answer": words, "language": "en"})
    device.post(f"{where}corrections/", correction())
    device.post(f"{where}withdrawal/", {"grounds": "thunder"})
    other.get(where)
    other.get(where, headers={"authorization": f"Token {token[:-1]}0"})

    def fail(*_incidents, **_when):
        raise ValueError(QUOTED)

    monkeypatch.setattr(verdicts, "classes_at", fail)
    reports = IncidentReport.objects.count()
    answer = device.post(REPORTS, document())
    assert (answer.status_code, answer.json()["code"]) == (500, "unexpected")
    assert "Weaver" not in answer.content.decode()
    assert IncidentReport.objects.count() == reports
    assert "Unexpected ValueError in IncidentReports" in caplog.text
    for word in (*SENT, token, token[:15], "field-phone-7", "monitor-north"):
        assert word not in caplog.text
