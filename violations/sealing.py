"""Who filed a report and who told them: sealed apart, opened for its filer and, on the record, for moderators.

Three walls: the payload is encrypted (settings.SEALING_KEYS, the first one seals, all open), the account stands only as
a keyed hash (settings.SEALING_TAG_KEY), and PostgreSQL shows no row unless the transaction has said for whom it reads.
Only this module says so. Keys are rotated by `resealing`; words and people are erased by `erasing`.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from contextlib import contextmanager
from functools import cache
from typing import TYPE_CHECKING, Any
from uuid import UUID

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.utils.translation import gettext as _

from monitoring import accreditation, audit, canonical, ledger
from monitoring.errors import Malformed, NotFound, NotNow
from monitoring.models import User
from monitoring.row_context import done_within, row_context
from violations.filer_tags import tag_of
from violations.models import IncidentReport, SealedSource, SourceOpening, WaitingCorrection

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from contextlib import AbstractContextManager

    from monitoring.row_context import Ask

# What is sealed is filled up to a multiple of this, so that its length does not tell whether a source was named.
BLOCK = 1024
LONGEST_GROUNDS = 2000
# For whose filings a transaction reads, as the policies of PostgreSQL ask it.
_FILER = "ledger.filer_tag"


def seal(user: User, source: dict[str, Any] | None) -> bytes:
    """Return, encrypted, that `user` filed and what they say of who told them."""
    return _sealed(canonical.dumps({"account": user.pk, "source": source}))


def seal_whole(user: User, document: dict[str, Any]) -> bytes:
    """Return, encrypted, a whole filing of `user` that waits for its turn: what was filed and who told them."""
    return _sealed(json.dumps({"account": user.pk, "document": document}))


def whole_of(kept: WaitingCorrection) -> dict[str, Any]:
    """Return the filing that waits. For verbs that act for the filer."""
    return _opened(kept)["document"]


def without(token: bytes, *, source: bool, filer: bool) -> bytes:
    """Return the same without who told, or without the account that filed.

    Of who told a keyed hash stays, by which a replay is known for the same filing.
    """
    before = _unsealed(token)
    after = dict(before)
    if source and before["source"] is not None:
        after |= {"source": None, "erased": _keyed(before["source"])}
    if filer:
        after["account"] = None
    return token if after == before else _sealed(canonical.dumps(after))


def whole_without(kept: WaitingCorrection, left: dict[str, Any], *, said: Any, filer: bool) -> bytes:
    """Return, sealed, what is `left` of a whole filing. Of what it `said` a keyed hash stays: of all of it, once."""
    opened = _opened(kept)
    if left != opened["document"]:
        opened = {"erased": _keyed(said), **opened, "document": left}
    if filer:
        opened["account"] = None
    return _sealed(json.dumps(opened))


def erased_saying(kept: WaitingCorrection, said: Any) -> bool | None:
    """Whether a whole filing of which something was erased said this; None where nothing of it was erased."""
    opened = _opened(kept)
    return hmac.compare_digest(opened["erased"], _keyed(said)) if "erased" in opened else None


def same_source(sealed: SealedSource, source: dict[str, Any] | None) -> bool:
    """Whether what the filer says of who told them is what they said then, be it erased since."""
    opened = _opened(sealed)
    if "erased" in opened:
        return source is not None and hmac.compare_digest(opened["erased"], _keyed(source))
    return opened["source"] == source


def sealed_anew(token: bytes) -> bytes:
    """Return the same, encrypted by the newest key. Raises cryptography's InvalidToken where none opens it."""
    return _keys().rotate(token)


@contextmanager
def reading_own(user: User, *, also: Sequence[Ask] = ()) -> Iterator[None]:
    """Within this transaction, let the sealed rows that `user` filed be seen, and no others; `also`: locks to take."""
    with row_context(_FILER, tag_of(user), also=also):
        yield


def done_as_own(user: User, *, also: Sequence[Ask], then: Ask) -> Any:
    """Do `then` as what `user` files, the locks `also` being held: `row_context.done_within`."""
    return done_within(_FILER, tag_of(user), also=also, then=then)


def counting() -> AbstractContextManager[None]:
    """Within this block let all sealed rows be seen, none opened: for statements that tell how many, not what."""
    return row_context("ledger.unsealing", "on")


