"""What runs inside the sandbox: a warm interpreter that forks one child per submission.

This file runs on its own there, beside `shell.py`, `values.py`, `running.py`, NumPy and IPython's
reading of cells; nothing else of the course is visible. Each child gives up all rights that
arithmetic does not need, runs the student's cells and answers the requests of the judge over its
own socket:

    run    cells         -> for each the error, if there is one, and what the texts are now
    call   name, calls   -> for each numbers as raw bytes, or what came instead; if it is asked to
                            look first, whether it is a function, written for so many arguments

Beside the first request stands which functions and texts are asked for.

Whoever writes these replies may lie: the other side bounds, checks and judges them.
"""

import contextlib
import ctypes.util
import json
import os
import signal
import socket
import struct
import sys
import time
import types
from collections.abc import Callable
from typing import Any

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path += [HERE, os.path.join(os.path.dirname(HERE), "diagnosis")]  # here, or beside `running`

import numpy as np  # noqa: E402
import numpy.random  # noqa: E402
from running import (  # type: ignore[import-not-found]  # noqa: E402
    Outcome,
    TimeUp,
    attempt,
    is_stub,
    other_signature,
)
from shell import FORMER, Absent, Shell, starred, touched, used  # type: ignore[import-not-found]  # noqa: E402
from values import LENGTHS, MAX_BODY, described, frame  # type: ignore[import-not-found]  # noqa: E402

Header = dict[str, Any]
Reply = tuple[Header, bytes]

MEMORY = 1 << 30

# What arithmetic in Python needs. No sockets, no programs, no processes or threads, no signals to
# others, no writing to files, no shared memory.
SYSTEM_CALLS = """
access brk clock_getres clock_gettime clock_nanosleep close exit exit_group faccessat faccessat2
fadvise64 fstat fstatfs futex getcwd getdents64 getegid geteuid getgid getitimer getpid getppid
getrandom getrlimit getrusage gettid gettimeofday getuid lseek lstat madvise mmap mprotect mremap
munmap nanosleep newfstatat open openat poll ppoll pread64 read readlink readlinkat readv recvfrom
restart_syscall rseq rt_sigaction rt_sigpending rt_sigprocmask rt_sigreturn sched_getaffinity
sched_yield sendto set_robust_list setitimer sigaltstack stat statfs statx sysinfo time times write
writev
"""


# -------------------------------------------------------------------------------------- the frames


def receive(channel: socket.socket) -> Reply | None:
    """Return (header, body), or None when the other side has hung up."""
    try:
        sizes = LENGTHS.unpack(_exactly(channel, LENGTHS.size))
        header, body = (_exactly(channel, size) for size in sizes)
    except EOFError:
        return None
    return json.loads(header), body


def _exactly(channel: socket.socket, size: int) -> bytes:
    parts = bytearray()
    while len(parts) < size:
        part = channel.recv(min(size - len(parts), 1 << 16))
        if not part:
            raise EOFError
        parts += part
    return bytes(parts)


# ------------------------------------------------------------------------------------- the student


