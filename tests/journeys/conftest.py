from collections.abc import Iterator

import pytest

from tests.builders import World, a_world


@pytest.fixture
def world(db: None) -> Iterator[World]:
    """A hub in which time stands still until it runs."""
    with a_world() as world:
        yield world
