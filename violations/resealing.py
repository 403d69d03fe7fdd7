"""Rotating the keys that seal: whatever is sealed is sealed anew under the newest key, so that older ones can go.

So are the secrets of second factors, which the same keys keep.

One person proposes, another agrees; then it is done, in batches that stand each for itself: killed at any moment, it
goes on where it was. Nobody stops filing meanwhile. A pass that finds nothing under an older key ends it. What is in a
sealed row is opened and closed within this process and seen by nobody.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

from cryptography.fernet import Fernet, InvalidToken
from django.apps import apps
from django.conf import settings
from django.db import connection, models, transaction
from django.utils.translation import gettext as _

from monitoring import accreditation, audit, ledger, owner, second_factor
from monitoring.errors import Forbidden, NotNow
from monitoring.models import User
from monitoring.row_context import row_context
from violations import sealing
from violations.models import KeyRotation

Role = accreditation.Role
BATCH = 500
MOST_PASSES = 5


def key_id(key: str) -> str:
    """Return by what a key is told: 64 bits of a hash. A key is random, so nothing of it can be guessed from that."""
    return hashlib.sha256(f"sealing key {key}".encode()).hexdigest()[:16]


def propose(*, by: User) -> KeyRotation:
    """Propose that all be sealed under the first of settings.SEALING_KEYS. Proposals to other keys wait no more.

    Raises Forbidden (no operator of any agreement now; not the database's owner), NotNow (it is proposed already).
    """
    owner.require()
    _require_role(by, Role.OPERATOR)
    with ledger.writing() as entry:
        new = key_id(settings.SEALING_KEYS[0])
        if KeyRotation.objects.filter(key_id=new, finished_at=None, superseded_at=None).exists():
            raise NotNow(_("A rotation to this key is under way: second or resume that."), code="under_way")
        _supersede(KeyRotation.objects.filter(seconded_at=None).exclude(key_id=new), entry)
        rotation = KeyRotation.objects.create(recorded_at=entry.stamp(), key_id=new, proposed_by=by)
        audit.done("keys.propose", by=by, on=rotation)
    return rotation


def second(rotation: KeyRotation, *, by: User) -> KeyRotation:
    """Agree to a rotation; `reseal` may begin. What was agreed to for other keys and is not finished ends with it.

    Raises Forbidden (neither operator nor auditor of any agreement now; the proposer), NotNow (agreed to already,
    superseded, or another key comes first in the settings by now, so that nothing could begin).
    """
    owner.require()
    _require_role(by, Role.OPERATOR, Role.AUDITOR)
    if rotation.proposed_by_id == by.pk:
        raise Forbidden(_("You proposed this: another person must second it."), code="same_person")
    with ledger.writing() as entry:
        open_one = KeyRotation.objects.select_for_update().get(pk=rotation.pk)
        if open_one.seconded_at is not None:
            raise NotNow(_("This is agreed to already."), code="agreed")
        _require_not_superseded(open_one)
        _require_first(open_one)
        _supersede(KeyRotation.objects.exclude(key_id=open_one.key_id), entry)
        open_one.seconded_by, open_one.seconded_at = by, entry.stamp()
        open_one.save(update_fields=["seconded_by", "seconded_at"])
        audit.done("keys.second", by=by, on=rotation)
    return open_one


def reseal(rotation: KeyRotation, *, batch: int = BATCH, tell: Callable[[int], None] = lambda _done: None) -> int:
    """Seal all that is sealed under the rotation's key, and finish it; return how many rows stand under it.

    `tell` hears after each batch how many rows it sealed anew. What was done before stays done where this ends early.
    Raises NotNow: not agreed to, finished, superseded, another key comes first in the settings, a row opens with none,
    or somebody goes on sealing with an older one.
    """
    owner.require()
    _require_open(rotation)
    for _number in range(MOST_PASSES):
        seen, anew = 0, 0
        for table in sealed_tables():
            for looked_at, changed in _pass(table, rotation, batch):
                seen, anew = seen + looked_at, anew + changed
                tell(changed)
        if not anew:
            _second_factors_anew()
            return _finish(rotation, seen)
    raise NotNow(
        _("Some process still seals with an older key: put the new one first for all of them, restart, then resume."),
        code="older_key_in_use",
    )


def sealed_under() -> Counter[str]:
    """How many sealed rows each key of the settings opens, by its id; '' are those that none opens."""
    found: Counter[str] = Counter()
    for table in sealed_tables():
        after, last = 0, _last(table)
        while rows := _rows(table, after, last, BATCH):
            after = rows[-1][0]
            found.update(_opened_by(token) for _id, token in rows)
    return found


def sealed_tables() -> list[type[models.Model]]:
    """Every table with a column `sealed`, whatever it seals."""
    return [model for model in apps.get_models() if any(column.name == "sealed" for column in model._meta.local_fields)]


def _require_role(by: User, *roles: str) -> None:
    if not accreditation.held_by(by, *roles).exists():
        raise Forbidden(_("Your account is not accredited for this in any agreement."), code="not_accredited")


def _require_open(rotation: KeyRotation) -> None:
    rotation.refresh_from_db()
    if rotation.seconded_at is None:
        raise NotNow(_("This was not agreed to yet: another person seconds it first."), code="not_agreed")
    if rotation.finished_at is not None:
        raise NotNow(_("This rotation is finished."), code="finished")
    _require_not_superseded(rotation)
    _require_first(rotation)


def _require_not_superseded(rotation: KeyRotation) -> None:
    if rotation.superseded_at is not None:
        raise NotNow(_("A rotation to another key took the place of this one."), code="superseded")


def _supersede(rotations: Any, entry: ledger.Entry) -> None:
    """Close what is neither finished nor closed of `rotations`, so that none waits, or allows something, for ever."""
    for row in rotations.filter(finished_at=None, superseded_at=None).select_for_update().order_by("pk"):
        row.superseded_at = entry.stamp()
        row.save(update_fields=["superseded_at"])
        audit.done("keys.supersede", by=None, on=row)


def _require_first(rotation: KeyRotation) -> None:
    if rotation.key_id != key_id(settings.SEALING_KEYS[0]):
        raise NotNow(
            _(
                "This rotation is to key %(agreed)s, and the first of SEALING_KEYS here is %(first)s: "
                "propose one to that, or put the agreed key first."
            )
            % {"agreed": rotation.key_id, "first": key_id(settings.SEALING_KEYS[0])},
            code="another_key",
        )


def _pass(table: type[models.Model], rotation: KeyRotation, batch: int) -> Iterator[tuple[int, int]]:
    """Go once through what a table holds by now; yield of each batch how many rows it has, and how many it changed."""
    newest = Fernet(settings.SEALING_KEYS[0])
    after, last = 0, _last(table)
    while rows := _rows(table, after, last, batch):
        after = rows[-1][0]
        older = [number for number, token in rows if not _opens(newest, token)]
        yield len(rows), _reseal(table, older, rotation) if older else 0


def _last(table: type[models.Model]) -> int:
    with sealing.counting(), connection.cursor() as cursor:
        cursor.execute(f"select coalesce(max(id), 0) from {table._meta.db_table}")
        return int(cursor.fetchone()[0])


def _rows(table: type[models.Model], after: int, last: int, batch: int) -> list[tuple[int, bytes]]:
    with sealing.counting(), connection.cursor() as cursor:
        cursor.execute(
            f"select id, sealed from {table._meta.db_table} where id > %s and id <= %s order by id limit %s",
            [after, last, batch],
        )
        return [(number, bytes(token)) for number, token in cursor.fetchall()]


def _reseal(table: type[models.Model], ids: list[int], rotation: KeyRotation) -> int:
    """Seal these rows anew, in one transaction of their own."""
    name: Any = table._meta.db_table
    with (
        transaction.atomic(),
        sealing.counting(),
        row_context("ledger.resealing", str(rotation.pk)),
        connection.cursor() as cursor,
    ):
        cursor.execute(f"select id, sealed from {name} where id = any(%s) order by id for update", [ids])
        anew = [(number, _anew(bytes(token))) for number, token in cursor.fetchall()]
        cursor.execute(
            f"update {name} here set sealed = given.sealed "
            "from unnest(%s::bigint[], %s::bytea[]) as given (id, sealed) where given.id = here.id",
            [[number for number, _token in anew], [token for _number, token in anew]],
        )
        return cursor.rowcount


def _anew(token: bytes) -> bytes:
    try:
        return sealing.sealed_anew(token)
    except InvalidToken:
        raise _key_lost() from None


def _second_factors_anew() -> None:
    try:
        second_factor.encrypt_anew()
    except InvalidToken:
        raise _key_lost() from None


def _key_lost() -> NotNow:
    return NotNow(
        _("A sealed row opens with none of SEALING_KEYS: put the key back with which it was sealed, then resume."),
        code="sealing_key_lost",
    )


def _finish(rotation: KeyRotation, seen: int) -> int:
    with ledger.writing() as entry:
        done = KeyRotation.objects.select_for_update().get(pk=rotation.pk)
        _require_not_superseded(done)
        if done.finished_at is None:
            done.finished_at, done.sealed_rows = entry.stamp(), seen
            done.save(update_fields=["finished_at", "sealed_rows"])
            audit.done("keys.finish", by=None, on=rotation)
    return seen


def _opened_by(token: bytes) -> str:
    return next((key_id(key) for key in settings.SEALING_KEYS if _opens(Fernet(key), token)), "")


def _opens(key: Fernet, token: bytes) -> bool:
    try:
        key.extract_timestamp(token)  # it verifies the token's signature, and decrypts nothing
    except InvalidToken:
        return False
    return True
