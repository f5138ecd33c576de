"""Forms of a page that shows the article: where they are sent, and the choice of a reader."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

import msgspec

from ..markup import Markup, element, void
from ..words import AUDIENCE_WORDS, AUDIENCES, Audience


class Form(msgspec.Struct, frozen=True, kw_only=True):
    """Where a form is sent and what goes with it unseen, such as a token against forged requests.

    `attributes` are set on the form as they are, for a script of the page to find it by.
    """

    action: str
    method: Literal["post", "get"] = "post"
    hidden: Mapping[str, str] = {}
    attributes: Mapping[str, str] = {}


def form_element(form: Form, *children: str | Markup | None, class_: str) -> Markup:
    """The form with its hidden fields before everything else; the browser keeps nothing typed in it."""
    unseen = [
        void("input", type="hidden", name=name, value=value) for name, value in form.hidden.items()
    ]
    more = {name.replace("-", "_"): value for name, value in form.attributes.items()}
    return element(
        "form",
        *unseen,
        *children,
        method=form.method,
        action=form.action,
        autocomplete="off",
        class_=class_,
        **more,
    )


def audience_form(audience: Audience, form: Form, *, name: str = "audience") -> Markup:
    """Which best describes you, as buttons that send the choice; for the slot `audience`."""
    buttons = [
        element(
            "li",
            element(
                "button",
                AUDIENCE_WORDS[one],
                type="submit",
                name=name,
                value=one,
                aria_current="true" if one == audience else None,
            ),
        )
        for one in AUDIENCES
    ]
    said = element("p", "Wording and depth change with the reader; outcomes never do.")
    return form_element(form, said, element("ul", *buttons, class_="choices"), class_="readers")
