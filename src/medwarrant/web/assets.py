"""Style sheets, scripts and pictures: a flat set of files read once, served under the digest of their bytes."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from typing import Final

from ..report.letters import LETTER_STYLE
from ..report.style import STYLE

_MEDIA_TYPES: Final = {
    ".css": "text/css",
    ".js": "text/javascript",
    ".svg": "image/svg+xml",
    ".txt": "text/plain",
}
_DIGITS: Final = 12


@dataclass(frozen=True)
class Asset:
    """One file."""

    name: str
    media_type: str
    body: bytes
    version: str


@dataclass(frozen=True)
class Assets:
    """The files by name; nothing else can be asked for, so that no path leads out of the folder."""

    by_name: Mapping[str, Asset]

    @staticmethod
    def of_package() -> Assets:
        """The files of `static/`, and what `report` ships for its pages."""
        found: dict[str, Asset] = {}
        for path in (files("medwarrant.web") / "static").iterdir():
            ending = path.name[path.name.rfind(".") :]
            if ending in _MEDIA_TYPES:
                found[path.name] = _asset(path.name, _MEDIA_TYPES[ending], path.read_bytes())
        found["article.css"] = _asset("article.css", "text/css", STYLE.encode())
        found["letter.css"] = _asset("letter.css", "text/css", LETTER_STYLE.encode())
        return Assets(found)

    def address(self, name: str) -> str:
        """Where a file is served; the address changes with its bytes, so that browsers may keep it.

        Raises `KeyError` where there is no such file.
        """
        return f"/static/{name}?v={self.by_name[name].version}"


def _asset(name: str, media_type: str, body: bytes) -> Asset:
    return Asset(name, media_type, body, hashlib.sha256(body).hexdigest()[:_DIGITS])
