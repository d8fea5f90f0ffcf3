"""What several ask for at the same time is done in one go, and each gets their own answer or error."""

from __future__ import annotations

import threading
from collections.abc import Sequence

import pytest

from announcements.kernel.together import Together
from tests.threads import line_up


class Doubling:
    """Doubles numbers, the first time only once it may; there are no doubles of what is negative."""

    def __init__(self) -> None:
        self.may = threading.Event()
        self.done: list[list[int]] = []

    def __call__(self, numbers: Sequence[int]) -> list[int]:
        assert self.may.wait(60)
        if min(numbers) < 0:
            raise ValueError(min(numbers))
        self.done.append(sorted(numbers))
        return [number * 2 for number in numbers]


def answers(doubling: Doubling, numbers: Sequence[int]) -> dict[int, int | Exception]:
    """Ask for all of them at the same time, the first before the others; return the answers by what was asked."""
    together, found = Together(doubling, patience=60), dict[int, int | Exception]()

    def ask(number: int) -> None:
        try:
            found[number] = together(number)
        except ValueError as problem:
            found[number] = problem

    workers = [threading.Thread(target=ask, args=(number,)) for number in numbers]
    line_up(together, workers)
    doubling.may.set()
    for worker in workers:
        worker.join()
    return found


def test_who_comes_meanwhile_is_served_next_all_at_once() -> None:
    doubling = Doubling()

    assert answers(doubling, [1, 2, 3, 4]) == {1: 2, 2: 4, 3: 6, 4: 8}
    assert doubling.done == [[1], [2, 3, 4]]


def test_an_error_is_only_whose_it_is() -> None:
    found = answers(Doubling(), [1, -2, 3, 4])

    assert isinstance(found.pop(-2), ValueError)
    assert found == {1: 2, 3: 6, 4: 8}


def test_who_comes_alone_has_the_answer_or_the_error() -> None:
    doubling = Doubling()
    doubling.may.set()
    together = Together(doubling)

    assert together(5) == 10
    with pytest.raises(ValueError, match="-1"):
        together(-1)
    assert together(6) == 12


def test_who_waits_too_long_for_those_before_goes_alone() -> None:
    held = threading.Event()

    def work(numbers: Sequence[int]) -> list[int]:
        assert 1 not in numbers or held.wait(20)
        return [number * 2 for number in numbers]

    together = Together(work)
    first = threading.Thread(target=together, args=(1,))
    line_up(together, [first])

    assert together(2) == 4
    assert first.is_alive()

    held.set()
    first.join()
    assert together(3) == 6
