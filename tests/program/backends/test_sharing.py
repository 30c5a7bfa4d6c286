"""Sharing work among threads: every task once, nothing left running, exceptions to the caller."""

from __future__ import annotations

import signal
import threading
import time

import pytest

from autograd_core.program.backends.sharing import share


@pytest.mark.parametrize("threads", [1, 2, 7])
def test_every_task_is_done_once_and_no_thread_outlives_the_call(threads):
    before = threading.active_count()
    done = []
    share(done.append, range(100), threads)
    assert sorted(done) == list(range(100))
    assert threading.active_count() == before


@pytest.mark.parametrize("threads", [1, 3])
@pytest.mark.parametrize("error", [LookupError, KeyboardInterrupt])
def test_an_exception_stops_the_work_and_reaches_the_caller(threads, error):
    before = threading.active_count()
    done = []

    def work(task):
        if task == 5:
            raise error("at five")
        done.append(task)

    with pytest.raises(error, match="at five"):
        share(work, iter(range(10**6)), threads)
    assert len(done) < 10**6
    assert threading.active_count() == before


def test_several_threads_work_at_the_same_time():
    meeting = threading.Barrier(3, timeout=60)
    share(lambda task: meeting.wait(), range(3), threads=3)


@pytest.mark.skipif(not hasattr(signal, "pthread_kill"), reason="no thread can be signalled")
def test_an_interrupt_while_waiting_for_the_others_ends_their_work_early():
    # This thread has nothing left to do and waits for the other, which would go on for a minute.
    stopped, ended = threading.Event(), []
    caller = threading.main_thread()
    assert threading.current_thread() is caller
    meeting = threading.Barrier(2, timeout=60)

    def work(task):
        meeting.wait()
        if threading.current_thread() is not caller:
            time.sleep(0.2)  # the caller waits by now
            signal.pthread_kill(caller.ident, signal.SIGALRM)
            ended.append(stopped.wait(60))

    def interrupt(number, frame):
        raise KeyboardInterrupt

    previous = signal.signal(signal.SIGALRM, interrupt)
    try:
        with pytest.raises(KeyboardInterrupt):
            share(work, range(2), 2, stopped)
    finally:
        signal.signal(signal.SIGALRM, previous)
    assert ended == [True]
