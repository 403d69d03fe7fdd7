"""Steps of the record's machine in other connections: a verb begins now, and is committed or given up later."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from tests.record.happenings import BY, FOUND, REPORTS, WHICH
from tests.record.late_writers import LateWriter
from violations.models import Finding, Incident, SittingOutcome


class WritingLate:
    """Steps of the machine; what they need of it stands in `Doing`."""

    late: list[LateWriter]
    _pick: Any
    _file_now: Any
    _graded: Any
    _proposing: Any
    _linking: Any
    _withdrawing: Any
    _confirming: Any
    _seconding: Any

    def begin_to_write(self, draw):
        """Begin a verb whose transaction is stamped now and committed, or given up, later."""
        what = draw(st.sampled_from(["file", "propose", "second", "link", "withdraw", "confirm"]))
        verb: Any = None
        if what == "file":
            content = draw(REPORTS)
            verb, holds = (lambda: self._file_now(content, "filer_south")), set()
        elif what == "propose":
            incident, by = self._pick(Incident.objects.all(), draw), draw(BY)
            if not self.late:
                self._graded(incident, by)
            verb, holds = self._proposing(incident, by, draw(FOUND))
        elif what == "link":
            verb, holds = self._linking(draw)
        elif what == "withdraw":
            verb, holds = self._withdrawing(draw)
        elif what == "confirm":
            said = self._pick(SittingOutcome.objects.open(), draw, "item__sitting__agreement")
            verb, holds = self._confirming(said, draw(BY)) if said is not None else (None, set())
        elif (finding := self._pick(Finding.objects.proposals().open(), draw)) is not None:
            verb, holds = self._seconding(finding, draw(BY))
        if verb is not None and len(self.late) < 3 and not any(writer.holds & holds for writer in self.late):
            self.late.append(LateWriter(verb, holds))

    def end_of_writing(self, draw):
        if self.late:
            writer = self.late.pop(draw(WHICH) % len(self.late))
            writer.finish(commit=draw(st.sampled_from([True, True, False])))
