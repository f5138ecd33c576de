"""Why a sign-in through the identity provider did not happen."""

from __future__ import annotations

from ...review.errors import NotAllowed


class SignInRefused(NotAllowed):
    """A sign-in through the identity provider that is not to be trusted, or that the provider refused.

    `reason` is one of a few words of ours, for the log; nothing that was sent is in it.
    """

    def __init__(self, reason: str, *, mend: str = "begin the sign-in again") -> None:
        self.reason = reason
        super().__init__(f"the sign-in did not succeed ({reason})", mend=mend)
