"""Start the sandbox and ask what a student's cells and functions give.

`Sandbox` is a warm interpreter in bubblewrap; each `Session` is one child of it, for one
submission. Arrays go in; raw numbers of bounded size come out, and are checked before they
become arrays here. Nothing that comes out is ever executed, unpickled or believed.
"""

from __future__ import annotations

import contextlib
import glob
import importlib.util
import json
import math
import os
import shutil
import signal
import socket
import struct
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from helpers.exercises import Outcome, TimeUp
from helpers.grading.values import LENGTHS, MAX_BODY, frame, restored

STRANGE = "it sent something else than numbers"
MAX_HEADER = 1 << 17
NUMBERS = {
    *("bool", "int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64"),
    *("float16", "float32", "float64"),
}
HERE = Path(__file__).parent
STARTS = 60  # seconds that it may take to start, on a machine that does much besides
READING = ("core/inputtransformer2.py", "utils/tokenutil.py")  # all that is wanted of IPython


class Unavailable(Exception):
    """There is no sandbox here; the sentence says what to install or to allow."""


class Lost(Exception):
    """The child is gone, or must go: the reason, for the student."""


# ------------------------------------------------------------------------------------- bubblewrap


def bubblewrap(control: int) -> list[str]:
    """Return the command that starts the warm interpreter, seeing only itself and NumPy."""
    bwrap = shutil.which("bwrap")
    if not bwrap:
        raise Unavailable(_refusal("bubblewrap is not installed here. " + _how_to_install()))
    return [
        *(bwrap, "--unshare-all", "--die-with-parent", "--new-session", "--cap-drop", "ALL"),
        *("--hostname", "grader"),
        *("--clearenv", "--setenv", "OPENBLAS_NUM_THREADS", "1", "--setenv", "HOME", "/"),
        *_mounts(),
        *("--remount-ro", "/", "--chdir", "/", "--"),
        *(_python(), "-I", "-S", "-B", "/packages/inside.py", str(control)),
    ]


def _how_to_install() -> str:
    if sys.platform == "linux":
        return "Install it with `sudo apt install bubblewrap` and run the same command again."
    return "It exists for Linux alone: grade on a Linux machine, a virtual one or a container."


def _refusal(reason: str) -> str:
    return (
        f"The sandbox for submissions cannot be used: {reason} If you trust every student "
        "with this machine and with the grades, add --trust-submissions."
    )


def _python() -> str:
    """The interpreter as it is called inside; of a home folder its path says nothing there."""
    python = os.path.realpath(sys.executable)
    return python if _is_public() else f"/python/bin/{os.path.basename(python)}"


def _is_public() -> bool:
    return sys.base_prefix in ("/usr", "/usr/local")


def _ipython() -> Path:
    """Where IPython lies; to load it would take a while."""
    found = importlib.util.find_spec("IPython")
    assert found
    assert found.origin
    return Path(found.origin).parent


def _mounts() -> list[str]:
    """Mount the interpreter and NumPy read-only, and no other package."""
    import landlock
    import pyseccomp

    mounts = []
    libraries = {folder: folder for folder in ("/usr/lib", "/usr/lib64", "/lib", "/lib64")}
    own = f"{sys.base_prefix}/lib"
    libraries[own] = own if _is_public() else "/python/lib"
    for folder, inside in libraries.items():
        if os.path.islink(folder):
            mounts += ["--symlink", os.readlink(folder), inside]
        elif os.path.isdir(folder):
            mounts += ["--ro-bind", folder, inside]
            for kind in ("site-packages", "dist-packages"):
                for packages in glob.glob(f"{folder}/python*/{kind}"):
                    hidden = inside + packages.removeprefix(folder)
                    mounts += ["--tmpfs", hidden, "--remount-ro", hidden]
            for build in () if _is_public() else glob.glob(f"{folder}/python*/_sysconfigdata*.py"):
                mounts += ["--ro-bind", "/dev/null", inside + build.removeprefix(folder)]
    python, numpy = os.path.realpath(sys.executable), Path(np.__file__).parent
    files = [
        *(
            *(HERE / name for name in ("inside.py", "shell.py", "values.py")),
            *(_ipython() / part for part in READING),
            HERE.parent / "diagnosis" / "running.py",
            numpy,
            numpy.with_name("numpy.libs"),
        ),
        *(Path(pyseccomp.__file__), Path(landlock.__file__).parent),
    ]
    mounts += ["--ro-bind", python, _python(), "--ro-bind-try", *["/etc/ld.so.cache"] * 2]
    for path in files:
        mounts += ["--ro-bind-try", str(path), f"/packages/{path.name}"]
    return mounts


