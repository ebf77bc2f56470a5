"""Runs a command to its end and says how long it took and how much memory it held at most.

A command that passes the limit of memory or time is stopped and named so: what cannot be finished on
this machine is a result too.
"""

import os
import signal
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

PAGE = os.sysconf("SC_PAGE_SIZE")
GIB = 1 << 30


class Unfinished(Exception):
    """Why a command did not come to its end, in words for a table."""


@dataclass
class Run:
    seconds: float
    peak_bytes: int
    output: str


def resident(pid: int) -> int:
    """Bytes that a process holds now; 0 when it is gone."""
    try:
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * PAGE
    except (FileNotFoundError, ProcessLookupError, IndexError):
        return 0


def run(command: list[str], what: str, most_bytes: int, most_seconds: float, cwd: Path) -> Run:
    start = time.monotonic()
    process = subprocess.Popen(
        command, cwd=cwd, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        start_new_session=True)
    os.set_blocking(process.stdout.fileno(), False)
    output, stopped = "", None
    while True:
        pid, status, usage = os.wait4(process.pid, os.WNOHANG)
        try:
            output = (output + (process.stdout.read() or ""))[-20_000:]
        except (BlockingIOError, TypeError):
            pass
        if pid:
            break
        seconds = time.monotonic() - start
        if resident(process.pid) > most_bytes:
            stopped = f"{what} passes {most_bytes // GIB} GiB"
        elif seconds > most_seconds:
            stopped = f"{what} passes {most_seconds / 60:.0f} min"
        if stopped:
            os.killpg(process.pid, signal.SIGKILL)
            os.wait4(process.pid, 0)
            raise Unfinished(stopped)
        time.sleep(0.002 if seconds < 2 else 0.05)
    process.returncode = os.waitstatus_to_exitcode(status)
    seconds = time.monotonic() - start
    if process.returncode != 0:
        last = [line for line in output.splitlines() if line.strip()][-1:] or ["no message"]
        raise Unfinished(f"{what} fails: {last[0].strip()[:200]}")
    return Run(seconds, usage.ru_maxrss * 1024, output)
