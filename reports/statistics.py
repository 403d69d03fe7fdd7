"""Exact intervals and tests for counts: two Poisson rates compared, a count alone, and how unevenly days are spread.

Given x1 + x2 = n, the count x1 in exposure t1 is binomial with pi = r t1 / (r t1 + t2) under the ratio r of the rates.
The limits for pi are Clopper and Pearson's; p is the central one, twice the smaller tail, and never contradicts the
interval, which the minimum-likelihood p of other programs can. Counts that come in clusters are first divided by
max(1, phi); the tails are incomplete beta functions, which take counts that are then no whole numbers.

One rounding rule (`rounded`): to the nearest at stated places, a tie to the even digit; whatever a platform's last bits
say is cut off before, so that the digits are the same everywhere.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal, localcontext
from fractions import Fraction

from scipy import special

CONFIDENCE = Fraction(95, 100)
_TAIL = float((1 - CONFIDENCE) / 2)
# Significant digits that are the same whoever computes; what lies beyond is noise.
_SURE = 13
INFINITE = "infinite"
# The dispersion of counts that differ from day to day as chance would have it.
NOT_CLUSTERED = Fraction(1)

Exposure = int | Fraction


@dataclass(frozen=True)
class Compared:
    """The ratio of a rate to another, its central 95 % interval and the central p that they are the same.

    `ratio` and `until` are infinite (math.inf) where nothing was counted in the second exposure.
    """

    ratio: Fraction | float
    since: float
    until: float
    p: float


def compare(x1: int, t1: Exposure, x2: int, t2: Exposure, *, phi: Fraction = NOT_CLUSTERED) -> Compared | None:
    """Compare x1 counted in the exposure t1 with x2 in t2, both divided by max(1, phi); None where both are zero.

    The ratio itself is that of the counts as they are. Raises ValueError for a negative count or no exposure.
    """
    if min(x1, x2) < 0 or min(t1, t2) <= 0:
        raise ValueError("Counts are not negative, and exposures are more than nothing.")
    if x1 == x2 == 0:
        return None
    exposures = Fraction(t2) / Fraction(t1)
    ratio = Fraction(x1, x2) * exposures if x2 else math.inf
    divisor = max(NOT_CLUSTERED, phi)
    first, second = float(x1 / divisor), float(x2 / divisor)
    return Compared(
        ratio,
        since=_odds(first, second) * float(exposures),
        until=float(exposures) / _odds(second, first) if x2 else math.inf,
        p=_central_p(first, second, Fraction(t1) / (Fraction(t1) + Fraction(t2))),
    )


def interval(count: int) -> tuple[float, float]:
    """Return Garwood's central 95 % interval of the mean of which `count` was seen."""
    if count < 0:
        raise ValueError("Counts are not negative.")
    lower = float(special.gammaincinv(count, _TAIL)) if count else 0.0
    return lower, float(special.gammainccinv(count + 1, _TAIL))


def dispersion(series: Iterable[Sequence[int]]) -> Fraction | None:
    """Return Pearson's phi over daily counts, each of the `series` about its own mean; None where no day tells.

    1 where days differ as chance would have it, more where what is counted comes in clusters. A series in which nothing
    was counted says nothing of that and is left out.
    """
    squares, freedom = Fraction(0), 0
    for days in series:
        total = sum(days)
        if total and len(days) > 1:
            squares += Fraction(len(days) * sum(day * day for day in days), total) - total
            freedom += len(days) - 1
    return squares / freedom if freedom else None


def rounded(value: Fraction | float, places: int) -> str:
    """Return `value` as text with so many places, a tie to the even digit; 'infinite' where it is."""
    if value == math.inf:
        return INFINITE
    with localcontext(prec=60):
        if isinstance(value, Fraction):
            number = Decimal(value.numerator) / Decimal(value.denominator)
        else:
            number = Decimal(f"{value:.{_SURE - 1}e}")
        return f"{number.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_EVEN):f}"


def _odds(first: float, second: float) -> float:
    """The lower limit of pi / (1 - pi), where `first` of `first + second` were counted."""
    if not first:
        return 0.0
    pi = float(special.betaincinv(first, second + 1, _TAIL))
    other = float(special.betainccinv(second + 1, first, _TAIL))  # 1 - pi, exactly also where it is small
    return pi / other


def _central_p(first: float, second: float, under: Fraction) -> float:
    """Twice the smaller tail of `first` of `first + second`, at the pi that equal rates would give; at most 1."""
    at_least = float(special.betainc(first, second + 1, float(under))) if first else 1.0
    at_most = float(special.betainc(second, first + 1, float(1 - under))) if second else 1.0
    return min(1.0, 2 * min(at_least, at_most))
