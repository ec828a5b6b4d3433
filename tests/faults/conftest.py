"""Two hubs for all fault tests: one that is killed and starts again, one in which for a minute nothing happens."""

from collections.abc import Iterator

import pytest

from tests.faults.long_waits import LongWaits
from tests.running import RunningHub, hub_folder

_LAST = ("test_silence.py", "test_outage.py")  # they wait for a minute that passes while the others run


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep what waits for the quiet hub behind the rest, whatever the order of the day is."""
    items.sort(key=lambda item: item.path.parent.name == "faults" and item.path.name in _LAST)


@pytest.fixture(scope="session")
def hub(long_waits: LongWaits, hub: RunningHub) -> RunningHub:
    """The hub of all such tests: one may kill what it likes there and leaves everything running again."""
    return hub


@pytest.fixture(scope="session")
def long_waits() -> Iterator[LongWaits]:
    """A quiet hub whose minute begins with the first fault test; `result()` waits for the rest of it."""
    with hub_folder() as folder:
        quiet = RunningHub(folder, web=2, environment={"LOG_LEVEL": "WARNING"})
        try:
            with LongWaits(quiet) as waits:
                yield waits
        finally:
            quiet.stop()
