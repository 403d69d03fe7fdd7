"""Writers in connections of their own: their transaction is stamped now and committed, or given up, later."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

from django.db import connection

from monitoring import ledger
from monitoring.errors import Refusal

PATIENCE = 30.0


class GivenUpError(Exception):
    """The writer's transaction is rolled back, as when its process dies."""


class LateWriter:
    """Does `verb` in a transaction that stays open. `holds`: ids of the incidents that it may hold meanwhile."""

    def __init__(self, verb: Callable[[], Any], holds: set[int]) -> None:
        self.holds = holds
        self.outcome: Any = None
        self._verb = verb
        self._done = threading.Event()
        self._let = threading.Event()
        self._commit = True
        self._thread = threading.Thread(target=self._run)
        self._thread.start()
        assert self._done.wait(PATIENCE), "A late writer waits for a lock that nobody should hold."

    def finish(self, *, commit: bool) -> None:
        """Let the transaction end."""
        self._commit = commit
        self._let.set()
        self._thread.join(PATIENCE)
        assert not self._thread.is_alive()
        if isinstance(self.outcome, Exception) and not isinstance(self.outcome, Refusal | GivenUpError):
            raise self.outcome

    @property
    def waits(self) -> bool:
        """Whether its transaction is open: what was refused has ended by itself."""
        return not isinstance(self.outcome, Exception)

    def _run(self) -> None:
        try:
            with ledger.writing():
                with connection.cursor() as cursor:
                    cursor.execute("set local lock_timeout = '20s'")
                self.outcome = self._verb()
                self._done.set()
                assert self._let.wait(PATIENCE * 4), "Nobody let the late writer go."
                if not self._commit:
                    raise GivenUpError
        except Exception as error:
            self.outcome = error
        finally:
            self._done.set()
            connection.close()


def meanwhile(verb: Callable[[], Any], let_go: Callable[[], None]) -> Any:
    """Do `verb` in a connection of its own while others hold what it needs; let those go once it had time to wait.

    Returns what it returned, or its refusal.
    """
    outcome: list[Any] = []

    def run() -> None:
        try:
            outcome.append(verb())
        except Exception as error:
            outcome.append(error)
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    thread.join(0.03)
    let_go()
    thread.join(PATIENCE)
    assert outcome, "The verb never came to an end."
    if isinstance(outcome[0], Exception) and not isinstance(outcome[0], Refusal):
        raise outcome[0]
    return outcome[0]
