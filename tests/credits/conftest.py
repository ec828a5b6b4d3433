from collections.abc import Iterator

import pytest

pytest.register_assert_rewrite("tests.credits.money")

from tests.hub_time import HubTime, hub_time  # noqa: E402 - after the line above, which must come first


@pytest.fixture
def time(db: None) -> Iterator[HubTime]:
    """Time stands still and moves only by `time.runs(...)`, `time.beats(...)` and `time.is_down(...)`."""
    with hub_time() as moving:
        yield moving
