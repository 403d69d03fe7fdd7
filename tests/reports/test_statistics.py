"""The arithmetic of rates: against published values, exact sums of binomials, and what must hold of any counts."""

from __future__ import annotations

import math
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from reports import statistics
from reports.statistics import INFINITE, compare, dispersion, interval, rounded

# x1/t1, x2/t2: ratio, central p, central 95 % interval, each to the places that are written here. In the eighth row the
# limits multiplied must give (6/1)**2, by symmetry, which settles the upper one's last digits.
RATES = [
    ("11/800", "21/3011", "1.971488095", "0.1120173196", "0.8584264034", "4.2772659437"),
    ("60/51477.5", "30/54308.7", "2.1099975718", "0.000856105", "1.339735722", "3.388365574"),
    ("2/17877", "9/16660", "0.2070941557", "0.0501064956", "0.0217740628", "1.0005491045"),
    ("14/7", "7/7", "2", "0.189247131", "0.755385355", "5.855092957"),
    ("30/28", "12/28", "2.5", "0.007915897", "1.242963135", "5.361668484"),
    ("5/7", "0/7", INFINITE, "0.0625", "0.916355857", INFINITE),
    ("0/7", "5/7", "0", "0.0625", "0", "1.091279105"),
    ("6/1", "6/6", "6", "0.007219014", "1.604029186", "22.443481902"),
    ("1/1", "1/1", "1", "1", "0.012739367", "78.496835316"),
]
GARWOOD = [
    (0, "0", "3.688879"),
    (1, "0.025318", "5.571643"),
    (2, "0.242209", "7.224688"),
    (3, "0.618672", "8.767273"),
    (5, "1.623486", "11.668332"),
    (10, "4.795389", "18.390356"),
    (20, "12.21652", "30.888378"),
    (50, "37.110964", "65.918767"),
    (100, "81.363991", "121.626794"),
]


def to_the_places_of(text: str, value: Fraction | float) -> str:
    return rounded(value, len(text.partition(".")[2]))


def counted(text: str) -> tuple[int, Fraction]:
    count, _slash, exposure = text.partition("/")
    return int(count), Fraction(exposure)


@pytest.mark.parametrize(("first", "second", "ratio", "p", "since", "until"), RATES)
def test_two_rates_are_compared_as_published(first, second, ratio, p, since, until):
    compared = compare(*counted(first), *counted(second))
    texts, values = (ratio, p, since, until), (compared.ratio, compared.p, compared.since, compared.until)
    assert tuple(map(to_the_places_of, texts, values)) == texts


def test_nothing_in_either_is_no_ratio():
    assert compare(0, 31, 0, 28) is None


@pytest.mark.parametrize(("count", "lower", "upper"), GARWOOD)
def test_the_interval_of_a_count_is_garwoods(count, lower, upper):
    told = interval(count)
    assert (to_the_places_of(lower, told[0]), to_the_places_of(upper, told[1])) == (lower, upper)


def test_the_p_that_other_programs_give_can_contradict_the_interval_and_ours_does_not():
    compared = compare(2, 17877, 9, 16660)
    theirs = stats.binomtest(2, 11, 17877 / (17877 + 16660)).pvalue
    assert rounded(float(theirs), 4) == "0.0331"
    assert theirs < 0.05 < compared.p
    assert compared.since < 1 < compared.until


@given(
    x1=st.integers(0, 60),
    x2=st.integers(0, 60),
    t1=st.integers(1, 400),
    t2=st.integers(1, 400),
    phi=st.sampled_from([Fraction(1, 2), Fraction(1), Fraction(7, 3), Fraction(9)]),
)
def test_interval_and_p_agree_and_either_period_may_come_first(x1, x2, t1, t2, phi):
    compared = compare(x1, t1, x2, t2, phi=phi)
    if x1 == x2 == 0:
        assert compared is None
        return
    turned = compare(x2, t2, x1, t1, phi=phi)
    assert compared.since <= compared.ratio <= compared.until
    assert rounded(compared.p, 9) == rounded(turned.p, 9)
    for limit, other in ((compared.since, turned.until), (compared.until, turned.since)):
        assert (limit, other) in ((0, math.inf), (math.inf, 0)) or math.isclose(limit * other, 1, rel_tol=1e-9)
    if abs(compared.p - 0.05) > 1e-9:
        assert (compared.p < 0.05) == (not compared.since <= 1 <= compared.until)


