"""Sharing work among threads: tasks are taken in turn, and none outlives the call.

Which thread does what never changes a result: a task writes where no other does. An exception, an
interrupt too, stops the taking of tasks, and is raised once every thread has ended its own.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from typing import TypeVar

__all__ = ["share"]

Task = TypeVar("Task")


def share(
    work: Callable[[Task], None],
    tasks: Iterable[Task],
    threads: int,
    stopped: threading.Event | None = None,
) -> None:
    """Call `work` on every task, on so many threads, this one among them.

    `stopped` is set when one has raised or this thread is interrupted, also while it waits for the
    others: long work that looks at it can end early.

    >>> found = [0] * 3
    >>> share(lambda k: found.__setitem__(k, k * k), range(3), threads=2)
    >>> found
    [0, 1, 4]
    """
    stopped = stopped or threading.Event()
    waiting = iter(tasks)
    lock = threading.Lock()
    errors: list[BaseException] = []

    def take() -> None:
        while True:
            with lock:
                if stopped.is_set():
                    return
                try:
                    task = next(waiting)
                except StopIteration:
                    return
            try:
                work(task)
            except BaseException as error:  # an interrupt too: the caller's thread raises it
                errors.append(error)
                stopped.set()
                return

    def help_out(ended: threading.Event) -> None:
        try:
            take()
        finally:
            ended.set()

    # Not by join() alone: one that is interrupted takes its thread for ended (CPython 3.11).
    ends = [threading.Event() for _ in range(threads - 1)]
    helpers = [threading.Thread(target=help_out, args=(ended,), daemon=True) for ended in ends]
    try:
        for helper in helpers:
            helper.start()
        take()
        for ended in ends:
            ended.wait()
    finally:
        stopped.set()
        for helper, ended in zip(helpers, ends, strict=True):
            if helper.ident is not None:
                ended.wait()
                helper.join()
    try:
        if errors:
            raise errors[0]
    finally:
        errors.clear()  # they hold their frames, which hold this list
