"""What runs inside the sandbox: a warm interpreter that forks one child per submission.

This file runs on its own there, beside NumPy and `running.py`; nothing else of the course is
visible. Each child gives up all rights that arithmetic does not need, runs the student's cells and
answers the requests of the judge over its own socket:

    scan   sources            -> what they import, before any of them has run
    run    source             -> the error, if there is one
    look   name, count        -> is it a function, written for so many arguments?
    call   name, arguments    -> numbers as raw bytes, or what came instead

A frame is two lengths, a header in JSON and the raw bytes of arrays. Whoever writes these
replies may lie: the other side bounds, checks and judges them.
"""

import ast
import contextlib
import ctypes.util
import json
import os
import re
import signal
import socket
import struct
import sys
from collections.abc import Callable, Iterator
from types import CodeType
from typing import Any

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path += [HERE, os.path.join(os.path.dirname(HERE), "exercises")]  # here, or beside `running`

import numpy as np  # noqa: E402
import numpy.random  # noqa: E402
from running import (  # type: ignore[import-not-found]  # noqa: E402
    Outcome,
    TimeUp,
    attempt,
    is_stub,
    other_signature,
)

Header = dict[str, Any]
Reply = tuple[Header, bytes]

MAX_BYTES = 1 << 20  # of a result
MEMORY = 1 << 30
LENGTHS = struct.Struct(">II")

# What arithmetic in Python needs. No sockets, no programs, no processes or threads, no signals to
# others, no writing to files, no shared memory.
SYSTEM_CALLS = """
access brk clock_getres clock_gettime clock_nanosleep close exit exit_group faccessat faccessat2
fadvise64 fstat fstatfs futex getcwd getdents64 getegid geteuid getgid getitimer getpid getppid
getrandom getrlimit getrusage gettid gettimeofday getuid lseek lstat madvise mmap mprotect mremap
munmap nanosleep newfstatat open openat poll ppoll pread64 read readlink readlinkat readv recvfrom
restart_syscall rseq rt_sigaction rt_sigpending rt_sigprocmask rt_sigreturn sched_getaffinity
sched_yield sendto set_robust_list setitimer sigaltstack stat statfs statx sysinfo time times uname
write writev
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


def send(channel: socket.socket, header: Header, body: bytes = b"") -> None:
    text = json.dumps(header).encode()
    channel.sendall(LENGTHS.pack(len(text), len(body)) + text + body)


# ------------------------------------------------------------------------------------- the student


class Student:
    """The student's names, and what may be asked about them."""

    def __init__(self) -> None:
        self.names: dict[str, Any] = {"__name__": "__main__", "np": np}

    def scan(self, request: Header, _: bytes) -> Reply:
        return {"imports": [sorted(_imports(source)) for source in request["sources"]]}, b""

    def run(self, request: Header, _: bytes) -> Reply:
        outcome = attempt(self._execute, (request["source"], request["title"]), request["seconds"])
        return {"error": _described(outcome)}, b""

    def _execute(self, source: str, title: str) -> None:
        # No `return`: a cell's own error must keep its type and its words.
        exec(_compiled(source, title), self.names)

    def look(self, request: Header, _: bytes) -> Reply:
        found = self.names.get(request["name"])
        if found is None or found is ...:
            return {"is": "nothing"}, b""
        if isinstance(found, type) or not callable(found):
            kind = "class" if isinstance(found, type) else type(found).__name__
            return {"is": "other", "kind": kind[:60]}, b""
        if is_stub(found):
            return {"is": "stub"}, b""
        return {"is": "function", "signature": other_signature(found, request["count"])[:200]}, b""

    def call(self, request: Header, body: bytes) -> Reply:
        arguments = _arrays(request["arguments"], body)
        before = [_state(a) for a in arguments]
        outcome = attempt(self.names[request["name"]], arguments, request["seconds"])
        value, sent = ({"error": _described(outcome)}, b"") if outcome.error else _numbers(outcome)
        changed = before != [_state(a) for a in arguments]
        return {**value, "printed": outcome.printed, "changed": changed}, sent


def _tree(source: str) -> ast.AST:
    return compile(source, "<cell>", "exec", ast.PyCF_ONLY_AST)


def _imports(source: str) -> Iterator[str]:
    with contextlib.suppress(Exception):
        for node in ast.walk(_tree(_without_magics(source))):
            if isinstance(node, ast.Import):
                yield from (alias.name[:60] for alias in node.names)
            elif isinstance(node, ast.ImportFrom):
                yield (node.module or ".")[:60]


def _compiled(source: str, title: str) -> CodeType:
    return compile(_without_magics(source), f"<{title}>", "exec")


def _without_magics(source: str) -> str:
    """A notebook takes `%timeit …`, `!ls` and `name?`; they are no part of an answer."""
    try:
        _tree(source)
    except SyntaxError:
        return re.sub(r"(?m)^([ \t]*)(?:[%!](?!%).*|[\w.]+\?+[ \t]*)$", r"\1pass", source)
    return source


def _described(outcome: Outcome) -> list[str] | None:
    if outcome.error is None:
        return None
    kind = "TimeUp" if isinstance(outcome.error, TimeUp) else type(outcome.error).__name__
    return [kind[:60], outcome.words[:500]]


def _arrays(described: list[Header], body: bytes) -> tuple[Any, ...]:
    arguments: list[Any] = []
    at = 0
    for item in described:
        if "number" in item:
            arguments.append(item["number"])
            continue
        array = np.empty(item["shape"], item["dtype"])
        array[...] = np.frombuffer(body, array.dtype, array.size, at).reshape(array.shape)
        at += array.nbytes
        array.flags.writeable = item["writeable"]
        arguments.append(array)
    return tuple(arguments)


def _state(argument: object) -> object:
    if not isinstance(argument, np.ndarray):
        return None
    return argument.shape, argument.dtype.str, argument.tobytes()


def _numbers(outcome: Outcome) -> Reply:
    """Describe what came back; numbers travel as raw bytes in this machine's order."""
    value = outcome.value
    if value is None or value is ...:
        return {"is": "None" if value is None else "Ellipsis"}, b""
    if isinstance(value, np.ndarray | np.generic) or type(value) in (int, float, bool):
        array = np.asarray(value).view(np.ndarray)
        if array.dtype.kind not in "biuf":
            return {"is": "strange", "dtype": array.dtype.name[:20]}, b""
        described: Header = {"is": "array", "shape": list(array.shape), "dtype": "float64"}
        if array.nbytes > MAX_BYTES:
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
        send(channel, *getattr(student, request["do"])(request, body))


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
        serve(socket.create_connection(("127.0.0.1", int(sys.argv[2]))))
    else:
        main(socket.socket(fileno=int(sys.argv[1])))
