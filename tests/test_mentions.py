"""Names in text: exact spans and right types; what breaks here loses searches by entity."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from dateline.entities import knowledge
from dateline.entities.mentions import MAX_ARTICLE, find_mentions, find_mentions_batch
from dateline.entities.mentions_fields import by_fields
from dateline.entities.mentions_text import MAX_LINES
from dateline.models import Mention
from evaluation import names as scorer
from tests.effort import growth

HERE = Path(__file__).parent
SHARED = HERE.parent.parent / "shared"
TYPES = {"PERSON", "ORGANIZATION", "LOCATION", "EVENT", "WORK", "LAW", "PRODUCT", "GROUP"}


def found(text: str, language: str = "en") -> list[tuple[str, str]]:
    return [(m.text, m.label) for m in find_mentions([("body", text)], language)]


def test_names_of_a_report_have_exact_spans_and_types() -> None:
    """Lost otherwise: "the Kremlin's spokesman" filed under a name nobody searches."""
    text = (
        "MOSCOW (Reuters) - Russian Foreign Minister Sergei Lavrov's talks with the European Union's "
        "Josep Borrell ended on Friday. Mr Lavrov said the U.S.-Russia treaty stood."
    )
    assert found(text) == [
        ("MOSCOW", "LOCATION"),
        ("Reuters", "ORGANIZATION"),
        ("Russian", "GROUP"),
        ("Sergei Lavrov", "PERSON"),
        ("European Union", "ORGANIZATION"),
        ("Josep Borrell", "PERSON"),
        ("Lavrov", "PERSON"),
        ("U.S.", "LOCATION"),
        ("Russia", "LOCATION"),
    ]


@pytest.mark.parametrize(
    ("text", "name", "label"),
    [
        ("Talks were joined by Mr Okonkwo-Hale on Monday.", "Okonkwo-Hale", "PERSON"),
        ("Prime Minister Abiy Ahmed said the war was over.", "Abiy Ahmed", "PERSON"),
        ("Shares of Brewster Wealth Holdings Inc fell.", "Brewster Wealth Holdings Inc", "ORGANIZATION"),
        ("He told the House of Representatives.", "House of Representatives", "ORGANIZATION"),
        ("The Chinese Foreign Ministry did not comment.", "Foreign Ministry", "ORGANIZATION"),
        ("The African Union (AU) sent envoys.", "AU", "ORGANIZATION"),
        ("Uyghur families waited.", "Uyghur", "GROUP"),
        ("They met at the White House on Friday.", "White House", "LOCATION"),
        ("The Hague court ruled. It sits in The Hague.", "The Hague", "LOCATION"),
        ("The London-based group declined.", "London", "LOCATION"),
        ('Alejandro "Papu" Gomez left the club.', 'Alejandro "Papu" Gomez', "PERSON"),
    ],
)
def test_what_small_models_get_wrong_is_put_right(text: str, name: str, label: str) -> None:
    """Each of these was a wrong span or type of the bare model."""
    assert (name, label) in found(text)


@pytest.mark.parametrize(
    ("text", "name", "label"),
    [
        ("Results\nLeicester City 2 Leeds United 1", "Leeds United", "ORGANIZATION"),
        ("England 281 all out in the second innings of the match (Root 100)", "England", "LOCATION"),
        ("1-Simona Halep (Romania) beat Anett Kontaveit (Estonia) 6-3 4-6 6-4", "Romania", "LOCATION"),
        ("1. Marta Bassino (ITA) 2:15.26", "ITA", "LOCATION"),
        ("c Iyer b Natarajan 9, run out 58, not out 4", "Natarajan", "PERSON"),
        (
            "Soccer-Late goal\nPittsburgh beat Philadelphia 3-1 as the league season resumed, "
            "the coach said of the match.",
            "Pittsburgh",
            "ORGANIZATION",
        ),
    ],
)
def test_sport_tells_teams_from_places(text: str, name: str, label: str) -> None:
    """Lost otherwise: every report of a match is filed under a city."""
    assert (name, label) in found(text)


def test_a_name_once_understood_is_found_wherever_it_stands() -> None:
    """A surname in a headline, an all-capitals line and a caption belongs to the person of the body."""
    parts = [
        ("title", "LAVROV WARNS EU OVER SANCTIONS"),
        ("body", "Sergei Lavrov warned the European Union. Lavrov did not name a date."),
        ("caption:0", "Lavrov in Guilin. Lu Boan/Xinhua via AP"),
        ("byline", "By Deng Zijun, Xu Zihe"),
        ("dateline:place", "BEIJING"),
        ("dateline:agency", "AP"),
    ]
    mentions = find_mentions(parts)
    seen = {(m.part, m.role, m.text, m.label) for m in mentions}
    assert {
        ("title", "title", "LAVROV", "PERSON"),
        ("title", "title", "EU", "ORGANIZATION"),
        ("caption:0", "caption", "Lavrov", "PERSON"),
        ("caption:0", "caption", "Lu Boan", "PERSON"),
        ("caption:0", "caption", "Xinhua", "ORGANIZATION"),
        ("byline", "byline", "Deng Zijun", "PERSON"),
        ("byline", "byline", "Xu Zihe", "PERSON"),
        ("dateline:place", "dateline", "BEIJING", "LOCATION"),
        ("dateline:agency", "dateline", "AP", "ORGANIZATION"),
    } <= seen


def test_ordinary_words_are_no_names() -> None:
    """Lost otherwise: facets full of "Monday", "COVID-19" and "According"."""
    text = (
        "According to doctors, COVID-19 cases rose on Monday. Shares fell. "
        "Court orders were ignored, according to them."
    )
    assert found(text) == []


@pytest.mark.parametrize(
    ("language", "text", "names"),
    [
        (
            "de",
            "Bundeskanzlerin Angela Merkel sprach mit Emmanuel Macron. Merkel reist nach Moskau. "
            "Herr Schäuble und die Europäische Union schweigen. "
            "Der Haushalt der Stadt wurde im Rat beschlossen.",
            {"Angela Merkel", "Emmanuel Macron", "Merkel", "Moskau", "Schäuble", "Europäische Union"},
        ),
        (
            "fr",
            "Le président Emmanuel Macron a reçu la chancelière Angela Merkel. M. Macron a évoqué "
            "la Russie, l'OTAN et la Banque de France.",
            {"Emmanuel Macron", "Angela Merkel", "Macron", "Russie", "OTAN", "Banque de France"},
        ),
        (
            "es",
            "El presidente Pedro Sánchez viajó a Bruselas. Sánchez dijo que España apoya a la Unión Europea.",
            {"Pedro Sánchez", "Bruselas", "Sánchez", "España", "Unión Europea"},
        ),
    ],
)
def test_languages_without_a_model_have_the_basics(language: str, text: str, names: set[str]) -> None:
    """German capitals prove nothing: "Haushalt" and "Rat" must not come back as names."""
    assert {name for name, _ in found(text, language)} == names


@example("AO\x00\x16", "en")
@given(st.text(alphabet=st.characters(), max_size=300), st.sampled_from(["en", "de", "ja", ""]))
@settings(max_examples=60, deadline=None)
def test_any_text_gives_true_offsets(text: str, language: str) -> None:
    """A stranger's bytes must neither stop the run nor shift a span: offsets index the text as given."""
    last = 0
    for mention in find_mentions([("body", text)], language):
        assert text[mention.start : mention.end] == mention.text
        assert last <= mention.start < mention.end
        assert mention.label in TYPES
        last = mention.end


