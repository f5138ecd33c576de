"""Load on `medwarrant serve`: determinations by the API and the article page, at 1, 8 and 64 connections.

    python benchmarks/bench_web.py [--quick] [--memory]

A server on SQLite in an empty folder, one worker, local mode; the load comes from a process of its own on the
same machine. Beside it in the same run: the same engine behind a bare Litestar route, without guard, store or
counters, and a route that answers with a constant of the same size, which is what framework, machine and load allow.
`--memory` sends an hour's worth of requests (36,000: ten a second) and reads the memory of the server before and after.
"""

from __future__ import annotations

import http.client
import json
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from measuring import QUESTION, machine, options

HERE = Path(__file__).parent
CONNECTIONS = (1, 8, 64)
AN_HOUR = 36_000
#: The aim of the project: p99 of a determination by the API at 8 connections.
AIM = ("determination, one pair", 8, 50.0)

#: Requests of one service for one diagnosis, with and without facts, each another one.
ONE_PAIR = [
    {
        "request": {"services": [service], "diagnoses": [diagnosis], "as_of": "2026-11-23"},
        "facts": facts,
    }
    for service in ("64405", "64400", "20553", "64450", "64615")
    for diagnosis in ("G43.919", "G44.86", "M54.2", "M79.7")
    for facts in ([], ["intent=acute", "setting=office"])
]
TWENTY_PAIRS = [{"question": QUESTION, "as_of": "2026-11-23"}]


def free_port() -> int:
    """A port that nothing listens on."""
    with closing(socket.socket()) as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@contextmanager
def served(
    command: list[str], port: int, path: str = "/ready"
) -> Iterator[subprocess.Popen[bytes]]:
    """A server, from the moment it answers until it is no longer needed."""
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    try:
        until = time.monotonic() + 60
        while time.monotonic() < until:
            try:
                ask(port, "GET", path)
                break
            except OSError:
                if process.poll() is not None:
                    assert process.stderr is not None
                    sys.exit(process.stderr.read().decode(errors="replace"))
                time.sleep(0.1)
        yield process
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=30)


def ask(port: int, method: str, path: str, body: object = None) -> tuple[int, bytes]:
    """One request of its own, and what came back."""
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=30)) as connection:
        data = None if body is None else json.dumps(body).encode()
        headers = {} if data is None else {"Content-Type": "application/json"}
        connection.request(method, path, data, headers)
        answer = connection.getresponse()
        return answer.status, answer.read()


def load(port: int, connections: int, limit: str, requests: list[list[object]]) -> list[float]:
    """Seconds that each request took under load."""
    with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
        json.dump(requests, file)
        file.flush()
        command = [sys.executable, str(HERE / "http_load.py"), str(port), str(connections), limit]
        done = subprocess.run([*command, file.name], capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"the load ended early: {done.stderr}")
    found: list[float] = json.loads(done.stdout)
    return found


def posts(path: str, bodies: list[dict[str, object]]) -> list[list[object]]:
    """Requests with a body, as the load takes them."""
    headers = {"Content-Type": "application/json"}
    return [["POST", path, headers, json.dumps(body)] for body in bodies]


def row(what: str, connections: int, values: list[float], seconds: float) -> None:
    """Print a line of the table."""
    ordered = sorted(value * 1000 for value in values)
    p99 = ordered[min(len(ordered) - 1, round(0.99 * (len(ordered) - 1)))]
    aim = ""
    if (what, connections) == AIM[:2]:
        aim = f"{AIM[2]:.0f}  {'yes' if p99 < AIM[2] else 'no'}"
    print(
        f"  {what:<44} {connections:>4} {len(ordered):>7} {len(ordered) / seconds:>9.0f}"
        f" {statistics.median(ordered):>10.1f} {p99:>8.1f}  {aim}".rstrip()
    )


def resident(process: subprocess.Popen[bytes]) -> float:
    """The resident set of a process, in MB."""
    told = Path(f"/proc/{process.pid}/status")
    if not told.is_file():
        return float("nan")
    lines = told.read_text(encoding="utf-8").splitlines()
    kilobytes = next(int(line.split()[1]) for line in lines if line.startswith("VmRSS"))
    return kilobytes * 1024 / 1e6


def article(port: int) -> str:
    """The path of an inquiry with the 20 pairs, kept for the purpose."""
    status, body = ask(port, "POST", "/api/inquiries", TWENTY_PAIRS[0])
    if status != 201:
        sys.exit(f"the inquiry was not kept: {status}")
    return f"/inquiries/{json.loads(body)['id']}"


def main() -> None:
    chosen = options(__doc__.splitlines()[0], memory="memory after an hour's worth of requests")
    seconds = 1 if chosen.quick else 6
    limit = f"{seconds}s"
    print("Load on the web application: median and p99 in ms")
    print(machine())
    print(
        f"  {'what':<44} {'conn':>4} {'n':>7} {'a second':>9} {'median ms':>10} {'p99 ms':>8}  aim under, kept"
    )
    with tempfile.TemporaryDirectory(prefix="medwarrant-bench-") as folder:
        port = free_port()
        command = [sys.executable, "-m", "medwarrant", "serve", "--port", str(port)]
        command += ["--data", str(Path(folder, "data"))]
        with served(command, port) as process:
            page = article(port)
            size = len(ask(port, "POST", "/api/determinations", ONE_PAIR[0])[1])
            one = posts("/api/determinations", ONE_PAIR)
            measured = {
                "determination, one pair": one,
                "determination, a question of 20 pairs": posts("/api/determinations", TWENTY_PAIRS),
                "article page, 20 pairs": [["GET", page, {}, ""]],
            }
            for what, requests in measured.items():
                load(port, 1, "5", requests)
                for connections in CONNECTIONS[:2] if chosen.quick else CONNECTIONS:
                    row(what, connections, load(port, connections, limit, requests), seconds)
            if chosen.memory:
                before = resident(process)
                load(port, 8, str(200 if chosen.quick else AN_HOUR), one)
                print(
                    f"  memory of the server, MB: {before:.0f} before, {resident(process):.0f} after"
                )
        peer = free_port()
        command = [sys.executable, str(HERE / "web_peer.py"), str(peer), str(size)]
        with served(command, peer, "/constant"):
            for what, requests in {
                "peer: the engine behind a bare Litestar route": posts("/engine", ONE_PAIR),
                "peer: a constant of the same size": [["GET", "/constant", {}, ""]],
            }.items():
                load(peer, 1, "5", requests)
                for connections in CONNECTIONS[:2] if chosen.quick else CONNECTIONS:
                    row(what, connections, load(peer, connections, limit, requests), seconds)


if __name__ == "__main__":
    main()
