"""The resources of a FHIR message, and what their references mean.

A reference is resolved as R4 says: `#id` within the resource that contains it, an address by the
`fullUrl` of an entry, a relative one by type and id. An address that is no fullUrl is tried by its
type and id too, because messages in use often mix both.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from ...model.errors import InputError
from ..json_data import kind_of, pointer
from .element import Element

MOST_RESOURCES: Final = 5000
_TAIL: Final = re.compile(r"(?:^|/)([A-Z][A-Za-z]{2,40})/([A-Za-z0-9.-]{1,64})(?:/_history/.*)?$")
_TYPE: Final = re.compile(r"[A-Z][A-Za-z]{2,40}")


@dataclass(frozen=True, slots=True)
class Resource(Element):
    """A resource with its type, its id, and the resource that contains it, if any."""

    type: str
    id: str
    owner: str = ""

    @property
    def name(self) -> str:
        """How the resource is called in answers: type and id, else type and place."""
        if self.id:
            return f"{self.owner}#{self.id}" if self.owner else f"{self.type}/{self.id}"
        return f"{self.type} at {self.where or '/'}"


class Bundle:
    """Every resource of a message, those contained in others included."""

    def __init__(self) -> None:
        self.resources: list[Resource] = []
        self._by_url: dict[str, Resource] = {}
        self._by_name: dict[str, Resource] = {}
        self._contained: dict[tuple[str, str], Resource] = {}

    def of(self, *types: str) -> list[Resource]:
        """The resources of some types, in the order of the message."""
        return [resource for resource in self.resources if resource.type in types]

    def resolve(self, reference: Element | None, source: Element) -> Resource | None:
        """The resource that a Reference element means, or None where the message does not hold it."""
        if reference is None:
            return None
        return self.find(reference.raw_text("reference"), source)

    def find(self, text: str, source: Element) -> Resource | None:
        """The resource that the text of a reference means, seen from where it stands."""
        text = text.strip()
        if text.startswith("#"):
            owner = next(
                (
                    where
                    for where, id_ in self._contained
                    if id_ == text[1:] and f"{source.where}/".startswith(f"{where}/")
                ),
                None,
            )
            return None if owner is None else self._contained[owner, text[1:]]
        if text in self._by_url:
            return self._by_url[text]
        found = _TAIL.search(text)
        return self._by_name.get(f"{found[1]}/{found[2]}") if found else None

    def add(self, resource: Resource, url: str = "") -> None:
        """Add a resource with what it contains."""
        if len(self.resources) >= MOST_RESOURCES:
            raise InputError(
                f"more than {MOST_RESOURCES} resources", where=resource.where, mend="send fewer"
            )
        self.resources.append(resource)
        if url:
            self._by_url.setdefault(url, resource)
        if resource.id and not resource.owner:
            self._by_name.setdefault(f"{resource.type}/{resource.id}", resource)
        if resource.owner:
            return
        for part in resource.children("contained"):
            inner = _resource(part.data, part.where, resource.name)
            self._contained.setdefault((resource.where, inner.id), inner)
            self.add(inner)


def read_bundle(raw: Any) -> Bundle:
    """The resources of a Bundle, of Parameters that hold one, or of a single resource.

    Raises `InputError` where something is no resource.

    >>> bundle = read_bundle({"resourceType": "Claim", "id": "1"})
    >>> [resource.name for resource in bundle.resources]
    ['Claim/1']
    """
    bundle = Bundle()
    _read_into(bundle, _resource(raw, ""), "", 0)
    return bundle


def _read_into(bundle: Bundle, resource: Resource, url: str, depth: int) -> None:
    if resource.type not in ("Bundle", "Parameters"):
        bundle.add(resource, url)
        return
    if depth > 3:
        raise InputError("bundles within bundles within bundles", where=resource.where)
    for entry in resource.children("entry" if resource.type == "Bundle" else "parameter"):
        part = entry.child("resource")
        if part is not None:
            inner = _resource(part.data, part.where)
            _read_into(bundle, inner, entry.raw_text("fullUrl").strip(), depth + 1)


def _resource(raw: Any, where: str, owner: str = "") -> Resource:
    if not isinstance(raw, Mapping):
        raise InputError(f"a resource is an object, not {kind_of(raw)}", where=where)
    kind = raw.get("resourceType")
    if not isinstance(kind, str) or not _TYPE.fullmatch(kind):
        raise InputError(
            "the type of the resource is missing",
            where=pointer(where, "resourceType"),
            mend='add "resourceType"',
        )
    element = Element(raw, where)
    return Resource(raw, where, kind, element.text("id"), owner)
