"""`--propose` shows what a model proposes and leaves the answer as it is."""

from __future__ import annotations

import json

import pytest

from medwarrant.cli.main import run

QUESTION = "Is 64405 medically necessary for intractable migraine?"
NOTE = "Rizatriptan gave her no relief. Treated in the emergency department."


@pytest.fixture
def note(tmp_path):
    path = tmp_path / "visit.txt"
    path.write_text(NOTE, encoding="utf-8")
    return path


def _answer(capfd, *options: str) -> tuple[dict, str]:
    assert run(["ask", QUESTION, "--as-of", "2026-11-23", "--format", "json", *options]) == 0
    shown = capfd.readouterr()
    return json.loads(shown.out), shown.err


def test_proposals_are_shown_with_the_option_that_confirms_them(stub, note, capfd, monkeypatch):
    start = NOTE.index("emergency department")
    stub.text = json.dumps(
        [
            {
                "fact": "setting",
                "value": "emergency",
                "start": start,
                "end": start + len("emergency department"),
                "quote": "emergency department",
            },
            {"fact": "setting", "value": "emergency", "start": 0, "end": 4, "quote": "ward"},
        ]
    )
    monkeypatch.setenv("MEDWARRANT_LLM_URL", f"{stub.address}/v1")
    monkeypatch.setenv("MEDWARRANT_LLM_MODEL", "stub")
    without, _ = _answer(capfd, "--note", str(note))
    with_proposals, told = _answer(capfd, "--note", str(note), "--propose")
    assert with_proposals == without
    assert "visit.txt: 1 proposal;" in told
    assert "--fact setting=emergency" in told
    assert "1 discarded: quote mismatch" in told


def test_nothing_is_asked_of_a_model_that_is_not_configured(note, capfd, monkeypatch):
    monkeypatch.delenv("MEDWARRANT_LLM_URL", raising=False)
    assert run(["ask", QUESTION, "--note", str(note), "--propose"]) == 2
    assert "no language model is configured" in capfd.readouterr().err


def test_a_note_is_needed(capfd):
    assert run(["ask", QUESTION, "--propose"]) == 2
    assert "add --note FILE" in capfd.readouterr().err
