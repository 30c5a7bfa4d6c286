"""Machine code on disk: found by the next process, and never anything but what was written."""

from __future__ import annotations

import os
import subprocess
import sys
import time

import pytest

from autograd_core.program.backends.llvm import llvm_compiler, object_cache
from autograd_core.program.backends.llvm.object_cache import VARIABLE

NAME = object_cache.key("a program", "a processor")
needs_owners = pytest.mark.skipif(not hasattr(os, "geteuid"), reason="files have no modes here")
TEXT = "define double @two() {\nret double 2.0\n}"


@pytest.fixture
def cache(monkeypatch, tmp_path):
    place = tmp_path / "cache"
    monkeypatch.setenv(VARIABLE, str(place))
    monkeypatch.setattr(object_cache, "_refused", set())
    return place


def only_file(cache):
    (path,) = cache.iterdir()
    return path


def test_what_is_written_is_read(cache):
    assert object_cache.read(NAME) is None
    assert not cache.exists()
    object_cache.write(NAME, b"code")
    assert object_cache.read(NAME) == b"code"
    assert object_cache.read(object_cache.key("another program", "a processor")) is None


def test_zero_turns_it_off(monkeypatch, tmp_path):
    monkeypatch.setenv(VARIABLE, "0")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    object_cache.write(NAME, b"code")
    assert object_cache.read(NAME) is None
    assert not list(tmp_path.iterdir())


@pytest.mark.skipif(sys.platform in ("win32", "darwin"), reason="Linux's convention")
def test_the_folder_is_the_platform_s(monkeypatch, tmp_path):
    monkeypatch.delenv(VARIABLE)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "caches"))
    assert object_cache.folder() == str(tmp_path / "caches" / "autograd_core")
    monkeypatch.setenv("XDG_CACHE_HOME", "not/absolute")  # which the convention says to ignore
    monkeypatch.setenv("HOME", str(tmp_path))
    assert object_cache.folder() == str(tmp_path / ".cache" / "autograd_core")


@pytest.mark.parametrize("cut", [0, 1, 20, 55, -1])
def test_half_a_file_is_none(cache, cut):
    object_cache.write(NAME, b"machine code")
    path = only_file(cache)
    path.write_bytes(path.read_bytes()[:cut])
    assert object_cache.read(NAME) is None


def test_a_file_with_any_bit_turned_is_none(cache):
    object_cache.write(NAME, b"code")
    path = only_file(cache)
    whole = path.read_bytes()
    for place in range(len(whole)):
        path.write_bytes(whole[:place] + bytes([whole[place] ^ 4]) + whole[place + 1 :])
        assert object_cache.read(NAME) is None


def test_a_file_under_another_s_name_is_none(cache):
    object_cache.write(NAME, b"code")
    other = object_cache.key("another program")
    only_file(cache).rename(cache / f"{other}.object")
    assert object_cache.read(other) is None


@needs_owners
def test_a_file_that_others_may_write_to_is_none(cache):
    object_cache.write(NAME, b"code")
    only_file(cache).chmod(0o666)
    assert object_cache.read(NAME) is None


@needs_owners
def test_a_file_or_folder_of_another_user_s_is_not_used(cache, monkeypatch):
    object_cache.write(NAME, b"code")
    own = os.geteuid()
    monkeypatch.setattr(os, "geteuid", lambda: own + 1)
    with pytest.warns(RuntimeWarning, match="folder of yours"):
        assert object_cache.read(NAME) is None


@needs_owners
def test_a_link_is_not_followed(cache, tmp_path):
    object_cache.write(NAME, b"code")
    path = only_file(cache)
    path.rename(tmp_path / "elsewhere")
    path.symlink_to(tmp_path / "elsewhere")
    assert object_cache.read(NAME) is None
    os.unlink(path)
    os.mkfifo(path)  # nor is a pipe waited for
    assert object_cache.read(NAME) is None


@needs_owners
def test_a_folder_that_others_may_write_to_is_refused_and_that_is_said_once(cache):
    cache.mkdir()
    cache.chmod(0o777)
    with pytest.warns(RuntimeWarning, match=r"AUTOGRAD_CORE_CACHE is .* \(chmod 700\)"):
        object_cache.write(NAME, b"code")
    object_cache.write(NAME, b"code")
    assert not list(cache.iterdir())


def test_a_file_in_the_folder_s_place_is_refused(cache):
    cache.write_text("not a folder")
    with pytest.warns(RuntimeWarning, match="AUTOGRAD_CORE_CACHE"):
        object_cache.write(NAME, b"code")


