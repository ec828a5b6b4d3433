from collections.abc import Iterator

import pytest

pytest.register_assert_rewrite("tests.credits.money")

# After the line above, which must come first.
from tests.credits.money import everything_adds_up  # noqa: E402
from tests.hub_time import HubTime, hub_time  # noqa: E402


@pytest.fixture
def time(db: None) -> Iterator[HubTime]:
    """Time stands still and moves only by `time.runs(...)`, `time.beats(...)` and `time.is_down(...)`."""
    with hub_time() as moving:
        yield moving


@pytest.fixture
def adds_up(time: HubTime) -> Iterator[None]:
    """Whatever a test did, ledger and meters add up afterwards."""
    yield
    assert everything_adds_up()
