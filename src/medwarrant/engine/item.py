"""One review item: its status under the policy that governs, why, and everything shown beside it."""

from __future__ import annotations

from collections.abc import Mapping

from ..model import determination as d
from ..model.facts import Fact
from ..model.request import Diagnosis
from ..model.status import Status
from ..policy import criteria as c
from ..policy.fact_words import fact_words
from ..policy.library import Library
from ..policy.prose import words_for
from .code_set import CodeSet
from .coding import code_questions, service_findings
from .compile import Trace
from .explain import explained, explained_once
from .judge import CompiledPolicy, Judgement, judge
from .safety import safety_findings
from .select import Selection, select
from .shown import ask_for_facts, coverage_result, evidence_summary, indication_results
from .summary import summary
from .supplied import with_facts
from .supply import supply_of
from .view import View
from .would_change import Candidate, turning_sets

MET, MISSING, NOT_MET = Status.MET, Status.MISSING, Status.NOT_MET


class ItemJudge:
    """The judgement of one item, in small steps over one view: status, reasons, what is shown.

    `naming` are the policies that name the pair; `tried` shares views of a line with facts supplied
    between its diagnoses.
    """

    def __init__(
        self,
        view: View,
        diagnosis: Diagnosis,
        code_set: CodeSet,
        naming: tuple[CompiledPolicy, ...],
        diagnosis_remarks: tuple[d.Finding, ...],
        tried: dict[tuple[int, tuple[Fact, ...]], View],
    ) -> None:
        self.compiled = view.compiled
        self.library = view.library
        assert view.line is not None
        self.line = view.line
        self.number = view.line_number
        self.diagnosis = diagnosis
        self.code_set = code_set
        self.view = view
        self.tried = tried
        self.coding = (*diagnosis_remarks, *service_findings(self.view))
        self.fits = not any(finding.severity == "refer" for finding in self.coding)
        exists = code_set.codes.get(diagnosis.code) is not None
        self.naming = naming if exists else ()
        self.selection = select(self.naming, self.view)
        self.judgements = {p.policy.id: judge(p, self.view, fits=self.fits) for p in self.naming}
        self.status = _selected_status(self.selection, self.judgements)
        self.sets = self._would_change() if self.status is MISSING else []
        self.traces = self._traces()

    # --- status ---------------------------------------------------------------------------------

    def _status_with(self, facts: tuple[Fact, ...]) -> Status:
        """The status of this item once facts are supplied."""
        supplied = self.tried.get((self.number, facts))
        if supplied is None:
            request = with_facts(self.view.request, facts, self.library)
            base = View.of(request, self.library, self.compiled)
            supplied = base.for_line(request.services[self.number], self.number)
            self.tried[self.number, facts] = supplied
        view = supplied.for_diagnosis(self.diagnosis.code)
        fits = self.fits
        if not fits or any(fact.fact in ("nerve", "muscles") for fact in facts):
            findings = service_findings(view)
            fits = not any(finding.severity == "refer" for finding in findings)
        selection = select(self.naming, view)
        statuses = [policy.status(view, fits=fits) for policy in selection.candidates]
        return _joined(selection, statuses)

    def _would_change(self) -> list[tuple[CompiledPolicy, str, Candidate]]:
        found: list[tuple[CompiledPolicy, str, Candidate]] = []
        certain = self.selection.certain
        known: dict[tuple[Fact, ...], bool] = {}

        def turns(facts: tuple[Fact, ...]) -> bool:
            if facts not in known:
                known[facts] = self._status_with(facts) is MET
            return known[facts]

        for place, policy in enumerate(self.selection.candidates):
            if self.judgements[policy.policy.id].status is NOT_MET:
                continue
            needs_applicability = not certain and not policy.policy.is_guideline
            sets = turning_sets(
                policy,
                self.view,
                turns,
                applicability=needs_applicability,
                unless=self.selection.candidates[:place],
            )
            found += [(policy, item.indication.id, candidate) for item, candidate in sets]
        found.sort(key=lambda entry: len({step.fact for step in entry[2]}))
        # One set may turn the item by way of several policies.
        once = {frozenset(step.fact for step in entry[2]): entry for entry in reversed(found)}
        return [entry for entry in found if entry in once.values()][:8]

    def outcome(self) -> d.Outcome:
        """The proposed outcome of the item."""
        if self.status is MET:
            return "meets_criteria"
        if self.sets:
            return "needs_information"
        if self.selection.candidates or not self.fits or self.naming_in_force():
            return "needs_clinical_review"
        return "no_policy"

    def naming_in_force(self) -> bool:
        """Whether some policy in force names the pair, though none of them governs."""
        return any(p.policy.status_on(self.view.as_of) == "in_force" for p in self.naming)

    # --- what is shown --------------------------------------------------------------------------

    def lead(self) -> CompiledPolicy | None:
        """The policy whose criteria are shown: the governing one, else the first candidate."""
        return self.selection.candidates[0] if self.selection.candidates else None

    def policies_shown(self) -> tuple[CompiledPolicy, ...]:
        """Every policy that names the item, the leading one first."""
        lead = self.lead()
        rest = tuple(policy for policy in self.naming if policy is not lead)
        return (lead, *rest) if lead else rest

    def _traces(self) -> list[Trace]:
        lead = self.lead()
        if lead is None:
            return []
        return [item.traced(self.view) for item in lead.naming(self.view.diagnosis) if item.is_for]

    def _criteria(self) -> d.CriterionResult | None:
        lead = self.lead()
        if lead is None or not self.traces:
            return None
        children = tuple(explained(trace, self.view, self.library) for trace in self.traces)
        status = max(trace[0] for trace in self.traces)
        root = d.CriterionResult(
            id=lead.policy.id,
            title=lead.policy.title,
            kind="any_of",
            status=status.word,
            why=f"{sum(child.status == 'met' for child in children)} of {len(children)} indications met.",
            facts=tuple(dict.fromkeys(fact for child in children for fact in child.facts)),
            sources=tuple(dict.fromkeys(source for child in children for source in child.sources)),
            children=children,
        )
        if self.selection.certain or lead.policy.applies_to is None:
            return root
        applies = explained(
            self.compiled.traced(lead.policy.applies_to)(self.view), self.view, self.library
        )
        return d.CriterionResult(
            id=f"{lead.policy.id}/applies",
            title=f"{lead.policy.title}, where it applies",
            kind="all_of",
            status=min(status, lead.applies(self.view)).word,
            why=self.selection.why,
            facts=root.facts,
            sources=root.sources,
            children=(applies, root),
        )

    def _rules(self) -> tuple[d.CriterionResult, ...]:
        lead = self.lead()
        if lead is None:
            return ()
        return tuple(
            explained_once(rule.rule, self.view, self.library) for rule in lead.policy.request_rules
        )

    def _governing(self) -> d.Governing | None:
        governing = self.selection.governing
        if governing is None:
            return None
        policy = governing.policy
        return d.Governing(
            policy=policy.id,
            authority=policy.authority,
            status=policy.status_on(self.view.as_of),
            effective=policy.effective(),
            why=self.selection.why,
        )

    def _reasons(self, outcome: d.Outcome) -> tuple[d.Reason, ...]:
        if outcome != "needs_clinical_review":
            return ()
        lead = self.lead()
        if lead is None:
            return ("mismatch",) if not self.fits else ()
        reasons: list[d.Reason] = []
        for policy in self.selection.candidates:
            reasons += self.judgements[policy.policy.id].reasons
        if self.status is MISSING and "not_met" in reasons:
            reasons = [reason for reason in reasons if reason != "not_met"] or ["not_met"]
        return tuple(dict.fromkeys(reasons)) or ("not_met",)

    def _provisional(self, criteria: d.CriterionResult | None) -> bool:
        decided = set()
        for trace in self.traces:
            decided |= _decided_facts(trace, self.view)
        lead = self.lead()
        if lead is not None:
            judgement = self.judgements[lead.policy.id]
            for item in judgement.contraindications:
                decided |= {
                    i
                    for name in self.compiled.facts(item.when)
                    for i in self.view.ids.get(name, ())
                }
            for rule in judgement.broken_rules:
                decided |= {
                    i
                    for name in self.compiled.facts(rule.rule)
                    for i in self.view.ids.get(name, ())
                }
        return any(self.view.bases.get(fact_id) == "read" for fact_id in decided)

    def documents(self) -> list[tuple[str, str]]:
        """Documents to send and the criterion each closes."""
        lead = self.lead()
        if lead is None:
            return []
        found: list[tuple[str, str]] = []
        for trace in self.traces:
            if trace[0] is not NOT_MET:
                found += self.compiled.documents(trace[1], self.library)
        if any(trace[0] is not NOT_MET for trace in self.traces):
            found += [(document.message, document.id) for document in lead.policy.documents]
        return found

    def _missing(self) -> tuple[str, ...]:
        found: dict[str, None] = {}
        for trace in self.traces:
            if trace[0] is MISSING:
                for name in _missing_leaves(trace):
                    found[name] = None
        lead = self.lead()
        if lead is not None and found:
            for rule, test, advisory in lead.rules:
                if not advisory and test(self.view) is MISSING:
                    found[rule.id] = None
        if not self.selection.certain or not found:
            for _, _, candidate in self.sets[:1]:  # who pays may be all that is missing
                found |= dict.fromkeys(step.criterion for step in candidate)
        return tuple(found)

    def item(self) -> d.Item:
        """The item as the answer carries it."""
        outcome = self.outcome()
        criteria = self._criteria()
        lead = self.lead()
        judgement = self.judgements[lead.policy.id] if lead else None
        would_change = tuple(
            d.WouldChange(
                indication=indication,
                criteria=tuple(
                    d.CriterionSupply(id=step.criterion, supply=supply_of(step.fact, self.library))
                    for step in candidate
                ),
            )
            for _, indication, candidate in self.sets
        )
        in_reach = [
            item.indication
            for item in (judgement.named if judgement else ())
            if item.scope(self.view) is not NOT_MET
        ]
        questions = [question for indication in in_reach for question in indication.ask]
        asks = ask_for_facts(self.sets, lead, self.view)
        asks += [
            d.Ask(kind="code", question=q.question, code=q.code, why=i.title)
            for i in in_reach
            for q in i.ask
        ]
        asks += code_questions(self.view, self.code_set.codes)
        reasons = self._reasons(outcome)
        details = [finding.message for finding in self.coding if finding.severity == "refer"]
        if judgement is not None:
            details += [item.message for item in judgement.contraindications]
            details += [rule.message for rule in judgement.broken_rules]
        details += [
            indication.note or _searched(indication.title, indication.position.searched)
            for indication in in_reach
            if indication.position.direction != "for"
        ]
        guidelines = tuple(p for p in self.naming if p.policy.is_guideline)
        cautioning = dict.fromkeys(p for p in (lead, *guidelines) if p)
        shown = self.policies_shown()
        return d.Item(
            service=self.line.code,
            diagnosis=self.diagnosis.code,
            line=self.number,
            outcome=outcome,
            provisional=self._provisional(criteria),
            reasons=reasons,
            summary=summary(
                outcome,
                reasons,
                payer_applied=bool(
                    lead and not lead.policy.is_guideline and self.selection.certain
                ),
                conditions=_conditions(self.sets, self.library),
                details=details,
                questions=questions,
            ),
            governing=self._governing(),
            selection=d.SelectionShown(
                candidates=tuple(p.policy.id for p in self.selection.candidates),
                why=self.selection.why,
            ),
            indications=indication_results(shown, self.view),
            evidence=evidence_summary(guidelines, self.view),
            coverage=tuple(
                coverage_result(
                    policy, self.judgements[policy.policy.id], self.view, self.selection
                )
                for policy in shown
                if not policy.policy.is_guideline
            ),
            coding=self.coding,
            safety=safety_findings(tuple(p.policy for p in cautioning), self.view),
            criteria=criteria,
            would_change=would_change,
            ask=tuple({ask.question: ask for ask in reversed(asks)}.values())[::-1],
            missing=self._missing(),
            request_rules=self._rules(),
        )