def fits_its_tag(sealed: SealedSource) -> bool:
    """Whether the tag of who filed is that of the account sealed beside it; true where that account was erased."""
    account = _opened(sealed)["account"]
    return account is None or hmac.compare_digest(sealed.filer_tag, tag_of(User(pk=account)))


def is_filer(user: User, *reports_or_chains: IncidentReport | UUID) -> bool:
    """Whether `user` filed a revision of any of these chains."""
    chains = [item.chain if isinstance(item, IncidentReport) else item for item in reports_or_chains]
    with reading_own(user):
        return SealedSource.objects.filter(filer_tag=tag_of(user), report__chain__in=chains).exists()


def own_chains(user: User, chains: Iterable[UUID]) -> set[UUID]:
    """Those of the chains of which `user` filed a revision."""
    with reading_own(user):
        rows = SealedSource.objects.filter(filer_tag=tag_of(user), report__chain__in=list(chains))
        return set(rows.values_list("report__chain", flat=True))


def source_of(sealed: SealedSource) -> dict[str, Any] | None:
    """Return what the filer said of who told them. For verbs that act for the filer."""
    return _opened(sealed)["source"]


def reveal(report: IncidentReport, *, by: User, reason: str, grounds: str) -> dict[str, Any]:
    """Open the sealed source of `report` for a moderator: {"filer": user name, "source": what they said, or null}.

    What was erased is null too; `erased` tells whether who told was.

    `reason` is one of SourceOpening.Reason. Every view leaves a row with its grounds, and one in the audit. Raises
    Forbidden where `by` is no moderator of the agreement now (being superuser is no help), Malformed (no reason, no
    grounds), NotFound where nothing is sealed, NotNow where the key is lost.
    """
    accreditation.capacity(by, accreditation.Role.MODERATOR, report.agreement)
    grounds = grounds.strip()
    _require_grounds(reason, grounds)
    with ledger.writing() as entry:
        with row_context("ledger.unsealing", "on"):
            sealed = SealedSource.objects.filter(report=report).first()
        if sealed is None:
            raise NotFound(_("Nothing is sealed with this report."), code="nothing_sealed")
        opened = _opened(sealed)
        SourceOpening.objects.create(
            recorded_at=entry.stamp(), agreement=report.agreement, report=report, by=by, reason=reason, grounds=grounds
        )
        audit.done("source.reveal", by=by, on=report)
    filer = User.objects.filter(pk=opened["account"]).first()
    return {"filer": filer and filer.get_username(), "source": opened["source"], "erased": "erased" in opened}


def _require_grounds(reason: str, grounds: str) -> None:
    faults = {}
    if reason not in SourceOpening.Reason.values:
        faults["/reason"] = [_("Say why it has to be opened.")]
    if not grounds or len(grounds) > LONGEST_GROUNDS:
        faults["/grounds"] = [_("Say why, in 1 to %(longest)s characters.") % {"longest": LONGEST_GROUNDS}]
    if faults:
        raise Malformed(_("The source stays sealed."), code="grounds", fields=faults)


def _keys() -> MultiFernet:
    return _made_of(tuple(settings.SEALING_KEYS))


@cache
def _made_of(keys: tuple[str, ...]) -> MultiFernet:
    return MultiFernet([Fernet(key) for key in keys])


def _sealed(plain: str) -> bytes:
    told = plain.encode()
    return _keys().encrypt(told.ljust(-(-len(told) // BLOCK) * BLOCK))


def _keyed(said: Any) -> str:
    """A hash of what was said that is no way to guess it without the key, for the tag key is another secret."""
    return hmac.new(settings.SEALING_TAG_KEY.encode(), canonical.dumps(said).encode(), hashlib.sha256).hexdigest()


def _opened(sealed: SealedSource | WaitingCorrection) -> dict[str, Any]:
    return _unsealed(bytes(sealed.sealed))


def _unsealed(token: bytes) -> dict[str, Any]:
    try:
        return json.loads(_keys().decrypt(token))
    except InvalidToken:
        raise NotNow(
            _("The sealed source cannot be opened with the keys of this service. Ask an operator to restore the key."),
            code="sealing_key_lost",
        ) from None
