"""Quotes: a wrong speaker puts words into someone's mouth; a lost one can't be searched."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dateline.entities import resolve
from dateline.entities.quote_marks import quoted_spans
from dateline.entities.quotes import find_quotes
from dateline.entities.user import UserEntities
from dateline.models import Mention, Quote
from dateline.texts.sentences import split
from tests.effort import growth

NAMES = {
    "PERSON": "Ana Ruiz|Ruiz|Tom Berg|Berg|Li Wen|Li|Petra Vogt|Vogt|Luc Morel|Morel|Inés Soto|Soto",
    "ORGANIZATION": "Norvex|Channel Nine",
    "LOCATION": "Oslo|Lima|Beijing",
}


def quotes_of(text: str, language: str = "en") -> list[Quote]:
    """The quotes of a text in which the names above are found wherever they stand."""
    mentions: list[Mention] = []
    taken: set[int] = set()
    for label, names in NAMES.items():
        for name in sorted(names.split("|"), key=len, reverse=True):
            at = text.find(name)
            while at >= 0:
                if at not in taken and not text[at + len(name) : at + len(name) + 1].isalnum():
                    mentions.append(Mention(start=at, end=at + len(name), text=name, label=label))
                    taken |= set(range(at, at + len(name)))
                at = text.find(name, at + 1)
    entities = resolve(mentions, {"body": text}, language, UserEntities())
    found = find_quotes(text, split(text, language), entities, language)
    assert all(quote.text == text[quote.start : quote.end] for quote in found)
    return found


DIRECT = [
    ("“We stand together on this,” Ana Ruiz said.", "person/ana-ruiz"),
    ('"We stand together on this," said Ana Ruiz.', "person/ana-ruiz"),
    ("Ana Ruiz said: “We stand together on this.”", "person/ana-ruiz"),
    ("“We stand together on this,” said the harbour minister, Ana Ruiz.", "person/ana-ruiz"),
    ("“We stand together on this,” Ana Ruiz, the harbour minister, told Channel Nine.", "person/ana-ruiz"),
    ("“Who will pay for this?” asked Ms. Ruiz.", "person/~ruiz"),
    ("Tom Berg left early. “I have nothing to add,” he said.", "person/tom-berg"),
    ("Ana Ruiz met Tom Berg in Oslo. “I have nothing to add,” he said.", "person/tom-berg"),
    ("Tom Berg criticised the plan as “a gift to those who never paid”.", "person/tom-berg"),
    ("“We stand together on this,” the statement said.", None),
    ("“We stand together on this,” a spokesman for Norvex said.", None),
    ("Tom Berg and Luc Morel left early. “I have nothing to add,” he said.", None),
    ("“We stand together on this,” Ana Ruiz and Tom Berg said.", None),
    ("‘We’ve stood together on this,’ said Ana Ruiz.", "person/ana-ruiz"),
    ("“We will close the plant,” its chairman, Tom Berg, said.", "person/tom-berg"),
    ("Norvex's chairman, Tom Berg, told Channel Nine: “The plant will close.”", "person/tom-berg"),
    ("Tom Berg: “The plant will close.”", "person/tom-berg"),
]


@pytest.mark.parametrize(("text", "speaker"), DIRECT)
def test_a_direct_quote_has_its_speaker_and_nobody_else(text: str, speaker: str | None) -> None:
    found = [quote for quote in quotes_of(text) if quote.direct]
    assert [quote.speaker_id for quote in found] == [speaker]


def test_the_second_half_of_a_broken_quote_keeps_its_speaker() -> None:
    found = quotes_of("“We stand together,” Li Wen said. “These steps will not be welcomed by anyone.”")
    assert [(quote.speaker_id, quote.direct) for quote in found] == [("person/li-wen", True)] * 2
    assert found[1].text == "These steps will not be welcomed by anyone."


def test_an_utterance_broken_by_a_speaker_with_his_office_is_his_to_its_end() -> None:
    found = quotes_of("“The plant,” said Ana Ruiz, the minister, “will close on Monday.”")
    assert [quote.speaker_id for quote in found] == ["person/ana-ruiz"] * 2


def test_a_speaker_of_no_entity_is_named_in_the_text_s_own_words() -> None:
    assert [q.speaker for q in quotes_of("“We stand together on this,” the statement said.")] == [
        "the statement"
    ]


def test_a_quote_over_paragraphs_is_one() -> None:
    text = "“We stand together on this.\n\n“And we shall not leave,” Ana Ruiz said.\n\nTom Berg agreed."
    (quote,) = quotes_of(text)
    assert quote.text.startswith("We stand") and quote.text.endswith("leave,")
    assert quote.speaker_id == "person/ana-ruiz"


def test_single_quoted_words_at_arm_s_length_are_no_quote() -> None:
    assert quotes_of("Ana Ruiz spoke of a “killer” and of “tough” talks in Oslo.") == []


INDIRECT = [
    ("Ana Ruiz said that the talks would go on in Lima.", "person/ana-ruiz", "the talks would go on in Lima"),
    (
        "The talks would go on in Lima, Ana Ruiz said on Monday.",
        "person/ana-ruiz",
        "The talks would go on in Lima",
    ),
    ("According to Norvex, the line will open in May.", "organization/norvex", "the line will open in May"),
    ("The line will open in May, according to Norvex.", "organization/norvex", "The line will open in May"),
    ("Beijing says its courts are open to all.", "location/beijing", "its courts are open to all"),
]
SHUT = "the plant would close"
# who somebody is stands before or after the name, in commas; the verb stands before or after both
OFFICES = [
    (f"T{SHUT[1:]}, its chairman, Tom Berg, said on Monday.", "person/tom-berg", f"T{SHUT[1:]}"),
    (f"T{SHUT[1:]}, said Tom Berg, the chairman of Norvex.", "person/tom-berg", f"T{SHUT[1:]}"),
    (f"The chairman of Norvex, Tom Berg, said {SHUT}.", "person/tom-berg", SHUT),
    (f"Ana Ruiz's lawyer, Tom Berg, told Channel Nine that {SHUT}.", "person/tom-berg", SHUT),
    (f"A lawyer for Ana Ruiz, Tom Berg, said {SHUT}.", "person/tom-berg", SHUT),
    (f"T{SHUT[1:]}, according to its chairman, Tom Berg.", "person/tom-berg", f"T{SHUT[1:]}"),
    (f"According to the chairman of Norvex, Tom Berg, {SHUT}.", "person/tom-berg", SHUT),
    (f"In a letter to Norvex, Ana Ruiz, the minister, said {SHUT}.", "person/ana-ruiz", SHUT),
    (f"Speaking in Oslo, Tom Berg said {SHUT}.", "person/tom-berg", SHUT),
    (f"The minister, Ana Ruiz, and her deputy, Tom Berg, said {SHUT}.", None, SHUT),
    (f"Unions, among them Norvex's, said Ana Ruiz knew {SHUT}.", None, None),
    (
        f"OSLO, March 3, AFP - Minister Ana Ruiz condemned the plan, saying {SHUT}.",
        "person/ana-ruiz",
        SHUT,
    ),
    ("It tore at 9:30 p.m., said Tom Berg, the minister.", "person/tom-berg", "It tore at 9:30 p.m."),
]


@pytest.mark.parametrize(("text", "speaker", "words"), INDIRECT)
def test_reported_speech_is_found_with_its_speaker(text: str, speaker: str, words: str) -> None:
    assert [(q.speaker_id, q.text, q.direct) for q in quotes_of(text)] == [(speaker, words, False)]


@pytest.mark.parametrize(("text", "speaker", "words"), OFFICES)
def test_an_office_beside_the_name_does_not_hide_who_spoke(
    text: str, speaker: str | None, words: str | None
) -> None:
    """ "Its chairman, Viktor Oresh, said" is how papers name who speaks: most of `said` hangs on it."""
    assert [(q.speaker_id, q.text) for q in quotes_of(text)] == ([(speaker, words)] if words else [])


@pytest.mark.parametrize(
    "text", ["Ana Ruiz denied any link to the fraud.", "Norvex announced a deal with Channel Nine on Monday."]
)
def test_a_verb_that_takes_a_thing_reports_no_speech(text: str) -> None:
    assert quotes_of(text) == []


@pytest.mark.parametrize(
    ("language", "text", "speaker", "words"),
    [
        (
            "de",
            "„Wir bleiben in der Stadt“, sagte Petra Vogt.",
            "person/petra-vogt",
            "Wir bleiben in der Stadt",
        ),
        (
            "de",
            "»Wir bleiben in der Stadt«, sagte Petra Vogt.",
            "person/petra-vogt",
            "Wir bleiben in der Stadt",
        ),
        (
            "fr",
            "« Nous restons dans la ville », a déclaré Luc Morel.",
            "person/luc-morel",
            "Nous restons dans la ville",
        ),
        (
            "es",
            "«Nos quedamos en la ciudad», dijo Inés Soto.",
            "person/ines-soto",
            "Nos quedamos en la ciudad",
        ),
    ],
)
def test_other_languages_have_their_marks_and_verbs(
    language: str, text: str, speaker: str, words: str
) -> None:
    found = [quote for quote in quotes_of(text, language) if quote.direct]
    assert [(q.speaker_id, q.text) for q in found] == [(speaker, words)]


@given(st.text(alphabet=st.sampled_from("aB .,\n\n“”\"«»„‘’' saidhe"), max_size=150))
def test_any_marks_in_any_order_are_read_without_harm(text: str) -> None:
    spans = quoted_spans(text)
    assert all(0 <= a < b <= len(text) for a, b in spans)
    assert all(b <= c for (_, b), (c, _) in pairwise(spans))
    find_quotes(text, split(text), [], "en")


@pytest.mark.parametrize("unit", ["“", '"a ', "he said ", "“a”, he said. ", "said, ", "according to "])
def test_time_grows_with_the_text_and_not_faster(unit: str) -> None:
    """A page of unclosed quotation marks must not hold up a batch: eight times the text, eight the work."""

    def read(size: int) -> None:
        text = unit * (size // len(unit))
        find_quotes(text, split(text), [], "en")

    assert growth(lambda: read(10_000), lambda: read(80_000), 24) <= 24


@pytest.mark.parametrize(
    ("language", "text", "speaker", "words"),
    [
        (
            "de",
            "Das Werk werde schließen, sagte der Vorsitzende, Tom Berg, am Montag.",
            "tom-berg",
            "Das Werk",
        ),
        ("de", "Das Werk werde schließen, so die Ministerin Petra Vogt.", "petra-vogt", "Das Werk"),
        ("de", "Laut Petra Vogt wird das Werk schließen.", "petra-vogt", "wird das Werk"),
        ("fr", "Son président, Luc Morel, a déclaré que l'usine allait fermer.", "luc-morel", "l'usine"),
        ("es", "Su presidenta, Inés Soto, dijo que la planta cerrará.", "ines-soto", "la planta"),
    ],
)
def test_other_languages_report_speech_too(language: str, text: str, speaker: str, words: str) -> None:
    (found,) = quotes_of(text, language)
    assert found.speaker_id == f"person/{speaker}" and not found.direct
    assert found.text.startswith(words)
