"""Every benchmark runs and prints its figures; how long anything takes is not asserted."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

#: Takes long; not part of `make test` (`make test-slow`).
pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]
PROGRAMS = sorted((ROOT / "benchmarks").glob("bench_*.py"))


def test_there_are_benchmarks():
    assert {program.stem for program in PROGRAMS} >= {
        "bench_article",
        "bench_memory",
        "bench_policy",
        "bench_startup",
    }


@pytest.mark.parametrize("program", PROGRAMS, ids=lambda program: program.stem)
def test_a_benchmark_runs_and_prints_a_table(program):
    done = subprocess.run(
        [sys.executable, str(program), "--quick"],
        cwd=ROOT,
        env={**os.environ, "PYTHONUTF8": "1"},
        capture_output=True,
        text=True,
        encoding="utf-8",
    )
    assert done.returncode == 0, done.stderr
    assert "median" in done.stdout
    assert "cores" in done.stdout
    assert "Python 3." in done.stdout


@pytest.mark.parametrize("program", PROGRAMS, ids=lambda program: program.stem)
def test_a_benchmark_is_documented(program):
    page = (ROOT / "docs" / "benchmarks.md").read_text(encoding="utf-8")
    assert f"benchmarks/{program.name}" in page
