"""Hand submissions to processes of this machine or of a cluster."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
import threading
from argparse import Namespace
from collections import Counter
from collections.abc import Iterable, Iterator
from concurrent.futures import (
    FIRST_COMPLETED,
    BrokenExecutor,
    CancelledError,
    Future,
    ProcessPoolExecutor,
    wait,
)
from multiprocessing import connection

from helpers.grading.judge import Job, grade, not_graded
from helpers.grading.results import Result

WORKERS_COME = 60  # seconds until a cluster has a worker
TRIES = 2  # of a submission whose process dies
KILLS = "the process that graded it died each time"


class Refusal(Exception):
    """Why the command cannot be carried out, in one sentence."""


def graded(jobs: Iterable[Job], options: Namespace) -> Iterator[Result]:
    """Grade jobs on processes of this machine or on a cluster, a few in flight at a time.

    A submission whose process dies is tried once more; the others lose nothing.
    """
    waiting = iter(jobs)
    tries: Counter[str] = Counter()
    flying: dict[Future[Result], Job] = {}
    with (_Cluster if options.scheduler else _Processes)(options) as pool:
        while True:
            while len(flying) < pool.width and (job := next(waiting, None)):
                flying[pool.submit(job)] = job
            if not flying:
                return
            for future in wait(flying, return_when=FIRST_COMPLETED).done:
                job = flying.pop(future)
                try:
                    yield pool.result(future, job)
                except BrokenExecutor:
                    tries[job.student] += 1
                    if tries[job.student] < TRIES:
                        flying[pool.submit(job)] = job
                    else:
                        yield not_graded(job, KILLS)


def _processors() -> int:
    ours = getattr(os, "sched_getaffinity", None)  # what a container or a batch system allows
    return len(ours(0)) if ours else os.cpu_count() or 1


def end_with_parent() -> None:
    """End this worker when the command ends, however that ends; its sandbox ends with it."""
    parent = multiprocessing.parent_process()

    def watch() -> None:
        if parent:
            connection.wait([parent.sentinel])
            os.kill(os.getpid(), signal.SIGTERM if os.name == "nt" else signal.SIGKILL)

    threading.Thread(target=watch, daemon=True).start()


class _Processes:
    """Worker processes on this machine, each a pool of its own with one submission at a time.

    So it is known whose submission a process died of, and a pool never starts a process while it
    breaks: a larger one does, and then waits for that process forever (CPython 3.11).
    """

    def __init__(self, options: Namespace) -> None:
        self.width = options.workers or _processors()
        methods = multiprocessing.get_all_start_methods()
        self.context = multiprocessing.get_context(
            "forkserver" if "forkserver" in methods else "spawn"
        )
        if "forkserver" in methods:
            self.context.set_forkserver_preload(["helpers.grading.judge"])
        self.idle: list[ProcessPoolExecutor] = []
        self.busy: dict[Future[Result], ProcessPoolExecutor] = {}

    def _pool(self) -> ProcessPoolExecutor:
        return ProcessPoolExecutor(1, self.context, initializer=end_with_parent)

    def submit(self, job: Job) -> Future[Result]:
        while True:
            pool = self.idle.pop() if self.idle else self._pool()
            with contextlib.suppress(BrokenExecutor):  # its process died while it had nothing to do
                future = pool.submit(grade, job)
                self.busy[future] = pool
                return future

    def result(self, future: Future[Result], _: Job) -> Result:
        pool = self.busy.pop(future)
        result = future.result()
        self.idle.append(pool)
        return result

    def __enter__(self) -> _Processes:
        return self

    def __exit__(self, *_: object) -> None:
        for pool in [*self.idle, *self.busy.values()]:
            pool.shutdown()


class _Cluster:
    """The workers of a dask cluster, which gives a task whose worker dies to another one."""

    def __init__(self, options: Namespace) -> None:
        from distributed import Client

        try:
            self.client = Client(options.scheduler, timeout=20)
        except (OSError, ValueError) as error:
            raise Refusal(f"No scheduler answers at {options.scheduler} ({error}).") from None
        try:
            self.client.wait_for_workers(1, timeout=WORKERS_COME)
        except TimeoutError:
            self.client.close()
            told = f"No worker has joined {options.scheduler} within {WORKERS_COME} s."
            raise Refusal(told) from None
        self.width = 2 * sum(self.client.nthreads().values())
        self.pool = self.client.get_executor(pure=False)

    def submit(self, job: Job) -> Future[Result]:
        return self.pool.submit(grade, job)

    def result(self, future: Future[Result], job: Job) -> Result:
        from distributed import KilledWorker

        try:
            return future.result()
        except KilledWorker:
            return not_graded(job, KILLS)
        except CancelledError:
            raise Refusal("The scheduler is gone; the same command goes on from here.") from None

    def __enter__(self) -> _Cluster:
        return self

    def __exit__(self, *_: object) -> None:
        self.pool.shutdown(wait=False)
        self.client.close()
