"""What the benchmarks share: how a time is taken, and how figures are printed."""

from __future__ import annotations

import argparse
import os
import platform
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

#: The question of the article that this project set out from: 4 services x 5 diagnoses.
QUESTION = (
    "Are nerve blocks (64400, 64405, 64450, 20553) medically necessary for pain management in a "
    "patient with cervicalgia, other specified dorsopathies, trigeminal neuralgia, fibromyalgia, "
    "and intractable migraine?"
)


def options(description: str, **flags: str) -> argparse.Namespace:
    """The options of a benchmark: `--quick`, and further flags with their help."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--quick", action="store_true", help="few runs: shows that it works")
    for name, text in flags.items():
        parser.add_argument(f"--{name}", action="store_true", help=text)
    return parser.parse_args()


def machine() -> str:
    """The processor, its cores, how busy it is, the system and the version of Python."""
    model = platform.processor() or platform.machine()
    told = Path("/proc/cpuinfo")
    if told.is_file():
        lines = told.read_text(encoding="utf-8", errors="replace").splitlines()
        named = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
        model = next(named, model)
    load = f", load {os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else ""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return f"{model}, {cores} cores{load}, {platform.system()}, Python {platform.python_version()}"


def times(function: Callable[[], object], runs: int, calls: int = 1) -> list[float]:
    """Seconds a call, once for each run of `calls` calls, after one run that is not counted."""
    found = []
    for run in range(runs + 1):
        start = time.perf_counter()
        for _ in range(calls):
            function()
        taken = (time.perf_counter() - start) / calls
        if run:
            found.append(taken)
    return found


class Table:
    """Figures with their unit: what was measured, how often, the median and the 95th percentile."""

    def __init__(self, title: str, unit: str, scale: float) -> None:
        self.title, self.unit, self.scale = title, unit, scale
        self.rows: list[tuple[str, ...]] = []

    def add(self, what: str, values: Sequence[float], aim: float | None = None) -> float:
        """Add a row and return the median; `aim` is in the unit of the table."""
        ordered = sorted(value * self.scale for value in values)
        median = statistics.median(ordered)
        high = ordered[min(len(ordered) - 1, round(0.95 * (len(ordered) - 1)))]
        aimed = "" if aim is None else f"{aim:g}"
        kept = "" if aim is None else "yes" if median < aim else "no"
        self.rows.append((what, str(len(ordered)), _text(median), _text(high), aimed, kept))
        return median

    def show(self) -> None:
        """Print the table with the machine."""
        head = ("what", "n", f"median {self.unit}", "p95", "aim under", "kept")
        widths = [max(len(row[at]) for row in (head, *self.rows)) for at in range(len(head))]
        print(self.title)
        print(machine())
        for row in (head, *self.rows):
            cells = (cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True))
            print(f"  {row[0]:<{widths[0]}}  {'  '.join(cells)}".rstrip())
        print()


def _text(value: float) -> str:
    return f"{value:.0f}" if value >= 100 else f"{value:.3g}"


def program_environment(cache: Path, bytecode: Path) -> dict[str, str]:
    """The environment of a started program: its own cache, and bytecode kept as pip keeps it."""
    kept = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}
    return {
        **kept,
        "MEDWARRANT_CACHE": str(cache),
        "PYTHONPYCACHEPREFIX": str(bytecode),
        "COLUMNS": "80",
        "NO_COLOR": "1",
    }


def ask_command(*more: str, question: str = QUESTION) -> list[str]:
    """`medwarrant ask` as a command of the Python that runs the benchmark."""
    return [sys.executable, "-m", "medwarrant", "ask", question, *more]
