"""What the memory of the latest events keeps and forgets."""

from __future__ import annotations

from executions_app.streaming.encode import Frame
from executions_app.streaming.hub_ring import MAX_BYTES, MAX_FRAMES, Ring


def frames(first: int, last: int, *, size_bytes: int = 10) -> list[Frame]:
    return [Frame(seq=seq, final=False, body=b"x" * size_bytes) for seq in range(first, last + 1)]


def numbers(found: list[Frame] | None) -> list[int]:
    assert found is not None
    return [frame.seq for frame in found]


def test_it_gives_what_follows() -> None:
    ring = Ring(5)
    ring.extend(frames(6, 9))

    assert numbers(ring.after(7, limit=10)) == [8, 9]
    assert numbers(ring.after(5, limit=2)) == [6, 7]


def test_nothing_follows_the_head_or_what_is_ahead_of_it() -> None:
    ring = Ring(5)

    assert ring.after(5, limit=10) == []
    assert ring.after(8, limit=10) == []


def test_it_says_when_it_does_not_reach_back() -> None:
    ring = Ring(5)
    assert ring.after(4, limit=10) is None

    ring.extend(frames(6, 9))
    assert ring.after(4, limit=10) is None


def test_it_forgets_the_oldest_beyond_a_thousand() -> None:
    ring = Ring(0)
    ring.extend(frames(1, MAX_FRAMES + 5))

    assert ring.after(4, limit=1) is None
    assert numbers(ring.after(5, limit=1)) == [6]


def test_it_forgets_the_oldest_beyond_its_bytes() -> None:
    ring = Ring(0)
    ring.extend(frames(1, 5, size_bytes=MAX_BYTES // 4))

    assert ring.after(0, limit=1) is None
    assert numbers(ring.after(1, limit=10)) == [2, 3, 4, 5]


def test_one_event_larger_than_everything_is_left_to_the_table() -> None:
    ring = Ring(0)
    ring.extend(frames(1, 1, size_bytes=MAX_BYTES + 1))

    assert ring.after(0, limit=1) is None
    assert ring.after(1, limit=1) == []
    assert ring.head == 1


def test_it_knows_the_end() -> None:
    ring = Ring(1)
    ring.extend([Frame(seq=2, final=True, body=b"x")])

    assert ring.final
