"""How much one socket may send (X6)."""

import pytest

from chat.consumers.limits import LOAD, STAFF, VISITOR, Bucket, Rate


@pytest.mark.parametrize("rate", [VISITOR, STAFF, LOAD])
def test_x6_who_waits_as_told_gets_through(rate: Rate) -> None:
    now_s, refused = 0.0, 0
    bucket = Bucket(rate, now_s)
    for _ in range(int(rate.burst) + 20):
        if not bucket.take(now_s):
            refused += 1
            now_s += bucket.retry_after_ms / 1000
            assert bucket.take(now_s)
    assert refused >= 10
    assert not bucket.overrun
