"""Programs in, seconds and ratios out, measured so that a busy machine matters little."""

from __future__ import annotations

import os
import statistics
import subprocess
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Run:
    """One finished run: seconds, megabytes at most, and what it printed."""

    seconds: float
    megabytes: float
    output: str
    code: int


def run(
    command: Sequence[str], *, stdin: str = "", cwd: Path | None = None, timeout: float = 300
) -> Run:
    """Run a command to its end.

    Raises:
        subprocess.TimeoutExpired: It took longer.
    """
    start = time.perf_counter()
    process = subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        cwd=cwd,
        text=True,
        encoding="utf-8",
        errors="replace",
    )
    try:
        output, _ = process.communicate(stdin, timeout=timeout)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
        raise
    return Run(time.perf_counter() - start, 0.0, output, process.returncode)


def run_measured(command: Sequence[str], cwd: Path | None = None, timeout: float = 600) -> Run:
    """Run a command that prints little and say how much memory it took at most.

    A command that takes longer than `timeout` seconds is ended; its exit code is then negative.
    """
    start = time.perf_counter()
    process = subprocess.Popen(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=cwd
    )
    alarm = threading.Timer(timeout, process.kill)
    alarm.start()
    _, status, usage = os.wait4(process.pid, 0)
    alarm.cancel()
    process.returncode = os.waitstatus_to_exitcode(status)
    seconds = time.perf_counter() - start
    return Run(seconds, usage.ru_maxrss / 1024, "", process.returncode)


def interleaved(
    programs: Sequence[Callable[[], object]], rounds: int
) -> tuple[list[float], list[float]]:
    """Run programs in turn, round by round, so that all meet the same machine.

    Returns:
        The median seconds of each, and the median of each one's ratio to the first in its round.
    """
    for program in programs:
        program()  # once unmeasured: files into the cache
    times: list[list[float]] = [[] for _ in programs]
    for _ in range(rounds):
        for index, program in enumerate(programs):
            start = time.perf_counter()
            program()
            times[index].append(time.perf_counter() - start)
    ratios = [
        statistics.median(one / first for one, first in zip(each, times[0], strict=True))
        for each in times
    ]
    return [statistics.median(each) for each in times], ratios


def least_work(commands: Sequence[Sequence[str]], rounds: int) -> list[float]:
    """Return the least processor time of each command, in seconds, run in turn.

    Processor time of the process and of those it waited for; unlike the time that passes it hardly
    grows where others use the machine too. Compiled modules are kept.
    """
    environment = _environment()
    least = [float("inf")] * len(commands)
    for number in range(rounds + 1):
        for index, command in enumerate(commands):
            process = subprocess.Popen(
                command,
                env=environment,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
            _, status, usage = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
            if process.returncode:
                raise subprocess.CalledProcessError(process.returncode, command)
            if number:  # the first round compiles, and brings files into the cache
                least[index] = min(least[index], usage.ru_utime + usage.ru_stime)
    return least


def quiet(command: Sequence[str], cwd: Path | None = None) -> Callable[[], object]:
    """Return a function that runs a command and throws away what it prints.

    Compiled modules are kept. It fails loudly: a program that broke down would look fast.
    """
    environment = _environment()

    def start() -> object:
        return subprocess.run(
            command,
            cwd=cwd,
            env=environment,
            check=True,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    return start


def _environment() -> dict[str, str]:
    """Return the environment in which modules are compiled once, as those of an installed program.

    A developer's shell may say otherwise, and each run would compile what was edited last.
    """
    return {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
