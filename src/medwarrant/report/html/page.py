"""The article as one HTML file: no script, nothing from outside, every text escaped."""

from __future__ import annotations

from base64 import b64encode
from hashlib import sha256

from .. import article as a
from ..markup import element, raw
from ..style import STYLE
from .fragment import set_article

#: Its own style sheet and nothing else.
_STYLE = b64encode(sha256(STYLE.encode()).digest()).decode()
_POLICY = f"default-src 'none'; style-src 'sha256-{_STYLE}'; base-uri 'none'; form-action 'none'"


def html(article: a.Article) -> str:
    """The whole page, with its style sheet inside it."""
    head = element(
        "head",
        raw('<meta charset="utf-8">'),
        raw('<meta name="viewport" content="width=device-width, initial-scale=1">'),
        raw(f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">'),
        raw('<meta name="referrer" content="no-referrer">'),
        element("title", article.title),
        element("style", raw(STYLE)),
    )
    brand = element(
        "p", element("b", "medwarrant"), " · medical necessity, item by item", class_="brand"
    )
    heading = element("header", brand, element("h1", element("bdi", article.title)))
    body = element(
        "body",
        element("a", "Skip to the answer", href="#bottom-line", class_="skip"),
        set_article(article, heading, tag="main").filled(),
    )
    return f'<!DOCTYPE html>\n<html lang="en">{head}{body}</html>\n'
