"""Versions of a policy from the packs that were kept, and what changed between two of them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from difflib import unified_diff
from pathlib import Path

import msgspec

from ..model.errors import InputError, PackError
from ..policy.archive import packs_by_digest
from ..policy.library import Library
from ..policy.load import digest_of, read_files
from ..policy.show import policy_prose
from .content import policy_content, policy_digest
from .work import Desk


class PolicyVersion(msgspec.Struct, frozen=True, kw_only=True):
    """One version of a policy: of which pack, and what it says, in prose and as data."""

    policy: str
    pack: str
    version: str
    pack_digest: str
    digest: str
    prose: str
    data: str


class PolicyDifference(msgspec.Struct, frozen=True, kw_only=True):
    """What changed from one version of a policy to the next, as unified differences."""

    before: str
    now: str
    prose: str
    data: str


def version_of(library: Library, policy_id: str) -> PolicyVersion:
    """A policy as a library has it."""
    policy = library.policies[policy_id]
    pack = next(pack for pack in library.packs if pack.id == policy.pack)
    plain = msgspec.json.encode(policy_content(library, policy_id), order="sorted")
    return PolicyVersion(
        policy=policy_id,
        pack=pack.id,
        version=pack.version,
        pack_digest=pack.digest,
        digest=policy_digest(library, policy_id),
        prose=policy_prose(policy, library),
        data=msgspec.json.format(plain, indent=2).decode(),
    )


def versions_before(desk: Desk, policy_id: str) -> list[PolicyVersion]:
    """The other versions of a policy that were kept, the latest first.

    A kept pack is read with the other packs of today; one that cannot be read with them is left out, as is
    one in which the policy says the same as now.
    """
    library = desk.medwarrant.library
    now = version_of(library, policy_id)
    found: dict[str, tuple[tuple[tuple[int, ...], float], PolicyVersion]] = {}
    for folder, version, digest in _kept(desk.kept_packs, now.pack):
        if digest == now.pack_digest:
            continue
        digests = [digest if pack.id == now.pack else pack.digest for pack in library.packs]
        try:
            before = packs_by_digest(desk.kept_packs, digests)
        except (InputError, PackError):
            continue
        if policy_id in before.policies and policy_digest(before, policy_id) != now.digest:
            made = version_of(before, policy_id)
            age = (tuple(map(int, re.findall(r"\d+", version))), folder.stat().st_mtime)
            known = found.get(made.digest)
            if known is None or known[0] < age:
                found[made.digest] = (age, made)
    return [made for _, made in sorted(found.values(), key=lambda one: one[0], reverse=True)]


def difference(before: PolicyVersion, now: PolicyVersion) -> PolicyDifference:
    """What changed between two versions."""
    names = f"{before.pack} {before.version}", f"{now.pack} {now.version}"
    return PolicyDifference(
        before=before.digest,
        now=now.digest,
        prose=_unified(before.prose, now.prose, names),
        data=_unified(before.data, now.data, names),
    )


def _unified(before: str, now: str, names: tuple[str, str]) -> str:
    return "\n".join(unified_diff(before.splitlines(), now.splitlines(), *names, lineterm=""))


def _kept(folder: Path, pack: str) -> Iterator[tuple[Path, str, str]]:
    """The kept folders of a pack, with the version each names and its digest."""
    for place in sorted(folder.glob("*/pack.yaml")) if folder.is_dir() else ():
        text = place.read_text(encoding="utf-8", errors="replace")
        named = re.search(r"^pack:\s*['\"]?([^\s'\"#]+)", text, re.MULTILINE)
        version = re.search(r"^version:\s*['\"]?([^\s'\"#]+)", text, re.MULTILINE)
        if named is not None and named[1] == pack:
            digest = digest_of(read_files(place.parent))
            yield place.parent, version[1] if version else "", digest
