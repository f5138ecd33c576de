"""Running the application: a socket, one process or several, and an orderly end."""

from __future__ import annotations

import errno
import gc
import os
import signal
import socket
import sys
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, Final

import msgspec
import uvicorn
from litestar import Litestar
from uvicorn.config import STARTUP_FAILURE
from uvicorn.supervisors import Multiprocess

from ..answer import Medwarrant
from ..model.errors import InputError, MedwarrantError
from ..policy.load import load_packs
from ..review.store.open import open_desk
from ..review.work import Desk
from ..terminology.icd10cm import Icd10cm
from .app import create_app
from .log import log_to_standard_error
from .metrics import SHARED_FOLDER
from .settings import WebSettings

#: Requests that have begun get this long to end once the server was told to stop.
GRACE_SECONDS: Final = 20
_MOST_AT_ONCE: Final = 512
_BACKLOG: Final = 1024


class Serving(msgspec.Struct, frozen=True, kw_only=True):
    """What is served."""

    settings: WebSettings
    data: Path
    database: str | None = None
    packs: tuple[Path, ...] = ()
    workers: int = 1


def open_the_desk(serving: Serving, say: Callable[[str], None] | None = None) -> Desk:
    """The desk, with the packs loaded; `say` hears of what takes a while the first time."""
    return open_desk(
        data=serving.data,
        database=serving.database,
        medwarrant=Medwarrant(load_packs(*serving.packs), Icd10cm.open(on_build=say)),
        packs=serving.packs,
    )


def application(serving: Serving, say: Callable[[str], None] | None = None) -> Litestar:
    """The application of one process, which closes its desk at the end."""
    desk = open_the_desk(serving, say)
    app = create_app(desk, serving.settings)
    app.on_shutdown.append(desk.database.close)
    # Packs and code live as long as the process: the collector need not look at them again. The command line
    # had switched it off.
    gc.collect()
    gc.freeze()
    gc.enable()
    return app


def worker(serving: Serving) -> Litestar:
    """The application of one process of several, which has no command line above it to say what is wrong."""
    log_to_standard_error()
    try:
        return application(serving)
    except Exception as error:
        said = error if isinstance(error, MedwarrantError) else f"defect {type(error).__name__}"
        print(f"medwarrant: {said}", file=sys.stderr)  # noqa: T201
        sys.exit(STARTUP_FAILURE)


def bound(settings: WebSettings) -> socket.socket:
    """The socket of the server. Raises `InputError` where the port or the host cannot be had."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    try:
        found = socket.create_server(
            (settings.host, settings.port), family=family, backlog=_BACKLOG
        )
    except OSError as error:
        raise _cannot_bind(error, settings) from None
    found.set_inheritable(True)
    return found


def _cannot_bind(error: OSError, settings: WebSettings) -> InputError:
    if error.errno == errno.EADDRINUSE:
        return InputError(
            f"port {settings.port} is in use",
            where="--port",
            mend="stop the program that uses it, or name another port",
        )
    if error.errno == errno.EACCES:
        return InputError(
            f"port {settings.port} may not be used by this user",
            where="--port",
            mend="name one above 1023",
        )
    return InputError("this is no address of this machine", where="--host", mend="leave --host out")


def run(
    serving: Serving,
    listening: socket.socket,
    *,
    say: Callable[[str], None],
    announce: Callable[[], None],
) -> None:
    """Serve until told to stop (SIGINT or SIGTERM); requests that have begun are answered first.

    `announce` is called once nothing can go wrong any more. Raises `InputError` and `Unavailable` for what is wrong with
    the folder or the database.
    """
    log_to_standard_error()
    if serving.workers == 1:
        app = application(serving, say)
        # uvicorn sends itself the signal again once it is done; by then there is nothing left to end.
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, _nothing)
        announce()
        uvicorn.Server(_config(serving, app)).run(sockets=[listening])
        return
    open_the_desk(serving, say).database.close()
    with tempfile.TemporaryDirectory(prefix="medwarrant-") as shared:
        os.environ[SHARED_FOLDER] = shared
        announce()
        workers = Multiprocess(
            _config(serving, partial(worker, serving), factory=True), sockets=[listening]
        )
        workers.run()
    if any(process.exitcode == STARTUP_FAILURE for process in workers.processes):
        raise MedwarrantError("a worker could not start")


def _config(
    serving: Serving, app: Litestar | Callable[[], Litestar], *, factory: bool = False
) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        factory=factory,
        http="httptools",
        ws="none",
        lifespan="on",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=serving.settings.accounts,
        workers=serving.workers,
        limit_concurrency=_MOST_AT_ONCE,
        backlog=_BACKLOG,
        timeout_keep_alive=15,
        timeout_graceful_shutdown=GRACE_SECONDS,
    )


def _nothing(*_: Any) -> None:
    """The answer to a signal that was heard already."""
