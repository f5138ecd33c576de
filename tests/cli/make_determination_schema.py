"""Write src/medwarrant/schema/determination.schema.json from the structs of the answer.

Run it after changing them: `python tests/cli/make_determination_schema.py`. A test holds the file to
what this makes, and every example's answer to the file.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any, Literal

import msgspec

from medwarrant.intake import reading as r
from medwarrant.model import determination as d
from medwarrant.model.request import Coverage

FILE = Path(__file__).parents[2] / "src" / "medwarrant" / "schema" / "determination.schema.json"
Digest = Annotated[str, msgspec.Meta(pattern="^sha256:[0-9a-f]{64}$")]
Day = Annotated[str, msgspec.Meta(pattern=r"^\d{4}-\d{2}-\d{2}$")]


class Reading(msgspec.Struct):
    """How the question was read: services, diagnoses, facts and coverage, each with its words."""

    services: list[r.ServiceRead]
    diagnoses: list[r.DiagnosisRead]
    facts: list[r.FactRead]
    coverage: Coverage
    corrections: list[r.Remark]
    assumptions: list[r.Remark]
    unrecognised: list[r.Unrecognised]
    notes: list[r.NoteRead]


class ReviewStep(msgspec.Struct):
    """A status of the review, the day and the person."""

    status: d.ReviewStatus
    on: Day
    by: str | None


class ContentReview(msgspec.Struct, omit_defaults=True):
    """The editorial status of a pack."""

    pack: str
    version: str
    status: d.ReviewStatus = "submitted"
    submitted: str | None = None
    approved: str | None = None
    by: str | None = None


class Review(msgspec.Struct):
    """Review of the answer, and of the content of the packs it was made with."""

    status: d.ReviewStatus
    history: list[ReviewStep]
    content: list[ContentReview]


class Answer(msgspec.Struct):
    """A question or request about medical services, judged."""

    schema: Literal["medwarrant/determination/1"]
    engine: str
    as_of: Day
    packs: list[d.PackUsed]
    code_sets: list[d.CodeSetUsed]
    question: str | None
    reading: Reading
    request: dict[str, Any]
    items: list[d.Item]
    services: list[d.ServiceResult]
    outcome: d.Outcome | None
    documents: list[d.DocumentNeeded]
    conflicts: list[d.Conflict]
    references: list[d.Reference]
    review: Review
    digest: Digest
    record_digest: Digest


def make() -> dict[str, Any]:
    """The schema: every key required but those left out where they say nothing, no other allowed."""
    (whole,), definitions = msgspec.json.schema_components([Answer], ref_template="#/$defs/{name}")
    always = [
        field.name
        for field in msgspec.structs.fields(d.StatementShown)
        if field.default is not msgspec.UNSET
    ]
    omitting = {
        "ContentReview": ["pack", "version"],
        "Supply": ["fact"],
        "StatementShown": always,
    }
    for name, definition in definitions.items():
        if definition.get("type") != "object":
            continue
        for part in definition["properties"].values():
            part.pop("default", None)
        definition["required"] = omitting.get(name, list(definition["properties"]))
        definition["additionalProperties"] = False
        definition.pop("title", None)
        definition["description"] = definition["description"].split("\n\n")[0].replace("`", "")
    answer = definitions.pop("Answer")
    answer["properties"]["request"]["description"] = (
        "The request as judged, of the schema medwarrant/request/1; judging it again gives the same digest."
    )
    assert whole == {"$ref": "#/$defs/Answer"}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": "urn:medwarrant:schema:determination:1",
        "title": d.SCHEMA,
        **answer,
        "$defs": dict(sorted(definitions.items())),
    }


def text() -> str:
    return json.dumps(make(), indent=2, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    FILE.write_text(text(), encoding="utf-8")
