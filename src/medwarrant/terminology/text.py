"""Normal forms of clinical words, so that one phrase written in several ways meets itself.

All functions are pure. The normal form is a key for looking things up, not a text to show.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Final


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


_LETTERS: Final = str.maketrans(
    {
        "\N{LATIN SMALL LETTER AE}": "ae",
        "\N{LATIN SMALL LIGATURE OE}": "oe",
        "\N{LATIN SMALL LETTER O WITH STROKE}": "o",
        "\N{LATIN SMALL LETTER L WITH STROKE}": "l",
        "\N{LATIN SMALL LETTER D WITH STROKE}": "d",
        "\N{LATIN SMALL LETTER DOTLESS I}": "i",
        "\N{GREEK SMALL LETTER ALPHA}": "alpha",
        "\N{GREEK SMALL LETTER BETA}": "beta",
        "\N{GREEK SMALL LETTER GAMMA}": "gamma",
        "\N{GREEK SMALL LETTER DELTA}": "delta",
        "\N{GREEK SMALL LETTER EPSILON}": "epsilon",
        "\N{GREEK SMALL LETTER KAPPA}": "kappa",
        "\N{GREEK SMALL LETTER LAMDA}": "lambda",
        "\N{GREEK SMALL LETTER MU}": "micro",  # what NFKD makes of the micro sign
        "\N{GREEK SMALL LETTER OMEGA}": "omega",
    }
)

_SHORTHAND: Final = re.compile(r"\bw\s?/\s?o\b|\bw\s?/|&|(?<=\w)['`\u2018\u2019\u00b4]s\b")
_SHORTHAND_FOR: Final = {"w/o": " without ", "w/": " with ", "&": " and "}
_PLAIN_ENGLISH: Final = re.compile(r"[a-z0-9 ,()-]*$")  # has no shorthand: saves half the time
_WORD: Final = re.compile(r"[^\W_]+")

# Written apart, with a hyphen or as one word: all mean the same and become one word.
_PREFIXES: Final = _set(
    "anti cardio cerebro gastro hyper hypo infra inter intra micro multi musculo neuro non para "
    "peri poly post pre retro semi sub supra"
)
_NOT_A_PREFIX_AFTER: Final = frozenset({"status"})
_RANKED: Final = frozenset({"type", "stage", "grade"})
_ROMAN: Final = {"i": "1", "ii": "2", "iii": "3", "iv": "4", "v": "5", "vi": "6"}

_NO_PLURAL: Final = _set(
    "ascites biceps caries diabetes does facies feces forceps has herpes hives is his lens measles "
    "mumps pancreas pubes quadriceps rabies rickets scabies series shingles species tabes this "
    "triceps was yes"
)
_OE: Final = re.compile(
    r"oe(?=soph|dem|strog|strad|stru|tal|tus|liac|nolog)|(?<=rrh)oe(?=a|i)|(?<=pn)oe(?=a|i)"
    r"|(?<=^am)oe(?=b)|(?<=^f)oe(?=t)|(?<=^c)oe(?=li)|(?<=^hom)oe(?=o)|(?<=chr)oe(?=o)"
)
_BRITISH: Final = {
    "behaviour": "behavior", "centre": "center", "colour": "color", "fibre": "fiber",
    "goitre": "goiter", "grey": "gray", "humour": "humor", "labour": "labor", "litre": "liter",
    "metre": "meter", "mould": "mold", "odour": "odor", "rigour": "rigor", "tumour": "tumor",
    "vapour": "vapor", "plough": "plow", "practise": "practice", "programme": "program",
    "mollusc": "mollusk", "disk": "disc",
}  # fmt: skip

LIGHT_STOP_WORDS: Final = frozenset({"the", "an", "of", "in", "at"})
"""Words that never tell two codes apart. `a` is not one: hepatitis A."""

STOP_WORDS: Final = LIGHT_STOP_WORDS | _set(
    "a and as be been by due diagnosis disease diagnosed for from had has have he her his is it "
    "its known nos of on or other patient presenting she since specified suffering that their "
    "this to unspecified was were which who with y yo"
)
"""Words that carry no meaning in a search. `no`, `not` and `without` do and are not here."""


def normalise(text: str) -> str:
    """Return the normal form of a phrase: words in lower case, one space between them.

    Accents and ligatures are folded, punctuation and hyphens become spaces, possessives and plain
    plurals are dropped, British spellings become American, `w/o` becomes *without*, *type II*
    becomes *type 2*, and prefixes such as *post* or *non* join the word after them. Normalising
    twice changes nothing. Raises nothing.

    Source: the editors' own rules; ICD-10-CM writes American English.

    >>> normalise("Post-herpetic  neuralgias (Œdema), w/o anaesthesia")
    'postherpetic neuralgia edema without anesthesia'
    >>> normalise("Bell's palsy"), normalise("Type II diabetes")
    ('bell palsy', 'type 2 diabetes')
    """
    return " ".join(_words(text))


def lookup_key(text: str) -> str:
    """Return the normal form without the words that never tell two codes apart.

    Two phrases with the same key are the same term. *Without*, *no*, *and* and a bare *a* (as in
    *hepatitis A*) stay; only an article at the start goes.

    >>> lookup_key("A fracture of the neck of femur"), lookup_key("Hepatitis A")
    ('fracture neck femur', 'hepatitis a')
    """
    return key_of(_words(text))


def key_of(words: list[str]) -> str:
    """Return the lookup key of words that are in normal form already.

    >>> key_of(normalise("The fractures of the femur").split())
    'fracture femur'
    """
    if len(words) > 1 and words[0] == "a":
        words = words[1:]
    kept = [word for word in words if word not in LIGHT_STOP_WORDS]
    return " ".join(kept or words)


def content_words(text: str, limit: int = 24) -> tuple[str, ...]:
    """Return the distinct words of a phrase that are worth searching for, in order.

    Where a phrase has only stop words, they are returned: a search for *other* is answered.

    >>> content_words("patient has pain in the lower back")
    ('pain', 'lower', 'back')
    """
    words = list(dict.fromkeys(_words(text)))
    kept = [word for word in words if word not in STOP_WORDS and (len(word) > 1 or word.isdigit())]
    return tuple((kept or words)[:limit])


def term_variants(term: str) -> tuple[str, ...]:
    """Return other ways to say a title or inclusion term, none more specific than the term.

    Brackets are dropped; *unspecified* and *NOS* go, because the index sends the bare phrase to
    that code; so does a negative which the index takes for granted (*without status
    migrainosus*, *without complications*); a region or side moves from behind its comma to the
    front. The term itself is not among the results.

    Source: the conventions of the ICD-10-CM alphabetic index (default codes, NOS), Official
    Guidelines I.A.6 and I.A.18.

    >>> term_variants("Radiculopathy, lumbar region")
    ('Radiculopathy, lumbar', 'lumbar Radiculopathy', 'lumbar region Radiculopathy')
    >>> "Migraine" in term_variants("Migraine NOS")
    True
    """
    found: dict[str, None] = {}
    bare = _tidy(_BRACKETS.sub(" ", term)) if "(" in term or "[" in term else term
    for start in dict.fromkeys((term, bare)):
        plain = _without_unspecified(start)
        asserted = _TAKEN_FOR_GRANTED.sub("", plain)
        short = asserted.replace("diabetes mellitus", "diabetes")
        for form in dict.fromkeys((start, plain, asserted, short)):
            found[form] = None
            for turned in _inversions(form):
                found[turned] = None
    found.pop(term, None)
    found.pop("", None)
    return tuple(form for form in found if len(form) > 2)


_BRACKETS: Final = re.compile(r"\s*(\([^()]*\)|\[[^\[\]]*\])")
_NOS: Final = re.compile(r"[,\s]+NOS$")
_UNSPECIFIED_PART: Final = re.compile(
    r"\b(?:an )?unspecified (?:part|parts|site|sites|aspect|portion|level|type) of (?:the )?", re.I
)
_UNSPECIFIED_SEGMENT: Final = re.compile(
    r",\s*(?:unspecified(?: (?:site|sites|side|part|type|severity|cause|as to \w+|whether .*))?"
    r"|(?:site|level|type|stage|severity|laterality) unspecified)(?=,|$)",
    re.I,
)
_UNSPECIFIED_PLACE: Final = re.compile(r",\s*unspecified [a-z ]+(?=,|$)", re.I)
_UNSPECIFIED: Final = re.compile(r"\bunspecified\s+(?!organism\b)", re.I)
_TAKEN_FOR_GRANTED: Final = re.compile(
    r",?\s*\b(?:without status (?:migrainosus|epilepticus)|not intractable|without complications?"
    r"|uncomplicated|without esophagitis)(?=,|$)",
    re.I,
)
_SIDED: Final = re.compile(r"^(right|left|bilateral)(?: (?:side|.+))?$", re.I)
_SIMPLE: Final = re.compile(
    r"^(?:acute|chronic|subacute|recurrent|intractable|primary|secondary|severe|moderate|mild"
    r"|bilateral|unilateral|congenital|acquired|generalized|localized|idiopathic"
    r"|persistent|paroxysmal)$",
    re.I,
)
_NOUN_OF: Final = re.compile(
    r"^(pain|fracture|sprain|strain|contusion|laceration|stiffness|effusion|contracture|disorder"
    r"|bursitis|enthesopathy|dislocation|abscess|neuritis|stenosis|injury) (?:in|of) "
    r"((?:\w+ ?){1,4})$",
    re.I,
)


def _tidy(text: str) -> str:
    return re.sub(r"\s+", " ", text).replace(" ,", ",").strip(" ,;")


def _without_unspecified(term: str) -> str:
    text = _NOS.sub("", term) if term.endswith("NOS") else term
    if "nspecified" not in text:
        return text
    text = _UNSPECIFIED_PART.sub("", text)
    text = _UNSPECIFIED_SEGMENT.sub("", text)
    text = _UNSPECIFIED_PLACE.sub("", text)
    return _tidy(_UNSPECIFIED.sub("", text))


def _inversions(term: str) -> list[str]:
    if of := _NOUN_OF.match(term):
        return [f"{of[2]} {of[1]}"]
    head, _, tail = term.rpartition(", ")
    if not head or "," in head:
        return []
    if tail.endswith(" region"):
        region = tail.removesuffix(" region")
        return [f"{head}, {region}", f"{region} {head}", f"{tail} {head}"]
    if sided := _SIDED.match(tail):
        return list(dict.fromkeys((f"{tail.removesuffix(' side')} {head}", f"{sided[1]} {head}")))
    return [f"{tail} {head}"] if _SIMPLE.match(tail) else []


def _words(text: str) -> list[str]:
    if text.isascii():
        plain = text.lower()
    else:
        spread = unicodedata.normalize("NFKD", text.casefold())
        plain = "".join(c for c in spread if not unicodedata.combining(c)).translate(_LETTERS)
        plain = plain.casefold()
    if not _PLAIN_ENGLISH.match(plain):
        plain = _SHORTHAND.sub(_write_out, plain)
    words = [_fold(word) for word in _WORD.findall(plain)]
    if not _PREFIXES.isdisjoint(words):
        words = _join_prefixes(words)
    if not _RANKED.isdisjoint(words):
        for at in range(1, len(words)):
            if words[at - 1] in _RANKED:
                words[at] = _ROMAN.get(words[at], words[at])
    return words


def _write_out(match: re.Match[str]) -> str:
    return _SHORTHAND_FOR.get(match[0].replace(" ", ""), " ")


def _join_prefixes(words: list[str]) -> list[str]:
    joined: list[str] = []
    prefix = ""
    for word in words:
        before = joined[-1] if joined else ""
        if word in _PREFIXES and before not in _NOT_A_PREFIX_AFTER:
            prefix += word
        elif prefix:
            joined.append(_fold(prefix + word))
            prefix = ""
        else:
            joined.append(word)
    return [*joined, prefix] if prefix else joined


@lru_cache(maxsize=4096)
def _fold(word: str) -> str:
    """Fold plural and spelling until nothing changes, so that folding twice is folding once."""
    for _ in range(8):
        folded = _spelling(_singular(word))
        if folded == word:
            break
        word = folded
    return word


def _singular(word: str) -> str:
    if len(word) < 4 or word in _NO_PLURAL:
        return word
    if word.endswith("s"):
        if word.endswith("ies") and len(word) > 4:
            return word[:-3] + "y"
        if word.endswith("oses"):
            return word[:-2] + "is"
        if word.endswith(("sses", "xes", "ches", "shes")):
            return word[:-2]
        if word[-2] not in "siuo":
            return word[:-1]
    elif word.endswith(("brae", "bursae")):
        return word[:-1]
    return word


def _spelling(word: str) -> str:
    # In an abbreviation (AED) the two letters are no diphthong.
    if len(word) > 4 and "ae" in word and not word.startswith(("aer", "michael", "israel")):
        word = re.sub(r"(?<=.)ae(?=[a-z])|^ae(?=[a-z])", "e", word)
    if "oe" in word:
        word = _OE.sub("e", word)
    if word.endswith("isation"):
        word = word[:-6] + "zation"
    return _BRITISH.get(word, word)
