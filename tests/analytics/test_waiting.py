"""How long until people have read, where not everybody has."""

from __future__ import annotations

import random
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from announcements.analytics._waiting import until

HALF = (Fraction(1, 2),)
counts = st.dictionaries(st.integers(0, 40), st.integers(1, 50), max_size=12)


def test_where_everybody_has_read_it_is_the_plain_median() -> None:
    assert until(done={1: 1, 2: 1, 7: 1, 9: 1}, waiting={}, shares=HALF) == (2,)
    assert until(done={1: 1, 2: 1, 7: 1}, waiting={}, shares=HALF) == (2,)


def test_who_waits_longer_than_anybody_read_is_not_dropped() -> None:
    assert until(done={1: 2, 3: 2}, waiting={40: 3}, shares=HALF) == (3,)
    assert until(done={1: 2, 3: 2}, waiting={40: 5}, shares=HALF) == (None,)


def test_who_was_asked_a_moment_ago_says_nothing_about_later() -> None:
    assert until(done={5: 3, 9: 3}, waiting={1: 100}, shares=HALF) == (5,)


def test_a_worked_example_from_the_literature() -> None:
    # Remission of 21 patients given 6-MP (Freireich 1963): the median is 23 weeks, a quarter relapsed after 13.
    done = {6: 3, 7: 1, 10: 1, 13: 1, 16: 1, 22: 1, 23: 1}
    still = {6: 1, 9: 1, 10: 1, 11: 1, 17: 1, 19: 1, 20: 1, 25: 1, 32: 2, 34: 1, 35: 1}

    assert until(done=done, waiting=still, shares=(Fraction(1, 4), *HALF)) == (13, 23)


def test_nobody_is_no_answer() -> None:
    assert until(done={}, waiting={}, shares=HALF) == (None,)
    assert until(done={}, waiting={3: 4}, shares=HALF) == (None,)


@given(counts, counts, st.integers(1, 9))
def test_more_people_alike_change_nothing(done: dict[int, int], waiting: dict[int, int], times: int) -> None:
    many = ({at: n * times for at, n in done.items()}, {at: n * times for at, n in waiting.items()})

    assert until(done=many[0], waiting=many[1], shares=HALF) == until(done=done, waiting=waiting, shares=HALF)


@given(counts, counts)
def test_larger_shares_take_longer(done: dict[int, int], waiting: dict[int, int]) -> None:
    found = until(done=done, waiting=waiting, shares=[Fraction(n, 10) for n in range(1, 11)])

    known = [time for time in found if time is not None]
    assert known == sorted(known)
    assert found[: len(known)] == tuple(known)


def test_it_finds_the_truth_although_most_are_looked_at_too_early() -> None:
    chance, done, waiting = random.Random(7), dict[int, int](), dict[int, int]()
    for _n in range(20_000):
        takes, looked = int(chance.expovariate(1 / 200)), chance.randrange(0, 400)
        kept = done if takes <= looked else waiting
        kept[min(takes, looked)] = kept.get(min(takes, looked), 0) + 1

    [found] = until(done=done, waiting=waiting, shares=HALF)

    assert found is not None
    assert abs(found - 200 * 0.693) < 5
