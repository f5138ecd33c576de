"""Who may do what: every route by its name. What is not in the table is denied.

A route is open to everybody (`PUBLIC`), to whoever is signed in, or to people with one of the roles named.
Programs come with a token: they may do what the token's person may do *and* what the token's scopes allow. Pages are
for people: they have no scope, and no token opens them.
"""

from __future__ import annotations

from typing import Final

import msgspec

from ..review.accounts import Scope
from ..review.people import Person, Role


class Permission(msgspec.Struct, frozen=True):
    """Who may use a route."""

    public: bool = False
    roles: frozenset[Role] = frozenset()  # empty: whoever is signed in
    scope: Scope | None = None

    def allows(self, person: Person | None) -> bool:
        """Whether a person may; None is somebody who has not signed in.

        >>> roles("editor").allows(None), PUBLIC.allows(None)
        (False, True)
        """
        if self.public:
            return True
        if person is None:
            return False
        return not self.roles or person.is_a(*self.roles)

    def allows_token(self, scopes: frozenset[str]) -> bool:
        """Whether a token with these scopes may, as far as scopes go."""
        return self.public or (self.scope is not None and self.scope in scopes)


PUBLIC: Final = Permission(public=True)


def signed_in(*, scope: Scope | None = None) -> Permission:
    """Whoever is signed in."""
    return Permission(scope=scope)


def roles(*names: Role, scope: Scope | None = None) -> Permission:
    """People with one of the roles."""
    if not names:
        raise ValueError("name at least one role")
    return Permission(roles=frozenset(names), scope=scope)


_REVIEWS: Final[tuple[Role, ...]] = ("nurse_reviewer", "physician_reviewer")
_SEES_CASES: Final[tuple[Role, ...]] = (*_REVIEWS, "auditor", "administrator", "requester")

