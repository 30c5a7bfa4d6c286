"""Functions of every kind that run within a context manager.

A generator or a coroutine gives control away in the middle. What it is to run in is entered each
time it goes on and left each time it waits, so whoever runs meanwhile is not in it.
"""

from __future__ import annotations

import functools
import inspect
from collections.abc import AsyncGenerator, Awaitable, Callable, Generator
from contextlib import AbstractContextManager
from typing import Any

from autograd_core.given import got

__all__ = ["within"]

Context = AbstractContextManager[Any] | Any


def within(context: Context, function: Any) -> Any:
    """The function, which runs within the context manager; it may run in it several times at once.

    Raises TypeError for a class and for what cannot be called.
    """
    if isinstance(function, staticmethod | classmethod):
        return type(function)(within(context, function.__func__))
    if inspect.isclass(function) or not callable(function):
        raise TypeError(
            f"this decorates functions, {got(function)}; "
            "decorate the methods of a class, and put other code into a `with` statement"
        )
    return functools.wraps(function)(_runner(context, function))


def _runner(context: Context, function: Callable[..., Any]) -> Callable[..., Any]:
    if inspect.isgeneratorfunction(function):

        def generate(*arguments: Any, **keywords: Any) -> Generator[Any, Any, Any]:
            return (yield from _steps(context, function(*arguments, **keywords)))

        return generate

    if inspect.iscoroutinefunction(function):

        async def wait(*arguments: Any, **keywords: Any) -> Any:
            return await _Steps(context, function(*arguments, **keywords))

        return wait

    if inspect.isasyncgenfunction(function):

        async def generate_and_wait(*arguments: Any, **keywords: Any) -> AsyncGenerator[Any, Any]:
            generator = function(*arguments, **keywords)
            step = generator.__anext__()
            while True:
                try:
                    item = await _Steps(context, step)
                except StopAsyncIteration:
                    return
                try:
                    step = generator.asend((yield item))
                except GeneratorExit:
                    await _Steps(context, generator.aclose())
                    raise
                except BaseException as error:  # its own affair, whatever it is
                    step = generator.athrow(error)

        return generate_and_wait

    def call(*arguments: Any, **keywords: Any) -> Any:
        with context:
            return function(*arguments, **keywords)

    return call


class _Steps:
    """An awaitable, each step of which runs within the context manager."""

    def __init__(self, context: Context, awaitable: Awaitable[Any]) -> None:
        self._context = context
        self._awaitable = awaitable

    def __await__(self) -> Generator[Any, Any, Any]:
        return _steps(self._context, self._awaitable)


def _steps(context: Context, running: Any) -> Generator[Any, Any, Any]:
    """Go through a generator or coroutine, within the context manager while it runs."""
    step, given = running.send, None
    while True:
        try:
            with context:
                item = step(given)
        except StopIteration as end:
            return end.value
        try:
            step, given = running.send, (yield item)
        except GeneratorExit:
            with context:
                running.close()
            raise
        except BaseException as error:  # its own affair, whatever it is
            step, given = running.throw, error