def _searched(title: str, day: object) -> str:
    return f"{title}: sources searched on {day}." if day else ""


def _selected_status(selection: Selection, judgements: Mapping[str, Judgement]) -> Status:
    return _joined(selection, [judgements[p.policy.id].status for p in selection.candidates])


def _joined(selection: Selection, statuses: list[Status]) -> Status:
    """The status of an item from those of the policies that may govern it.

    Where it cannot be told which one governs, the item is met only if all agree, and not met only if
    none can be.
    """
    if not statuses:
        return NOT_MET
    if selection.certain:
        return statuses[0]
    if all(status is statuses[0] for status in statuses) and statuses[0] is not MET:
        return statuses[0]
    return MISSING


def _decided_facts(trace: Trace, view: View) -> set[str]:
    status, node, traces, _ = trace
    if traces:
        return {fact for child in traces for fact in _decided_facts(child, view)}
    if status is MISSING:
        return set()
    return {fact for name in view.compiled.facts(node) for fact in view.ids.get(name, ())}


def _missing_leaves(trace: Trace) -> list[str]:
    status, node, traces, _ = trace
    if status is not MISSING:
        return []
    if not traces:
        return [node.id]
    return [name for child in traces for name in _missing_leaves(child)]


def _conditions(sets: list[tuple[CompiledPolicy, str, Candidate]], library: Library) -> list[str]:
    """What the smallest set asks for, in the words of its criteria.

    Below a *none of* the words are those of the whole: "no dry needling", not "dry needling". A fact
    that no criterion of the policy reads (who pays) is named by the fact dictionary.
    """
    if not sets:
        return []
    policy, indication_id, candidate = sets[0]
    words: dict[str, str] = {}
    trees = [i.tree for i in policy.indications if i.indication.id == indication_id]
    for tree in (*trees, *policy.shared_trees):
        for node in c.walk(tree):
            words.setdefault(node.id, words_for(node, library))
            if isinstance(node, c.NoneOf):
                whole = words_for(node, library)
                words |= {part.id: whole for part in c.walk(node)}
    return list(
        dict.fromkeys(
            words.get(step.criterion)
            or fact_words(step.fact.fact, step.fact.status, step.fact.value, library)
            for step in candidate
        )
    )
