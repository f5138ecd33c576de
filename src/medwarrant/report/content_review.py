"""Which medical content of an answer its editors have approved, and which is pending."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from ..policy.library import Library
from ..policy.prose import join
from .article import Line
from .text import clean, counted, date_words
from .words import Audience

#: So many policies are named; more are counted.
_NAMED = 4


def content_lines(
    content: Iterable[Mapping[str, Any]], library: Library, audience: Audience
) -> tuple[Line, ...]:
    """What is approved and what is pending: packs first, then single policies used in the answer.

    An entry speaks of a pack (`{pack, version, status, submitted, approved, by}`) or of one policy
    (`{policy, digest, status, approved, by}`). A patient is told only whether anything is pending.
    """
    entries = tuple(content)
    pending = [entry for entry in entries if entry["status"] != "approved"]
    if audience == "patient":
        told = "The medical content is still being checked by people."
        return (Line(text=told),) if pending else ()
    lines = []
    packs = [entry for entry in entries if entry.get("pack")]
    waiting = [_pack(entry, library, audience) for entry in packs if entry["status"] != "approved"]
    passed = [_pack(entry, library, audience) for entry in packs if entry["status"] == "approved"]
    if waiting:
        text = f"Medical content pending approval by its editors: {join(waiting, 'and')}."
        lines.append(Line(text=text))
    if passed:
        text = f"Medical content approved by its editors: {join(passed, 'and')}."
        lines.append(Line(text=text))
    policies = [entry for entry in entries if entry.get("policy")]
    if policies:
        lines.append(Line(text=_policies(policies, library, audience)))
    return tuple(lines)


def _pack(entry: Mapping[str, Any], library: Library, audience: Audience) -> str:
    """A pack by its title and version; for an auditor with its id."""
    named = str(entry["pack"])
    title = next((pack.title for pack in library.packs if pack.id == named), named)
    name = f"“{clean(title)}” {clean(entry['version'])}"
    if audience == "auditor":
        name += f" ({clean(named)})"
    if entry["status"] == "approved":
        return f"{name}{_approved(entry)}"
    since = f" since {date_words(str(entry['submitted']))}" if entry.get("submitted") else ""
    return f"{name} ({entry['status'].replace('_', ' ')}{since})"


def _policies(entries: list[Mapping[str, Any]], library: Library, audience: Audience) -> str:
    passed = [entry for entry in entries if entry["status"] == "approved"]
    waiting = [entry for entry in entries if entry["status"] != "approved"]
    used = counted(len(entries), "policy", "policies")
    if not waiting:
        return f"Approved by their editors: all of the {used} used here{_names(passed, library, audience)}."
    if not passed:
        return f"Pending approval by their editors: all of the {used} used here{_names(waiting, library, audience)}."
    return (
        f"Of {used} used here, {_are(passed)} approved by the editors{_names(passed, library, audience)}; "
        f"{_are(waiting)} pending{_names(waiting, library, audience)}."
    )


def _are(entries: list[Mapping[str, Any]]) -> str:
    return f"{len(entries)} {'is' if len(entries) == 1 else 'are'}"


def _names(entries: list[Mapping[str, Any]], library: Library, audience: Audience) -> str:
    """The first titles in brackets; for an auditor each with the digest of the version it is about."""
    told = []
    for entry in entries[:_NAMED]:
        known = library.policies.get(str(entry["policy"]))
        name = clean(known.title if known else str(entry["policy"]))
        digest = clean(str(entry.get("digest") or ""))
        kept = f" {digest[:19]}" if audience == "auditor" and digest else ""
        told.append(f"{name}{kept}{_approved(entry) if entry['status'] == 'approved' else ''}")
    left = len(entries) - len(told)
    if left:
        told.append(f"{left} more")
    return f": {'; '.join(told)}"


def _approved(entry: Mapping[str, Any]) -> str:
    said = ", ".join(
        part
        for part in (
            clean(str(entry["by"])) if entry.get("by") else "",
            date_words(str(entry["approved"])) if entry.get("approved") else "",
        )
        if part
    )
    return f" ({said})" if said else ""
