"""A real browser for tests of pages: Chromium or Chrome, without a window and without a network.

With its driver, as found on PATH (Debian: `apt-get install chromium chromium-driver`), driven by
selenium. Where one of them is missing the tests are skipped and say which;
AUTOGRAD_CORE_BROWSER=required makes what is missing an error.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from typing import Any

import pytest

from tests.tiers import is_repeated

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "chrome")


def missing(what: str) -> None:
    message = f"no browser to open pages in: {what} was not found"
    if os.environ.get("AUTOGRAD_CORE_BROWSER") == "required":
        pytest.fail(message)
    pytest.skip(message)


@pytest.fixture(scope="module")
def browser(opened: Any) -> Iterator[Any]:
    yield opened
    opened.get("about:blank")  # a page that is left open goes on moving


@pytest.fixture(scope="session")
def opened() -> Iterator[Any]:
    """One browser for all tests."""
    if is_repeated():
        pytest.skip("the run of the compiled package opens pages for both tiers")
    try:
        from selenium import webdriver
        from selenium.webdriver.chrome.service import Service
    except ImportError:
        missing("selenium")
    binary = next(filter(None, map(shutil.which, BROWSERS)), None)
    driver = shutil.which("chromedriver")
    if binary is None or driver is None:
        missing("Chromium or Chrome" if binary is None else "chromedriver")
    options = webdriver.ChromeOptions()
    options.binary_location = str(binary)
    for argument in (
        "--headless=new",
        "--no-sandbox",  # as root, in containers
        "--disable-dev-shm-usage",
        "--disable-gpu",
        "--window-size=1000,900",
        "--host-resolver-rules=MAP * ~NOTFOUND",  # no network
    ):
        options.add_argument(argument)
    started = webdriver.Chrome(options=options, service=Service(driver))
    yield started
    started.quit()
