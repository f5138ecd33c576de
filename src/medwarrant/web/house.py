"""What every request of one server shares: the desk, the settings, the templates, the counters."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from litestar import Litestar

from ..review.accounts import local_person
from ..review.people import Person
from ..review.work import Desk
from .articles import StoredAnswers
from .assets import Assets
from .attempts import Attempts
from .metrics import Metrics
from .settings import WebSettings
from .signing import Signing
from .templating import Templates, templates

if TYPE_CHECKING:
    from .oidc.flow import Flow


@dataclass(frozen=True)
class House:
    """What every request of one server shares."""

    desk: Desk
    settings: WebSettings
    assets: Assets = field(default_factory=Assets.of_package)
    metrics: Metrics = field(default_factory=Metrics)
    templates: Templates = field(default_factory=templates)
    sign_ins: Attempts = field(default_factory=Attempts)
    answers: StoredAnswers = field(init=False)

    #: Who works where nobody signs in.
    local_person: Person | None = field(init=False)

    def __post_init__(self) -> None:
        local = None if self.settings.accounts else local_person(self.desk)
        object.__setattr__(self, "local_person", local)
        object.__setattr__(self, "answers", StoredAnswers(self.desk))

    @staticmethod
    def of(app: Litestar) -> House:
        """The house of an application."""
        house = app.state["house"]
        assert isinstance(house, House)
        return house

    @property
    def forms(self) -> Signing:
        """Tokens that say that a form came from a page of ours."""
        return Signing(self.desk.audit_key, "form")

    @cached_property
    def oidc(self) -> Flow | None:
        """Sign-ins through the organisation's identity provider, where one is set."""
        if self.settings.oidc is None:
            return None
        from .oidc.flow import Flow  # only who uses it needs its packages

        return Flow(
            self.settings.oidc,
            redirect_uri=f"{self.settings.address}/sign-in/oidc/back",
            signing=Signing(self.desk.audit_key, "oidc"),
            clock=self.desk.clock,
        )

    @property
    def notices(self) -> Signing:
        """Signatures of notices."""
        return Signing(self.desk.audit_key, "notice")
