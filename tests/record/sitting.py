"""What sittings say, for the machine of the record: put before one, recorded, confirmed; and what of it is refused."""

from __future__ import annotations

import uuid
from typing import Any

from hypothesis import strategies as st

from monitoring.errors import Refusal
from tests.record.happenings import BY, MODERATORS, SAID, SIDES
from tests.violations.sessions import HELD_ON
from violations import determinations, sittings
from violations.models import AgendaItem, Finding, SittingOutcome


class Sitting:
    """Steps of the machine; what they need of it stands in `Doing`."""

    accounts: dict[str, Any]
    agreement: Any
    _pick: Any
    _do: Any
    _chains: Any
    _own_reports_are_refused: Any

    def sitting(self, draw):
        """Put what is proposed or agreed before a sitting, or take what waits there off the agenda."""
        by, waits = self.accounts[draw(BY)], self._pick(AgendaItem.objects.open(), draw, "sitting__agreement")
        if waits is not None and draw(st.integers(0, 4)) == 0:
            self._do(lambda: sittings.take_off(waits, by=by, grounds="Not ready."), {waits.incident_id})
            return
        finding = self._pick(Finding.objects.open().exclude(standing="data_set"), draw)
        if finding is not None:
            called = sittings.call(self.agreement, HELD_ON, by=by, client_id=str(uuid.uuid4()))
            self._do(lambda: sittings.put_on(called, finding, by=by), {finding.incident_id})

    def outcome(self, draw):
        item, by, says = self._pick(AgendaItem.objects.all(), draw, "sitting__agreement"), draw(BY), draw(SAID)
        if item is not None:
            verb = lambda: determinations.record(item, says, grounds="So said.", by=self.accounts[by])  # noqa: E731
            said = self._do(verb, {item.incident_id})
            if isinstance(said, SittingOutcome) and draw(st.booleans()):
                self._confirm(said, draw(BY))

    def confirm(self, draw):
        said, by = self._pick(SittingOutcome.objects.open(), draw, "item__sitting__agreement"), draw(BY)
        if said is not None:
            self._confirm(said, by)

    def _confirming(self, said, by):
        return lambda: determinations.confirm(said, by=self.accounts[by]), {said.item.incident_id}

    def _confirm(self, said, by):
        """Confirm, and see that it is refused to one's own side, to oneself, and to who filed."""
        chains = self._chains(said.item.incident_id)
        outcome = self._do(*self._confirming(said, by))
        recorder = next(name for name in MODERATORS if self.accounts[name].pk == said.recorded_by_id)
        if by == recorder or (SIDES[by] is not None and SIDES[by] == SIDES[recorder]):
            assert isinstance(outcome, Refusal)
        self._own_reports_are_refused(outcome, by, chains)
