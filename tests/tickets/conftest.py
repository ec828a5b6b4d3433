from collections.abc import Iterator
from pathlib import Path
from typing import Any

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


@pytest.fixture(autouse=True)
def _own_disk(settings: Any, tmp_path: Path) -> None:
    """Each test has a place of its own for what people send."""
    settings.MEDIA_ROOT = str(tmp_path)
    settings.FILES_DISK_FREE_PERCENT_MIN = 0
