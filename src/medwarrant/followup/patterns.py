"""By what words a follow-up is recognised: one table, read from the top.

The words are those of questions and of review (*why*, *missing*, *evidence*, *code*); what is clinical
is recognised by the words of the packs. A part is asked where it ends with a question mark, or begins
as questions and requests begin; `asked` patterns count only there. What is told to us (*she failed
sumatriptan*) is read as facts before any pattern that needs a question.
"""

from __future__ import annotations

import re
from typing import Final, Literal

import msgspec

Sort = Literal[
    "what_if",
    "coding",
    "why",
    "rule",
    "missing",
    "evidence",
    "payers",
    "safety",
    "status",
    "outside",
]


class Pattern(msgspec.Struct, frozen=True):
    """Words by which a sort of question is known, with an example; `asked`: only in a question."""

    sort: Sort
    words: re.Pattern[str]
    example: str
    asked: bool = True


def _pattern(sort: Sort, words: str, example: str, *, asked: bool = True) -> Pattern:
    return Pattern(sort, re.compile(words, re.VERBOSE), example, asked)


CODE: Final = r"(?:[a-z]?\d{4}[0-9a-z]|[a-z]\d[0-9a-z](?:\.[0-9a-z]{1,4})?(?:\.-)?)"
_PERSON: Final = r"(?:she|he|they|it|we|i|the\ \w+|her\ \w+|his\ \w+|this\ \w*|that)"
_SENDER: Final = r"(?:i|we|you|they|he|she|one|someone|(?:the|my|our|her|his|this)\ (?:office|practice|clinic|doctor|physician|clinician|provider|patient|team|staff|requester|record|chart|note|request|submission|letter|appeal))"
_FORMS: Final = r"(?:documents?|documentation|paperwork|records?|notes?|reports?|papers|forms?)"

