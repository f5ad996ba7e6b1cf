"""Call a learner's function so that whatever it does, the notebook goes on.

`call` always returns an `Outcome`. A call that takes too long is interrupted, what it prints is
kept (the beginning of it), and what it changes in NumPy, in the random generators and in the
interpreter is put back. This protects from accidents; it is no sandbox against intent.
"""

from __future__ import annotations

import contextlib
import dis
import inspect
import io
import os
import random
import signal
import sys
import threading
import time
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from types import FrameType
from typing import Any

import numpy as np

MAX_PRINTED = 2000
TraceFunction = Callable[[FrameType, str, Any], Any]


@dataclass(frozen=True)
class Outcome:
    """What came of a call.

    Parameters
    ----------
    value, error : one of the two.
    printed : the beginning of what it printed.
    changed : the arguments were written to, where that was seen on the other side alone.
    """

    value: object = None
    error: BaseException | None = None
    printed: str = ""
    changed: bool = False

    @property
    def timed_out(self) -> bool:
        """Was it interrupted?"""
        return isinstance(self.error, TimeUp)

    @property
    def words(self) -> str:
        """What the error says; nothing where it cannot even say that."""
        try:
            return "" if self.error is None else str(self.error)
        except BaseException:
            return ""


class TimeUp(BaseException):
    """The time is up. Not an Exception, so that `except Exception` lets it pass."""


def call(
    function: Callable, arguments: tuple, seconds: float = 1.0, *, at_work: bool = False
) -> Outcome:
    """Call `function(*arguments)` and return what came of it, never raising.

    Parameters
    ----------
    function : whatever a learner wrote.
    arguments : what it is called with.
    seconds : when it is interrupted.
    at_work : count the seconds in which this process computes alone. They are as many on a busy
        machine; but what sleeps is never interrupted, so it is not for a learner's own code.

    Examples
    --------
    >>> call(lambda z: 1 / z, (0,)).error
    ZeroDivisionError('division by zero')
    """
    try:
        with _as_before():
            return attempt(function, arguments, seconds, at_work=at_work)
    except BaseException as caught:  # what was to be put back could not be
        return Outcome(None, caught)


def attempt(
    function: Callable, arguments: tuple, seconds: float = 1.0, *, at_work: bool = False
) -> Outcome:
    """Do what `call` does, but put nothing back: for a process that ends afterwards."""
    screen, value, error = _Beginning(), None, None
    try:
        with _quiet(), contextlib.redirect_stdout(screen), contextlib.redirect_stderr(screen):
            value = _in_time(function, arguments, seconds, at_work)
            if inspect.iscoroutine(value):
                value.close()  # a coroutine that nobody waits for would complain later
    except BaseException as caught:
        error = caught
    return Outcome(value, error, screen.text)


def is_stub(function: object) -> bool:
    """Is the body nothing but `...`, `pass`, `return None`, a docstring, or not implemented?

    >>> def tanh_prime(z): ...
    >>> def relu_prime(z): raise NotImplementedError()
    >>> is_stub(tanh_prime), is_stub(relu_prime), is_stub(abs)
    (True, True, False)
    """
    if not inspect.isfunction(function):
        return False
    steps = [s for s in dis.get_instructions(function) if s.opname not in ("RESUME", "NOP")]
    returns = {"LOAD_CONST", "RETURN_CONST", "RETURN_VALUE"}
    if all(s.opname in returns and s.argval is None for s in steps):
        return True
    loaded = [s for s in steps if s.opname.startswith("LOAD")]
    refused = [s.argval for s in loaded] == ["NotImplementedError"]
    return refused and steps[-1].opname == "RAISE_VARARGS"


def other_signature(function: Callable, count: int) -> str:
    """Return the signature of a function that cannot be called with `count` arguments, or "".

    >>> other_signature(lambda z: z, 2)
    '(z)'
    """
    try:
        signature = inspect.signature(function)
    except (ValueError, TypeError):
        return ""
    try:
        signature.bind(*range(count))
    except TypeError:
        return str(signature)
    return ""


