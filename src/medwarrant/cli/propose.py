"""`--propose`: facts that a configured language model reads in notes, shown for a person to confirm.

Nothing proposed changes the answer. What is kept goes to standard error, each with its quote and the
`--fact` that would confirm it; the answer itself stays on standard output as it is without proposals.
"""

from __future__ import annotations

import os
import shlex
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from ..model.errors import InputError

if TYPE_CHECKING:
    from ..policy.library import Library


def show_proposals(notes: Iterable[Path], library: Library) -> None:
    """Ask the configured model about each note and print what passed every check.

    Raises `InputError` where no endpoint is configured, or there is no note to ask about.
    """
    from ..intake.files.read import read_file
    from ..llm.endpoint import Endpoint
    from ..llm.proposals import propose

    paths = list(notes)
    if not paths:
        raise InputError(
            "there is no note to propose from", where="--propose", mend="add --note FILE"
        )
    endpoint = Endpoint.configured(os.environ)
    for path in paths:
        found = propose(read_file(path, path.name), library, endpoint)
        if found.problem:
            print(f"medwarrant: {path.name}: {found.problem}", file=sys.stderr)
        number = "1 proposal" if len(found.kept) == 1 else f"{len(found.kept)} proposals"
        print(f"{path.name}: {number}; nothing changes until you confirm it", file=sys.stderr)
        for proposal in found.kept:
            print(f'  {proposal.place}: "{" ".join(proposal.quote.split())}"', file=sys.stderr)
            print(f"    --fact {shlex.quote(proposal.option(library))}", file=sys.stderr)
        for reason, count in found.discarded.items():
            print(f"  {count} discarded: {reason.replace('_', ' ')}", file=sys.stderr)