@given(x1=st.integers(0, 25), x2=st.integers(0, 25), t1=st.integers(1, 40), t2=st.integers(1, 40))
def test_the_tails_are_sums_of_binomials_in_whole_numbers(x1, x2, t1, t2):
    n, under = x1 + x2, Fraction(t1, t1 + t2)
    if n:
        mass = [math.comb(n, k) * under**k * (1 - under) ** (n - k) for k in range(n + 1)]
        exact = min(Fraction(1), 2 * min(sum(mass[: x1 + 1]), sum(mass[x1:])))
        assert math.isclose(compare(x1, t1, x2, t2).p, exact, rel_tol=1e-9)


@pytest.mark.parametrize(("first", "second"), [pair[:2] for pair in RATES])
def test_at_a_limit_one_tail_is_two_and_a_half_per_cent(first, second):
    (x1, t1), (x2, t2) = counted(first), counted(second)
    compared = compare(x1, t1, x2, t2)
    n = x1 + x2
    for limit, counts in ((compared.since, range(x1, n + 1)), (compared.until, range(x1 + 1))):
        if 0 < limit < math.inf:
            pi = Fraction(limit) * t1 / (Fraction(limit) * t1 + t2)
            tail = sum(math.comb(n, k) * pi**k * (1 - pi) ** (n - k) for k in counts)
            assert math.isclose(tail, 0.025, rel_tol=1e-9)


def test_counts_in_clusters_are_divided_and_the_ratio_stays():
    alone, in_clusters = compare(30, 28, 12, 28), compare(30, 28, 12, 28, phi=Fraction(3))
    assert in_clusters.ratio == alone.ratio
    assert in_clusters.since < alone.since < alone.until < in_clusters.until
    thirds = compare(10, 28, 4, 28)
    assert (in_clusters.since, in_clusters.until, in_clusters.p) == (thirds.since, thirds.until, thirds.p)
    assert compare(30, 28, 12, 28, phi=Fraction(1, 3)) == alone, "evener than chance is no reason to be surer"


def test_the_dispersion_is_pearsons_about_the_mean_of_each_series():
    days = [0, 0, 4, 0, 1, 1]
    mean = sum(days) / len(days)
    assert dispersion([days]) == Fraction(sum((day - mean) ** 2 / mean for day in days) / 5).limit_denominator(100)
    assert dispersion([[2, 2, 2]]) == 0
    assert dispersion([[3, 0, 0], [0, 0]]) == dispersion([[3, 0, 0]]) == 3, "days of nothing at all tell nothing"
    assert dispersion([[1, 3], [10, 30]]) == (Fraction(2, 2) + Fraction(200, 20)) / 2
    assert dispersion([]) is dispersion([[0, 0]]) is dispersion([[5]]) is None


@pytest.mark.parametrize(
    ("value", "told"),
    [
        (Fraction(1, 8), "0.12"),
        (Fraction(3, 8), "0.38"),
        (0.125, "0.12"),
        (math.nextafter(0.375, 0), "0.38"),
        (math.nextafter(0.375, 1), "0.38"),
        (2 / 3, "0.67"),
        (1e-20, "0.00"),
        (1e12, "1000000000000.00"),
        (math.inf, INFINITE),
    ],
)
def test_one_rule_of_rounding_whatever_the_last_bit_says(value, told):
    assert rounded(value, 2) == told


@pytest.mark.parametrize("counts", [(-1, 7, 2, 7), (1, 0, 2, 7), (1, 7, 2, -7)])
def test_what_is_no_count_or_no_exposure_is_refused(counts):
    with pytest.raises(ValueError):
        compare(*counts)
    with pytest.raises(ValueError):
        statistics.interval(-1)