class Student:
    """The student's names, and what may be asked about them.

    An answer is the last one that was given: a blank copy of a cell below it takes nothing away,
    nor does `del`. Where a name has none, what the student's own `check` was called with counts.
    """

    def __init__(self) -> None:
        sys.modules["__main__"] = main = types.ModuleType("__main__")
        self.names: dict[str, Any] = vars(main)
        self.names["np"] = np
        self.shell = Shell(self.names)
        self.counts: dict[str, int] = {}  # functions asked for -> number of arguments
        self.texts: list[str] = []
        self.functions: dict[str, Any] = {}  # the last version of each that is no stub
        self.sent: dict[tuple[str, str], object] = {}

    def begin(self, functions: dict[str, int], texts: list[str]) -> None:
        self.counts, self.texts = functions, texts

    def run(self, request: Header, _: bytes) -> Reply:
        ran = [self._run(*cell) for cell in request["cells"]]
        errors, said = zip(*ran, strict=True)
        body = json.dumps(said).encode()
        return {"errors": errors}, body if len(body) <= MAX_BODY else b"[]"

    def _run(self, source: str, title: str, seconds: float) -> tuple[list[str] | None, Header]:
        self.shell.passed_over.clear()
        outcome = attempt(self.shell.run, (source, f"<{title}>"), seconds)
        passed = [(words, *_named(error)) for words, error in self.shell.passed_over[:10]]
        if isinstance(outcome.error, TimeUp):
            passed.append((self.shell.present, "TimeUp", "it takes too long"))
        bound = []
        for name in self.counts:
            found = self.names.get(name)
            is_new = found is not None and found is not self.functions.get(name)
            if is_new and callable(found) and not is_stub(found):
                self.functions[name] = found
                bound.append(name)
        said: Header = {
            "values": self._news("values", self.names, self.texts),
            "asked": self._news("asked", self.shell.asked, list(self.shell.asked)[:50]),
            "through": sorted(self.shell.through & {*self.texts}),
            "passed_over": passed,
            "bound": bound,
        }
        if type(outcome.value) in (str, int, float):
            said["shown"] = described(outcome.value)
        error = _described(outcome) or (list(passed[0][1:]) if passed else None)
        return error, said

    def _news(self, kind: str, names: dict[str, Any], wanted: list[str]) -> Header:
        """What has another value than when it was sent last."""
        found = {name: _plain(names[name]) for name in wanted if name in names}
        news = {name: v for name, v in found.items() if self.sent.get((kind, name)) != v}
        self.sent.update({(kind, name): value for name, value in news.items()})
        return news

    def _look(self, name: str) -> Header:
        """Is it a function, written for so many arguments?"""
        found = self._function(name)
        if found is None or found is ...:
            return {"is": "nothing"}
        if isinstance(found, Absent):
            return {"is": "absent", "kind": found._name}
        if isinstance(found, type) or not callable(found):
            kind = "class" if isinstance(found, type) else type(found).__name__
            return {"is": "other", "kind": kind[:60]}
        if is_stub(found):
            return {"is": "stub"}
        signature = other_signature(found, self.counts[name])[:200]
        without = str(getattr(found, "without", ""))[:100]
        return {"is": "function", "signature": signature, "without": without}

    def _function(self, name: str) -> Any:
        """The last version of a function; else what `check` was called with; else a stub."""
        asked = self.shell.asked.get(name)
        asked = asked if callable(asked) and not is_stub(asked) else None
        return self.functions.get(name, asked or self.names.get(name))

    def call(self, request: Header, body: bytes) -> Reply:
        """Call a function with one row of arguments after the other, until one fails.

        Where it is asked to look first, what is no such function is not called.
        """
        found = self._look(request["name"]) if request["look"] else {}
        if found and (found["is"] != "function" or found["signature"]):
            return {"found": found, "calls": []}, b""
        replies, bodies, at, end = [], b"", 0, time.monotonic() + request["total"]
        for row in request["calls"]:
            arguments, at = _arrays(row, body, at)
            seconds = min(request["seconds"], max(0.05, end - time.monotonic()))
            header, sent = self._call(request["name"], arguments, seconds)
            if len(bodies) + len(sent) > MAX_BODY:
                header, sent = {"is": "large", "shape": [MAX_BODY], "dtype": "float64"}, b""
            replies.append({**header, "bytes": len(sent)})
            bodies += sent
            if header.get("is") != "array":
                break
        return {"found": found, "calls": replies}, bodies

    def _call(self, name: str, arguments: tuple[Any, ...], seconds: float) -> Reply:
        before = [_state(a) for a in arguments]
        used.clear()
        touched.clear()
        outcome = attempt(self._function(name), arguments, seconds)
        value, sent = ({"error": _described(outcome)}, b"") if outcome.error else _numbers(outcome)
        changed = before != [_state(a) for a in arguments]
        if outcome.error is not None:
            used.update(touched, starred if isinstance(outcome.error, NameError) else ())
            if FORMER.search(outcome.words):
                used.add("an older NumPy")
        more = {"printed": outcome.printed[:100], "changed": changed, "absent": sorted(used)[:5]}
        return {**value, **more}, sent


def _plain(value: object) -> list[Any]:
    return ["absent", value._name] if isinstance(value, Absent) else described(value)


def _described(outcome: Outcome) -> list[str] | None:
    if outcome.error is None:
        return None
    kind = "TimeUp" if isinstance(outcome.error, TimeUp) else type(outcome.error).__name__
    return [kind[:60], outcome.words[:500]]


def _named(error: BaseException) -> tuple[str, str]:
    return type(error).__name__[:60], str(error)[:300]


def _arrays(described: list[Header], body: bytes, at: int) -> tuple[tuple[Any, ...], int]:
    arguments: list[Any] = []
    for item in described:
        if "number" in item:
            arguments.append(item["number"])
            continue
        array = np.empty(item["shape"], item["dtype"])
        array[...] = np.frombuffer(body, array.dtype, array.size, at).reshape(array.shape)
        at += array.nbytes
        array.flags.writeable = item["writeable"]
        arguments.append(array)
    return tuple(arguments), at


