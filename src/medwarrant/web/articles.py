"""Stored answers and the articles made of them, kept in memory for a while: a record never changes."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import msgspec

from ..answer import Answer
from ..report.article import Article
from ..report.compose import article
from ..report.html import Drawn, drawn_article
from ..report.questions import OpenQuestion, open_questions
from ..report.view import article_view
from ..report.words import Audience
from ..review.records import RecordKept, library_of
from ..review.work import Desk


class StoredAnswers:
    """The latest answers that were looked at, and the articles composed of them.

    A record is named by its digest, so that what is kept here is always what the record says. Both hold
    health data, in memory alone.
    """

    def __init__(self, desk: Desk, *, most: int = 64) -> None:
        self._desk = desk
        self._answer = lru_cache(maxsize=most)(self._made)
        self._article = lru_cache(maxsize=2 * most)(self._composed)
        self._drawn = lru_cache(maxsize=most)(self._drawn_of)
        self._questions = lru_cache(maxsize=most)(self._open_questions)

    def answer(self, record: RecordKept) -> Answer:
        """The answer of a record, as it was."""
        return self._answer(_Key(record))

    def article(
        self,
        record: RecordKept,
        audience: Audience,
        review: Mapping[str, Any] | None = None,
        before: RecordKept | None = None,
    ) -> Article:
        """The article of a record for an audience, at a state of the review; what changed since `before` first."""
        return self._article(*_told(record, audience, review, before))

    def drawn(
        self,
        record: RecordKept,
        audience: Audience,
        review: Mapping[str, Any] | None = None,
        before: RecordKept | None = None,
    ) -> Drawn:
        """The same article as HTML, its slots still open."""
        return self._drawn(*_told(record, audience, review, before))

    def questions(self, record: RecordKept, audience: Audience) -> tuple[OpenQuestion, ...]:
        """What a record leaves open, as questions for an audience."""
        return self._questions(_Key(record), audience)

    def _open_questions(self, key: _Key, audience: Audience) -> tuple[OpenQuestion, ...]:
        return open_questions(self._answer(key), audience, self._desk.medwarrant.icd)

    def _made(self, key: _Key) -> Answer:
        said = key.record.data()
        return Answer.of_record(said, library_of(self._desk, said))

    def _composed(
        self, key: _Key, audience: Audience, state: bytes, before: _Key | None
    ) -> Article:
        review = msgspec.json.decode(state) if state else None
        view = article_view(self._answer(key), review)
        return article(view, audience, before=self._answer(before) if before else None)

    def _drawn_of(self, key: _Key, audience: Audience, state: bytes, before: _Key | None) -> Drawn:
        return drawn_article(self._article(key, audience, state, before))


def _told(
    record: RecordKept,
    audience: Audience,
    review: Mapping[str, Any] | None,
    before: RecordKept | None,
) -> tuple[_Key, Audience, bytes, _Key | None]:
    """What an article is made of, as it is remembered."""
    state = msgspec.json.encode(review) if review is not None else b""
    return _Key(record), audience, state, _Key(before) if before else None


class _Key:
    """A record, equal to every other of the same digest."""

    __slots__ = ("digest", "record")

    def __init__(self, record: RecordKept) -> None:
        self.record = record
        self.digest = record.record_digest

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Key) and other.digest == self.digest

    def __hash__(self) -> int:
        return hash(self.digest)
