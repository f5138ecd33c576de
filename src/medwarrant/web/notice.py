"""One short word after an act, kept in a signed cookie until the next page shows it: never health data."""

from __future__ import annotations

from typing import Final, Literal

import msgspec

Tone = Literal["done", "caution"]
LONGEST: Final = 300
SECONDS: Final = 60


class Notice(msgspec.Struct, frozen=True):
    """What was done, in a sentence without names, codes or facts of a patient."""

    text: str
    tone: Tone = "done"

    def encoded(self) -> bytes:
        """The notice as bytes."""
        return msgspec.json.encode(msgspec.structs.replace(self, text=self.text[:LONGEST]))

    @staticmethod
    def decoded(raw: bytes | None) -> Notice | None:
        """The notice of bytes; None where there is none.

        >>> Notice.decoded(Notice("The case was referred.").encoded())
        Notice(text='The case was referred.', tone='done')
        """
        if raw is None:
            return None
        try:
            return msgspec.json.decode(raw, type=Notice)
        except msgspec.DecodeError:
            return None