def _state(argument: object) -> object:
    if not isinstance(argument, np.ndarray):
        return None
    return argument.shape, argument.dtype.str, argument.tobytes()


def _numbers(outcome: Outcome) -> Reply:
    """Describe what came back; numbers travel as raw bytes in this machine's order."""
    value = outcome.value
    if value is None or value is ...:
        return {"is": "None" if value is None else "Ellipsis"}, b""
    if isinstance(value, Absent):
        used.add(value._name)
    if isinstance(value, np.ndarray | np.generic) or type(value) in (int, float, bool):
        array = np.asarray(value).view(np.ndarray)
        if array.dtype.kind not in "biuf":
            return {"is": "strange", "dtype": array.dtype.name[:20]}, b""
        described: Header = {"is": "array", "shape": list(array.shape), "dtype": "float64"}
        if array.nbytes > MAX_BODY:
            return {**described, "is": "large"}, b""
        if array.dtype.itemsize > 8:
            array = array.astype(float)
        described["dtype"] = array.dtype.name
        return described, array.astype(array.dtype.newbyteorder("="), order="C").tobytes()
    return {"is": "other", "kind": type(value).__name__[:60]}, b""


# -------------------------------------------------------------------------------------- the rights


def prepare() -> Callable[[int], None]:
    """Return a function that gives up rights, with all that it needs already loaded."""
    import resource

    from landlock import FSAccess, LandlockError, Ruleset

    libraries = {"c": "libc.so.6", "seccomp": "libseccomp.so.2"}
    ctypes.util.find_library = lambda name: libraries.get(
        name
    )  # it would start programs to find them
    import pyseccomp

    rules = pyseccomp.SyscallFilter(pyseccomp.ERRNO(1))
    for name in SYSTEM_CALLS.split():
        with contextlib.suppress(OSError):  # one that this processor does not have
            rules.add_rule(pyseccomp.ALLOW, name)
    for reading in (1, 2, 3):  # F_GETFD, F_SETFD, F_GETFL; others can make signals for the parent
        rules.add_rule(pyseccomp.ALLOW, "fcntl", pyseccomp.Arg(1, pyseccomp.EQ, reading))
    read = FSAccess.READ_FILE | FSAccess.READ_DIR | FSAccess.EXECUTE
    files = None
    with contextlib.suppress(LandlockError, OSError):  # a kernel without it
        files = Ruleset()
        files.allow("/", rules=read)

    def give_up_rights(seconds: int) -> None:
        limits = {"AS": MEMORY, "CPU": seconds, "FSIZE": 0, "NOFILE": 64, "CORE": 0, "NPROC": 0}
        for name, most in limits.items():
            resource.setrlimit(getattr(resource, f"RLIMIT_{name}"), (most, most))
        if files:
            files.apply()
        rules.load()

    return give_up_rights


def serve(channel: socket.socket) -> None:
    """Answer the judge until it hangs up."""
    student = Student()
    while (asked := receive(channel)) is not None:
        request, body = asked
        if begin := request.pop("begin", None):
            student.begin(*begin)
        channel.sendall(frame(*getattr(student, request["do"])(request, body)))


def child(channel: socket.socket, seconds: int, give_up_rights: Callable[[int], None]) -> None:
    code = 1
    with contextlib.suppress(BaseException):
        give_up_rights(seconds)
        serve(channel)
        code = 0
    os._exit(code)


def main(control: socket.socket) -> None:
    """Fork a child for each socket that arrives; a message without one ends the child."""
    give_up_rights, pid = prepare(), 0
    os.dup2(1, 2)  # from here on there is nothing to complain about
    control.sendall(b"+")
    while True:
        message, sockets, _, _ = socket.recv_fds(control, 4, 1)
        if not message:
            return
        if sockets:
            pid = os.fork()
            if not pid:
                control.close()
                (seconds,) = struct.unpack(">I", message)
                child(socket.socket(fileno=sockets[0]), seconds, give_up_rights)
            os.close(sockets[0])
        else:
            os.kill(pid, signal.SIGKILL)
            control.sendall(struct.pack(">i", os.waitpid(pid, 0)[1]))


if __name__ == "__main__":
    if sys.argv[1] == "--trusting":
        if sys.platform == "linux":
            ctypes.CDLL(None).prctl(1, signal.SIGKILL)  # end with the grader
        serve(socket.create_connection(("127.0.0.1", int(sys.argv[2]))))
    else:
        main(socket.socket(fileno=int(sys.argv[1])))
