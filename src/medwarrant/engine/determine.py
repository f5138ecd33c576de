"""The determination: every service for every diagnosis, judged, explained and rolled up."""

from __future__ import annotations

from ..model import determination as d
from ..model.facts import Fact
from ..model.request import Request
from ..policy.library import Library
from .code_set import CodeSet
from .coding import diagnosis_findings
from .compile import Compiled
from .item import ItemJudge
from .judge import CompiledPolicy
from .references import ReferenceList, conflicts_of
from .view import View


class Engine:
    """Evaluates one library; make one and use it for as many requests as you like.

    It reads nothing but its arguments: no clock, no file, no global state.
    """

    def __init__(self, library: Library) -> None:
        self.library = library
        self.compiled = Compiled()
        self._compiled: dict[str, tuple[CompiledPolicy, ...]] = {}
        self._by_id: dict[str, CompiledPolicy] = {}
        self._naming: dict[tuple[str, str], tuple[CompiledPolicy, ...]] = {}

    def policies_for(self, code: str) -> tuple[CompiledPolicy, ...]:
        """The policies that speak of a procedure code, compiled."""
        known = self._compiled.get(code)
        if known is None:
            known = tuple(self._compile(policy.id) for policy in self.library.policies_for(code))
            self._compiled[code] = known
        return known

    def policies_naming(self, code: str, diagnosis: str) -> tuple[CompiledPolicy, ...]:
        """The policies that speak of a procedure code and name a diagnosis."""
        known = self._naming.get((code, diagnosis))
        if known is None:
            known = tuple(p for p in self.policies_for(code) if p.naming(diagnosis))
            self._naming[code, diagnosis] = known
        return known

    def _compile(self, policy_id: str) -> CompiledPolicy:
        known = self._by_id.get(policy_id)
        if known is None:
            known = CompiledPolicy(self.library.policies[policy_id], self.library, self.compiled)
            self._by_id[policy_id] = known
        return known

    def determine(self, request: Request, code_set: CodeSet) -> d.ProposedDetermination:
        """Judge every pair of a request.

        The result depends on the request, the library and the code set only; the date of service is
        `request.as_of`.
        """
        base = View.of(request, self.library, self.compiled)
        references = ReferenceList(self.library, self.compiled)
        items: list[d.Item] = []
        documents: dict[str, list[d.DocumentFor]] = {}
        views = [base.for_line(line, number) for number, line in enumerate(request.services)]
        tried: dict[tuple[int, tuple[Fact, ...]], View] = {}
        remarks = diagnosis_findings(request, code_set.codes, code_set.source)
        for number, diagnosis in request.numbered_pairs():
            view = views[number].for_diagnosis(diagnosis.code)
            naming = self.policies_naming(request.services[number].code, diagnosis.code)
            judged = ItemJudge(view, diagnosis, code_set, naming, remarks[diagnosis.code], tried)
            item = judged.item()
            items.append(item)
            references.add_item(item, judged.policies_shown())
            for what, criterion in judged.documents():
                wanted = d.DocumentFor(
                    service=item.service, diagnosis=item.diagnosis, criterion=criterion
                )
                known = documents.setdefault(what, [])
                if wanted not in known:
                    known.append(wanted)
        conflicts = conflicts_of(request, self.library, references)
        services = _service_results(request, items)
        return d.ProposedDetermination(
            as_of=request.as_of.isoformat(),
            packs=tuple(
                d.PackUsed(id=pack.id, version=pack.version, digest=pack.digest)
                for pack in self.library.packs
            ),
            code_sets=(code_set.used,),
            items=tuple(items),
            services=services,
            outcome=max((s.outcome for s in services), key=d.OUTCOMES.index) if services else None,
            documents=tuple(
                d.DocumentNeeded(id=f"document-{number}", what=what, for_=tuple(wanted))
                for number, (what, wanted) in enumerate(sorted(documents.items()), start=1)
            ),
            conflicts=conflicts,
            references=references.numbered(),
        )


def _service_results(request: Request, items: list[d.Item]) -> tuple[d.ServiceResult, ...]:
    """The best outcome of each line's items; `no_policy` for a line linked to no diagnosis."""
    results = []
    for number, line in enumerate(request.services):
        own = [item for item in items if item.line == number]
        if not own:
            continue
        best = min(own, key=lambda item: d.OUTCOMES.index(item.outcome))
        found = None if best.outcome == "no_policy" else best.diagnosis
        results.append(
            d.ServiceResult(service=line.code, line=number, outcome=best.outcome, best=found)
        )
    return tuple(results)
