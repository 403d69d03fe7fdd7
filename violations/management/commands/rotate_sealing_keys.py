"""manage.py rotate_sealing_keys propose|second|resume|list: seal all that is sealed anew, under another key.

How it goes: the new key is put first in SEALING_KEYS of every process, the older ones behind it, and the processes are
restarted; one person proposes, another seconds, each with their own password, and all is sealed anew. Filing goes on.
Once `list` tells that nothing is under an older key any more, that can be taken out of SEALING_KEYS for good.
"""

from __future__ import annotations

import time
from argparse import ArgumentParser
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from monitoring import owner
from monitoring.management.at_terminal import authenticated
from monitoring.management.refused import told
from violations import resealing
from violations.models import KeyRotation

A_WHILE = 5  # seconds between two lines of progress


class Command(BaseCommand):
    """Run as the owner of the database; the application's role is refused."""

    help = "Seal sources anew under the first of SEALING_KEYS, agreed to by two people, each with a password."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """What is done, by whom."""
        doing = parser.add_subparsers(dest="doing", required=True)
        propose = doing.add_parser("propose", help="Propose to seal all under the first of SEALING_KEYS.")
        second = doing.add_parser("second", help="Agree to a proposal, and begin.")
        resume = doing.add_parser("resume", help="Go on with what was agreed to and not finished.")
        for one in (second, resume):
            one.add_argument("id", type=UUID, metavar="ID", help="The identifier that propose printed.")
            one.add_argument("--batch", type=int, default=resealing.BATCH, help="Rows a transaction.")
        for one in (propose, second):
            one.add_argument("--by", required=True, metavar="NAME", help="Your account; the password is asked for.")
        doing.add_parser("list", help="Rotations, and how many sealed rows stand under each key.")

    def handle(self, *args: Any, **options: Any) -> None:
        """Do what is asked."""
        with told(f"keys.{options['doing']}", by=None):
            owner.require()
        getattr(self, f"_{options['doing']}")(options)

    def _propose(self, options: dict[str, Any]) -> None:
        by = authenticated(options["by"], "keys.propose")
        with told("keys.propose", by=by):
            rotation = resealing.propose(by=by)
        self.stdout.write(_("Proposed, to key %(key)s. Another operator, or an auditor, agrees with:") % _of(rotation))
        self.stdout.write(f"  rotate_sealing_keys second {rotation.public_id} --by NAME")

    def _second(self, options: dict[str, Any]) -> None:
        rotation = self._found(options)
        self.stdout.write(self._line(rotation))
        by = authenticated(options["by"], "keys.second")
        with told("keys.second", by=by, on=rotation):
            resealing.second(rotation, by=by)
        self._resume(options)

    def _resume(self, options: dict[str, Any]) -> None:
        rotation = self._found(options)
        self.anew, self.said = 0, time.monotonic()
        with told("keys.resume", by=None, on=rotation):
            rows = resealing.reseal(rotation, batch=max(1, options["batch"]), tell=self._tell)
        self.stdout.write(
            ngettext(
                "%(anew)s row was sealed anew; all %(rows)s stand under key %(key)s.",
                "%(anew)s rows were sealed anew; all %(rows)s stand under key %(key)s.",
                self.anew,
            )
            % {"anew": f"{self.anew:,}", "rows": f"{rows:,}", **_of(rotation)}
        )

    def _tell(self, changed: int) -> None:
        self.anew += changed
        if time.monotonic() - self.said > A_WHILE:
            self.said = time.monotonic()
            self.stderr.write(_("%(anew)s sealed anew ...") % {"anew": f"{self.anew:,}"})

    def _list(self, options: dict[str, Any]) -> None:
        for rotation in KeyRotation.objects.select_related("proposed_by", "seconded_by").order_by("pk"):
            self.stdout.write(self._line(rotation))
        under = resealing.sealed_under()
        for place, key in enumerate([resealing.key_id(key) for key in settings.SEALING_KEYS], start=1):
            line = ngettext(
                "%(rows)s row under key %(key)s, number %(place)s of SEALING_KEYS",
                "%(rows)s rows under key %(key)s, number %(place)s of SEALING_KEYS",
                under[key],
            )
            self.stdout.write(line % {"rows": f"{under[key]:,}", "key": key, "place": place})
        if under[""]:
            line = ngettext("%(rows)s row opens with none of them", "%(rows)s rows open with none of them", under[""])
            self.stdout.write(line % {"rows": f"{under['']:,}"})

    def _found(self, options: dict[str, Any]) -> KeyRotation:
        rotations = KeyRotation.objects.select_related("proposed_by", "seconded_by")
        rotation = rotations.filter(public_id=options["id"]).first()
        if rotation is None:
            raise CommandError(_("There is no such proposal."))
        return rotation

    def _line(self, rotation: KeyRotation) -> str:
        if rotation.finished_at is not None:
            state = _("finished")
        elif rotation.superseded_at is not None:
            state = _("superseded by one to another key")
        else:
            state = _("agreed to, not finished") if rotation.seconded_at else _("proposed, open")
        seconded = rotation.seconded_by.get_username() if rotation.seconded_by else "–"
        return _("%(id)s  to key %(key)s: proposed by %(name)s, seconded by %(second)s; %(state)s") % {
            "id": rotation.public_id,
            "name": rotation.proposed_by.get_username(),
            "second": seconded,
            "state": state,
            **_of(rotation),
        }


def _of(rotation: KeyRotation) -> dict[str, str]:
    return {"key": rotation.key_id}
