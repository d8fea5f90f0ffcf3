"""Receipts that are read fast mean what the serializer says, and whatever it would refuse is left to it."""

from __future__ import annotations

from typing import Any

from hypothesis import example, given, settings
from hypothesis import strategies as st

from announcements.api.v1._receipts import ReceiptsGiven, quick
from announcements.delivery import services as delivery

ID = "7f3b1c1e-2f0f-4d55-9d1e-0a8a5b1f3c11"
RIGHT: dict[str, Any] = {
    "client_id": ID,
    "announcement_id": 7,
    "fact": "opened",
    "at": "2026-11-16T09:00:00Z",
    "channel": "tab",
}
ODD = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(min_value=-2, max_value=2**64),
    st.floats(allow_nan=False),
    st.text(max_size=8),
    st.lists(st.integers(), max_size=2),
    st.sampled_from(
        ["2026-11-16", "2026-11-16T09:00:00", "2026-11-16T09:00:00+02:00", "0001-01-01T00:00:00Z", "2026W471"]
    ),
    st.sampled_from([ID.replace("-", ""), "{" + ID + "}", ID, "read", "mail", "acknowledged", "unacknowledged"]),
    st.datetimes().map(lambda at: at.isoformat() + "+14:00"),
)


def slow(body: Any) -> list[delivery.Receipt] | None:
    shape = ReceiptsGiven(data=body)
    return [delivery.Receipt(**one) for one in shape.validated_data["receipts"]] if shape.is_valid() else None


@settings(deadline=None, max_examples=300)
@example(changes={"announcement_id": True}, dropped=[])
@example(changes={"unheard": 1}, dropped=[])
@example(changes={}, dropped=["client_id"])
@example(changes={"fact": "unacknowledged", "takes_back": ID}, dropped=[])
@example(changes={"fact": "unacknowledged"}, dropped=[])
@example(changes={"takes_back": ID}, dropped=[])
@given(
    changes=st.dictionaries(st.sampled_from([*RIGHT, "version", "takes_back", "unheard"]), ODD, max_size=2),
    dropped=st.lists(st.sampled_from([*RIGHT]), max_size=1),
)
def test_what_is_read_fast_is_what_the_serializer_reads(changes: dict[str, Any], dropped: list[str]) -> None:
    receipt = {name: value for name, value in (RIGHT | changes).items() if name not in dropped}
    body = {"receipts": [RIGHT, receipt]}

    fast = quick(body)

    assert fast is None or fast == slow(body)


def test_an_ordinary_batch_is_read_fast() -> None:
    taken_back = RIGHT | {"fact": "unacknowledged", "takes_back": ID}
    assert quick({"receipts": [RIGHT, RIGHT | {"version": 2}, taken_back]})


def test_a_body_of_another_shape_is_left_to_the_serializer() -> None:
    for body in (None, [], {}, {"receipts": []}, {"receipts": {}}, {"receipts": [RIGHT] * 501}, {"receipts": [3]}):
        assert quick(body) is None


def test_a_fact_that_takes_nothing_back_is_told_that_it_may_not() -> None:
    shape = ReceiptsGiven(data={"receipts": [RIGHT | {"takes_back": ID}]})

    assert not shape.is_valid()
    assert "Only `unacknowledged` takes something back." in str(shape.errors)
