"""What axe finds on a page, as text."""

from __future__ import annotations

from typing import Final

import pytest

_TAGS: Final = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def violations(page, *, colours_only: bool = False) -> list[str]:
    """The violations of WCAG 2.2 A and AA that axe finds, each with the first places of it."""
    axe = pytest.importorskip("axe_playwright_python.sync_playwright")
    only = (
        {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}
        if colours_only
        else {"type": "tag", "values": _TAGS}
    )
    options = {"runOnly": only, "resultTypes": ["violations"]}
    found = axe.Axe().run(page, options=options).response["violations"]
    return [
        f"{entry['id']}: {entry['help']} — "
        + "; ".join(str(node["target"]) for node in entry["nodes"][:3])
        for entry in found
    ]
