"""Canonical JSON (RFC 8785) and the two digests of a determination.

`digest` names the case as judged: the same case in other words has the same digest. `record_digest`
names the whole object: what a person saw and signs.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import Any

import msgspec

#: Not part of the case as judged: the words it was asked in, who reviewed it, and the digests.
_NOT_JUDGED = frozenset({"question", "reading", "request", "review", "digest", "record_digest"})


def canonical(value: Any) -> bytes:
    """JSON in the one form of RFC 8785: keys sorted, no white space, text as it is.

    For values without fractions and with ASCII keys, which is what answers are made of (a quantity
    is a whole number, or text with its unit); a property test compares it with a complete
    implementation of the RFC.

    >>> canonical({"b": 1, "a": [True, None]})
    b'{"a":[true,null],"b":1}'
    """
    return msgspec.json.encode(value, order="sorted")


def sha256(value: Any) -> str:
    """The digest of a value's canonical form."""
    return f"sha256:{hashlib.sha256(canonical(value)).hexdigest()}"


def case_digest(answer: dict[str, Any]) -> str:
    """The digest of the case as judged, whatever order it was asked in.

    Items, services, documents, conflicts and references are sorted; line numbers, reference numbers,
    the ids of facts (provenance) and the first of several equally good diagnoses are left out.
    """
    case = {key: value for key, value in answer.items() if key not in _NOT_JUDGED}
    case["items"] = _sorted(map(_judged_item, case["items"]))
    case["services"] = _sorted(
        _without(_without(service, "line"), "best") for service in case["services"]
    )
    case["documents"] = _sorted(
        {**_without(document, "id"), "for": _sorted(document["for"])}
        for document in case["documents"]
    )
    case["conflicts"] = _sorted(case["conflicts"])
    case["references"] = _sorted(_without(reference, "n") for reference in case["references"])
    return sha256(case)


def record_digest(answer: dict[str, Any]) -> str:
    """The digest of everything but itself."""
    return sha256(_without(answer, "record_digest"))


def _judged_item(item: dict[str, Any]) -> dict[str, Any]:
    judged = _without(item, "line")
    judged["criteria"] = _without_facts(item["criteria"]) if item["criteria"] else None
    judged["request_rules"] = [_without_facts(rule) for rule in item["request_rules"]]
    return judged


def _without_facts(criterion: dict[str, Any]) -> dict[str, Any]:
    found = _without(criterion, "facts")
    found["children"] = [_without_facts(child) for child in criterion["children"]]
    return found


def _without(value: dict[str, Any], key: str) -> dict[str, Any]:
    return {name: part for name, part in value.items() if name != key}


def _sorted(values: Iterable[Any]) -> list[msgspec.Raw]:
    return [msgspec.Raw(data) for data in sorted(map(canonical, values))]
