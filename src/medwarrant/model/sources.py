"""Sources, what they say, and how far both were verified."""

from __future__ import annotations

from typing import Literal

import msgspec

SourceKind = Literal[
    "guideline", "research", "coverage", "regulation", "terminology", "labelling", "commentary"
]
SourceStatus = Literal["in_force", "superseded", "retired", "retracted", "proposed", "unknown"]
Direction = Literal["for", "against", "neither", "none_found"]
StatementDirection = Literal["for", "against", "neither", "none_found", "background"]
Strength = Literal["strong", "weak", "consensus", "none"]
Certainty = Literal["high", "moderate", "low", "very_low", "none"]
HowVerified = Literal["primary", "secondary", "unverified"]


class Verification(msgspec.Struct, frozen=True, kw_only=True):
    """How a fact was checked: in the document itself, in an account of it, or not at all."""

    how: HowVerified = "unverified"
    on: str | None = None
    via: str = ""


class Source(msgspec.Struct, frozen=True, kw_only=True):
    """A guideline, study, coverage policy, regulation or other document that may be cited."""

    id: str
    kind: SourceKind
    type: str
    title: str
    status: SourceStatus = "unknown"
    contested: bool = False
    verified: Verification = Verification()
    author: tuple[dict[str, str], ...] = ()
    container: str | None = None
    issued: str | None = None
    volume: str | None = None
    issue: str | None = None
    pages: str | None = None
    number: str | None = None
    doi: str | None = None
    pmid: str | None = None
    url: str | None = None
    design: str | None = None
    note: str = ""

    @property
    def year(self) -> int | None:
        """The year of publication, or None."""
        return int(self.issued[:4]) if self.issued else None

    @property
    def retracted(self) -> bool:
        """Whether the source was withdrawn from the literature; it then supports nothing."""
        return self.status == "retracted"


class EvidenceStatement(msgspec.Struct, frozen=True, kw_only=True):
    """One claim of one source, with its place, direction, strength and certainty.

    `claim` is in our words; `quote` are a few of the source's own, where somebody read them. Without any
    it is unset and no part of the statement's data, so that the digest of a policy that quotes nothing
    stays what it was.
    """

    id: str
    source: str
    claim: str
    direction: StatementDirection
    locator: str = ""
    strength: Strength | None = None
    grade: str | None = None
    certainty: Certainty | None = None
    population: str | None = None
    intent: str | None = None
    setting: str | None = None
    searched: str | None = None
    verified: Verification = Verification()
    quote: str | msgspec.UnsetType = msgspec.UNSET

    @property
    def quoted_by(self) -> str:
        """Who quotes the words, where they were read at second hand; empty where the source was read."""
        return self.verified.via if self.quote and self.verified.how == "secondary" else ""
