"""Files written whole or not at all: one writer, whoever writes."""

import contextlib
import os
import stat

import pytest

from autograd_core import Value, draw, file_writer, record, to_json
from autograd_core.__main__ import main
from autograd_core.file_writer import write_file
from nn import MLP
from tests.interrupting import interrupted_at

pytestmark = pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="files have other modes here")


def write_graph(path, overwrite):
    main(["x * x", "x=3", "--out", str(path), *["--force"] * overwrite])


EXPORTED = record(lambda x: 2.0 * x, 0.0).to_numpy()
WRITERS = {
    "bytes": lambda path, overwrite: write_file(path, b"new", overwrite=overwrite),
    "picture.svg": lambda path, overwrite: draw(Value(1.0)).save_image(path, overwrite=overwrite),
    "graph.json": write_graph,
    "source.py": lambda path, overwrite: EXPORTED.save(path, overwrite=overwrite),
    "state.json": lambda path, overwrite: MLP(1, [1], seed=0).save(path, overwrite=overwrite),
}


@pytest.fixture(params=WRITERS)
def write(request):
    """A writer, and a name for what it writes."""
    name, writer = request.param, WRITERS[request.param]

    def written(path, overwrite=True):
        writer(path, overwrite)

    written.name = name
    return written


def test_a_link_stays_and_what_it_leads_to_is_replaced(write, tmp_path):
    real, link = tmp_path / "real", tmp_path / write.name
    real.write_bytes(b"old")
    link.symlink_to("real")
    write(link)
    assert link.is_symlink()
    assert real.read_bytes() != b"old"


def test_a_link_to_nothing_is_written_through_only_if_told(write, tmp_path):
    real, link = tmp_path / "real", tmp_path / write.name
    link.symlink_to("real")
    with contextlib.suppress(OSError):  # a command line says it on standard error
        write(link, overwrite=False)
    assert link.is_symlink()
    assert not real.exists()
    write(link)
    assert link.is_symlink()
    assert real.stat().st_size > 0


def test_the_other_names_of_a_file_stay_its_names(write, tmp_path):
    target, other = tmp_path / write.name, tmp_path / "other"
    target.write_bytes(b"old")
    os.link(target, other)
    write(target)
    assert target.samefile(other)
    assert other.read_bytes() != b"old"
    assert sorted(os.listdir(tmp_path)) == sorted([write.name, "other"])


@pytest.mark.parametrize("mode", [0o600, 0o640, 0o755])
def test_a_file_keeps_its_mode(write, tmp_path, mode):
    target = tmp_path / write.name
    target.write_bytes(b"old")
    target.chmod(mode)
    write(target)
    assert stat.S_IMODE(target.stat().st_mode) == mode
    assert target.read_bytes() != b"old"


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root gives away")
def test_a_file_keeps_its_owner(write, tmp_path):
    target = tmp_path / write.name
    target.write_bytes(b"old")
    os.chown(target, 12345, 12345)
    write(target)
    assert (target.stat().st_uid, target.stat().st_gid) == (12345, 12345)
    assert target.read_bytes() != b"old"


def test_a_name_may_be_as_long_as_the_system_takes(write, tmp_path):
    target = tmp_path / (write.name[-6:]).rjust(255, "n")
    write(target, overwrite=False)
    before = target.read_bytes()
    target.write_bytes(b"old")
    write(target)
    assert target.read_bytes() == before
    assert os.listdir(tmp_path) == [target.name]


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="the system has no such device")
def test_a_device_stays_a_device_and_its_error_is_told(tmp_path):
    with pytest.raises(OSError, match="Cannot write '/dev/full': No space left on device"):
        MLP(1, [1]).save("/dev/full", overwrite=True)
    assert stat.S_ISCHR(os.stat("/dev/full").st_mode)


def test_a_pipe_is_written_to(write, tmp_path):
    pipe = tmp_path / write.name
    os.mkfifo(pipe)
    reading = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    try:
        write(pipe)
        assert os.read(reading, 10)
    finally:
        os.close(reading)
    assert stat.S_ISFIFO(pipe.stat().st_mode)


@pytest.mark.parametrize("names", [1, 2])
def test_a_failure_leaves_the_old_content_and_no_draft(tmp_path, monkeypatch, names):
    """The disk is full once the new bytes come."""
    target = tmp_path / "f"
    target.write_bytes(b"old")
    for other in range(1, names):
        os.link(target, tmp_path / f"other{other}")
    fill, fills = file_writer._fill, []

    def failing(path, data):
        fills.append(path)
        if len(fills) == names:  # the draft; or, after it, the file that has other names
            path.write_bytes(data[:1])
            raise OSError(28, "No space left on device")
        fill(path, data)

    monkeypatch.setattr(file_writer, "_fill", failing)
    with pytest.raises(OSError, match="No space left on device"):
        write_file(target, b"new", overwrite=True)
    assert target.read_bytes() == b"old"
    assert len(os.listdir(tmp_path)) == names


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("absent/f", FileNotFoundError),
        (".", IsADirectoryError),
        ("n" * 256, OSError),
        ("file/f", OSError),
        ("loop", OSError),
    ],
)
def test_what_stands_in_the_way_is_one_line_of_the_kind_of_the_system(tmp_path, path, kind):
    (tmp_path / "file").write_bytes(b"")
    (tmp_path / "loop").symlink_to("loop")
    with pytest.raises(kind, match=r"^Cannot write '.*': .*\. ?.*$"):
        write_file(tmp_path / path, b"new", overwrite=True)


@pytest.mark.parametrize("path", ["loop", "here", "folder/loop"])
def test_links_in_a_circle_are_named(tmp_path, path):
    (tmp_path / "folder").mkdir()
    for link, goal in {
        "loop": "loop",
        "here": "there",
        "there": "here",
        "folder/loop": "loop",
    }.items():
        (tmp_path / link).symlink_to(goal)
    with pytest.raises(OSError, match=r"the links there lead in a circle\. Remove"):
        write_file(tmp_path / path, b"new", overwrite=True)


def test_a_link_to_nothing_is_named(tmp_path):
    (tmp_path / "f").symlink_to("real")
    with pytest.raises(FileExistsError, match="it is a link to 'real', which does not exist"):
        write_file(tmp_path / "f", b"new")


def test_a_graph_is_the_same_bytes_in_a_file_and_as_text(tmp_path):
    x = Value(3.0, name="x")
    f = x * x
    f.backward()
    write_graph(tmp_path / "f.json", False)
    assert (tmp_path / "f.json").read_text() == to_json(f) + "\n"


@pytest.mark.filterwarnings("ignore:unclosed file:ResourceWarning")  # interrupted as it opens
@pytest.mark.parametrize("names", [0, 1, 2])
def test_an_interrupt_at_any_instruction_leaves_one_content_whole_and_no_draft(tmp_path, names):
    """Of a file that is not there, that is, or that has another name; the names are kept."""
    target, place = tmp_path / "f", 0

    def work():
        write_file(target, b"new", overwrite=True)

    while True:
        for name in os.listdir(tmp_path):
            (tmp_path / name).unlink()
        for number in range(names):
            if number:
                os.link(target, tmp_path / "other")
            else:
                target.write_bytes(b"old")
        interrupted = interrupted_at(place, work, lambda file: file.name == "file_writer.py")
        found = target.read_bytes() if target.exists() else None
        assert found in ((b"old" if names else None), b"new"), place
        assert len(os.listdir(tmp_path)) in {names, max(names, 1)}, place
        if not interrupted:
            break
        place += 1
    assert found == b"new"
    assert place > 50
