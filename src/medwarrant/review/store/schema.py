"""The tables. Times are UTC; documents of JSON are text, so that a record keeps its bytes.

Whoever changes a table then runs `python tests/review/store/draft_revision.py`, which writes the revision that
makes it so (see `migrations`); a test compares the two. Text is `Words`, a moment is `Moment`.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    DateTime,
    Dialect,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
)
from sqlalchemy.exc import DontWrapMixin
from sqlalchemy.types import TypeEngine

from ...model.errors import InputError

#: Names of constraints are the same on both databases, so that migrations can name them.
metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)


class Moment(TypeDecorator[datetime]):
    """A moment in UTC. SQLite keeps no time zone: the value is stored in UTC and comes back aware."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:
        """The value as the database keeps it."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment needs its time zone")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        """The value as Python has it: aware, in UTC."""
        if value is None:
            return None
        moment: datetime = value
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


class TextError(InputError, DontWrapMixin):
    """A text that a database would cut off or refuse; nothing was changed."""


class Words(TypeDecorator[str]):
    """Text, of at most `length` characters where a length is given.

    SQLite keeps any length and any character, PostgreSQL does not: what one of them could not hold is
    refused on both, so that a desk can be moved from one to the other. Raises `TextError`.
    """

    impl = String
    cache_ok = True

    def __init__(self, length: int | None = None) -> None:
        super().__init__()
        self.length = length

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """The type as the database knows it."""
        return Text() if self.length is None else String(self.length)

    def coerce_compared_value(self, op: Any, value: Any) -> Any:
        """A text that is only looked for may be longer: it is not found."""
        return Words() if isinstance(value, str) else super().coerce_compared_value(op, value)

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """The text itself, once it can be kept."""
        if value is None:
            return None
        if self.length is not None and len(value) > self.length:
            raise TextError(
                f"a text has {len(value)} characters where {self.length} can be kept",
                mend="shorten it",
            )
        if "\0" in value or not _encodes(value):
            raise TextError(
                "a text holds a character that no database keeps",
                mend="take out what is not a letter, a figure or a sign",
            )
        return value


def _encodes(value: str) -> bool:
    """Whether a text is whole; half characters (lone surrogates) have no bytes."""
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True


def _id() -> Column[str]:
    return Column("id", Words(32), primary_key=True)


def _ref(name: str, to: str, *, nullable: bool = False, index: bool = True) -> Column[str]:
    return Column(name, Words(32), ForeignKey(f"{to}.id"), nullable=nullable, index=index)


def _at(name: str, *, nullable: bool = False, index: bool = False) -> Column[datetime]:
    return Column(name, Moment, nullable=nullable, index=index)


def _text(name: str, *, nullable: bool = False, default: str | None = "") -> Column[str]:
    return Column(name, Words(), nullable=nullable, default=None if nullable else default)


# --- people ---------------------------------------------------------------------------------------

person = Table(
    "person",
    metadata,
    _id(),
    Column("login", Words(200), nullable=False, unique=True),
    Column("name", Words(200), nullable=False),
    Column("roles", Words(200), nullable=False, default=""),  # names of roles, parted by blanks
    Column("credentials", Words(400), nullable=False, default=""),
    Column("password", Words(400)),  # argon2id, None where somebody else vouches
    Column("subject", Words(400), unique=True),  # issuer and subject of OpenID Connect
    Column("active", Boolean, nullable=False, default=True),
    Column("failures", Integer, nullable=False, default=0),
    _at("locked_until", nullable=True),
    _at("created_at"),
)

#: A session of the web application; `id` is the SHA-256 of the cookie's value, which is kept nowhere.
session = Table(
    "session",
    metadata,
    Column("id", Words(64), primary_key=True),
    _ref("person_id", "person"),
    _at("created_at"),
    _at("seen_at"),
    _at("expires_at", index=True),
)

#: A token for programs; `id` names it in lists, `digest` is the SHA-256 of the token.
api_token = Table(
    "api_token",
    metadata,
    _id(),
    Column("digest", Words(64), nullable=False, unique=True),
    _ref("person_id", "person"),
    Column("name", Words(200), nullable=False),
    Column("scopes", Words(400), nullable=False),  # parted by blanks
    _at("created_at"),
    _at("expires_at", nullable=True),
    _at("revoked_at", nullable=True),
    _at("used_at", nullable=True),
)

# --- what was asked -------------------------------------------------------------------------------

#: `shared`: whether everyone inside the organisation who has the link may read it.
inquiry = Table(
    "inquiry",
    metadata,
    _id(),
    _ref("person_id", "person"),
    _text("question", nullable=True),
    Column("title", Words(400), nullable=False, default=""),
    Column("shared", Boolean, nullable=False, default=False),
    Column("version", Integer, nullable=False, default=1),  # raised by every change
    _at("created_at"),
    _at("changed_at", index=True),
)

#: A question that is being put together: what was typed and dropped, before anything is judged. `shown` is
#: what the person said of the reading. Deleted after a day.
draft = Table(
    "draft",
    metadata,
    _id(),
    _ref("person_id", "person"),
    _text("question"),
    _text("shown", default="{}"),
    _at("created_at", index=True),
)

#: A file dropped into a draft.
draft_file = Table(
    "draft_file",
    metadata,
    _id(),
    _ref("draft_id", "draft"),
    Column("number", Integer, nullable=False),
    Column("name", Words(200), nullable=False),
    Column("media_type", Words(100), nullable=False),
    Column("body", LargeBinary, nullable=False),
    UniqueConstraint("draft_id", "name"),
)

#: A stored determination, byte for byte. It belongs to an inquiry; records made while a case is worked on
#: name the case too. `number` counts within the inquiry. Never changed, never deleted.
record = Table(
    "record",
    metadata,
    _id(),
    _ref("inquiry_id", "inquiry"),
    Column("case_id", Words(32), index=True),  # no foreign key: cases point to records in turn
    Column("number", Integer, nullable=False),
    Column("digest", Words(80), nullable=False),
    Column("record_digest", Words(80), nullable=False, index=True),
    Column("outcome", Words(40)),
    Column("provisional", Boolean, nullable=False),
    _text("body"),
    Column(
        "why", Words(40), nullable=False
    ),  # asked, follow_up, answered, corrected, facts_reviewed ...
    _ref("person_id", "person"),
    _at("created_at"),
    UniqueConstraint("inquiry_id", "number"),
)

#: The thread of follow-up questions; `reply` is plain data of `medwarrant.followup`.
follow_up = Table(
    "follow_up",
    metadata,
    _id(),
    _ref("inquiry_id", "inquiry"),
    Column("number", Integer, nullable=False),
    _text("question"),
    _text("reply"),
    _ref(
        "record_id", "record", nullable=True
    ),  # the record it made, where facts were given and kept
    _ref("person_id", "person"),
    _at("created_at"),
    UniqueConstraint("inquiry_id", "number"),
)

#: A file that came with an inquiry or a case: its bytes as they were sent.
document = Table(
    "document",
    metadata,
    _id(),
    _ref("inquiry_id", "inquiry"),
    Column("name", Words(200), nullable=False),
    Column("media_type", Words(100), nullable=False),
    Column("sha256", Words(64), nullable=False),
    Column("body", LargeBinary, nullable=False),
    _ref("person_id", "person"),
    _at("created_at"),
    UniqueConstraint("inquiry_id", "name"),
)

# --- review cases ---------------------------------------------------------------------------------

#: `version` is raised by every act on the case: whoever acts names the version that he saw.
#: `clock` is JSON: extensions, pauses and changes of urgency with their reasons; `due_at` follows from it.
#: `stage_number` counts how often the case was taken up again, `stage_at` is when it last was: the clock of a
#: reopened or appealed case begins there. `resumes` is the state to go back to when information has come.
review_case = Table(
    "review_case",
    metadata,
    _id(),
    Column("number", Words(20), nullable=False, unique=True),  # as people say it: 2026-000123
    _ref("inquiry_id", "inquiry"),
    _ref("record_id", "record"),  # the latest record
    _ref("submitted_record_id", "record"),  # the one that was submitted
    Column("version", Integer, nullable=False, default=1),
    Column("state", Words(30), nullable=False, index=True),
    Column("is_open", Boolean, nullable=False, default=True),  # a decision is still to come
    Column("resumes", Words(30)),
    Column("stage", Words(20), nullable=False, default="initial"),  # initial, reopened, appeal
    Column("stage_number", Integer, nullable=False, default=0),
    Column("urgency", Words(20), nullable=False),  # standard, expedited
    Column("line_of_business", Words(40), nullable=False, default=""),
    Column("payer", Words(60), nullable=False, default=""),
    Column("outcome", Words(40)),  # of the latest record, for the worklist
    Column("provisional", Boolean, nullable=False, default=False),
    _ref("assigned_to", "person", nullable=True),
    _ref("submitted_by", "person"),
    Column("member_name", Words(200), nullable=False, default=""),
    Column("member_reference", Words(100), nullable=False, default=""),
    Column("requester_name", Words(200), nullable=False, default=""),
    _text("requester_address"),
    Column("summary", Words(400), nullable=False, default=""),  # services and diagnoses in a line
    _text("clock", default="{}"),
    _at("received_at", index=True),
    _at("stage_at"),
    _at("due_at"),
    _at("paused_since", nullable=True),
    _at("decided_at", nullable=True),
    _at("changed_at"),
    _ref("changed_by", "person", index=False),
)

#: Each time that a decided case was taken up again: on what ground, for whom, against which decision, and
#: what came of it (`upheld`, `overturned`, `partly_overturned`; of a reopening `decided`; or `withdrawn`).
case_stage = Table(
    "case_stage",
    metadata,
    _id(),
    _ref("case_id", "review_case"),
    Column("number", Integer, nullable=False),  # as `stage_number` of the case
    Column("stage", Words(20), nullable=False),  # reopened, appeal
    Column("ground", Words(40), nullable=False),
    _text("reason"),
    Column("appellant", Words(200), nullable=False, default=""),
    _ref("decision_id", "decision"),  # the decision that is looked at again
    Column("result", Words(30)),
    _ref("person_id", "person"),
    _at("started_at"),
    _at("ended_at", nullable=True),
    UniqueConstraint("case_id", "number"),
)

#: Who took part in reviewing a case, by stage: none of them reviews it when it is reopened or appealed.
took_part = Table(
    "took_part",
    metadata,
    _id(),
    _ref("case_id", "review_case"),
    _ref("person_id", "person"),
    Column("stage_number", Integer, nullable=False),
    _at("first_at"),
    UniqueConstraint("case_id", "person_id", "stage_number"),
)

#: What a person said of a fact: accepted, corrected, rejected or added.
fact_review = Table(
    "fact_review",
    metadata,
    _id(),
    _ref("case_id", "review_case"),
    Column("number", Integer, nullable=False),
    Column("act", Words(20), nullable=False),
    _text("fact_before", default="null"),  # as reading.facts[] had it
    _text("fact_after", default="null"),
    _text("comment"),
    _ref("record_id", "record"),  # the record that it led to
    _ref("person_id", "person"),
    _at("created_at"),
    UniqueConstraint("case_id", "number"),
)

#: A remark on a case, on an item of it or on one criterion; also the reason given with an act, which `act` names.
comment = Table(
    "comment",
    metadata,
    _id(),
    _ref("case_id", "review_case"),
    Column("act", Words(40), nullable=False, default="comment"),
    Column("service", Words(20), nullable=False, default=""),
    Column("diagnosis", Words(20), nullable=False, default=""),
    Column("criterion", Words(200), nullable=False, default=""),
    _text("body"),
    _ref("person_id", "person"),
    _at("created_at"),
)

#: The sections of a worksheet that a person opened, of exactly one record.
section_opened = Table(
    "section_opened",
    metadata,
    _id(),
    _ref("case_id", "review_case"),
    _ref("person_id", "person"),
    Column("record_digest", Words(80), nullable=False),
    Column("section", Words(60), nullable=False),
    _at("opened_at"),
    UniqueConstraint("case_id", "person_id", "record_digest", "section"),
)

#: A signed determination. `body` is the canonical JSON that was signed, `signature` its digest with the
#: record's. Never changed, never deleted; a later one of the same case has a higher number. Whoever writes
#: one logs `decided` with `decision` (the id) and what else `witness` names.
decision = Table(
    "decision",
    metadata,
    _id(),
    _ref("case_id", "review_case"),
    Column("number", Integer, nullable=False),
    Column("stage", Words(20), nullable=False),
    Column("kind", Words(30), nullable=False),  # approved, partially_approved, modified, adverse
    Column("record_digest", Words(80), nullable=False),
    _ref("record_id", "record"),
    _text("body"),
    Column("signature", Words(80), nullable=False),
    _ref("person_id", "person"),
    _at("signed_at"),
    UniqueConstraint("case_id", "number"),
)

#: What figures count of the first decision of a case, so that they need to read neither decision nor record:
#: the clock of its stage, what was asked and judged. Written with the decision, never changed.
first_determination = Table(
    "first_determination",
    metadata,
    Column("case_id", Words(32), ForeignKey("review_case.id"), primary_key=True),
    _ref("decision_id", "decision"),
    Column("kind", Words(30), nullable=False),
    _at("decided_at", index=True),
    Column("urgency", Words(20), nullable=False),
    _at("due_at"),
    Column("extended", Boolean, nullable=False),
    Column("proposed", Words(40)),
    _text("services"),  # codes, parted by blanks
    _text("criteria", default="[]"),  # ids of those that were judged
    _text("overridden", default="[]"),  # ids of those that the person judged otherwise
)

#: A letter or document as it was made; `body` is plain data of `medwarrant.report.letters`. Whoever writes
#: one logs `letter` with `letter` (the id) and what else `witness` names, and `letter_sent` when it is sent.
letter = Table(
    "letter",
    metadata,
    _id(),
    _ref("case_id", "review_case"),
    Column("number", Integer, nullable=False),
    Column("kind", Words(40), nullable=False),
    Column("title", Words(300), nullable=False),
    _text("body"),
    Column("record_digest", Words(80), nullable=False),
    _ref("decision_id", "decision", nullable=True),
    _ref("person_id", "person"),
    _at("created_at"),
    _at("sent_at", nullable=True),
    Column("sent_to", Words(400), nullable=False, default=""),
    UniqueConstraint("case_id", "number"),
)

#: A request for information: what was asked, by when, and when it was answered.
information_request = Table(
    "information_request",
    metadata,
    _id(),
    _ref("case_id", "review_case"),
    _ref("letter_id", "letter"),
    Column("stage_number", Integer, nullable=False, default=0),
    _text("items", default="[]"),
    _at("asked_at"),
    _at("answer_by", nullable=True),
    _at("answered_at", nullable=True),
    _at("ended_at", nullable=True),  # when the review went on, with the information or without
    _ref("person_id", "person"),
)

#: A talk between the physician reviewer and the one who treats.
peer_to_peer = Table(
    "peer_to_peer",
    metadata,
    _id(),
    _ref("case_id", "review_case"),
    Column("stage_number", Integer, nullable=False, default=0),
    Column("state", Words(20), nullable=False),  # offered, held, declined, unanswered
    _text("contact"),
    _text("outcome"),
    _at("answer_by"),  # until when an answer was awaited, as was told with the offer
    _ref("person_id", "person"),
    _at("created_at"),
    _at("closed_at", nullable=True),
)

#: A blind second review of a decided case: a status for each criterion and an outcome for each item.
second_review = Table(
    "second_review",
    metadata,
    _id(),
    _ref("case_id", "review_case"),
    Column("sample", Words(60), nullable=False),
    _ref("record_id", "record"),
    _text("answers", nullable=True),
    _ref("person_id", "person", nullable=True),  # who answers it; never one who worked on the case
    _at("drawn_at"),
    _at("answered_at", nullable=True),
    UniqueConstraint("case_id", "sample"),
)

# --- content, settings, audit ---------------------------------------------------------------------

#: An editor's word on one version of a policy, by the digest of its content; the last word counts.
content_review = Table(
    "content_review",
    metadata,
    _id(),
    Column("pack", Words(100), nullable=False),
    Column("policy", Words(200), nullable=False, index=True),
    Column("number", Integer, nullable=False),  # counts the words on one policy
    Column("policy_digest", Words(80), nullable=False, index=True),
    Column("pack_digest", Words(80), nullable=False),
    Column("status", Words(20), nullable=False),  # submitted, under_review, approved
    _text("note"),
    _ref("person_id", "person"),
    _at("created_at"),
    UniqueConstraint("policy", "number"),
)

#: What the plan sets: letterhead, appeal rights by jurisdiction, clocks. JSON by name.
setting = Table(
    "setting",
    metadata,
    Column("name", Words(100), primary_key=True),
    _text("value", default="null"),
    Column("version", Integer, nullable=False, default=1),
    _ref("person_id", "person", nullable=True),
    _at("changed_at"),
)

#: Who saw, changed, signed what: append-only, each entry holds the digest of the one before.
audit = Table(
    "audit",
    metadata,
    Column("seq", Integer, primary_key=True, autoincrement=False),
    _at("at"),
    Column("person_id", Words(32), nullable=False),
    Column("act", Words(60), nullable=False, index=True),
    Column("subject", Words(120), nullable=False, index=True),  # "case:ID", "inquiry:ID", ...
    _text("detail", default="{}"),
    Column("previous", Words(80), nullable=False),
    Column("digest", Words(80), nullable=False),
)

#: One row: the last entry. Locked while an entry is added, so that the chain has no branches.
audit_head = Table(
    "audit_head",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("seq", Integer, nullable=False),
    Column("digest", Words(80), nullable=False),
    Column("key_digest", Words(80), nullable=False, default=""),  # names the audit key
)

#: The last number given to a case, by year.
case_counter = Table(
    "case_counter",
    metadata,
    Column("year", Integer, primary_key=True, autoincrement=False),
    Column("last", Integer, nullable=False),
)

Index("ix_review_case_worklist", review_case.c.is_open, review_case.c.due_at)
Index("ix_review_case_state_due", review_case.c.state, review_case.c.due_at)
