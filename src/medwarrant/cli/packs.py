"""`packs` and `policy show|check|test`: the library, for authors."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ..model.errors import InputError
from .parts import FILE, PACKS, CommandGroup

if TYPE_CHECKING:
    from ..policy.library import Library

_ONLY = click.option(
    "--only", is_flag=True, help="Load only the folders named, not the packs that ship."
)


@click.command("packs")
@PACKS
@click.option("--facts", is_flag=True, help="List the fact dictionary instead.")
@click.option(
    "--keep", type=FILE, help="Keep these versions, by digest, in this folder, for replay."
)
def list_packs(packs: tuple[Path, ...], facts: bool, keep: Path | None) -> None:
    """List the packs and their policies, or keep them by digest."""
    from ..policy.load import load_packs

    if keep is not None:
        from ..policy.archive import keep_packs

        for place in keep_packs(keep, packs):
            print(place)
        return

    library = load_packs(*packs)
    if facts:
        for fact in library.facts.values():
            unit = f" in {fact.unit}" if fact.unit else ""
            values = f": {', '.join(fact.values)}" if fact.values else ""
            print(f"{fact.id} ({fact.kind}{unit}) {fact.title}{values}")
        for event in library.events.values():
            print(f"{event.id} (event) {event.title}: {', '.join(event.attributes)}")
        return
    for pack in library.packs:
        print(f"{pack.id} {pack.version} ({pack.review.status.replace('_', ' ')})  {pack.title}")
        print(f"  {pack.digest}")
        for policy in pack.policies.values():
            period = policy.effective()
            since = f" from {period['from']}" if period["from"] else ""
            until = f" to {period['to']}" if period["to"] else ""
            print(
                f"  {policy.id}  [{policy.authority}, {policy.status}{since}{until}]  {policy.title}"
            )


@click.group("policy", cls=CommandGroup, help="Show, check and test policies.")
def policy_commands() -> None:
    """Hold the commands for one policy or for all of a pack."""


@policy_commands.command("show")
@click.argument("policy", help="The id of a policy; 'medwarrant packs' lists them.")
@PACKS
@click.option("--tree", is_flag=True, help="Show the criteria as a tree only.")
def show(policy: str, packs: tuple[Path, ...], tree: bool) -> None:
    """Print a policy as plain prose and as a tree."""
    from ..policy.load import load_packs
    from ..policy.show import policy_prose, policy_tree

    library = load_packs(*packs)
    known = library.policies.get(policy)
    if known is None:
        raise _unknown_policy(policy, library)
    if not tree:
        print(policy_prose(known, library))
        print()
    print(policy_tree(known, library))


def _unknown_policy(name: str, library: Library) -> InputError:
    from difflib import get_close_matches

    close = get_close_matches(name, list(library.policies), n=1, cutoff=0.3)
    return InputError(
        f"there is no policy '{name[:80]}'",
        mend=f"did you mean '{close[0]}'?" if close else "'medwarrant packs' lists them",
    )


@policy_commands.command("check")
@click.argument(
    "folders", type=FILE, nargs=-1, help="Pack folders to check besides those that ship."
)
@_ONLY
@click.option("--strict", is_flag=True, help="Let warnings fail too.")
def check(folders: tuple[Path, ...], only: bool, strict: bool) -> None:
    """Find what is wrong in packs; exit 1 if there are errors."""
    from ..policy.check import check_library
    from ..policy.load import load_packs
    from ..terminology.icd10cm import Icd10cm

    library = load_packs(*folders, shipped=not only)
    with Icd10cm.open() as icd:
        problems = check_library(library, icd.all_codes())
    for problem in problems:
        print(problem)
    errors = sum(problem.severity == "error" for problem in problems)
    warnings = len(problems) - errors
    policies = len(library.policies)
    print(
        f"{policies} policies in {len(library.packs)} packs: {errors} errors, {warnings} warnings"
    )
    if errors or (strict and warnings):
        raise click.exceptions.Exit(1)


@policy_commands.command("test")
@click.argument(
    "folders", type=FILE, nargs=-1, help="Pack folders to test besides those that ship."
)
@_ONLY
@click.option("--policy", help="Only the examples of this policy.")
def test(folders: tuple[Path, ...], only: bool, policy: str | None) -> None:
    """Run the examples of packs; exit 1 if one does not hold."""
    from ..answer import Medwarrant
    from ..examples import run_examples
    from ..policy.load import load_packs

    medwarrant = Medwarrant(load_packs(*folders, shipped=not only))
    if policy is not None and policy not in medwarrant.library.policies:
        raise _unknown_policy(policy, medwarrant.library)
    held = failed = 0
    for result in run_examples(medwarrant, policy):
        if result.holds:
            held += 1
            continue
        failed += 1
        print(f"{result.example.file}:{result.example.line}: {result.example.it}", file=sys.stdout)
        for difference in result.differences:
            print(f"    {difference}")
    print(f"{held} passed, {failed} failed")
    if failed:
        raise click.exceptions.Exit(1)
