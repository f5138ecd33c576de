"""Canonical JSON (RFC 8785) and the two digests of a determination.

`digest` names the case as judged: the same case in other words has the same digest. `record_digest`
names the whole object: what a person saw and signs.
"""

from __future__ import annotations

import hashlib
from typing import Any

import rfc8785

#: Not part of the case as judged: the words it was asked in, who reviewed it, and the digests.
_NOT_JUDGED = frozenset({"question", "reading", "request", "review", "digest", "record_digest"})


def canonical(value: Any) -> bytes:
    """JSON in the one form of RFC 8785.

    >>> canonical({"b": 1, "a": [True, None]})
    b'{"a":[true,null],"b":1}'
    """
    return rfc8785.dumps(value)


def sha256(value: Any) -> str:
    """The digest of a value's canonical form."""
    return f"sha256:{hashlib.sha256(canonical(value)).hexdigest()}"


def case_digest(answer: dict[str, Any]) -> str:
    """The digest of the case as judged, whatever order it was asked in.

    Items, services, documents, conflicts and references are sorted; line numbers, reference numbers
    and the ids of facts (provenance) are left out.
    """
    case = {key: value for key, value in answer.items() if key not in _NOT_JUDGED}
    case["items"] = _sorted(
        {k: _without_facts(v) for k, v in item.items() if k != "line"} for item in case["items"]
    )
    case["services"] = _sorted(
        {k: v for k, v in s.items() if k != "line"} for s in case["services"]
    )
    case["documents"] = _sorted(
        {**doc, "id": "", "for": _sorted(doc["for"])} for doc in case["documents"]
    )
    case["conflicts"] = _sorted(case["conflicts"])
    case["references"] = _sorted(
        {k: v for k, v in ref.items() if k != "n"} for ref in case["references"]
    )
    return sha256(case)


def record_digest(answer: dict[str, Any]) -> str:
    """The digest of everything but itself."""
    return sha256({key: value for key, value in answer.items() if key != "record_digest"})


def _sorted(values: Any) -> list[Any]:
    return sorted(values, key=canonical)


def _without_facts(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _without_facts(part) for key, part in value.items() if key != "facts"}
    if isinstance(value, list):
        return [_without_facts(part) for part in value]
    return value