#: Page routes carry the name of the page, their twins the same name after "api.".
PERMISSIONS: Final[dict[str, Permission]] = {
    # the service itself
    "static": PUBLIC,
    "health": PUBLIC,
    "ready": PUBLIC,
    "metrics": signed_in(scope="read"),
    "api.openapi": signed_in(scope="read"),
    # home
    "home": signed_in(),
    "api.home": signed_in(scope="read"),
    "about": signed_in(),
    "api.about": signed_in(scope="read"),
    # local mode: as whom one works
    "working_as": signed_in(),
    "working_as.choose": signed_in(),
    "api.working_as": signed_in(scope="read"),
    "api.working_as.choose": signed_in(),
    # signing in and out; programs send a token instead
    "sign_in": PUBLIC,
    "sign_in.with_password": PUBLIC,
    "sign_in.new_password": PUBLIC,
    "sign_in.oidc": PUBLIC,
    "sign_in.oidc_back": PUBLIC,
    "sign_out": signed_in(),
    "sign_out.oidc": PUBLIC,
    "signed_out": PUBLIC,
    "api.sign_in": PUBLIC,
    # one's own account; no token changes a password or makes a token
    "account": signed_in(),
    "account.password": signed_in(),
    "account.make_token": signed_in(),
    "account.revoke_token": signed_in(),
    "account.end_session": signed_in(),
    "api.account": signed_in(scope="read"),
    "api.account.password": signed_in(),
    "api.account.make_token": signed_in(),
    "api.account.revoke_token": signed_in(),
    "api.account.end_session": signed_in(),
    # people
    "people": roles("administrator", "auditor"),
    "people.person": roles("administrator", "auditor"),
    "people.add": roles("administrator"),
    "people.change": roles("administrator"),
    "people.password": roles("administrator"),
    "people.deactivate": roles("administrator"),
    "people.reactivate": roles("administrator"),
    "people.unlock": roles("administrator"),
    "api.people": roles("administrator", "auditor", scope="read"),
    "api.people.person": roles("administrator", "auditor", scope="read"),
    "api.people.add": roles("administrator", scope="admin"),
    "api.people.change": roles("administrator", scope="admin"),
    "api.people.password": roles("administrator", scope="admin"),
    "api.people.deactivate": roles("administrator", scope="admin"),
    "api.people.reactivate": roles("administrator", scope="admin"),
    "api.people.unlock": roles("administrator", scope="admin"),
    # asking; nothing is kept by determinations and readings
    "ask": signed_in(),
    "ask.new": signed_in(),
    "ask.draft": signed_in(),
    "ask.judge": signed_in(),
    "api.determinations": signed_in(scope="determine"),
    "api.readings": signed_in(scope="determine"),
    "api.ask": signed_in(scope="read"),
    "api.ask.new": signed_in(scope="determine"),
    "api.ask.draft": signed_in(scope="read"),
    "api.ask.change": signed_in(scope="determine"),
    "api.ask.judge": signed_in(scope="determine"),
    # inquiries: one's own, those shared, and for reviewers those under review
    "inquiries": signed_in(),
    "inquiries.one": signed_in(),
    "inquiries.reader": signed_in(),
    "inquiries.answer": signed_in(),
    "inquiries.follow_up": signed_in(),
    "inquiries.share": signed_in(),
    "inquiries.text": signed_in(),
    "inquiries.pdf": signed_in(),
    "inquiries.document": signed_in(),
    "api.inquiries": signed_in(scope="read"),
    "api.inquiries.new": signed_in(scope="determine"),
    "api.inquiries.one": signed_in(scope="read"),
    "api.inquiries.record": signed_in(scope="read"),
    "api.inquiries.text": signed_in(scope="read"),
    "api.inquiries.answer": signed_in(scope="determine"),
    "api.inquiries.follow_up": signed_in(scope="determine"),
    "api.inquiries.share": signed_in(scope="determine"),
    # review cases: requesters see their own, those who review all; what each may do is said by `review.states` too
    "cases": roles(*_SEES_CASES),
    "cases.search": roles(*_SEES_CASES),
    "cases.submit": roles("requester", *_REVIEWS),
    "cases.submit.send": roles("requester", *_REVIEWS),
    "cases.one": roles(*_SEES_CASES),
    "cases.worksheet": roles(*_REVIEWS, "auditor"),
    "cases.determination": roles(*_SEES_CASES),
    "cases.letter": roles(*_SEES_CASES),
    "cases.letter.pdf": roles(*_SEES_CASES),
    "api.cases": roles(*_SEES_CASES, scope="read"),
    "api.cases.search": roles(*_SEES_CASES, scope="read"),
    "api.cases.submit": roles("requester", *_REVIEWS, scope="read"),
    "api.cases.submit.send": roles("requester", *_REVIEWS, scope="review"),
    "api.cases.one": roles(*_SEES_CASES, scope="read"),
    "api.cases.worksheet": roles(*_REVIEWS, "auditor", scope="read"),
    "api.cases.determination": roles(*_SEES_CASES, scope="read"),
    "api.cases.letter": roles(*_SEES_CASES, scope="read"),
    # acts on cases
    "cases.take": roles(*_REVIEWS),
    "api.cases.take": roles(*_REVIEWS, scope="review"),
    "cases.assign": roles(*_REVIEWS, "administrator"),
    "api.cases.assign": roles(*_REVIEWS, "administrator", scope="review"),
    "cases.release": roles(*_REVIEWS),
    "api.cases.release": roles(*_REVIEWS, scope="review"),
    "cases.refer": roles("nurse_reviewer"),
    "api.cases.refer": roles("nurse_reviewer", scope="review"),
    "cases.withdraw": roles(*_REVIEWS, "requester"),
    "api.cases.withdraw": roles(*_REVIEWS, "requester", scope="review"),
    "cases.urgency": roles(*_REVIEWS),
    "api.cases.urgency": roles(*_REVIEWS, scope="review"),
    "cases.extend": roles(*_REVIEWS),
    "api.cases.extend": roles(*_REVIEWS, scope="review"),
    "cases.pause": roles(*_REVIEWS),
    "api.cases.pause": roles(*_REVIEWS, scope="review"),
    "cases.resume": roles(*_REVIEWS),
    "api.cases.resume": roles(*_REVIEWS, scope="review"),
    "cases.sections": roles(*_REVIEWS),
    "api.cases.sections": roles(*_REVIEWS, scope="review"),
    "cases.facts": roles(*_REVIEWS),
    "api.cases.facts": roles(*_REVIEWS, scope="review"),
    "cases.accept-document": roles(*_REVIEWS),
    "api.cases.accept-document": roles(*_REVIEWS, scope="review"),
    "cases.judge-again": roles(*_REVIEWS),
    "api.cases.judge-again": roles(*_REVIEWS, scope="review"),
    "cases.comment": roles(*_REVIEWS),
    "api.cases.comment": roles(*_REVIEWS, scope="review"),
    "cases.request-information": roles(*_REVIEWS),
    "api.cases.request-information": roles(*_REVIEWS, scope="review"),
    "cases.receive-information": roles(*_REVIEWS, "requester"),
    "api.cases.receive-information": roles(*_REVIEWS, "requester", scope="review"),
    "cases.end-waiting": roles(*_REVIEWS),
    "api.cases.end-waiting": roles(*_REVIEWS, scope="review"),
    "cases.offer-talk": roles("physician_reviewer"),
    "api.cases.offer-talk": roles("physician_reviewer", scope="review"),
    "cases.close-talk": roles("physician_reviewer"),
    "api.cases.close-talk": roles("physician_reviewer", scope="review"),
    "cases.approve": roles(*_REVIEWS),
    "api.cases.approve": roles(*_REVIEWS, scope="review"),
    "cases.sign": roles("physician_reviewer"),
    "api.cases.sign": roles("physician_reviewer", scope="review"),
    "cases.letters": roles(*_REVIEWS),
    "api.cases.letters": roles(*_REVIEWS, scope="review"),
    "cases.send-letter": roles(*_REVIEWS),
    "api.cases.send-letter": roles(*_REVIEWS, scope="review"),
    "cases.reopen": roles(*_REVIEWS),
    "api.cases.reopen": roles(*_REVIEWS, scope="review"),
    "cases.appeal": roles(*_REVIEWS, "requester"),
    "api.cases.appeal": roles(*_REVIEWS, "requester", scope="review"),
    # content: everybody may read how it is reviewed; editors say where it stands
    "content": signed_in(),
    "content.policy": signed_in(),
    "content.examples": signed_in(),
    "content.versions": signed_in(),
    "content.review": roles("editor"),
    "api.content": signed_in(scope="read"),
    "api.content.policy": signed_in(scope="read"),
    "api.content.examples": signed_in(scope="read"),
    "api.content.versions": signed_in(scope="read"),
    "api.content.review": roles("editor", scope="review"),
    # settings of the plan
    "settings": roles("administrator", "auditor"),
    "settings.one": roles("administrator", "auditor"),
    "settings.change": roles("administrator"),
    "api.settings": roles("administrator", "auditor", scope="read"),
    "api.settings.one": roles("administrator", "auditor", scope="read"),
    "api.settings.change": roles("administrator", scope="admin"),
    # the audit log
    "audit": roles("auditor", "administrator"),
    "audit.csv": roles("auditor", "administrator"),
    "audit.verification": roles("auditor", "administrator"),
    "audit.records": roles("auditor", "administrator"),
    "audit.verify": roles("auditor", "administrator"),
    "audit.replay": roles("auditor", "administrator"),
    "api.audit": roles("auditor", "administrator", scope="read"),
    "api.audit.verification": roles("auditor", "administrator", scope="read"),
    "api.audit.records": roles("auditor", "administrator", scope="read"),
    "api.audit.verify": roles("auditor", "administrator", scope="admin"),
    "api.audit.replay": roles("auditor", "administrator", scope="admin"),
    # figures
    "dashboard": roles("administrator", "auditor", *_REVIEWS),
    "dashboard.public": roles("administrator", "auditor", *_REVIEWS),
    "dashboard.volumes.csv": roles("administrator", "auditor", *_REVIEWS),
    "dashboard.overrides.csv": roles("administrator", "auditor", *_REVIEWS),
    "dashboard.public.csv": roles("administrator", "auditor", *_REVIEWS),
    "api.dashboard": roles("administrator", "auditor", *_REVIEWS, scope="read"),
    "api.dashboard.public": roles("administrator", "auditor", *_REVIEWS, scope="read"),
    # second reviews: auditors draw them, reviewers answer them
    "second_reviews": roles("auditor", "administrator", *_REVIEWS),
    "second_reviews.draw": roles("auditor", "administrator"),
    "second_reviews.sample": roles("auditor", "administrator", *_REVIEWS),
    "second_reviews.take": roles(*_REVIEWS),
    "second_reviews.one": roles(*_REVIEWS),
    "second_reviews.answer": roles(*_REVIEWS),
    "api.second_reviews": roles("auditor", "administrator", *_REVIEWS, scope="read"),
    "api.second_reviews.draw": roles("auditor", "administrator", scope="review"),
    "api.second_reviews.sample": roles("auditor", "administrator", *_REVIEWS, scope="read"),
    "api.second_reviews.take": roles(*_REVIEWS, scope="review"),
    "api.second_reviews.one": roles(*_REVIEWS, scope="review"),
    "api.second_reviews.answer": roles(*_REVIEWS, scope="review"),
    # (each area adds its lines below, under a comment with its name)
}
