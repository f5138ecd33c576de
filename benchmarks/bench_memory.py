"""How much memory `medwarrant ask` needs at its peak, as a whole process.

    python benchmarks/bench_memory.py [--quick]

The peak is the resident set that the system reports when the process ends (`wait4`), so this runs where
the system has that: Linux, macOS.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from measuring import Table, ask_command, options, program_environment


def peak(command: list[str], environment: dict[str, str]) -> float:
    """The largest resident set of a command, in MB (10^6 bytes)."""
    process = subprocess.Popen(
        command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        sys.exit(f"{' '.join(command[1:4])} ended with {process.returncode}")
    unit = 1 if sys.platform == "darwin" else 1024
    return usage.ru_maxrss * unit / 1e6


def main() -> None:
    chosen = options(__doc__.splitlines()[0])
    if not hasattr(os, "wait4"):
        print("This system does not report the peak of a child process; nothing was measured.")
        return
    first, warm = (1, 1) if chosen.quick else (3, 9)
    table = Table("Peak memory, whole process", "MB", 1.0)
    with tempfile.TemporaryDirectory(prefix="medwarrant-bench-") as folder:
        bytecode = Path(folder, "bytecode")
        environment = program_environment(Path(folder, "cache"), bytecode)
        peak(ask_command(), environment)
        table.add("Python alone", [peak([sys.executable, "-c", "pass"], environment)])
        for form in ("terminal", "json", "html"):
            command = ask_command("--format", form)
            values = [peak(command, environment) for _ in range(warm)]
            table.add(f"warm: 20 pairs, {form}", values, 150)
        empty = [program_environment(Path(folder, f"first-{n}"), bytecode) for n in range(first)]
        table.add("first use: 20 pairs, terminal", [peak(ask_command(), e) for e in empty], 150)
        table.show()


if __name__ == "__main__":
    main()
