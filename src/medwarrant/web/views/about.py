"""What this server is: its version, its packs, how it is run, and what becomes of what is typed."""

from __future__ import annotations

from typing import Literal

import msgspec

from ...model.determination import SCHEMA
from ...review.work import Work
from ...version import __version__

PRIVACY = (
    "What you type and the files you drop stay on this server: in its database and nowhere else.",
    "No page loads anything from another place, and nothing is sent to one.",
    "Logs and counters hold names of routes, never an address, a name, a question or a fact.",
    "Who saw, changed or signed a case is written to the audit log, which nobody can change unseen.",
)


class PackView(msgspec.Struct, frozen=True, kw_only=True):
    """A pack in use."""

    id: str
    title: str
    version: str
    digest: str
    policies: int
    status: str


class CodeSetView(msgspec.Struct, frozen=True, kw_only=True):
    """A code set in use."""

    id: str
    release: str
    valid_from: str
    valid_until: str


class AboutView(msgspec.Struct, frozen=True, kw_only=True):
    """What this server is."""

    version: str
    schema: str
    mode: Literal["local", "accounts"]
    database: str
    packs: tuple[PackView, ...]
    code_sets: tuple[CodeSetView, ...]
    privacy: tuple[str, ...]


def about(work: Work, *, accounts: bool) -> AboutView:
    """What this server is."""
    medwarrant = work.desk.medwarrant
    icd = medwarrant.icd
    return AboutView(
        version=__version__,
        schema=SCHEMA,
        mode="accounts" if accounts else "local",
        database=work.desk.database.kind,
        packs=tuple(
            PackView(
                id=pack.id,
                title=pack.title,
                version=pack.version,
                digest=pack.digest,
                policies=len(pack.policies),
                status=pack.review.status,
            )
            for pack in medwarrant.library.packs
        ),
        code_sets=(
            CodeSetView(
                id="ICD-10-CM",
                release=icd.release,
                valid_from=icd.valid_from.isoformat(),
                valid_until=icd.valid_until.isoformat(),
            ),
        ),
        privacy=PRIVACY,
    )
