"""How long `medwarrant ask` takes as a whole process, from its start to the answer.

    python benchmarks/bench_startup.py [--quick] [--imports]

First use: the cache folder is empty, so the packs are read from YAML and the code set is converted.
Warm: both are in the cache, as at every later use. Python's bytecode is there in both, as after an
installation. `--imports` lists the modules that take longest to import.
"""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from measuring import Table, ask_command, options, program_environment

ONE_PAIR = "Is 64405 medically necessary for migraine?"


def seconds(command: list[str], environment: dict[str, str]) -> float:
    start = time.perf_counter()
    subprocess.run(command, env=environment, check=True, capture_output=True)
    return time.perf_counter() - start


def slowest_imports(environment: dict[str, str], count: int = 12) -> list[tuple[float, str]]:
    """Milliseconds that modules take to import, without what they import in turn."""
    command = [sys.executable, "-X", "importtime", *ask_command()[1:]]
    done = subprocess.run(command, env=environment, check=True, capture_output=True, text=True)
    lines = re.findall(r"import time:\s*(\d+) \|\s*\d+ \|\s*(\S+)", done.stderr)
    return sorted(((int(taken) / 1000, name) for taken, name in lines), reverse=True)[:count]


def main() -> None:
    chosen = options(__doc__.splitlines()[0], imports="list the modules slowest to import")
    first, warm = (1, 2) if chosen.quick else (3, 15)
    table = Table("Start to answer, whole process", "s", 1.0)
    with tempfile.TemporaryDirectory(prefix="medwarrant-bench-") as folder:
        bytecode, cache = Path(folder, "bytecode"), Path(folder, "cache")
        environment = program_environment(cache, bytecode)
        seconds(ask_command(), environment)
        cold = []
        for number in range(first):
            empty = Path(folder, f"first-{number}")
            cold.append(seconds(ask_command(), program_environment(empty, bytecode)))
        measured = {
            "Python alone": [sys.executable, "-c", "pass"],
            "medwarrant --version": [sys.executable, "-m", "medwarrant", "--version"],
            "one pair, terminal": ask_command(question=ONE_PAIR),
            "20 pairs, terminal": ask_command(),
            "20 pairs, JSON": ask_command("--format", "json"),
            "20 pairs, HTML": ask_command("--format", "html"),
        }
        # In turn, so that a busy moment of the machine does not fall on one of them alone.
        found: dict[str, list[float]] = {name: [] for name in measured}
        for _ in range(warm):
            for name, command in measured.items():
                found[name].append(seconds(command, environment))
        for name, values in found.items():
            aim = 0.5 if "pair" in name else None
            table.add(f"warm: {name}" if aim else name, values, aim)
        table.add("first use: 20 pairs, terminal", cold)
        table.show()
        if chosen.imports:
            print("Slowest imports, ms of their own")
            for taken, module in slowest_imports(environment):
                print(f"  {taken:6.1f}  {module}")


if __name__ == "__main__":
    main()
