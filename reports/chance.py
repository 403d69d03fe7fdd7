"""Whether more was counted than chance alone would usually give, and how likely that would be noticed: exact tests.

Of n = x1 + x0 events, given n, the count x1 in exposure t1 is binomial with pi = t1 / (t1 + t0) where nothing changed;
p is the probability of x1 or more. Counts that come in clusters are first divided by max(1, phi), as in `statistics`.
A mean and a number of standard deviations over the last days gives several times as many false alarms on sparse counts.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from functools import lru_cache
from math import exp, lgamma, log, sqrt

from scipy import special

P_LIMIT = 0.01
Q_LIMIT = 0.05
# How many standard deviations from its mean a count may lie and be summed over; beyond is less than 1 in 10^14.
_FAR = 8


def more_than_chance(x1: int, t1: int, x0: int, t0: int, *, phi: Fraction = Fraction(1)) -> float:
    """The probability of x1 or more in the exposure t1, of as many as were counted in both, if the rate is that of x0.

    Raises ValueError for a negative count or no exposure.
    """
    if min(x1, x0) < 0 or min(t1, t0) <= 0:
        raise ValueError("Counts are not negative, and exposures are more than nothing.")
    if not x1:
        return 1.0
    divisor = max(Fraction(1), phi)
    return float(special.betainc(float(x1 / divisor), float(x0 / divisor) + 1, t1 / (t1 + t0)))


def adjusted(ps: Sequence[float]) -> list[float]:
    """Return Benjamini and Hochberg's q of each p: the share of false flags where all with at most that q are flagged.

    In the order of `ps`.
    """
    order = sorted(range(len(ps)), key=lambda index: ps[index], reverse=True)
    qs, least = [1.0] * len(ps), 1.0
    for place, index in enumerate(order):
        least = min(least, ps[index] * len(ps) / (len(ps) - place))
        qs[index] = least
    return qs


@lru_cache(maxsize=4096)
def power_of_doubling(x0: int, t1: int, t0: int, *, phi: Fraction = Fraction(1)) -> float | None:
    """How likely p <= P_LIMIT were, if the rate at which x0 were counted in the exposure t0 doubled in t1.

    For one area alone, its phi known. None where nothing was counted: twice nothing is nothing.
    """
    if not x0:
        return None
    rate = float(x0 / max(Fraction(1), phi)) / t0
    mean, doubled = rate * t0, 2 * rate * t1
    seen, least = 0.0, 0  # the more before, the more it takes now
    for before in range(max(0, int(mean - _FAR * sqrt(mean))), int(mean + _FAR * sqrt(mean)) + 3 * _FAR):
        while more_than_chance(least, t1, before, t0) > P_LIMIT:
            least += 1
        seen += exp(before * log(mean) - mean - lgamma(before + 1)) * float(special.pdtrc(least - 1, doubled))
    return min(1.0, seen)
