"""Small drawings and spans of working time in words."""

from __future__ import annotations

from announcements.web.gauges import span, spark, strips, took


def test_a_line_runs_from_edge_to_edge_the_highest_on_top() -> None:
    assert spark([10, None, 20]) == {"points": "3.0,21.0 93.0,3.0", "x": 93.0, "y": 3.0}
    assert spark([5, 5, 5]) == {"points": "3.0,12.0 48.0,12.0 93.0,12.0", "x": 93.0, "y": 12.0}


def test_one_number_is_no_line() -> None:
    assert spark([None, 3]) is None
    assert spark([]) is None


def test_spans_are_told_as_one_would() -> None:
    assert [span(minutes) for minutes in (0, 45, 60, 330)] == ["0 min", "45 min", "1 h", "5 h 30 min"]


def test_who_never_got_there_is_told_as_over_forty_hours_and_drawn_to_the_end() -> None:
    slow = {"quarter": 120, "median": None, "three_quarters": None}
    fast = {"quarter": 15, "median": 60, "three_quarters": 240}

    slow, fast = slow | {"nine_tenths": None}, fast | {"nine_tenths": 600}

    drawn = strips([{"times": slow}, {"times": fast}, {"times": None}])

    assert [row["late"] for row in drawn["rows"]] == ["over 40 h", "10 h"]

    assert [(row["begins"], row["width"], row["middle"], row["took"]) for row in drawn["rows"]] == [
        (12.0, 228.0, None, "over 40 h"),
        (1.5, 22.5, 6.0, "1 h"),
    ]
    assert [tick["label"] for tick in drawn["ticks"]] == ["0", "10", "20", "30", "40"]
    assert [tick["label"] for tick in strips([{"times": fast}])["ticks"]] == ["0", "1", "2", "3", "4"]
    assert took(None) == ""
