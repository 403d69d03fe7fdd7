"""How alike two incidents are, in words: each term of the score (docs/candidates.md) with what it rests on."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from violations.admin import words
from violations.candidates import LEAST, Candidate

# From how many bits on, the greatest first.
DEGREES = (
    (15, gettext_lazy("very much alike")),
    (7, gettext_lazy("alike")),
    (LEAST, gettext_lazy("somewhat alike")),
)
# From how many bits on a term says something, for or against.
SAYS = 0.5


@dataclass(frozen=True)
class Reason:
    """One term of the score: what it is about, what the two say of it, what that speaks for, and the bits."""

    about: str
    found: str
    speaks: str
    bits: str


def how(candidate: Candidate) -> str:
    """How alike the two are in all."""
    return next((str(said) for least, said in DEGREES if candidate.score >= least), _("not alike"))


def score(candidate: Candidate) -> str:
    """The score with one digit after the point, its sign before it."""
    return _signed(candidate.score)


def in_short(candidate: Candidate) -> str:
    """Gap and distance: "5 minutes apart, 350 m"."""
    said = [_gap(candidate)]
    if candidate.metres is not None:
        said.append(words.distance(candidate.metres))
    if candidate.bearing is not None and candidate.bearing > SAYS:
        said.append(_("a direction passes through its place"))
    return ", ".join(said)


def why(candidate: Candidate) -> list[Reason]:
    """Every term."""
    told = [
        (_("Place"), _place(candidate), candidate.place),
        (_("Time"), _time(candidate), candidate.time),
        (_("Act"), ACTS[candidate.alike], candidate.act),
        (_("Direction"), _direction(candidate), candidate.bearing or 0),
    ]
    return [Reason(about, str(found), _speaks(bits), _signed(bits)) for about, found, bits in told]


ACTS = {
    "same": gettext_lazy("the same act"),
    "family": gettext_lazy("acts that are often told of one event"),
    "open": gettext_lazy("one of the acts is undetermined and may be the other"),
    "other": gettext_lazy("acts that are hardly told of one event"),
}


def _place(candidate: Candidate) -> str:
    if candidate.metres is not None and candidate.within is not None:
        return _("%(distance)s apart; known so finely that one event may be told %(within)s apart") % {
            "distance": words.distance(candidate.metres),
            "within": words.distance(candidate.within),
        }
    if candidate.apart:
        return _("in areas that exclude each other")
    return _("one of the places is known to a district or coarser: that they are close says nothing")


def _time(candidate: Candidate) -> str:
    if candidate.shared >= 1:
        return _("the finer time lies within the coarser")
    if candidate.shared > 0:
        overlap = _("the times overlap as far as they are known")
        return f"{words.gap(candidate.seconds)}; {overlap}" if candidate.seconds else overlap
    return _gap(candidate)


def _gap(candidate: Candidate) -> str:
    """How far the times lie apart; two that only touch are not at the same time."""
    if candidate.seconds <= 0 and candidate.shared <= 0:
        return _("the one ends when the other begins")
    return words.gap(candidate.seconds)


def _direction(candidate: Candidate) -> str:
    if candidate.bearing is None:
        return _("no direction that says more than the place")
    if candidate.bearing > 0:
        return _("a direction that was observed passes through the other's place")
    return _("the direction that was observed passes by the other's place")


def _speaks(bits: float) -> str:
    if bits >= SAYS:
        return _("speaks for one event")
    return _("speaks against it") if bits <= -SAYS else _("says little")


def _signed(bits: float) -> str:
    """With a true minus; what rounds to nought has no sign."""
    rounded = round(bits, 1)
    return f"+{rounded:.1f}" if rounded > 0 else f"−{-rounded:.1f}" if rounded < 0 else "0"