# ---------------------------------------------------------------------------------------- sandbox


class Sandbox:
    """A warm interpreter; one submission at a time.

    Parameters
    ----------
    trusting : start ordinary processes instead, which can do whatever the user can.
    """

    def __init__(self, *, trusting: bool = False) -> None:
        self.trusting = trusting
        self._process: subprocess.Popen[bytes] | None = None
        self._control: socket.socket | None = None

    def __enter__(self) -> Sandbox:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        if self._control:
            self._control.close()
        if self._process:
            self._process.kill()
            self._process.wait()
            if self._process.stderr:
                self._process.stderr.close()
        self._process = self._control = None

    def start(self) -> None:
        """Start the warm interpreter; raise `Unavailable` with a sentence if that is impossible."""
        if self.trusting or (self._process and self._process.poll() is None):
            return
        self.close()
        self._control, theirs = control, _ = socket.socketpair()
        control.settimeout(STARTS)
        with theirs:
            self._process = process = subprocess.Popen(
                bubblewrap(theirs.fileno()),
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
            )
        try:
            answer = control.recv(1)
        except TimeoutError:
            self.close()
            raise Unavailable(_refusal(f"it did not start within {STARTS} s")) from None
        if answer != b"+":
            said = process.stderr.read() if process.stderr else b""
            lines = said.decode(errors="replace").strip().splitlines()
            self.close()
            raise Unavailable(_refusal(_why(lines[-1] if lines else "it ended without a word")))

    def child(self, seconds: float) -> socket.socket:
        """Return the socket of a new child, which may use so many seconds of the processor."""
        if self.trusting:
            return self._plain_process()
        self.start()
        assert self._control
        ours, theirs = socket.socketpair()
        with theirs:
            most = struct.pack(">I", math.ceil(seconds) + 1)
            socket.send_fds(self._control, [most], [theirs.fileno()])
        return ours

    def _plain_process(self) -> socket.socket:
        with socket.create_server(("127.0.0.1", 0)) as server:
            server.settimeout(0.2)
            port = str(server.getsockname()[1])
            program = [sys.executable, "-B", str(HERE / "inside.py"), "--trusting", port]
            quiet = subprocess.DEVNULL
            self._process = subprocess.Popen(program, stdin=quiet, stdout=quiet, stderr=quiet)
            end = time.monotonic() + STARTS
            while time.monotonic() < end:
                with contextlib.suppress(TimeoutError):
                    return server.accept()[0]
                if (status := self._process.poll()) is not None:
                    raise RuntimeError(f"The process that runs answers ended with status {status}.")
            raise RuntimeError(f"The process that runs answers did not start within {STARTS} s.")

    def end_child(self) -> int:
        """Kill the child and return how it ended: minus a signal, or an exit status."""
        assert self._process
        if self.trusting:
            self._process.kill()
            return self._process.wait()
        assert self._control
        try:
            self._control.sendall(b"-")
            (status,) = struct.unpack(">i", self._control.recv(4))
        except (OSError, struct.error):  # the system has killed the warm interpreter as well
            self.close()
            return -signal.SIGKILL
        return os.waitstatus_to_exitcode(status)


def _why(said: str) -> str:
    if "namespace" in said or "uid map" in said or "Operation not permitted" in said:
        return (
            f"this system forbids the namespaces that it is made of ({said}). In a container allow "
            "them (Docker: --security-opt seccomp=unconfined --security-opt apparmor=unconfined); "
            "on Ubuntu 24.04 or newer: "
            "`sudo sysctl -w kernel.apparmor_restrict_unprivileged_userns=0`."
        )
    return f"bubblewrap said: {said}."


# ---------------------------------------------------------------------------------------- session


@dataclass(frozen=True)
class Ran:
    """What came of a cell: its error, the texts that are there now, and what was checked or shown.

    values, asked : by exercise; for what is no text and no number something of a type of that name.
    through : the texts whose values come from something that is not there.
    passed_over : the statements that a notebook may carry out, and why they were not.
    bound : the functions that have another version now.
    """

    error: BaseException | None = None
    values: Mapping[str, object] = field(default_factory=dict)
    asked: Mapping[str, object] = field(default_factory=dict)
    shown: object = None
    through: frozenset[str] = frozenset()
    passed_over: Mapping[str, str] = field(default_factory=dict)
    bound: frozenset[str] = frozenset()


