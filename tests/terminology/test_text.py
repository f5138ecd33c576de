"""Normal forms: phrases that mean the same meet, phrases that do not stay apart."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from medwarrant.terminology.text import content_words, lookup_key, normalise, term_variants


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Post-herpetic neuralgia", "postherpetic neuralgias"),
        ("post herpetic neuralgia", "Postherpetic Neuralgia"),
        ("anaesthesia", "anesthesia"),
        ("œdema of the oesophagus", "Edema of the esophagus"),
        ("haemorrhage", "hemorrhage"),
        ("ischaemic stroke", "ischemic stroke"),
        ("diarrhoea", "diarrhea"),
        ("dyspnoea", "dyspnea"),
        ("tumour", "tumors"),
        ("orthopaedic", "orthopedic"),
        ("Bell's palsy", "Bell palsy"),
        ("Bell\u2019s palsy", "bells palsy"),
        ("Sjögren\u2019s syndrome", "Sjogren syndrome"),
        ("Ménière disease", "meniere disease"),
        ("β-thalassaemia", "beta thalassemia"),
        ("Type II diabetes", "type 2 diabetes"),
        ("spondylosis w/o myelopathy", "Spondylosis, without myelopathy"),
        ("spondylosis w/ myelopathy", "spondylosis with myelopathy"),
        ("neck & back pain", "neck and back pain"),
        ("other specified dorsopathies", "Other specified dorsopathy"),
        ("gastro-oesophageal reflux", "gastroesophageal reflux"),
        ("non-pressure ulcers", "nonpressure ulcer"),
        ("low back\t\tpain.", "low back pain"),
        ("localisation", "localization"),
        ("disk disorders", "disc disorder"),
        ("ＭＩＧＲＡＩＮＥ", "migraine"),  # noqa: RUF001 -- full-width letters, as some forms send them
        ("vertebrae", "vertebra"),
        ("stenoses", "stenosis"),
    ],
)
def test_same_words(one: str, other: str) -> None:
    assert normalise(one) == normalise(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("with aura", "without aura"),
        ("AEDs", "ED"),
        ("intractable", "not intractable"),
        ("hepatitis A", "hepatitis"),
        ("type 1 diabetes", "type 2 diabetes"),
        ("right knee", "left knee"),
        ("status post fracture", "postfracture"),
        ("hypertension", "hypotension"),
        ("and", "or"),
    ],
)
def test_different_words(one: str, other: str) -> None:
    assert lookup_key(one) != lookup_key(other)


@pytest.mark.parametrize(
    ("phrase", "words"),
    [
        ("patient has pain in the lower back", ("pain", "lower", "back")),
        ("migraine without aura", ("migraine", "without", "aura")),
        ("not intractable, not intractable", ("not", "intractable")),
        ("other", ("other",)),
        ("", ()),
        ("\x00 😀 --", ()),
    ],
)
def test_content_words(phrase: str, words: tuple[str, ...]) -> None:
    assert content_words(phrase) == words


@pytest.mark.parametrize(
    ("term", "variant"),
    [
        ("Radiculopathy, lumbar region", "lumbar radiculopathy"),
        (
            "Spondylosis without myelopathy or radiculopathy, cervical region",
            "cervical spondylosis without myelopathy or radiculopathy",
        ),
        ("Migraine NOS", "migraine"),
        ("Low back pain, unspecified", "low back pain"),
        ("Other specified dorsopathies, site unspecified", "other specified dorsopathies"),
        ("Migraine, unspecified, intractable", "intractable migraine"),
        (
            "Chronic migraine without aura, intractable, without status migrainosus",
            "intractable chronic migraine without aura",
        ),
        ("Pain in right knee", "right knee pain"),
        ("Pain in unspecified knee", "knee pain"),
        ("Sciatica, left side", "left sciatica"),
        ("Sciatica, unspecified side", "sciatica"),
        ("Carpal tunnel syndrome, right upper limb", "right carpal tunnel syndrome"),
        ("Essential (primary) hypertension", "essential hypertension"),
        ("Type 2 diabetes mellitus without complications", "type 2 diabetes"),
        ("Fracture of unspecified part of neck of femur", "fracture of neck of femur"),
    ],
)
def test_variant_is_found(term: str, variant: str) -> None:
    assert lookup_key(variant) in {lookup_key(form) for form in term_variants(term)}


@pytest.mark.parametrize(
    "term",
    [
        "Cervicalgia",
        "Migraine with aura",
        "Spondylosis with myelopathy",
        "Hepatitis A without hepatic coma",
        "Migraine, unspecified, intractable, with status migrainosus",
    ],
)
def test_variants_keep_what_tells_codes_apart(term: str) -> None:
    """No variant drops a positive detail: each keeps every word except unspecified ones."""
    kept = set(lookup_key(term).split()) - {"unspecified"}
    for form in term_variants(term):
        assert kept <= set(lookup_key(form).split())


@given(st.text())
def test_normalising_twice_is_normalising_once(text: str) -> None:
    once = normalise(text)
    assert normalise(once) == once
    assert once == " ".join(once.split())


_wordish = st.text(alphabet="aeiousrnphtzm -/'.,w", max_size=24)


@given(_wordish)
def test_normalising_twice_with_likely_letters(text: str) -> None:
    assert normalise(normalise(text)) == normalise(text)


@given(st.text(max_size=60))
def test_case_and_padding_do_not_matter(text: str) -> None:
    if text.isascii():
        assert normalise(f"  {text.upper()}\n") == normalise(text)


@given(st.text(max_size=80))
def test_variants_never_fail_nor_repeat_the_term(text: str) -> None:
    forms = term_variants(text)
    assert text not in forms
    assert len(set(forms)) == len(forms)


@given(st.text(max_size=200))
def test_content_words_are_distinct_and_few(text: str) -> None:
    words = content_words(text)
    assert len(words) == len(set(words)) <= 24
