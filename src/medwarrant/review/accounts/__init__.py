"""People and their way in: accounts, passwords, sessions, tokens, and the vouching of an identity provider."""

from __future__ import annotations

from .accounts import COMMAND_LINE, LOCAL_LOGIN, Account, TakenError, count_people
from .api_token import (
    SCOPE_WORDS,
    SCOPES,
    Scope,
    TokenKept,
    new_token,
    person_of_token,
    revoke_token,
    tokens,
)
from .chosen import chosen_password
from .local import local_person
from .people_kept import (
    account,
    add_person,
    change_person,
    deactivate,
    people,
    people_with_role,
    person,
    person_named,
    reactivate,
    set_password,
    unlock,
)
from .session import (
    SessionKept,
    SessionLimits,
    SessionStarted,
    digest_of,
    end_all_sessions,
    end_own_session,
    end_session,
    person_of_session,
    sessions,
    start_session,
)
from .signing_in import NewPasswordNeeded, change_password, sign_in
from .vouched import sign_in_vouched, vouched_subject

__all__ = [
    "COMMAND_LINE",
    "LOCAL_LOGIN",
    "SCOPES",
    "SCOPE_WORDS",
    "Account",
    "NewPasswordNeeded",
    "Scope",
    "SessionKept",
    "SessionLimits",
    "SessionStarted",
    "TakenError",
    "TokenKept",
    "account",
    "add_person",
    "change_password",
    "change_person",
    "chosen_password",
    "count_people",
    "deactivate",
    "digest_of",
    "end_all_sessions",
    "end_own_session",
    "end_session",
    "local_person",
    "new_token",
    "people",
    "people_with_role",
    "person",
    "person_named",
    "person_of_session",
    "person_of_token",
    "reactivate",
    "revoke_token",
    "sessions",
    "set_password",
    "sign_in",
    "sign_in_vouched",
    "start_session",
    "tokens",
    "unlock",
    "vouched_subject",
]
