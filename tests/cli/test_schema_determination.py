"""The published schema of the answer: complete, up to date, and kept by every answer."""

from __future__ import annotations

import json

import pytest
from jsonschema import Draft202012Validator
from make_determination_schema import FILE, text

from medwarrant.cli.main import run
from medwarrant.examples import request_of
from medwarrant.schema import schema

VALIDATOR = Draft202012Validator(schema("determination"))
REQUESTS = Draft202012Validator(schema("request"))

#: The keys of the contract, as its readers were promised them.
CONTRACT = {
    "": "schema engine as_of packs digest record_digest question reading items services outcome documents conflicts references review",
    "PackUsed": "id version digest",
    "Reading": "services diagnoses facts coverage corrections assumptions unrecognised",
    "ServiceRead": "code name text span",
    "DiagnosisRead": "code title text span",
    "FactRead": "id fact status value basis document quote span",
    "Remark": "kind message",
    "Unrecognised": "text span",
    "Item": "service diagnosis outcome provisional reasons summary governing indications evidence coverage coding safety criteria would_change ask",
    "Governing": "policy authority status effective why",
    "IndicationResult": "id title policy scope direction strength certainty outcome",
    "EvidenceSummary": "direction strength certainty statements",
    "StatementShown": "id source claim direction strength grade verified",
    "CoverageResult": "policy publisher authority status effective last_seen outcome summary",
    "Finding": "kind severity message source",
    "CriterionResult": "id title kind status why document facts sources children",
    "WouldChange": "indication criteria",
    "CriterionSupply": "id supply",
    "Supply": "fact value event",
    "ServiceResult": "service outcome best",
    "DocumentNeeded": "id what for",
    "DocumentFor": "service diagnosis criterion",
    "Conflict": "about statements",
    "ConflictStatement": "source says date",
    "Reference": "n id kind title container year doi pmid url verified retracted",
    "Review": "status history",
}


def test_the_file_is_what_the_structs_make():
    """Run `python tests/cli/make_determination_schema.py` after changing them."""
    assert FILE.read_text(encoding="utf-8") == text()


def test_the_schema_is_one():
    Draft202012Validator.check_schema(schema("determination"))


@pytest.mark.parametrize("name", CONTRACT)
def test_every_key_of_the_contract_is_there(name):
    known = schema("determination")
    part = known["$defs"][name] if name else known
    assert set(CONTRACT[name].split()) <= set(part["properties"])
    assert part["additionalProperties"] is False


@pytest.mark.slow
def test_every_examples_answer_keeps_it(medwarrant):
    wrong = []
    for pack in medwarrant.library.packs:
        for number, example in enumerate(pack.examples):
            answer = medwarrant.determine(request_of(medwarrant, example)).to_dict()
            assert answer == json.loads(json.dumps(answer))
            held = [(VALIDATOR, answer)] + [(REQUESTS, answer["request"])] * (number % 4 == 0)
            for validator, value in held:
                wrong += [
                    f"{example.file}:{example.line} {error.json_path} {error.message[:200]}"
                    for error in validator.iter_errors(value)
                ]
    assert wrong == []


@pytest.mark.parametrize(
    "question",
    [
        "Is 64405 medically necessary for intractable migraine, with Aetna in California?",
        "Are nerve blocks medically necessary?",
        "What is the weather?",
        "Is 64450 of the supraorbital nerve necessary for G43.819 and G43.9X9?",
    ],
)
def test_answers_to_questions_keep_it(medwarrant, question):
    answer = medwarrant.ask(question).to_dict()
    assert [error.message for error in VALIDATOR.iter_errors(answer)] == []


@pytest.mark.parametrize("name", ["determination", "request"])
def test_the_command_line_prints_it(name, capfd):
    assert run(["schema", name]) == 0
    assert json.loads(capfd.readouterr().out) == schema(name)


def test_an_unknown_schema(capfd):
    assert run(["schema", "determinations"]) == 2
    error = capfd.readouterr().err
    assert "there is no schema 'determinations'" in error
    assert "determination, request" in error