PATTERNS: Final[tuple[Pattern, ...]] = (
    # --- what this software does not answer, whatever else is in it: prices, doses to give, claims, advice
    _pattern("outside", r"\b(?:how\ much|what)\b.*\b(?:pay|pays|paid|cost|costs|charge[ds]?|price[ds]?|reimburse\w*|owe|owed)\b", "How much does it cost?"),
    _pattern("outside", r"\b(?:co-?pays?|copayments?|deductibles?|co-?insurance|allowables?|allowed\ amount|fee\ schedule|reimburse(?:ment)?\ rates?|rvus?|prices?|out\ of\ pocket|cash\ rate|bill\ me|financial\ assistance)\b", "What is my copay?"),
    _pattern("outside", r"\bhow\ (?:many|much)\ (?:more\ )?(?:mgs?|milligrams?|mls?|ccs?|units?\ of|vials?\ of|pills?|tablets?|\w+(?:\ \w+)?\ (?:can|may|should|do|could)\ i\ (?:take|use|swallow|have|give))\b(?!.*\b(?:bill\w*|max\w*|limit|allowed|covered|code[ds]?|report\w*)\b)", "How many mg should I use?"),
    _pattern("outside", r"\b(?:dose|dosage|dosing)\ (?:of|for|should|do|is)\b(?!.*\b(?:max\w*|limit|allowed|covered)\b)|\b(?:what|which|right|correct|usual|best)\ (?:dose|dosage)\b", "What dose of it should I give?"),
    _pattern("outside", r"\b(?:claim\ (?:status|number|form)|status\ of\ (?:my|the|our|a)\ claim|check\ (?:on\ )?(?:my|the|our|a)\ claim|who\ (?:do|should|can)\ (?:i|we)\ (?:call|contact|email|fax|talk\ to)|(?:phone|fax|telephone|contact)\ number|call\ center|customer\ service|appointments?|(?:re)?schedule\ (?:me|my|her|him|it|the|a|an)\b|complain\w*|refund)\b", "Who do I call about the claim?"),
    _pattern("outside", r"^(?:can|may|should|could|is\ it\ (?:ok|okay|safe|alright)\ (?:to|if))\ (?:i\ )?(?:still\ |just\ |also\ )?(?:drink|drive|eat|fly|work|swim|shower|exercise|travel|smoke|take|stop|quit|start|lift|sleep|go)\b", "Can I drive afterwards?"),
    _pattern("outside", r"^(?:would|should)\ (?:you|i|we)\ (?:\w+\ )?(?:do|inject|give|choose|pick|prefer|treat|prescribe|operate|get|have|recommend|refer|see)\b|\bwhat\ would\ you\ (?:do|choose|prescribe|give)\b", "What would you do in her place?"),
    # --- what if: what follows is supposed, not stated
    _pattern("what_if", r"\b(?:what|how\ about|what\ happens|what\ would\ happen|what\ changes)\ (?:would\ happen\ |happens\ |changes\ )?if\b", "What if it were done in the emergency department?", asked=False),
    _pattern("what_if", r"^(?:now\ )?(?:suppose|supposing|assume|assuming|imagine|pretend|hypothetically|let'?s\ (?:say|assume|suppose|imagine))\b", "Suppose she had failed two preventives", asked=False),
    _pattern("what_if", rf"^say\ (?:that\ )?{_PERSON}\b", "Say he had tried a triptan", asked=False),
    _pattern("what_if", r"^(?:even\ )?if\b", "If the payer were Medicare in California?", asked=False),
    _pattern("what_if", rf"^(?:had|were|should)\ {_PERSON}\b", "Had she tried naproxen, would it be covered?", asked=False),
    _pattern("what_if", r"\b(?:would|could|will|might|can|does|do|is|are|should|may|wouldn't|won't|isn't|doesn't)\b.*\b(?:if|assuming|provided|supposing|in\ case|once|as\ soon\ as)\b", "Would it be covered if she had tried two triptans?"),
    _pattern("what_if", r"\b(?:does|do|would|will|could|might)\ (?:it|that|this)\ (?:\w+\ )?(?:matter|help|change|make\ (?:a|any)\ difference)\b.*\b(?:that|if|when|to|were)\b", "Does it matter that she is pregnant?"),
    # --- coding
    _pattern("coding", rf"^(?:what|which)\ (?:is|are|does|do|was)\ (?:a\ |the\ )?(?:cpt\ |code\ |icd-?10\ )*{CODE}\b", "What does 64450 stand for?"),
    _pattern("what_if", rf"^(?:can|could|may|should|might)\ (?:i|we|you|one)\ (?:also\ )?(?:add|use|list|include|put|report|give)\ (?:the\ )?{CODE}\ (?:\w+\ )?as\ (?:a\ |an\ |the\ )?(?:\w+\ )?(?:secondary|second|additional|another|supporting|other)\b", "Can I use M54.2 as secondary diagnosis?"),
    _pattern("coding", rf"\b(?:is|are|isn't|was|would|should|will|can|could|may|does|do)\b.*\b{CODE}\b.*\b(?:right|correct|wrong|appropriate|proper|valid|specific|billable|fit|fits|match|matches|accurate|best|better|enough|bilateral\w*|twice|together|separately|same\ (?:day|session|visit))\b", "Is 64450 right for the third occipital nerve?"),
    _pattern("coding", r"\b(?:which|what|right|correct|proper|appropriate|best|wrong|another|different|other)\ (?:cpt|hcpcs|icd[-\ ]?10(?:-cm)?|icd|procedure|diagnosis|diagnostic|dx|billing|drug|j)?[-\ ]?codes?\b", "Which code for the supraorbital nerve?"),
    _pattern("coding", r"\b(?:cpt|hcpcs|icd(?:[-\ ]?10)?(?:-cm)?|codes?|j-?codes?)\b.*\b(?:for|of)\b", "What is the ICD-10 code for cervicogenic headache?"),
    _pattern("coding", r"\b(?:be|get|is|are|it|this|that|i|we|to|correctly)\ (?:be\ )?(?:code|coded|bill|billed|billing|report(?:ed)?\ (?:as|with|under|by|together|on))\b|\bcoded\b", "How is a lesser occipital block coded?"),
    _pattern("coding", r"\b(?:bill|billed|billable|billing|modifiers?|unbundl\w+|bundl\w+|ncci|mue|upcod\w+|miscod\w+|specificity|excludes\ ?[12]|header\ code|units?\ (?:can|may|should|do|are|per|of))\b", "Can I bill 64405 bilaterally?"),
    _pattern("coding", r"\b(?:wrong|right|correct|proper|another|which|what)\ (?:cpt|icd(?:-?10)?|hcpcs|dx|diagnosis|j-?code)\b", "Wrong CPT?"),
    _pattern("coding", rf"\b(?:do|should|can|could|would|may|to)\ (?:we|i|you|they|one)?\ ?(?:use|put|report|submit|enter|choose|pick)\ (?:the\ )?{CODE}", "Do we use 64405-50 or two lines?"),
    _pattern("coding", rf"\b{CODE}\b.*\b(?:twice|x\ ?\d+|\d+\ ?x|units?|bilateral\w*|same\ (?:day|session|visit)|two\ lines|modifier)\b", "64635 twice for both sides?"),
    _pattern("coding", r"\b(?:specific|precise|exact)\ enough\b|\bmore\ specific\b|\bcoding\b", "Is G43.9 specific enough?"),
    # --- why, and the rules themselves
    _pattern("why", r"\bwhy\b|\bhow\ come\b|\bhow\ so\b", "Why is 64450 not supported for fibromyalgia?", asked=False),
    _pattern("why", r"^(?:can\ you\ |could\ you\ )?(?:explain|justify|clarify|elaborate)\b", "Explain the verdict for cervicalgia", asked=False),
    # --- evidence by words that mean nothing else
    _pattern("evidence", r"\b(?:retract\w*|rcts?|meta-?analys[ei]s|systematic\ reviews?|randomi[sz]ed|literature|guidelines?)\b", "Any retracted papers in the reference list?"),
    _pattern("evidence", r"^(?:is\ there\ |are\ there\ )?any\b.*\b(?:data|stud(?:y|ies)|trials?|proof|evidence)\b", "Any data past a year?"),
    # --- what a rule asks for: the library first, else what is missing
    _pattern("rule", r"^(?:is|are|does|do|must|should|can|will|would)\b.*\b(?:required|mandatory|needed|obligatory|necessary\ to|have\ to|has\ to|need\ to|needs\ to|must|needs?\b)", "Does it have to be done under ultrasound?"),
    _pattern("rule", rf"^(?:is|are)\ (?!(?:it|this|that|these|those|she|he|they|{CODE})\b).*\b(?:allowed|permitted|forbidden|prohibited)\b|\bhow\ (?:many|often|much|long|soon|far)\b.*\b(?:allowed|permitted|limit|maximum|max|apart|may|can\ (?:she|he|they|we|i|one|you)\ (?:have|get|do|repeat))\b", "Is sedation allowed?"),
    # --- what is missing
    _pattern("missing", r"\b(?:criteri(?:a|on)|requirements?|items?|points?)\b.*\b(?:left|remain\w*|still\ open|outstanding|to\ go)\b", "Which criteria are left?"),
    _pattern("missing", r"\b(?:before|when)\ (?:i|we|you|they)\ (?:send|submit|fax|file|upload)\b", "Anything to add before we send it?"),
    _pattern("missing", r"\b(?:missing|lacking|outstanding|incomplete|left\ out|still\ (?:needed|required|open|necessary)|needed|required|unanswered)\b", "What is missing?"),
    _pattern("missing", rf"\bwhat\ (?:else\ |more\ |all\ |exactly\ )?(?:do|does|should|must|can|could|would|will|shall|might)\ {_SENDER}\ (?:still\ |also\ |then\ |have\ to\ |need\ to\ |be\ able\ to\ )*(?:need|send|submit|provide|document|supply|add|attach|include|bring|give|gather|collect|show|do|fax|upload|write|put|get|prove|say)\b", "What do I still need to send?"),
    _pattern("missing", rf"\b(?:what|which|any|list|show\ me|send\ me|tell\ me)\b.*\b(?:{_FORMS}|information|info|facts|details|data)\b", "Which documents are needed?"),
    _pattern("missing", r"\b(?:get|have|make|got|gets|getting)\ (?:this|it|that|these|them|her|him|one|the\ \w+(?:\ \w+)?|my\ \w+)\ (?:\w+\ )?(?:approved|covered|authori[sz]ed|paid|through|to\ (?:pass|meet|qualify|approval)|approvable)\b", "Which information would get this approved?"),
    _pattern("missing", rf"\bhow\ (?:can|do|could|would|should|might)\ {_SENDER}\ .*\b(?:approved|approval|covered|coverage|qualify|meet|pass|fix|strengthen|improve|authori[sz]\w+|through|paid)\b", "How can we get approval?"),
    _pattern("missing", r"\bwhat\ (?:would|could|might|can|will|does|must|has\ to|needs\ to)\ (?:it\ take|change|make|turn|get|help|happen|be\ (?:documented|shown|sent|added|done|provided|proven))\b", "What would it take?"),
    _pattern("missing", r"\b(?:checklist|next\ steps?|to-?do|what\ (?:now|next)|what\ is\ (?:left|next|needed)|what's\ (?:left|next|needed)|what\ needs\ to|what\ has\ to|to\ qualify|to\ be\ (?:approved|covered))\b", "What has to be documented?"),
    _pattern("missing", r"^(?:the\ )?(?:missing|open|needed|required)\b", "Missing documents?"),
    # --- evidence and sources
    _pattern("evidence", r"\b(?:evidence|stud(?:y|ies|ied|ying)|tested|investigated|data|trials?(?!\ of)|rcts?|randomi[sz]ed|placebo|sham|guidelines?|recommend\w*|literature|research|meta-?analys[ei]s|systematic\ reviews?|proof|proven|prove[ns]?|published|publications?|papers?|articles?|journals?|retract\w*|withdrawn|how\ (?:strong|solid|sure|certain|good|confident|reliable)|strength|certainty|consensus|disagree\w*|conflict\w*|controvers\w*|efficacy|effective\w*|sources?|references?|citations?|cited?|quotes?)\b", "What does the evidence say about GON block in migraine?"),
    _pattern("evidence", r"\b(?:does|do|did|will|would|can)\ (?:it|they|this|these|that|the\ \w+(?:\ \w+){0,3}|\w+(?:\ \w+){0,3})\ (?:really\ |actually\ |even\ )?(?:work|help|relieve|reduce|prevent)\b", "Does it really work?"),
    # --- which rules and reasons, less surely
    _pattern("why", r"\b(?:reasons?|rationale|authority|basis|grounds|explanation|justification|reasoning|logic)\b", "What is the reason?"),
    _pattern("why", r"\bwhat(?:'s|\ is|\ was)\ (?:wrong|the\ (?:problem|matter|issue|holdup|hold-up|catch))\b", "What is wrong with 20553?"),
    _pattern("why", r"\b(?:which|what)\ (?:\w+\ )?(?:policy|policies|rules?|criteri(?:a|on)|requirements?|standards?)\b", "Which policy governs?"),
    _pattern("why", r"\b(?:which|what|any|list|show)\b.*\b(?:not\ met|unmet|met|fail(?:s|ed)?|unfulfilled|criteri(?:a|on)|requirements?)\b", "Which criteria are not met?"),
    _pattern("why", r"\b(?:govern\w*|appl(?:y|ies)|who\ (?:decided|decides|made|makes|determined|judged|says|said|is\ responsible))\b", "Does CPB 0863 govern here?"),
    _pattern("why", r"\bhow\ (?:did|do|was|is|were|are|does|has)\ (?:you|it|this|that|the\ \w+|they)\b.*\b(?:decid\w+|determin\w+|reach\w*|conclud\w+|come\ to|came\ to|judg\w+|arriv\w+|get\ to|got\ to)\b", "How did you reach this?"),
    _pattern("why", r"\b(?:don't|do\ not|didn't|cannot|can't)\ (?:understand|see|agree|get|follow)\b|\bmakes?\ no\ sense\b|\b(?:walk|talk|take)\ (?:me|us)\ through\b|\bbreak\ (?:it|this)\ down\b", "I don't understand the result", asked=False),
    _pattern("why", r"\b(?:denied|deny|denying|denial|rejected?|rejection|refused?|turned\ down|disapproved|not\ (?:approved|covered|supported|authori[sz]ed|necessary))\b", "Was it denied?"),
    # --- payers in general
    _pattern("payers", r"\b(?:payers?|payors?|insurers?|insurance(?:s|\ compan(?:y|ies))?|health\ plans?|other\ plans?|which\ plans?|any\ plans?|my\ plan|the\ plan|carriers?|coverage\ polic(?:y|ies)|lcds?|ncds?|who\ (?:covers|pays))\b", "What do other payers say?"),
    # --- safety: told from the library
    _pattern("safety", r"\b(?:safe|safely|safety|risks?|risky|side\ effects?|danger\w*|harm\w*|complications?|contraindicat\w+|interact\w*|hurt|adverse|precautions?|careful|caution\w*|maximum|technique|dose|dosage)\b", "Is it safe in pregnancy?"),
    # --- how it stands
    _pattern("status", r"\b(?:verdicts?|outcomes?|result|decision|determination|status|bottom\ line|answer|conclusion|summar\w+|recap|where\ do\ (?:we|things)\ stand)\b", "What is the verdict now?"),
    _pattern("status", r"\b(?:will|would|do|does|can|should|might)\ (?:they|it|this|that|he|she)\ (?:\w+\ )?(?:cover|pay|approve|accept)\b|\b(?:covered|approved|approval|necessary|necessity|authori[sz]ed|indicated|warranted|justified|qualif(?:y|ies)|eligible|allowed|accepted|supported|meets?|payable|okay|ok|fine|problem|issue|concern|enough|sufficient)\b", "Is it covered now?"),
)  # fmt: skip

