"""The numbered references of an answer, and the disagreements between sources that touch it."""

from __future__ import annotations

from ..model import determination as d
from ..model.request import Request
from ..model.sources import Source
from ..policy.library import Library
from .compile import Compiled
from .judge import CompiledPolicy


class ReferenceList:
    """Sources in the order in which the answer first cites them."""

    def __init__(self, library: Library, compiled: Compiled) -> None:
        self.library = library
        self.compiled = compiled
        self._order: dict[str, None] = {}
        self._policies: set[str] = set()

    def add(self, source: str | None) -> None:
        """Cite a source."""
        if source is not None and source in self.library.sources:
            self._order.setdefault(source, None)

    def add_item(self, item: d.Item, policies: tuple[CompiledPolicy, ...]) -> None:
        """Cite everything that one item shows."""
        cited: list[str | None] = list(item.criteria.sources) if item.criteria else []
        cited += [statement.source for statement in item.evidence.statements]
        for source in dict.fromkeys(cited):
            self.add(source)
        for policy in policies:
            for indication in policy.naming(item.diagnosis):
                self._order |= indication.sources
        for finding in (*item.coding, *item.safety):
            self.add(finding.source)
        for policy in policies:
            if policy.policy.id not in self._policies:
                self._policies.add(policy.policy.id)
                self._order |= policy.sources

    def numbered(self) -> tuple[d.Reference, ...]:
        """The references, numbered from 1."""
        known = self.compiled.authors
        found = []
        for number, name in enumerate(self._order, start=1):
            source = self.library.sources[name]
            if name not in known:
                known[name] = authors(source)
            found.append(_reference(number, source, known[name]))
        return tuple(found)


def _reference(number: int, source: Source, author: str) -> d.Reference:
    return d.Reference(
        n=number,
        id=source.id,
        kind=source.kind,
        title=source.title,
        container=source.container,
        year=source.year,
        doi=source.doi,
        pmid=source.pmid,
        url=source.url,
        verified=source.verified.how,
        retracted=source.retracted,
        status=source.status,
        contested=source.contested,
        author=author,
        note=source.note,
    )


def authors(source: Source) -> str:
    """The authors in short: up to three, then "et al.".

    >>> authors(Source(id="x", kind="research", type="report", title="T", author=({"literal": "NICE"},)))
    'NICE'
    """
    names = [
        author.get("literal") or " ".join(filter(None, (author.get("family"), _initials(author))))
        for author in source.author
    ]
    return ", ".join(names[:3]) + (", et al." if len(names) > 3 else "")


def _initials(author: dict[str, str]) -> str:
    return "".join(part[0] for part in author.get("given", "").replace("-", " ").split())


def conflicts_of(
    request: Request, library: Library, references: ReferenceList
) -> tuple[d.Conflict, ...]:
    """Recorded disagreements that touch a pair of the request, both sides with their dates."""
    found = []
    pairs = request.pairs()
    lines = {line.code for line in request.services}
    for record in library.conflicts:
        services = {
            code
            for code in lines
            if not record.services or library.service_matches(code, record.services)
        }
        if not services or not any(
            line.code in services and library.diagnosis_matches(diagnosis.code, record.diagnoses)
            for line, diagnosis in pairs
        ):
            continue
        sides = []
        for name in record.statements:
            statement = library.statements.get(name)
            if statement is None:
                continue
            source = library.sources[statement.source]
            references.add(source.id)
            sides.append(
                d.ConflictStatement(
                    source=source.id,
                    says=statement.claim,
                    date=source.issued or statement.verified.on,
                )
            )
        found.append(d.Conflict(about=record.about, statements=tuple(sides)))
    return tuple(found)
