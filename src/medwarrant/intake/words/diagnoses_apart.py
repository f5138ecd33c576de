"""What is named in a text and is no diagnosis of its own: symptoms of another, history, doubts, general words."""

from __future__ import annotations

from ..reading import Remark
from .diagnosis_found import DiagnosesRead, DiagnosisFound
from .marked import Marked


class Apart:
    """Leaves out what is not to be judged, and says so among the assumptions."""

    def __init__(self, marked: Marked, result: DiagnosesRead) -> None:
        self.marked = marked
        self.document = marked.document
        self.result = result

    def without_symptoms(self, found: list[DiagnosisFound]) -> list[DiagnosisFound]:
        """Without what is doubtful, told as history, or a symptom of another that is named."""
        found = self._without_doubtful(found)
        definite = [
            d
            for d in found
            if (d.from_code or not self._is_symptom(d)) and not self._is_background(d)
        ]
        kept = []
        for diagnosis in found:
            why = self._why_not(diagnosis, definite)
            if (
                why is None
                or diagnosis.from_code
                or not definite
                or (diagnosis in definite and len(definite) == 1)
            ):
                kept.append(diagnosis)
                continue
            assert diagnosis.in_words is not None
            quote = self.document.quote(*diagnosis.in_words)
            self.result.assumptions.append(
                Remark(
                    kind=why[0],
                    message=f"'{quote}' ({diagnosis.code}) was not taken as a diagnosis to be judged: {why[1]}.",
                )
            )
        return kept

    def _without_doubtful(self, found: list[DiagnosisFound]) -> list[DiagnosisFound]:
        """Without what is only suspected, where anything else can be judged: so the coding rules have it."""
        sure = [d for d in found if not d.uncertain]
        if not sure:
            return found
        for diagnosis in found:
            if diagnosis.uncertain and diagnosis.in_words is not None:
                quote = self.document.quote(*diagnosis.in_words)
                self.result.assumptions.append(
                    Remark(
                        kind="uncertain_diagnosis",
                        message=f"'{quote}' ({diagnosis.code}) was not taken as a diagnosis to be judged: it is written as uncertain.",
                    )
                )
        return sure

    def _why_not(
        self, diagnosis: DiagnosisFound, definite: list[DiagnosisFound]
    ) -> tuple[str, str] | None:
        if diagnosis.in_words is None or diagnosis.from_code:
            return None
        first, last = diagnosis.in_words
        norms = self.marked.norms
        if not diagnosis.from_value_set and any(
            m.first <= first and last <= m.last for m in self.marked.of("flag")
        ):
            return "fact", "it was read as a fact about the patient"
        if self._is_background(diagnosis):
            return "history", "it is told as history beside another diagnosis"
        cause = norms[last : last + 2]
        if self._is_symptom(diagnosis) and cause[:2] in (
            ["due", "to"],
            ["secondary", "to"],
            ["caused", "by"],
            ["resulting", "from"],
        ):
            reach = last + 12
            if any(
                d.in_words and last < d.in_words[0] < reach and not self._is_symptom(d)
                for d in definite
            ):
                return "symptom", "its cause is named"
        if not self._is_symptom(diagnosis):
            return None
        if self.marked.scopes.has("symptom", first, last):
            return "symptom", "it is told as a complaint beside a definite diagnosis"
        if diagnosis.code[0] == "R" and not diagnosis.from_value_set:
            return "symptom", "signs and symptoms of a definite diagnosis are not coded beside it"
        return None

    def _is_symptom(self, diagnosis: DiagnosisFound) -> bool:
        return diagnosis.code[0] == "R" or diagnosis.code[:5] in (
            "M54.2",
            "M54.5",
            "M54.6",
            "M54.9",
            "M25.5",
            "M79.6",
        )

    def _is_background(self, diagnosis: DiagnosisFound) -> bool:
        return (
            diagnosis.in_words is not None
            and not diagnosis.from_code
            and self.marked.scopes.has("past", *diagnosis.in_words)
        )

    def without_generic(self, found: list[DiagnosisFound]) -> list[DiagnosisFound]:
        """Leave out a general word for what another mention names: *migraine* beside *chronic migraine*."""
        kept = []
        for diagnosis in found:
            if (
                diagnosis.from_code
                or diagnosis.in_words is None
                or not self._named_elsewhere(diagnosis, found)
            ):
                kept.append(diagnosis)
        return kept

    def _named_elsewhere(self, diagnosis: DiagnosisFound, found: list[DiagnosisFound]) -> bool:
        for other in found:
            if other.in_words is None or other is diagnosis or other.code[:3] != diagnosis.code[:3]:
                continue
            if diagnosis.said < other.said:
                return True
        return False