class Session:
    """One child and the dialogue with it; `Lost` when it dies or does not answer in time.

    absent : what was used in calls though it is not there.
    found : what was looked at last: nothing, a stub, a function (with another signature), other.
    """

    def __init__(self, sandbox: Sandbox, seconds: float) -> None:
        self.absent: set[str] = set()
        self.found: dict[str, str] = {}
        self._first: dict[str, object] = {}  # what is said beside the first request
        self._sandbox = sandbox
        self._channel: socket.socket | None = sandbox.child(seconds)
        self._arrived = bytearray()

    def __enter__(self) -> Session:
        return self

    def __exit__(self, *_: object) -> None:
        self.end()

    def end(self) -> int:
        if self._channel is None:
            return 0
        self._channel.close()
        self._channel = None
        return self._sandbox.end_child()

    def begin(self, functions: dict[str, int], texts: list[str]) -> None:
        """Say which exercises are asked for: functions with their number of arguments, texts."""
        self._first = {"begin": [functions, texts]}

    def run(self, cells: Sequence[tuple[str, str, float]], seconds: float) -> list[Ran]:
        """Run cells: source, title and seconds of each."""
        reply, body = self._ask({"do": "run", "cells": cells}, seconds=seconds + 0.5)
        try:
            said = json.loads(body)
        except (ValueError, RecursionError):
            said = None
        return [
            Ran(
                _error(error),
                *(_values(part, "values"), _values(part, "asked"), _shown(part)),
                frozenset(_strings(_part(part, "through"))),
                _passed_over(_part(part, "passed_over")),
                frozenset(_strings(_part(part, "bound"))),
            )
            for error, part in zip(
                _rows(reply.get("errors"), len(cells)), _rows(said, len(cells)), strict=True
            )
        ]

    def call(
        self,
        name: str,
        calls: Sequence[tuple],
        seconds: float,
        total: float,
        *,
        look: bool = False,
    ) -> list[Outcome]:
        """Call a function of the student with each row of arguments, until one fails.

        With `look` it is looked at first, and what is no such function gives no outcome.
        """
        asked = {
            "do": "call",
            "name": name,
            "calls": [[_described(a) for a in row] for row in calls],
            "seconds": seconds,
            "total": total,
            "look": look,
        }
        body = b"".join(a.tobytes() for row in calls for a in row if isinstance(a, np.ndarray))
        reply, numbers = self._ask(asked, body, seconds=total + 0.5)
        outcomes: list[Outcome] = []
        at = 0
        if look:
            self.found = _found(reply.get("found"))
            if self.found["is"] != "function" or self.found["signature"]:
                return outcomes
        for said in _rows(reply.get("calls"), len(calls)):
            if not isinstance(said, dict):
                break
            size = said.get("bytes")
            size = size if type(size) is int and size >= 0 else 0
            outcomes.append(self._outcome(said, numbers[at : at + size]))
            at += size
        if not outcomes:
            raise Lost(STRANGE)
        return outcomes

    def _outcome(self, said: dict, numbers: bytes) -> Outcome:
        self.absent.update(_strings(said.get("absent")))
        printed = str(said.get("printed", ""))[:2000]
        if error := _error(said.get("error")):
            return Outcome(None, error, printed)
        return Outcome(_value(said, numbers), None, printed, bool(said.get("changed")))

    def _ask(self, header: dict, body: bytes = b"", *, seconds: float) -> tuple[dict, bytes]:
        if self._channel is None:
            raise Lost("it ended before")
        end = time.monotonic() + seconds
        asked = frame({**header, **self._first}, body)
        self._first = {}
        try:
            self._channel.settimeout(seconds)
            self._channel.sendall(asked)
            sizes = LENGTHS.unpack(self._exactly(self._channel, LENGTHS.size, end))
            if sizes[0] > MAX_HEADER or sizes[1] > MAX_BODY:
                raise ValueError
            reply, numbers = (self._exactly(self._channel, size, end) for size in sizes)
            reply = json.loads(reply)
            if not isinstance(reply, dict):
                raise ValueError
        except TimeoutError:
            self.end()
            raise Lost("it did not finish in time") from None
        except (OSError, EOFError):
            raise Lost(_ending(self.end())) from None
        except (ValueError, RecursionError, MemoryError):
            self.end()
            raise Lost(STRANGE) from None
        return reply, numbers

    def _exactly(self, channel: socket.socket, size: int, end: float) -> bytes:
        while len(self._arrived) < size:
            channel.settimeout(max(1e-3, end - time.monotonic()))
            part = channel.recv(1 << 16)
            if not part:
                raise EOFError
            self._arrived += part
        taken = bytes(self._arrived[:size])
        del self._arrived[:size]
        return taken