_ASKED: Final = re.compile(
    r"""
    ^(?:what|why|which|how|who|whom|whose|where|whats|hows|what's|how's|who's)\b
    |^(?:is|are|was|were|does|do|did|has|have|had|would|will|can|could|should|may|might|must|shall|isn't|aren't|wasn't|doesn't|don't|didn't|won't|wouldn't|can't|couldn't|hasn't|haven't|shouldn't)
      \ (?:it|this|that|these|those|there|she|he|they|we|i|you|one|the|a|an|any|anyone|her|his|my|our|your|their|all|both|some|no|not)\b
    |^(?:is|are|was|were|does|do|did|would|will|can|could|should|may)\ (?:[a-z]?\d{4}[0-9a-z]|[a-z]\d[0-9a-z](?:\.[0-9a-z]+)?)\b
    |^(?:please\ )?(?:explain|show|tell|list|give|describe|summari[sz]e|name|compare|check|find|search|look|remind|clarify|justify|walk|help|quote|cite)\b
    |^(?:i|we)\ (?:wonder|was\ wondering|am\ wondering|am\ asking|am\ not\ sure|don't\ know|don't\ understand|do\ not\ understand|do\ not\ know)\b
    |^(?:i|we)\ (?:want|need|would\ like|'d\ like)\ (?:to\ (?:know|see|understand|ask|find\ out|learn|hear)|an?\ (?:explanation|list|reason|summary|copy)|the\ (?:list|reasons?|evidence|criteria|code|policy))\b
    |^(?:i'd|we'd|i'm|we're)\ (?:like\ to|wondering|asking|not\ sure)\b
    |^(?:and|or)\ (?:under|with|for|at|in)\b
    |^(?:any|anything)\b
    |^(?:need|want|trying|would\ like|wondering|curious|looking)\ (?:to\ (?:know|find\ out|see|understand|learn|ask)|if|whether|for\ the\ code)\b
    |^(?:on|by|under|for|in|from|at|to|with|according\ to)\ (?:what|which|whom|whose)\b
    |^(?:the\ )?(?:right\ |correct\ |proper\ )?(?:dx|icd(?:-?10)?(?:-cm)?|cpt|hcpcs|diagnosis|procedure|billing)?\ ?(?:codes?|cpt|icd-?10)\ (?:for|of)\b
    |\?\s*$
    """,
    re.VERBOSE,
)
_OPENING: Final = re.compile(
    r"^(?:(?:ok|okay|thanks?|thank\ you|thx|hi|hello|hey|great|alright|hmm+|well|now|please|pls|sorry|actually|right|sure|good|fine|yes|no|yeah|nope|and|but|so|then|also|or)\b[,.!:\s]*|(?:one\ more\ (?:thing|question)|quick\ question|another\ question|also)[,.!:\s]+|[-\u2013\u2014*>\u2022,.:;!\s\"'(]+)",
    re.VERBOSE,
)
_INDIRECT: Final = re.compile(
    r"^(?:(?:need|want|trying|wondering|curious)\ to\ (?:know|find\ out|see|understand)|wondering|(?:can|could|would|will)\ (?:you|someone)\ (?:please\ )?(?:tell|let|check|see|say|show|explain|look)(?:\ (?:me|us))?(?:\ (?:know|up))?|(?:please\ )?(?:tell|let|show|advise)(?:\ (?:me|us))?(?:\ know)?|do\ you\ know|(?:i|we)\ (?:want|need|would\ like|wonder|am\ wondering|was\ wondering|am\ not\ sure|don't\ know|do\ not\ know)(?:\ to\ (?:know|ask|see|understand))?|(?:i'd|we'd)\ like\ to\ (?:know|ask|see)|i'm\ (?:wondering|not\ sure|asking)|any\ idea)[,:]?\ (?=if\b|whether\b|what|why|which|how|who|where|about\b)(?:(?:if|whether|about)\ )?",
    re.VERBOSE,
)
#: What is left out in quick typing, written out; nothing of it is medicine.
_WRITTEN: Final = {
    "im": "i'm", "ive": "i've", "id": "i'd", "dont": "don't", "doesnt": "doesn't", "didnt": "didn't",
    "isnt": "isn't", "arent": "aren't", "wasnt": "wasn't", "cant": "can't", "wont": "won't", "hasnt": "hasn't",
    "havent": "haven't", "wouldnt": "wouldn't", "shouldnt": "shouldn't", "whats": "what's", "hows": "how's", "whos": "who's",
    "wheres": "where's", "thats": "that's", "theyre": "they're", "shes": "she's", "hes": "he's", "u": "you",
    "ur": "your", "r": "are", "b4": "before", "shd": "should", "shld": "should", "cud": "could", "wud": "would",
    "plz": "please", "pls": "please", "thx": "thanks", "abt": "about", "bc": "because", "cuz": "because",
    "wat": "what", "wht": "what", "y": "why", "yr": "year", "gonna": "going to", "wanna": "want to", "gotta": "have to",
}  # fmt: skip
_TYPED: Final = re.compile(rf"(?<![\w'.-])(?:{'|'.join(_WRITTEN)})(?![\w'-])")
_QUOTES: Final = str.maketrans({"\u2018": "'", "\u2019": "'", "\u201c": '"', "\u201d": '"'})


