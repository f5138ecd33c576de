"""The readings of a follow-up's texts, each made once: several questions are put to the same words."""

from __future__ import annotations

from datetime import date

from ..answer import Medwarrant
from ..intake.question import read_question
from ..intake.reading import Reading
from ..intake.words.document import Document
from ..intake.words.marked import Marked
from ..policy.library import Library
from ..terminology.icd10cm import Icd10cm


class Readings:
    """Reads texts against one library for the time of one follow-up; nothing outlives it."""

    def __init__(self, medwarrant: Medwarrant) -> None:
        self.medwarrant = medwarrant
        self._readings: dict[tuple[str, date], Reading] = {}
        self._marked: dict[str, Marked] = {}

    @property
    def library(self) -> Library:
        """The packs."""
        return self.medwarrant.library

    @property
    def icd(self) -> Icd10cm:
        """The code set."""
        return self.medwarrant.icd

    def reading(self, text: str, day: date) -> Reading:
        """The text as a question is read."""
        key = (text, day)
        if key not in self._readings:
            self._readings[key] = read_question(text, self.library, self.icd, as_of=day)
        return self._readings[key]

    def marked(self, text: str) -> Marked:
        """The text with every phrase of the packs and every code marked."""
        if text not in self._marked:
            self._marked[text] = Marked(Document(text), self.library, self.icd)
        return self._marked[text]
