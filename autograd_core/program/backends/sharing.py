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


def share(work: Callable[[Task], None], tasks: Iterable[Task], threads: int) -> None:
    """Call `work` on every task, on so many threads, this one among them.

    >>> found = [0] * 3
    >>> share(lambda k: found.__setitem__(k, k * k), range(3), threads=2)
    >>> found
    [0, 1, 4]
    """
    waiting = iter(tasks)
    lock = threading.Lock()
    errors: list[BaseException] = []
    stopped = False

    def take() -> None:
        while True:
            with lock:
                if stopped or errors:
                    return
                try:
                    task = next(waiting)
                except StopIteration:
                    return
            try:
                work(task)
            except BaseException as error:
                errors.append(error)  # raised by the caller's thread
                return

    helpers = [threading.Thread(target=take, daemon=True) for _ in range(threads - 1)]
    try:
        for helper in helpers:
            helper.start()
        take()
    finally:
        stopped = True
        for helper in helpers:
            if helper.ident is not None:
                helper.join()
    if errors:
        raise errors[0]
