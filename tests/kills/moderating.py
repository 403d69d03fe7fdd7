"""Two moderators of different sides who take reports, propose and second over HTTP until they are answered."""

from __future__ import annotations

import http.client
import random
import re
import time
from collections import Counter
from types import SimpleNamespace
from urllib.parse import urlencode

from django.conf import settings
from django.test import Client

from monitoring.models import Agreement, User
from tests.kills.cluster import asked
from tests.violations.occasions import incident_of
from tests.violations.pages import a_breach, page
from violations.models import Finding, IncidentReport

PATIENCE = 30.0  # seconds
NEVER = 600.0
TOKEN = "k" * 32  # of forms; cookie and field have to agree


class Desk:
    """A moderator who is logged in."""

    def __init__(self, port: int, user: User) -> None:
        client = Client()
        client.force_login(user)
        kept = {settings.SESSION_COOKIE_NAME: client.cookies[settings.SESSION_COOKIE_NAME].value}
        kept[settings.CSRF_COOKIE_NAME] = TOKEN
        self.port, self.cookies = port, "; ".join(f"{name}={value}" for name, value in kept.items())
        self.tries: Counter[str] = Counter()
        self.told = b""  # the last answer

    def post(self, address: str, **form: object) -> str:
        """Hand in a form until it is answered; an answer that the server failed is none. Return `done`, or the status.

        Done is who is sent on to a page that is not the login.
        """
        ends = time.monotonic() + NEVER
        while time.monotonic() < ends:
            try:
                status, sent_on = self._once(address, urlencode({**form, "csrfmiddlewaretoken": TOKEN}, doseq=True))
            except (OSError, http.client.HTTPException):
                self.tries["broken off"] += 1
            else:
                if status < 500:
                    self.tries["answered"] += 1
                    return "done" if status == 302 and "/login" not in sent_on else str(status)
                self.tries["failed"] += 1
            time.sleep(random.uniform(0, 0.3))
        raise AssertionError("Never answered.")

    def _once(self, address: str, body: str) -> tuple[int, str]:
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        headers = {"Content-Type": "application/x-www-form-urlencoded", "Cookie": self.cookies, "Connection": "close"}
        try:
            line.request("POST", address, body, headers)
            told = line.getresponse()
            self.told = told.read()
        finally:
            line.close()
        return told.status, told.getheader("Location") or ""


class Moderators:
    """One of the north proposes, one of the south seconds. `found`: incidents of which both were answered well."""

    def __init__(self, port: int, agreement: Agreement, people: SimpleNamespace) -> None:
        self.north, self.south = Desk(port, people.moderator_north), Desk(port, people.moderator_south)
        self.breach = a_breach(agreement)
        self.found: list[int] = []

    def tries(self) -> Counter[str]:
        """How their tries ended."""
        return self.north.tries + self.south.tries

    def find(self, report_id: str) -> None:
        """Find upon a report's incident. A try that was broken off may have done it: then it is refused as done."""
        report = asked(lambda: IncidentReport.objects.get(public_id=report_id))
        incident = asked(lambda: incident_of(report))
        answered(self.north, page("incidentreport_take", report), "done", "409")
        answered(self.north, page("incident_propose", incident), "done", **self.breach)
        proposal = asked(lambda: Finding.objects.open().get(incident=incident, standing="proposed"))
        answered(self.south, page("finding_second", proposal), "done", "409")
        self.found.append(incident.pk)


def answered(desk: Desk, address: str, *expected: str, **form: object) -> None:
    """Hand in a form; fail where it is answered otherwise, with what the page says is wrong."""
    how = desk.post(address, **form)
    wrong = re.findall(r'class="error[a-z]*">(.*?)</', desk.told.decode(errors="replace"), re.DOTALL)
    assert how in expected, f"{address} was answered with {how}: {wrong}"
