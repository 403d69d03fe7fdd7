"""The test for more than chance would give: against a second implementation, and against what is stated of it."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import special, stats

from reports.chance import P_LIMIT, adjusted, more_than_chance, power_of_doubling

NOW, BEFORE = 7, 28


@given(x1=st.integers(0, 60), x0=st.integers(0, 200), t1=st.integers(1, 7), t0=st.integers(1, 28))
def test_p_is_that_of_the_binomial_test(x1, x0, t1, t0):
    ours = more_than_chance(x1, t1, x0, t0)
    if x1 + x0:
        theirs = stats.binomtest(x1, x1 + x0, t1 / (t1 + t0), alternative="greater").pvalue
        assert ours == pytest.approx(theirs, rel=1e-9, abs=1e-15)
    else:
        assert ours == 1


@given(st.lists(st.floats(0, 1), max_size=30))
def test_q_is_that_of_the_false_discovery_control(ps):
    theirs = stats.false_discovery_control(ps, method="bh") if ps else []
    assert adjusted(ps) == pytest.approx(list(theirs), rel=1e-9)


def test_clustered_counts_are_divided_first_and_even_ones_are_not():
    plain = more_than_chance(20, NOW, 40, BEFORE)
    assert more_than_chance(20, NOW, 40, BEFORE, phi=Fraction(1, 2)) == plain
    assert more_than_chance(20, NOW, 40, BEFORE, phi=Fraction(2)) == pytest.approx(
        more_than_chance(10, NOW, 20, BEFORE)
    )


@pytest.mark.parametrize(("x1", "t1", "x0", "t0"), [(-1, 7, 2, 28), (1, 7, -2, 28), (1, 0, 2, 28), (1, 7, 2, 0)])
def test_what_is_no_count_and_no_exposure_is_refused(x1, t1, x0, t0):
    with pytest.raises(ValueError, match="Counts"):
        more_than_chance(x1, t1, x0, t0)


@pytest.mark.parametrize(("daily", "percent"), [(0.3, 7), (1, 33), (3, 84), (10, 100)])
def test_the_power_to_see_a_doubling_is_as_stated(daily, percent):
    """Exact sums here; a simulation beside; both against the figures of the statement, in whole percent."""
    stated = _power_at(daily)
    assert round(100 * stated) == percent
    draw = np.random.default_rng(20170122)
    now, before = draw.poisson(2 * daily * NOW, 20_000), draw.poisson(daily * BEFORE, 20_000)
    assert (_ps(now, before, 1.0) <= P_LIMIT).mean() == pytest.approx(stated, abs=0.012)


def test_power_is_of_the_mean_before_and_less_where_days_come_in_clusters():
    assert power_of_doubling(28, NOW, BEFORE) == pytest.approx(_power_at(1), abs=1e-9)
    assert power_of_doubling(0, NOW, BEFORE) is None
    assert power_of_doubling(56, NOW, BEFORE, phi=Fraction(2)) == pytest.approx(_power_at(1), abs=1e-9)
    assert power_of_doubling(28_000, NOW, BEFORE) == pytest.approx(1)


@pytest.mark.parametrize("daily", [0.3, 1, 3, 10])
def test_false_alarms_of_even_counts_are_as_stated(daily):
    """Stated: 0.4 to 0.8 in 100 for Poisson counts. Summed exactly, over all that is likelier than 1 in 10^9."""
    now, before = (stats.poisson(daily * days) for days in (NOW, BEFORE))
    alarms = sum(
        now.pmf(x1) * before.pmf(x0)
        for x0 in range(int(before.ppf(1e-9)), int(before.ppf(1 - 1e-9)) + 1)
        for x1 in range(int(now.ppf(1e-9)), int(now.ppf(1 - 1e-9)) + 1)
        if more_than_chance(x1, NOW, x0, BEFORE) <= P_LIMIT
    )
    assert 0.4 <= round(100 * alarms, 1) <= 0.8


@pytest.mark.parametrize("daily", [1, 3, 10])
def test_false_alarms_of_clustered_counts_are_few_where_phi_is_asked_and_many_where_not(daily):
    """Stated of a variance of twice the mean: 4 in 100 without phi, 1.3 to 1.5 with it."""
    days = np.random.default_rng(20161230).negative_binomial(daily, 0.5, (100_000, NOW + BEFORE))
    now, before = days[:, :NOW].sum(1), days[:, NOW:].sum(1)
    mean = days[:, NOW:].mean(1)
    with np.errstate(invalid="ignore", divide="ignore"):
        phi = ((days[:, NOW:] - mean[:, None]) ** 2).sum(1) / mean / (BEFORE - 1)
    phi = np.maximum(1.0, np.nan_to_num(phi, nan=1.0))
    assert 3.5 <= 100 * (_ps(now, before, 1.0) <= P_LIMIT).mean() <= 5.0
    assert 1.3 <= 100 * (_ps(now, before, phi) <= P_LIMIT).mean() <= 1.7


def _ps(now, before, phi):
    """P of each, as `more_than_chance` has it, for many at once; that it is the same is asked here."""
    ps = np.where(now > 0, special.betainc(np.maximum(now / phi, 1e-12), before / phi + 1, NOW / (NOW + BEFORE)), 1.0)
    ours = more_than_chance(int(now[0]), NOW, int(before[0]), BEFORE, phi=Fraction(float(np.ravel(phi)[0])))
    assert ours == pytest.approx(ps[0])
    return ps


def _power_at(daily: float) -> float:
    """Power at a daily mean: the mean before is daily * 28 events, given as so many hundredths of an exposure."""
    scaled = power_of_doubling(round(daily * BEFORE * 10), NOW, BEFORE, phi=Fraction(10))
    assert scaled is not None
    return scaled
