"""What all tests share: how Hypothesis draws its examples, and processes that hear Ctrl-C.

The examples are the same in every run, so that a failure is the change's and not the day's, and no
test asserts a time. `pytest --hypothesis-profile=explore` draws new ones, more of them.
"""

import gc
import signal
import subprocess

import pytest
from hypothesis import settings

from tests.browsers import browser as browser
from tests.browsers import opened as opened

settings.register_profile("suite", deadline=None, derandomize=True, database=None)
settings.register_profile("explore", deadline=None, max_examples=2000, print_blob=True)
settings.load_profile("suite")


def pytest_collection_finish():
    """Keep what was imported out of collections, which tests ask for by the hundred."""
    gc.collect()
    gc.freeze()


@pytest.fixture
def started():
    """Start processes that hear Ctrl-C, and end them after the test however it went.

    A child of a process that ignores SIGINT, as a shell's background jobs do, ignores it too.
    """
    processes = []

    def start(command, **options):
        pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
        before = signal.signal(signal.SIGINT, signal.default_int_handler)
        try:
            process = subprocess.Popen(command, **pipes, **options)
        finally:
            signal.signal(signal.SIGINT, before)
        processes.append(process)
        return process

    yield start
    for process in processes:
        with process:
            process.kill()