def plain_form(text: str) -> str:
    """A part as patterns see it: lower case, single spaces, without greetings and *can you tell me if*.

    >>> plain_form("Thanks! And can you tell me whether  it\u2019s covered?")
    "it's covered?"
    """
    found = written_out(text)
    for _ in range(6):
        shorter = _INDIRECT.sub("", _opened(found))
        if shorter == found or not re.search(r"[^\W_]", shorter):
            break
        found = shorter
    return found


def written_out(text: str) -> str:
    """A text in lower case and with single spaces, quick typing written out.

    >>> written_out("Im not  sure, shd I send it b4?")
    "i'm not sure, should i send it before?"
    """
    found = " ".join(text.translate(_QUOTES).lower().split())
    return _TYPED.sub(lambda match: _WRITTEN[match[0]], found)


def _opened(text: str) -> str:
    """The text without its opening; *and under ...* and *no injections* are no openings."""
    match = _OPENING.match(text)
    if match is None:
        return text
    rest = text[match.end() :]
    word = match[0].strip(" ,.!:")
    if word in ("no", "yes", "right", "sure", "fine", "good", "great") and "," not in match[0]:
        return text
    if word in ("and", "or") and re.match(r"(?:under|with|for|at|in)\b", rest):
        return text
    return rest or text


_OF_NAME: Final = re.compile(
    r"^\W*(?:(?:and|but|so)\s+)?(?i:is|are|was|does|do|did|would|will|can|could|should|isn't|doesn't|don't|didn't|hasn't|haven't|wouldn't|won't|can't)\s+[A-Z]"
)


def asks_of_name(text: str) -> bool:
    """Whether a part asks something of a name, by its capital: *is Cigna different*.

    >>> asks_of_name("is Cigna different"), asks_of_name("is pregnant")
    (True, False)
    """
    return _OF_NAME.match(text) is not None


def is_asked(plain: str, *, marked: bool = False) -> bool:
    """Whether a part asks or requests, by its form.

    >>> is_asked("what is missing"), is_asked("has failed two triptans"), is_asked("has she failed")
    (True, False, True)
    """
    return marked or _ASKED.search(plain) is not None


def sort_of(plain: str, *, asked: bool) -> Sort | None:
    """The first sort of question whose words stand in a part, or None.

    >>> sort_of("what is missing", asked=True), sort_of("she failed sumatriptan", asked=False)
    ('missing', None)
    """
    for pattern in PATTERNS:
        if (asked or not pattern.asked) and pattern.words.search(plain):
            return pattern.sort
    return None
