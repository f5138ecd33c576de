"""The words of correcting: taking out, denying, putting right, taking back. None of them is medicine."""

from __future__ import annotations

import re
from typing import Final

_POLITE: Final = r"(?:(?:please|pls|plz|ok|okay|actually|sorry|oops|no|wait|also|and|then|so|but|just|kindly|now|well|can|could|would|will|you|we|i|let'?s|let\s+us|should|need\s+to|needs\s+to|want\s+to|have\s+to|must|like\s+to|'d|to|don'?t|do|if|what\s+if)\b[\s,:]*)*"
_OUT: Final = r"(?:remov(?:e|ed|ing)|delet(?:e|ed|ing)|drop(?:ped|ping)?|ignor(?:e|ed|ing)|disregard(?:ed|ing)?|forg(?:et|ot|etting)(?:\s+about)?|strik(?:e|ing)|scratch|tak(?:e|ing)\s+(?:out|off|away)|leav(?:e|ing)\s+(?:out|off)|omit(?:ted|ting)?|withdr[ae]w(?:ing)?|cross\s+out|discard(?:ed)?|erase|never\s*mind|get\s+rid\s+of|pull|count\s+out)"

#: A request to take something out, with what: *please ignore the MRI*.
TAKE_OUT: Final = re.compile(rf"^\W*{_POLITE}{_OUT}\s+(?P<what>.+)$", re.IGNORECASE | re.DOTALL)
#: The same with the particle last: *take the MRI out*.
TAKE_OUT_LAST: Final = re.compile(
    rf"^\W*{_POLITE}(?:take|leave|pull|cross|strike)\s+(?P<what>.+?)\s+(?:out|off|away)\b",
    re.IGNORECASE | re.DOTALL,
)
#: Something told to be wrong: *the PT was a mistake*, *the MRI was another patient's*.
WRONG_AFTER: Final = re.compile(
    r"^\W*(?:(?:sorry|actually|oops|no|and|but)\b[\s,:]*)*(?:the\s+|that\s+|my\s+|her\s+|his\s+)?(?P<what>.{2,80}?)\s+(?:is|was|are|were|isn'?t|wasn'?t|aren'?t|weren'?t)\s+"
    r"(?:an?\s+|in\s+|not\s+|for\s+|of\s+|from\s+|entered\s+|added\s+|put\s+in\s+)*(?:wrong|error|mistake|mistaken|incorrect|right|true|correct|hers|his|false|typo|by\s+mistake|in\s+error|somebody\s+else|someone\s+else|another\s+(?:patient|pt)|(?:a\s+)?different\s+(?:patient|pt))",
    re.IGNORECASE | re.DOTALL,
)
#: The words of the former that say it is so, and not that it is wrong: *is right*.
SAYS_RIGHT: Final = re.compile(
    r"\b(?:is|was|are|were)\s+(?:right|true|correct|hers|his)\b", re.IGNORECASE
)
WRONG_BEFORE: Final = re.compile(
    r"^\W*(?:(?:that'?s|that\s+is|it'?s|sorry|actually|oops)\b[\s,:]*)*(?:the\s+)?(?:wrong|incorrect|mistaken)\s+(?P<what>\w[^,.;:!?]{1,40})",
    re.IGNORECASE,
)
_HAD: Final = r"(?:had|have|has|having|do|did|done|tr(?:y|ied)|take|took|taken|taking|us(?:e|ed|ing)|g[eo]t|gotten|received?|undergo|underwent|undergone|completed?|attend(?:ed)?|start(?:ed)?|been\s+(?:on|given|to|through|prescribed)|given|prescribed|on)"
#: Something told not to have been: *she did not try naproxen*, *never had PT*, *no MRI was done*.
DENIED: Final = re.compile(
    rf"\b(?:never|(?<!could\s)(?<!can\s)(?<!would\s)(?<!should\s)(?<!must\s)(?<!does\s)(?<!do\s)(?<!may\s)not|no|didn'?t|hasn'?t|haven'?t|hadn'?t|wasn'?t)\s+(?:(?:ever|even|yet|actually|really|been|in\s+fact)\s+)*(?:{_HAD}\s+)+(?:(?:any|a|an|the|her|his|my|for)\s+)*(?P<what>[^,.;:!?\n]{{2,60}})"
    r"|\b(?:there\s+was|had|did)\s+no\s+(?P<what2>[^,.;:!?\n]{2,60})|\bno\s+(?P<what3>[^,.;:!?\n]{2,40}?)\s+(?:was|were|has\s+been|have\s+been)\s+(?:done|made|taken|tried|given|obtained|performed|attended)\b",
    re.IGNORECASE,
)
#: What something is not, beside what it is: *6 weeks, not 3*, *in our clinic instead of the ED*.
NOT_BUT: Final = re.compile(
    r"(?:,\s*(?:and\s+)?|\band\s+|\bbut\s+|\s-\s*|^\W*(?:it'?s\s+|it\s+(?:is|was)\s+|this\s+is\s+|she'?s\s+|he'?s\s+|(?:s?he|they)\s+(?:is|was|are)\s+)?|\s)(?:not|n't|instead\s+of|rather\s+than|in\s+place\s+of|isn'?t|wasn'?t)\s+(?P<old>[^,.;:!?\n]{1,60}?)(?=\s+(?:but|it'?s|is\s+it|anymore|any\s+more)\b|[,.;:!?\n]|\s-|\s*$)",
    re.IGNORECASE,
)
#: That what follows puts something right.
CORRECTS: Final = re.compile(
    r"\b(?:actually|correction|corrected|correcting|correct\s+(?:that|this|it|the)|meant|mean|wrong|typo|typed|mistyped|mistakes?|misread|misspoke|mis-?spoke|error|sorry|oops|should\s+(?:be|have\s+been|read|say)|shd\s+be|shld\s+be|instead|rather|in\s+fact|make\s+(?:that|it)|chang(?:e|ed|es|ing)|updat(?:e|ed)|amend(?:ed)?|fix|not\s+\d)\b|^\W*(?:no|nope|wait)\b",
    re.IGNORECASE,
)
#: Taking back what was said last: *scratch that*.
TAKE_BACK: Final = re.compile(
    r"^\W*(?:(?:no|oops|sorry|actually|wait|ok|okay|please|pls|hm+|hold\s+on|well|and|then)\b[\s,.:!-]*)*"
    r"(?:(?:scratch|undo|strike|forget|ignore|disregard|cancel|delete|remove|drop|never\s*mind|reverse|revert)\s+(?:all\s+(?:of\s+)?)?(?:that|this|it|(?:the|my|that)\s+last\s*(?:one|thing|change|follow-?up|message|entry|bit|part|statement)?|what\s+i\s+(?:just\s+)?(?:said|wrote|typed|told\s+you))"
    r"|take\s+(?:that|it|this|the\s+last\s+\w+)\s+back|i\s+take\s+(?:that|it)\s+back|undo|never\s*mind|go\s+back|revert)\b(?:\s+(?:please|pls|again))?\s*(?=[,.;:!?-]|$|\bit\s+(?:is|was)\b)[\s,.;:!?-]*",
    re.IGNORECASE,
)
#: A request put as a question: *can you remove the MRI?* asks for an act, and states.
ASKS_TO: Final = re.compile(
    rf"^(?:can|could|would|will)\s+(?:you|we|u)\s+(?:please\s+|pls\s+|just\s+|also\s+|kindly\s+)*(?:{_OUT}|add|chang(?:e)|updat(?:e)|correct|replace|swap|switch|set|put\s+(?:in|down)|make\s+(?:it|that))\b",
    re.IGNORECASE,
)
#: Where one statement of a sentence ends and the next begins.
CLAUSE_END: Final = re.compile(
    r"[.;!?](?=\s|$)|[\n\r\u2028\u2029]+|,(?!\s*(?:and\s+)?not\b)(?=\s)|\s[-\u2013\u2014]\s|\b(?:and|but|because|since|as)\s+(?=(?:add|put|use|include|instead|note|make|set|change|correct|judge|s?he|they|it|we|i)\b)",
    re.IGNORECASE,
)
