"""Templates: everything is escaped unless `report` or this package wrote it as markup itself."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from functools import lru_cache
from typing import Any, Final

import markupsafe
from jinja2 import Environment, PackageLoader, StrictUndefined, Template

from ..report.markup import Markup
from ..report.text import counted, date_words
from ..report.words import OUTCOME_SHAPES, OUTCOME_WORDS
from ..review.people import ROLE_WORDS


class Templates:
    """The templates of the package, compiled when they are first used."""

    def __init__(self) -> None:
        self._environment = Environment(
            loader=PackageLoader("medwarrant.web", "templates"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            auto_reload=False,
        )
        self._environment.filters.update(FILTERS)
        self._environment.globals.update(
            role_words=ROLE_WORDS, outcome_words=OUTCOME_WORDS, outcome_shapes=OUTCOME_SHAPES
        )
        # All at once: a page is never put together of templates of two versions.
        for name in self._environment.list_templates():
            self._environment.get_template(name)

    def render(self, name: str, values: Mapping[str, Any]) -> str:
        """A template filled in."""
        return self.compiled(name).render(values)

    def compiled(self, name: str) -> Template:
        """A template by its name."""
        return self._environment.get_template(name)

    def of_text(self, text: str) -> Template:
        """A template that is no file."""
        return self._environment.from_string(text)


@lru_cache(maxsize=1)
def templates() -> Templates:
    """The templates of the package, the same for every server of the process."""
    return Templates()


def markup(value: object) -> markupsafe.Markup:
    """Markup of `medwarrant.report` as it is; anything else is escaped.

    The one way by which markup gets into a page: only `report.markup` makes the type, and it escapes what it
    is given.

    >>> from medwarrant.report.markup import element
    >>> markup(element("b", "<i>")), markup("<b>")
    (Markup('<b>&lt;i&gt;</b>'), Markup('&lt;b&gt;'))
    """
    return markupsafe.Markup(value) if isinstance(value, Markup) else markupsafe.escape(value)  # noqa: S704


def moment_words(value: datetime | None) -> str:
    """A moment as a table shows it, in UTC.

    >>> from datetime import UTC
    >>> moment_words(datetime(2026, 11, 23, 9, 5, tzinfo=UTC))
    '2026-11-23 09:05 UTC'
    """
    return "" if value is None else value.strftime("%Y-%m-%d %H:%M UTC")


def day_words(value: date | str | None) -> str:
    """A date as people write it.

    >>> day_words(date(2026, 11, 23))
    'November 23, 2026'
    """
    if isinstance(value, datetime):
        value = value.date()
    return date_words(value.isoformat() if isinstance(value, date) else value)


def short_digest(value: str) -> str:
    """A digest short enough to be compared by eye.

    >>> short_digest("sha256:0123456789abcdef0123")
    'sha256:0123456789ab'
    """
    kind, _, digits = value.rpartition(":")
    return f"{kind}:{digits[:12]}" if kind else digits[:12]


FILTERS: Final = {
    "markup": markup,
    "moment": moment_words,
    "day": day_words,
    "counted": counted,
    "digest": short_digest,
}