def _ending(code: int) -> str:
    if code == -getattr(signal, "SIGXCPU", 24):
        return "it used up the time of the processor"
    if code < 0:
        with contextlib.suppress(ValueError):
            return f"it ended the whole process ({signal.Signals(-code).name})"
    return "it ended the whole process, or used too much memory"


def _described(argument: object) -> dict:
    if not isinstance(argument, np.ndarray):
        return {"number": argument}
    writeable = argument.flags.writeable
    return {"shape": argument.shape, "dtype": argument.dtype.name, "writeable": writeable}


# ------------------------------------------------------------------- what came out is not believed


def _strings(found: object) -> list[str]:
    return [str(x)[:60] for x in found[:50]] if isinstance(found, list) else []


def _found(said: object) -> dict[str, str]:
    found = said if isinstance(said, dict) else {}
    return {key: str(found.get(key, ""))[:200] for key in ("is", "kind", "signature", "without")}


def _rows(found: object, count: int) -> list:
    rows = found if isinstance(found, list) else []
    return [*rows, *[None] * count][:count]


def _values(said: object, part: str) -> dict[str, object]:
    found = said.get(part) if isinstance(said, dict) else None
    pairs = found.items() if isinstance(found, dict) else ()
    return {name[:100]: restored(value) for name, value in pairs}


def _part(said: object, part: str) -> object:
    return said.get(part) if isinstance(said, dict) else None


def _passed_over(found: object) -> dict[str, str]:
    rows = [row for row in found[:10] if isinstance(row, list)] if isinstance(found, list) else []
    said = [[str(word)[:300] for word in row] for row in rows if len(row) == 3]
    return {statement: f"{kind}: {words}" if words else kind for statement, kind, words in said}


def _shown(said: object) -> object:
    return restored(said.get("shown")) if isinstance(said, dict) else None


_BASES = {
    c.__name__: c
    for c in (
        *(TypeError, RecursionError, NotImplementedError, NameError),
        *(ValueError, OverflowError, ZeroDivisionError, FloatingPointError),
    )
}


def _error(said: object) -> BaseException | None:
    """Return an exception of the same name with the same words."""
    if not said:
        return None
    kind, words = map(str, said) if isinstance(said, list) and len(said) == 2 else ("Error", "")
    if kind == "TimeUp":
        return TimeUp()
    name = kind[:60] if kind.isidentifier() else "Error"
    return type(name, (_BASES.get(name, Exception),), {})(words[:500])


def _value(reply: dict, numbers: bytes) -> object:
    """Return the numbers as an array; for all else a thing that has the same type or shape."""
    match reply.get("is"):
        case "None":
            return None
        case "Ellipsis":
            return ...
        case "array" | "large" as form:
            shape = _shape(reply.get("shape"))
            dtype = np.dtype(reply["dtype"]) if reply.get("dtype") in NUMBERS else None
            if shape is None or dtype is None:
                raise Lost(STRANGE)
            if form == "large":
                return np.broadcast_to(np.float64(0), shape)
            if math.prod(shape) * dtype.itemsize != len(numbers):
                raise Lost(STRANGE)
            return np.frombuffer(numbers, dtype).reshape(shape)
        case "strange":
            return np.empty(0, complex if "complex" in str(reply.get("dtype")) else object)
    kind = str(reply.get("kind", ""))[:60]
    return type(kind if kind.isidentifier() else "unknown", (), {})()


def _shape(said: object) -> tuple[int, ...] | None:
    if not isinstance(said, list) or len(said) > 32:
        return None
    good = all(type(n) is int and 0 <= n < 1 << 40 for n in said)
    return tuple(said) if good and math.prod(said) < 1 << 50 else None
