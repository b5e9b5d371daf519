"""One Chromium for every test of a module that asks for it."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from coldcheck.station.lab.set_scene import chromium


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A headless Chromium, closed with its module."""
    with chromium() as browser:
        yield browser
