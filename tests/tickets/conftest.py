from collections.abc import Iterator

import pytest

from hub.base import clock
from hub.base.clock import Travel
from tests.tickets.desk import Desk, make_desk


@pytest.fixture
def time(db: None) -> Iterator[Travel]:
    """Time stands still on a Monday morning, and moves only by `time.advance(…)`."""
    with clock.freeze(Desk.MONDAY) as travel:
        yield travel


@pytest.fixture
def desk(time: Travel) -> Desk:
    return make_desk()