def test_surrogates_and_nul_are_read_past() -> None:
    """Broken encodings are common in crawled pages; the names beside them still count."""
    assert found("\ud800Lavrov met \0 Merkel in Paris.")[-1] == ("Paris", "LOCATION")
    assert find_mentions([]) == []
    assert find_mentions([("body", "")]) == []


@pytest.mark.parametrize(
    "unit", ["Abc", "(", "A.", "Bank of ", "Paris and ", "African Union (AU) ", "1 Team 2 "]
)
def test_hostile_text_costs_no_more_than_its_length(unit: str) -> None:
    """A page made to stall the reader must not: four times the text, about four times the time."""

    def read(size: int) -> None:
        find_mentions([("body", (unit * size)[:size])])

    assert growth(lambda: read(4_000), lambda: read(16_000), 10) <= 10


def test_what_lies_beyond_the_cap_is_not_read() -> None:
    """The documented cap holds, so that one page can't take the whole machine."""
    assert found(("x" * 999 + "\n") * (MAX_ARTICLE // 2_000) + "Angela Merkel spoke in Paris.")
    assert found(("x" * 999 + "\n") * (MAX_ARTICLE // 1_000) + "Angela Merkel spoke in Paris.") == []
    assert len(find_mentions([("body", "In Paris\n" * (MAX_LINES + 9))])) == MAX_LINES


def test_batches_read_as_single_articles_do() -> None:
    """The pipeline reads in batches; what an article says can't depend on its neighbours."""
    texts = ["Lavrov flew to Paris.", "", "Sergei Lavrov spoke.", "Der Rat tagte mit Angela Merkel in Wien."]
    languages = ["en", "en", "en", "de"]
    batch = list(
        find_mentions_batch(
            ([("body", text)], language) for text, language in zip(texts, languages, strict=True)
        )
    )
    singles = [find_mentions([("body", t)], language) for t, language in zip(texts, languages, strict=True)]
    assert batch == singles


@pytest.mark.parametrize(("name", "least"), [("tuning", 0.96), ("held", 0.92)])
def test_labelled_reports_are_read_as_well_as_measured(name: str, least: float) -> None:
    """Guards the measured quality: spaCy alone has .73 and .71 here."""
    cases = list(scorer.labelled(HERE / "mentions" / f"{name}.txt"))
    assert scorer.score(cases, scorer.ours).f1()[2] >= least


@pytest.mark.shared
def test_linked_names_of_the_public_benchmark() -> None:
    """Recall with the right type on News-Fair's half that no rule was written on; needs ../shared."""
    path = SHARED / "eval/ner/open/newsfair.jsonl"
    if not path.exists():
        pytest.skip("../shared/eval is not here")
    cases = list(scorer.newsfair(path))[1::2]
    assert scorer.score(cases, scorer.ours).f1()[1] >= 0.74


def test_the_articles_own_fields_settle_who_and_where() -> None:
    """ "Our Political Correspondent" and "Von Petra Vogt" would be people that nobody can search for."""

    def read(part: str, start: int, text: str, label: str) -> Mention:
        return Mention(start=start, end=start + len(text), text=text, label=label, part=part)

    found = by_fields(
        [
            read("byline", 0, "Von Petra Vogt", "PERSON"),
            read("byline", 19, "Solheim", "LOCATION"),
            read("byline", 30, "Oslo", "LOCATION"),
            read("dateline:place", 0, "LE HAVRE", "PERSON"),
            read("credit:0", 0, "Jan Berg/NTB", "PERSON"),
            read("body", 40, "Feb", "LOCATION"),
        ],
        "Von Petra Vogt und Per Solheim in Oslo",
        ["Petra Vogt", "Per Solheim"],
        "LE HAVRE",
    )
    assert {(m.part, m.text, m.label) for m in found} == {
        ("byline", "Petra Vogt", "PERSON"),
        ("byline", "Per Solheim", "PERSON"),
        ("byline", "Oslo", "LOCATION"),
        ("dateline:place", "LE HAVRE", "LOCATION"),
        ("credit:0", "Jan Berg", "PERSON"),
    }
    assert by_fields([read("byline", 3, "Our Political Correspondent", "PERSON")], "By Our …", [], None) == []


def test_ids_of_the_knowledge_base_are_unique_and_say_their_type() -> None:
    """An id that two entities share would merge their articles for good."""
    entities = knowledge.curated()
    assert len({entity.id for entity in entities}) == len(entities)
    assert all(
        entity.id.startswith(entity.type.lower() + "/") and entity.type in TYPES for entity in entities
    )
    assert knowledge.lookup("eu")[0].name == "European Union"
    assert {entity.type for entity in knowledge.lookup("newcastle")} == {"ORGANIZATION", "LOCATION"}


def test_importing_costs_nothing_heavy() -> None:
    """The command line starts in a moment only if spaCy waits until a name is looked for."""
    code = "import sys, json, dateline.entities.mentions; print(json.dumps('spacy' in sys.modules))"
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert json.loads(answer.stdout) is False
