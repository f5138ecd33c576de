"""What verifying a desk finds."""

from __future__ import annotations

import msgspec

from ...model.errors import InputError


class Alteration(msgspec.Struct, frozen=True):
    """Something that is not as it was written: where, and what."""

    where: str
    what: str

    def __str__(self) -> str:
        return f"{self.where}: {self.what}"


class Head(msgspec.Struct, frozen=True):
    """The last entry of a log: its number and digest. Noted elsewhere, it shows later what was cut off.

    >>> str(Head.read("12:hmac-sha256:" + "a" * 64))[:20]
    '12:hmac-sha256:aaaaa'
    """

    seq: int
    digest: str

    @staticmethod
    def read(noted: str) -> Head:
        """A head as it was printed. Raises `InputError` where it is none."""
        seq, _, digest = noted.strip().partition(":")
        kind, _, figures = digest.partition(":")
        plain = len(figures) == 64 and all(figure in "0123456789abcdef" for figure in figures)
        if (
            not (seq.isascii() and seq.isdigit() and len(seq) < 19)
            or kind != "hmac-sha256"
            or not plain
        ):
            raise InputError(
                "this is not the head of a log",
                where="--expect",
                mend="give it as 'medwarrant audit verify' printed it: NUMBER:hmac-sha256:FIGURES",
            )
        return Head(int(seq), digest)

    def __str__(self) -> str:
        return f"{self.seq}:{self.digest}"


class Verified(msgspec.Struct, frozen=True, kw_only=True):
    """What was looked at, and what was found altered; nothing, where `alterations` is empty.

    `rows` counts, by table, the rows that agree with the log.
    """

    head: Head
    entries: int
    rows: dict[str, int]
    alterations: tuple[Alteration, ...]