def argument_names(function: Callable) -> tuple[str, ...]:
    """Return the names of a function's arguments, none where they cannot be told.

    >>> argument_names(lambda z, beta: z)
    ('z', 'beta')
    """
    try:
        return tuple(inspect.signature(function).parameters)
    except (ValueError, TypeError):
        return ()


class _Beginning(io.TextIOBase):
    """A screen that keeps the beginning of what is written to it."""

    text = ""

    def writable(self) -> bool:
        return True

    def write(self, text: str) -> int:
        if isinstance(text, str) and len(self.text) < MAX_PRINTED:
            self.text = (self.text + text)[:MAX_PRINTED]
        return len(text)


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """Let floating-point warnings pass unseen."""
    with np.errstate(all="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


@contextlib.contextmanager
def _as_before() -> Iterator[None]:
    """Put back what a function may change for everybody else."""
    numpy_state, python_state = np.random.get_state(), random.getstate()  # noqa: NPY002
    limit, folder, environment = sys.getrecursionlimit(), _folder(), dict(os.environ)
    try:
        with np.printoptions():
            yield
    finally:
        np.random.set_state(numpy_state)  # noqa: NPY002
        random.setstate(python_state)
        sys.setrecursionlimit(limit)
        if _folder() != folder and folder:
            os.chdir(folder)
        if dict(os.environ) != environment:
            os.environ.clear()
            os.environ.update(environment)


def _folder() -> str | None:
    try:
        return os.getcwd()
    except OSError:
        return None


# --------------------------------------------------------------------------------- the time limit


def _in_time(function: Callable, arguments: tuple, seconds: float, at_work: bool) -> object:
    """Call the function and raise `TimeUp` inside it when the time is up.

    On the main thread of a POSIX system an alarm rings until the function gives in, so that
    neither sleeping nor `except: pass` around a loop escapes it. Elsewhere (Windows, other
    threads, Pyodide) a trace function looks at the clock at every line.
    """
    on_main = threading.current_thread() is threading.main_thread()
    rings = hasattr(signal, "setitimer") and sys.platform != "emscripten"
    limited = _with_alarm if on_main and rings else _with_clock
    return limited(function, arguments, seconds, at_work)


def _ours(frame: FrameType) -> bool:
    return frame.f_code.co_filename == __file__


def _with_alarm(function: Callable, arguments: tuple, seconds: float, at_work: bool) -> object:
    trace, rings = sys.gettrace(), 0
    timer = signal.ITIMER_PROF if at_work else signal.ITIMER_REAL
    alarm = signal.SIGPROF if at_work else signal.SIGALRM

    def ring(_: int, frame: FrameType | None) -> None:
        # An `except:` in the function may swallow this. So the next line raises once more, inside
        # that `except:`, and the alarm rings again, soon in the smallest steps.
        nonlocal rings
        rings += 1
        if frame is None or _ours(frame):
            return  # the function has just ended
        if rings == 5:
            signal.setitimer(timer, 1e-4, 5e-5)
        while frame is not None and not _ours(frame):
            frame.f_trace = again
            frame = frame.f_back
        sys.settrace(again)
        raise TimeUp

    def again(frame: FrameType, event: str, _: object) -> TraceFunction:
        if not _ours(frame):
            raise TimeUp
        return again

    before = signal.signal(alarm, ring)
    try:
        signal.setitimer(timer, seconds, 0.02)
        return function(*arguments)
    finally:
        signal.setitimer(timer, 0)
        sys.settrace(trace)
        signal.signal(alarm, before)


def _with_clock(function: Callable, arguments: tuple, seconds: float, at_work: bool) -> object:
    clock = time.process_time if at_work else time.monotonic
    end, before = clock() + seconds, sys.gettrace()

    def look(frame: FrameType, event: str, _: object) -> TraceFunction:
        if clock() > end and not _ours(frame):
            raise TimeUp
        return look

    sys.settrace(look)
    try:
        return function(*arguments)
    finally:
        sys.settrace(before)
