"""What every test can use. People and worlds are built in builders.py and people.py."""

from collections.abc import Iterator

import pytest

from tests.running import RunningHub, running_hub


@pytest.fixture(scope="session")
def hub() -> Iterator[RunningHub]:
    """A whole hub with two web processes, shared by all browser and fault tests of the run."""
    with running_hub(web=2) as hub:
        yield hub