@needs_owners
def test_a_folder_that_cannot_be_made_is_said_when_something_is_to_be_kept(monkeypatch):
    monkeypatch.setenv(VARIABLE, os.path.join(os.devnull, "cache"))
    monkeypatch.setattr(object_cache, "_refused", set())
    with pytest.warns(RuntimeWarning, match="AUTOGRAD_CORE_CACHE"):
        object_cache.write(NAME, b"code")
    if os.path.isdir("/proc/self"):  # where nobody may make a folder
        monkeypatch.setenv(VARIABLE, "/proc/cache")
        assert object_cache.read(NAME) is None
        with pytest.warns(RuntimeWarning, match="AUTOGRAD_CORE_CACHE"):
            object_cache.write(NAME, b"code")


def test_the_folder_is_bounded_and_what_was_not_used_for_longest_goes(cache, monkeypatch):
    monkeypatch.setattr(object_cache, "MOST", 5000)
    monkeypatch.setattr(object_cache, "KEPT", 4000)
    (cache).mkdir(mode=0o700)
    (cache / "of somebody else").write_bytes(b"x" * 10_000)
    (cache / ".writing-abandoned").write_bytes(b"x")
    os.utime(cache / ".writing-abandoned", (0, 0))
    names = [object_cache.key(str(place)) for place in range(6)]
    for place, name in enumerate(names):
        object_cache.write(name, bytes(900))
        if place < 5:
            os.utime(cache / f"{name}.object", (place, place))
        if place == 3:
            assert object_cache.read(names[0]) is not None  # and so it is used again
    kept = [name for name in names if object_cache.read(name) is not None]
    assert kept == [names[0], names[3], names[4], names[5]]
    assert (cache / "of somebody else").exists()
    assert not (cache / ".writing-abandoned").exists()


def test_a_module_is_compiled_once_for_all_processes(cache, monkeypatch):
    pytest.importorskip("llvmlite")
    monkeypatch.setenv(VARIABLE, "0")
    llvm_compiler.machine()
    monkeypatch.setenv(VARIABLE, str(cache))
    parsed, parse = [], llvm_compiler._parsed
    monkeypatch.setattr(llvm_compiler, "_parsed", lambda text: parsed.append(text) or parse(text))
    codes = [llvm_compiler.compile_text([TEXT], ["two"]) for _ in range(2)]
    assert len(parsed) == 1
    assert all(called(code) == 2.0 for code in codes)
    path = only_file(cache)
    path.write_bytes(path.read_bytes()[:-1] + b"x")
    assert called(llvm_compiler.compile_text([TEXT], ["two"])) == 2.0
    assert len(parsed) == 2


def called(code):
    import ctypes

    return ctypes.CFUNCTYPE(ctypes.c_double)(code.addresses[0])()


def test_another_process_takes_what_this_one_left_and_gives_the_same_bits(cache):
    pytest.importorskip("llvmlite")
    script = (
        "import autograd_core as ag\n"
        "from autograd_core.program.backends.llvm import llvm_compiler as c\n"
        "parsed, parse = [], c._parsed\n"
        "c._parsed = lambda text: parsed.append(text) or parse(text)\n"
        "if not ag.compiled: raise SystemExit\n"
        "many = ag.record(lambda x: (x.exp() * x.tan()).pow(1.5), 0.5).using('llvm')\n"
        "long = ag.record(lambda xs: [x.atan() * 2.0 for x in xs], [0.5] * 300).using('llvm')\n"
        "print(many([0.1, 0.2]).tolist(), sum(long([k / 300 for k in range(300)])))\n"
        "print(len(parsed))\n"
        "import sys\n"
        "print(c.object_loader.processor() == b'' or 'llvmlite.binding' not in sys.modules)"
    )
    found = [
        subprocess.run(
            [sys.executable, "-c", script], check=True, capture_output=True, text=True
        ).stdout.splitlines()
        for _ in range(2)
    ]
    if found[0]:
        assert found[0][0] == found[1][0]
        assert int(found[0][1]) > 0
        assert int(found[1][1]) == 0
        assert found[1][2] == "True"  # LLVM need not be loaded, where that is possible


def test_processes_that_write_at_the_same_time_do_not_meet(cache):
    script = (
        "from autograd_core.program.backends.llvm import object_cache\n"
        "name = object_cache.key('shared')\n"
        "for turn in range(200):\n"
        "    object_cache.write(name, b'code' * 1000)\n"
        "    assert object_cache.read(name) == b'code' * 1000\n"
    )
    processes = [subprocess.Popen([sys.executable, "-c", script]) for _ in range(3)]
    deadline = time.time() + 120
    assert [process.wait(max(1, deadline - time.time())) for process in processes] == [0, 0, 0]
    assert len(list(cache.iterdir())) == 1
