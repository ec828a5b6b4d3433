from collections.abc import Iterator

import pytest

from tests.hub_time import HubTime, hub_time


@pytest.fixture
def time(db: None) -> Iterator[HubTime]:
    """Time stands still and moves only by `time.runs(...)`, `time.beats(...)` and `time.is_down(...)`."""
    with hub_time() as moving:
        yield moving
