"""The stores' contract, run on each: both answer the same query alike.

Every feature has a case in which the right answer leaves something out: a store that answers with
everything must fail.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import threading
from dataclasses import replace

import pytest
from store_samples import article, interval

from dateline.answers.folding import folded
from dateline.models import Article, Entity, Interval, Mention, Moment, Outcome, Quote, Sentence
from dateline.query import And, Node, Phrase, Query, QueryError, Word
from dateline.query_text import parse_words
from dateline.stores.base import Answer, Store
from dateline.texts.scenes import Card


def ids(answer: Answer) -> list[str]:
    return [hit.article.article_id for hit in answer.hits]


def find(store: Store, words: str | None = None, **asked: object) -> set[str]:
    query = Query(words=parse_words(words) if words else None, limit=100, **asked)  # type: ignore[arg-type]
    answer = store.search(query)
    assert answer.total == len(answer.hits), "total and hits disagree"
    return set(ids(answer))


# words


def test_words_meet_in_every_inflection_and_spelling(store: Store) -> None:
    """A reader who types "sanctions" must find "sanction", and "US" must find "U.S."."""
    store.write(
        [
            article("a1", "The U.S. sanctioned ten officials.", language="en"),
            article("a2", "They told us nothing.", language="en"),
            article("a3", "Biden's aides were in São Paulo.", language="en"),
            article("d1", "Die Sanktionen gegen die Häuser.", language="de"),
            article("f1", "L'accord sur les négociations.", language="fr"),
            article("s1", "La negociación y las sanciones.", language="es"),
            article("z1", "北京大学的制裁。", language="zh"),
            article("x1", "Sankcie a výnimky", language=None),
            article("n1", "Flight 52DB of 2021's 3rd 4G trial", language="en"),
        ]
    )
    assert find(store, "52db") == find(store, "4g") == find(store, "flight 52DB 2021") == {"n1"}
    assert find(store, "sanctions") == {"a1"}
    assert find(store, "US") == find(store, "U.S.") == {"a1"}
    assert find(store, "Biden") == find(store, "biden's") == find(store, "sao") == {"a3"}
    assert find(store, "Sanktion") == find(store, "Haus Sanktionen") == find(store, "hauser") == {"d1"}
    assert find(store, "accords") == find(store, "négociation") == find(store, "negociations") == {"f1"}
    assert find(store, "negociaciones") == find(store, "negociacion") == find(store, "sanción") == {"s1"}
    assert find(store, "北京") == find(store, "大学的") == find(store, "北京*") == {"z1"}
    assert find(store, "京北") == set()
    assert find(store, "vynimky") == find(store, "sankcie") == {"x1"}


def test_words_that_readers_take_for_one_meet_in_each_language(store: Store) -> None:
    """A British paper's "defence" must answer "defense", "gobierno" find "gobiernos"; and no more."""
    store.write(
        [
            article("uk", "The defence ministry organised a programme for women.", language="en"),
            article("us", "The Defense Ministry organizes programs for a woman.", language="en"),
            article("uk2", "Labour's neighbours analysed the centre.", language="en"),
            article("de", "Die Außenministerin verhandelt über Häuser in Köln.", language="de"),
            article("fr", "Les élections présidentielles à l'Élysée, qu'il a gagnées.", language="fr"),
            article("es", "Los gobiernos europeos negociaron dos años.", language="es"),
            article("es2", "El gobierno europeo negoció un año con la ministra.", language="es"),
            article("zh", "中国外交部长王毅在南宁会见了俄罗斯外长。", language="zh"),
            article("ja", "ロシアのラブロフ外相は月曜日に会談した。", language="ja"),
            article("ko", "러시아 외무장관은 월요일에 회담했다.", language="ko"),
        ]
    )
    assert find(store, "defense ministry") == find(store, "defence organise") == {"uk", "us"}
    assert find(store, "program woman") == {"uk", "us"} and find(store, '"defense ministry"') == {"uk", "us"}
    assert find(store, "labor center") == find(store, "neighbor analyze") == {"uk2"}
    assert find(store, "Außenministerinnen") == find(store, "koln haus") == {"de"}
    assert find(store, "Aussenministerin") == {"de"} and find(store, "Minister") == set()
    assert find(store, "élection présidentiel") == find(store, "Elysée") == find(store, "elysee") == {"fr"}
    assert find(store, "gobierno año") == find(store, "gobiernos europea años") == {"es", "es2"}
    assert find(store, "ministros") == {"es2"}
    assert find(store, "外交部长") == find(store, "王毅 南宁") == {"zh"} and find(store, "南中国") == set()
    assert find(store, "ラブロフ") == find(store, "外相 会談") == {"ja"} and find(store, "ラブ相") == set()
    assert find(store, "외무장관") == find(store, "월요일 러시아") == {"ko"}


def test_each_field_is_asked_by_itself(store: Store) -> None:
    """ "caption:harbour" must leave out who only writes of a harbour."""
    store.write(
        [
            article("text", "A harbour.", language="en"),
            article("title", "x", title="Harbour", language="en"),
            article("caption", "x", captions=["Cranes in the harbours"], language="en"),
            article("author", "x", authors=["Ada Harbour"], language="en"),
            article("publisher", "x", publisher="Harbour Wire", language="en"),
            article("section", "x", section="Harbour", language="en"),
            article("agency", "x", agency="Harbour News", language="en"),
            article("topic", "x", topics=["harbour life"], language="en"),
        ]
    )
    assert find(store, "harbour") == {"text", "title", "caption"}
    for name in ("title", "caption", "author", "publisher", "section", "agency", "topic"):
        assert find(store, f"{name}:harbour") == find(store, f"{name}:harb*") == {name}
        assert find(store, f"harbour OR {name}:harbour") == {"text", "title", "caption", name}
    assert find(store, 'publisher:"harbour wire"') == find(store, "publisher:(wire harbour)") == {"publisher"}
    assert find(store, 'publisher:"wire harbour"') == set()


def test_words_combine(store: Store) -> None:
    store.write(
        [
            article("a1", "European sanctions hit trade.", title="Trade", language="en"),
            article("a2", "Sanctions lifted.", title="Europe", language="en"),
            article("a3", "Trade grows.", authors=["Deng Zijun"], language="en"),
        ]
    )
    assert find(store, "sanctions trade") == {"a1"}
    assert find(store, "sanctions OR trade") == {"a1", "a2", "a3"}
    assert find(store, "trade -sanctions") == find(store, "trade NOT sanctions") == {"a3"}
    assert find(store, "NOT trade") == {"a2"}
    assert find(store, "sanctions NOT (trade OR lifted)") == set()
    assert find(store, "(lifted OR grows) trade") == {"a3"}
    assert find(store, "title:trade") == {"a1"}
    assert find(store, "author:deng") == find(store, "author:zij*") == {"a3"}
    assert find(store, "deng") == set(), "an author's name is in the byline, not in the text"
    assert find(store, "sanct*") == {"a1", "a2"}
    assert find(store, "europ*") == {"a1", "a2"}
    assert find(store, "the sanctions of a trade") == {"a1"}, "stop words beside others are not asked for"
    assert find(store, "the") == set(), "alone they are"


def test_phrases_keep_order_and_distance(store: Store) -> None:
    store.write(
        [
            article("a1", "The foreign minister spoke.", language="en"),
            article("a2", "The minister of foreign affairs spoke.", language="en"),
            article("a3", "A foreign and defence minister spoke.", language="en"),
            article("a4", "A minister.", title="Foreign", language="en"),
        ]
    )
    assert find(store, '"foreign minister"') == {"a1"}
    assert find(store, '"foreign ministers"~1') == {"a1"}
    assert find(store, '"foreign minister"~2') == {"a1", "a3"}
    assert find(store, '"minister foreign"~1') == {"a2"}
    assert find(store, '"foreign a minister"') == set(), "a phrase does not run from title into text"
    assert find(store, '"foreign minister spoke"~2') == {"a1", "a3"}


def test_relevance_prefers_titles_and_several_words(store: Store) -> None:
    filler = "Nothing else happened in the town that day, as far as anybody knows. " * 3
    store.write(
        [
            article("a1", filler + "Sanctions.", title="Weather", language="en", published="2021-03-23"),
            article("a2", filler + "Sanctions.", title="Sanctions", language="en", published="2021-03-01"),
            article("a3", filler, title="Weather", language="en", published="2021-03-24"),
        ]
    )
    answer = store.search(Query(words=parse_words("sanctions")))
    assert ids(answer) == ["a2", "a1"]
    assert answer.hits[0].score > answer.hits[1].score > 0


@pytest.mark.parametrize(
    "node",
    [
        Phrase(("a",) * 40),
        Phrase(("a", "b", "c", "d"), 60),
        Word("s", prefix=True),
        Word("*x", prefix=True),
        Word("x" * 500),
        Word("x", field="nothing"),
        Word("!!!"),
        And(tuple(Word(f"w{number}") for number in range(100))),
    ],
    ids=repr,
)
def test_what_would_hurt_is_refused(store: Store, node: Node) -> None:
    """A query made by a program, not by the text form, is refused all the same."""
    with pytest.raises(QueryError):
        store.search(Query(words=node))


def test_refusals_say_what_to_write(store: Store) -> None:
    day = interval("2021-03-22")
    upside_down = Interval(start=day.end, end=day.start)
    for query, hint in (
        (Query(limit=100_000), "cursor"),
        (Query(sort="best"), "relevance"),  # type: ignore[arg-type]
        (Query(published=upside_down), "swap"),
        (Query(mentioned=day, near=True), "add one"),
        (Query(entities=["Wang Yi"], near=True), "add one"),
        (Query(entities=["Wang Yi"], mentioned=day, near=True, role="caption"), "leave one"),
        (Query(cursor="nonsense"), "last answer"),
        (Query(role="painter"), "byline"),
    ):
        with pytest.raises(QueryError, match=hint):
            store.search(query)
    for facet in ("colour", "published:week", "published:day", "type:COLOUR"):
        with pytest.raises(QueryError):
            store.search(Query(), [facet])
    with pytest.raises(QueryError, match="mentioned:month"):
        store.search(Query(mentioned=Interval(start=dt.datetime(1900, 1, 1))), ["mentioned:day"])


# entities


def test_entities_are_found_by_any_alias(store: Store) -> None:
    """ "Lavrov", "Mr Lavrov" and "Sergei Lavrov" are one; a name seen in one article finds another."""
    store.write(
        [
            article("a1", "Sergei Lavrov spoke. Lavrov left."),
            article("a2", "Mr Lavrov met Wang Yi."),
            article("a3", "Meng Wanzhou waits."),
            article(
                "a4",
                "The European Union agreed.",
                people={"organization/european-union": ("ORGANIZATION", ["European Union", "EU"])},
            ),
            article(
                "a5",
                "The EU disagreed.",
                people={"organization/european-union": ("ORGANIZATION", ["European Union", "EU"])},
            ),
        ]
    )
    for name in ("Lavrov", "mr lavrov", "SERGEI LAVROV", "person/sergei-lavrov"):
        assert find(store, entities=[name]) == {"a1", "a2"}, name
    assert find(store, entities=["Lavrov", "Wang Yi"]) == {"a2"}
    assert find(store, any_entities=["Meng Wanzhou", "Wang Yi"]) == {"a2", "a3"}
    assert find(store, any_entities=["Lavrov"], no_entities=["Wang Yi"]) == {"a1"}
    assert find(store, no_entities=["Lavrov", "nobody"]) == {"a3", "a4", "a5"}
    assert find(store, entities=["EU"]) == {"a4", "a5"}, "a4 never says EU"
    assert find(store, entities=["nobody"]) == set()
    answer = store.search(Query(entities=["Lavrov"], no_entities=["nobody"]))
    assert answer.entities == {"Lavrov": ["person/sergei-lavrov"], "nobody": []}


def test_roles_limit_where_a_name_stands(store: Store) -> None:
    quoted = article("a3", "Wang Yi spoke.")
    quoted.quotes = [Quote(start=0, end=1, text="W", speaker="Wang Yi", speaker_id="person/wang-yi")]
    store.write(
        [article("a1", "Wang Yi spoke."), article("a2", "Nobody.", captions=["Wang Yi in Nanning"]), quoted]
    )
    assert find(store, entities=["Wang Yi"]) == {"a1", "a2", "a3"}
    assert find(store, entities=["Wang Yi"], role="caption") == {"a2"}
    assert find(store, entities=["Wang Yi"], role="body") == {"a1", "a3"}
    assert find(store, entities=["Wang Yi"], role="speaker") == {"a3"}
    assert find(store, no_entities=["Wang Yi"], role="caption") == {"a1", "a3"}


def test_each_role_leaves_the_others_out(store: Store) -> None:
    """Who took the picture is not who is in it, and where a report was filed not where it happened."""
    made = []
    for role, part in (
        ("title", "title"),
        ("caption", "caption:0"),
        ("credit", "credit:0"),
        ("byline", "byline"),
        ("dateline", "dateline:place"),
    ):
        one = article(role, "Nobody.")
        mention = Mention(start=0, end=7, text="Wang Yi", label="PERSON", role=role, part=part)  # type: ignore[arg-type]
        one.entities = [
            Entity(
                entity_id="person/wang-yi",
                name="Wang Yi",
                type="PERSON",
                names=["Wang Yi"],
                mentions=[mention],
            )
        ]
        made.append(one)
    store.write([*made, article("body", "Wang Yi spoke.")])
    for role in ("title", "caption", "credit", "byline", "dateline", "body"):
        assert find(store, entities=["Wang Yi"], role=role) == {role}
        assert find(store, any_entities=["Wang Yi", "nobody"], role=role) == {role}
    assert find(store, entities=["Wang Yi"], role="speaker") == set()


def test_what_somebody_said_is_told_from_what_others_said(store: Store) -> None:
    """ "What did Lavrov say about sanctions?" must leave out articles in which he is only named, is quoted
    on something else, or in which another speaks of them."""

    def said(id: str, *sentences: tuple[str, str | None], language: str = "en") -> Article:
        made = article(id, *(text for text, _ in sentences), language=language)
        for sentence, (_, speaker) in zip(made.sentences, sentences, strict=True):
            if speaker is not None:
                quote = Quote(start=sentence.start, end=sentence.start + 5, text="")
                quote.speaker_id = speaker or None
                made.quotes.append(quote)
        return made

    lavrov, wang = "person/sergei-lavrov", "person/wang-yi"
    store.write(
        [
            said("his", ("Sanctions are stupid, Lavrov said.", lavrov), ("Wang Yi left.", None)),
            said("named", ("Lavrov came as sanctions began.", None)),
            said("else", ("The weather is fine, Lavrov said.", lavrov), ("Sanctions began.", None)),
            said("theirs", ("Sanctions hurt, Wang Yi said.", wang), ("Lavrov nodded, he said.", lavrov)),
            said("nobody", ("“Sanctions hurt,” a man said.", "")),
            said("de", ("Die Sanktionen sind falsch, sagte Lavrov.", lavrov), language="de"),
            said("zh", ("制裁是错误的，Lavrov说。", lavrov), ("Wang Yi 制定规则。", wang), language="zh"),
        ]
    )

    def of(text: str | None, *speakers: str) -> set[str]:
        return find(store, said=parse_words(text) if text else None, speakers=list(speakers))

    assert of("sanctions", "Lavrov") == of("sanction", "Mr Lavrov") == of("SANCTIONS", lavrov) == {"his"}
    assert of(None, "Lavrov") == {"his", "else", "theirs", "de", "zh"}
    assert of("sanctions") == {"his", "theirs", "nobody"}
    assert of("sanctions", "Wang Yi") == {"theirs"} and of(None, "Lavrov", "Wang Yi") == {"theirs", "zh"}
    assert of("the sanctions stupid", "Lavrov") == {"his"} and of("sanctions weather", "Lavrov") == set()
    assert of("weather OR stupid", "Lavrov") == {"his", "else"}
    assert of("the OR stupid", "Lavrov") == {"his"}, "a stop word is no alternative"
    assert of("Sanktion", "Lavrov") == of("sanktionen falsch") == {"de"}
    assert of("制裁", "Lavrov") == of("制裁 OR weather", "Wang Yi") | {"zh"} == {"zh"}
    assert of("制裁 OR weather", "Lavrov") == {"zh", "else"}
    assert of("sanctions", "nobody") == set()
    assert find(store, "weather", speakers=["Lavrov"], no_entities=["Wang Yi"]) == {"else"}
    assert of("the") == of("die") == set(), "stop words alone"
    for refused in ('"joint statement"', "sanct*", "title:x", "NOT sanctions", "a b c d e f g h i"):
        with pytest.raises(QueryError):
            of(refused, "Lavrov")
    (hit,) = store.search(Query(speakers=["Lavrov"], said=parse_words("sanctions"))).hits
    assert hit.snippets[0].text == "Sanctions are stupid, Lavrov said."
    assert [kind for _, _, kind in hit.snippets[0].marks] == ["word", "entity"]


def test_a_word_is_found_in_every_language_that_prints_it(store: Store) -> None:
    """One query, no language chosen: a reader of five languages types a name or a word once."""
    store.write(
        [
            article("en", "The ministers met in Berlin.", language="en"),
            article("de", "Die Minister trafen sich in Berlin.", language="de"),
            article("fr", "Les ministres se sont vus à Berlin.", language="fr"),
            article("es", "Los ministros se reunieron en Berlín.", language="es"),
            article("it", "I ministri a Berlino.", language="it"),
            article("ja", "首相がベルリンで会談した。", language="ja"),
            article("ko", "총리가 베를린에서 회담했다.", language="ko"),
            article("zh", "部长们在柏林会晤。", language="zh"),
        ]
    )
    assert find(store, "berlin") == {"en", "de", "fr", "es", "it"}, "stemmed as each language is"
    assert find(store, "berlin*") == {"en", "de", "fr", "es", "it"}
    assert find(store, "minister") >= {"en", "de"} and "zh" not in find(store, "minister")
    assert find(store, "会談") == find(store, "ベルリン") == {"ja"}
    assert find(store, "베를린*") == {"ko"}
    assert find(store, "柏林") == find(store, '"柏林会晤"') == {"zh"}
    assert find(store, "会晤 NOT 柏林") == set()


def test_catalogue_counts_and_names(store: Store) -> None:
    store.write(
        [article("a1", "Sergei Lavrov."), article("a2", "Mr Lavrov and Wang Yi."), article("a3", "-")]
    )
    (lavrov,) = store.entities("LAVROV")
    assert (lavrov.entity_id, lavrov.name, lavrov.type, lavrov.articles) == (
        "person/sergei-lavrov",
        "Sergei Lavrov",
        "PERSON",
        2,
    )
    assert lavrov.names == ["Sergei Lavrov", "Mr Lavrov"]
    assert [(entity.entity_id, entity.articles) for entity in store.entities()] == [
        ("person/sergei-lavrov", 2),
        ("person/wang-yi", 1),
    ]
    assert [entity.entity_id for entity in store.entities(limit=1)] == ["person/sergei-lavrov"]
    assert store.entities("nobody") == []
    store.delete(["a1", "a2"])
    assert store.entities("Lavrov") == store.entities() == [], "names of deleted articles linger"


# time


def test_published_is_wall_clock_at_its_precision(store: Store) -> None:
    store.write(
        [
            article("a1", "x", published="2021-03-22"),
            article("a2", "x", published="2021-03-22T23:30:00-05:00"),
            article("a3", "x", published="2021-03-23T00:00"),
            article("a4", "x", published="2021-03"),
            article("a5", "x"),
            article("a6", "x", published="9021-03-22"),
            article("a7", "x", published="soon"),
        ]
    )
    assert find(store, published=interval("2021-03-22")) == {"a1", "a2", "a4"}
    assert find(store, published=interval("2021-03-23")) == {"a3", "a4"}
    noon = interval(("2021-03-22T12:00", "2021-03-22T13:00"))
    assert find(store, published=noon) == {"a1", "a4"}, "a day may have been noon; half past eleven was not"
    assert find(store, published=Interval(start=dt.datetime(2021, 4, 1))) == set()
    assert find(store, published=Interval(end=dt.datetime(2021, 3, 22))) == {"a4"}


def test_mentioned_overlaps_to_the_second(store: Store) -> None:
    store.write(
        [
            article("a1", ("On two days.", ["2021-03-20", "2021-03-24"])),
            article("a2", ("All month.", [("2021-03-01", "2021-04-01")])),
            article("a3", ("A minute.", [("2021-03-22T09:00:00", "2021-03-22T09:01:00")])),
            article("a4", ("Since then.", [])),
            article("a5", "Nothing."),
        ]
    )
    since = article("a4", "Since then.")
    since.sentences[0].intervals = [Interval(start=dt.datetime(2021, 3, 23))]
    empty = article("a5", "Nothing.")
    empty.sentences[0].intervals = [Interval(start=dt.datetime(2021, 3, 23), end=dt.datetime(2021, 3, 23))]
    since.version = empty.version = 2
    store.write([since, empty])
    assert find(store, mentioned=interval("2021-03-20")) == {"a1", "a2"}
    assert find(store, mentioned=interval("2021-03-22")) == {"a2", "a3"}, "between two days is on neither"
    assert find(store, mentioned=interval(("2021-03-22T09:00:59", "2021-03-22T09:01:00"))) == {"a2", "a3"}
    assert find(store, mentioned=interval(("2021-03-22T09:01:00", "2021-03-22T09:02:00"))) == {"a2"}
    assert find(store, mentioned=interval(("2021-03-22T08:59:00", "2021-03-22T09:00:00"))) == {"a2"}
    assert find(store, mentioned=interval("2021-03-23")) == {"a2", "a4"}
    assert find(store, mentioned=interval("2035-01-01")) == {"a4"}
    assert find(store, mentioned=Interval(end=dt.datetime(2021, 3, 1))) == set()
    assert find(store, mentioned=Interval()) == {"a1", "a2", "a3", "a4"}


def test_near_asks_for_one_sentence(store: Store) -> None:
    """Name and date in one article but not in one sentence are no answer; nor are two dates around."""
    store.write(
        [
            article("a1", ("Wang Yi and Lavrov met.", ["2021-03-22"]), ("Meng waits.", ["2019-12-01"])),
            article("a2", ("Wang Yi spoke.", ["2021-03-23"]), ("It rained.", ["2021-03-22"])),
            article("a3", ("Wang Yi spoke.", ["2021-03-20", "2021-03-24"]), "Lavrov left."),
        ]
    )
    day = interval("2021-03-22")
    assert find(store, entities=["Wang Yi"], mentioned=day) == {"a1", "a2"}
    assert find(store, entities=["Wang Yi"], mentioned=day, near=True) == {"a1"}
    assert find(store, entities=["Wang Yi", "Lavrov"], mentioned=day, near=True) == {"a1"}
    assert find(store, entities=["Meng"], mentioned=day, near=True) == set()
    assert find(store, any_entities=["Meng", "Lavrov"], mentioned=day, near=True) == {"a1"}
    assert find(store, entities=["Wang Yi", "Lavrov"], near=True) == {"a1"}, "two names need no date"
    week = interval(("2021-03-22", "2021-03-29"))
    assert find(store, entities=["Wang Yi"], mentioned=week, near=True) == {"a1", "a2", "a3"}
    assert find(store, entities=["Wang Yi"], mentioned=Interval(), near=True) == {"a1", "a2", "a3"}
    assert find(store, entities=["nobody"], mentioned=day, near=True) == set()


def test_near_with_a_name_of_hundreds(store: Store) -> None:
    """A name that stands for very many ids (a common surname) still asks for one sentence."""
    people = {f"person/smith-{number}": ("PERSON", [f"Smith{number:03}", "Smith"]) for number in range(300)}
    one = {"person/smith-7": ("PERSON", ["Smith007", "Smith"]), "person/wang-yi": ("PERSON", ["Wang Yi"])}
    store.write(
        [
            *(
                article(f"c{number}", "Smith spoke.", people={id: name})
                for number, (id, name) in enumerate(people.items())
            ),
            article("a1", ("Smith007 met Wang Yi.", ["2021-03-22"]), people=one),
            article(
                "a2", ("Smith007 left.", ["2021-03-22"]), ("Wang Yi stayed.", ["2021-03-22"]), people=one
            ),
        ]
    )
    day = interval("2021-03-22")
    assert find(store, entities=["Smith"], mentioned=day, near=True) == {"a1", "a2"}
    assert find(store, entities=["Smith", "Wang Yi"], mentioned=day, near=True) == {"a1"}


# other filters, facets, order


def test_fields_filter(store: Store) -> None:
    store.write(
        [
            article(
                "a1",
                "x",
                publisher="Die Zeit",
                authors=["Jo Doe"],
                section="Politik",
                language="de",
                sources=["digest:one.txt"],
                requested_url="https://www.zeit.example/1",
                disagreements=["title"],
                story="s1",
            ),
            article(
                "a2", "x", outcome=Outcome.DIGEST_ONLY, language="en", requested_url="https://b.example/x"
            ),
        ]
    )
    for asked in (
        {"publishers": ["die zeit"]},
        {"publishers": ["zeit.example", "nobody"]},
        {"authors": ["JO DOE"]},
        {"sections": ["politik"]},
        {"languages": ["DE"]},
        {"outcomes": ["indexed"]},
        {"sources": ["digest:one.txt"]},
        {"disagreeing": True},
        {"story": "s1"},
    ):
        assert find(store, **asked) == {"a1"}, asked
    assert find(store, publishers=["b.example"]) == find(store, outcomes=["digest_only"]) == {"a2"}
    assert find(store, "publisher:zeit") == {"a1"}
    assert find(store, articles=["a2", "nobody"]) == {"a2"}
    assert find(store, sections=["pol"]) == set()
    assert find(store) == {"a1", "a2"}, "no words and no filters: everything"


def test_facets_count_what_answers(store: Store) -> None:
    store.write(
        [
            article(
                "a1",
                ("Wang Yi met Lavrov.", ["2021-03-22"]),
                publisher="AP",
                language="en",
                published="2021-03-23",
            ),
            article(
                "a2",
                ("Wang Yi left.", [("2021-01-01", "2022-01-01")]),
                publisher="AP",
                published="2021-04-01",
            ),
            article("a3", ("Meng waits.", ["2019-12-01"]), publisher="DW", published="2019-12-02T10:00:00Z"),
        ]
    )
    answer = store.search(
        Query(any_entities=["Wang Yi", "Lavrov"]),
        ["type:PERSON", "type:location", "publisher", "published:month", "mentioned:month", "mentioned:year"],
    )
    counts = {
        name: [(bucket.key, bucket.label, bucket.count) for bucket in buckets]
        for name, buckets in answer.facets.items()
    }
    assert counts == {
        "type:PERSON": [("person/wang-yi", "Wang Yi", 2), ("person/sergei-lavrov", "Sergei Lavrov", 1)],
        "type:location": [],
        "publisher": [("AP", "", 2)],
        "published:month": [("2021-03-01", "", 1), ("2021-04-01", "", 1)],
        # a whole year tells nothing about one of its months
        "mentioned:month": [("2021-03-01", "", 1)],
        "mentioned:year": [("2021-01-01", "", 2)],
    }
    days = store.search(Query(mentioned=interval(("2021-03-20", "2021-04-01"))), ["mentioned:day"]).facets
    assert [(bucket.key, bucket.count) for bucket in days["mentioned:day"]] == [("2021-03-22", 1)]
    empty = store.search(Query(entities=["nobody"], limit=0), ["publisher", "published:year"])
    assert (empty.hits, empty.total, empty.facets) == ([], 0, {"publisher": [], "published:year": []})


def test_a_facet_counts_what_its_filter_finds(store: Store) -> None:
    """ "b.example 3" and then five articles: a reader who counts by publisher counts wrong."""

    def of(id: str, host: str, publisher: str | None, *authors: str, section: str | None = None) -> Article:
        return article(
            id,
            "x",
            publisher=publisher,
            authors=list(authors),
            section=section,
            requested_url=f"https://{host}/{id}",
        )

    store.write(
        [
            of("a1", "www.b.example", None, "Jo Doe", section="World"),
            of("a2", "b.example", None, "JO DOE", "Jo Doe", section="WORLD"),
            of("a3", "b.example", "B News", "Jo Doe", section="World"),
            of("a4", "b.example", "B NEWS", "Ann Lee", section="Sport"),
            of("a5", "b.example", "B News"),
            of("c1", "c.example", None),
            of("d1", "d.example", "b.example"),
        ]
    )
    fields = {"publisher": "publishers", "author": "authors", "section": "sections"}
    answer = store.search(Query(), list(fields))
    counts = {name: [(one.key, one.count) for one in buckets] for name, buckets in answer.facets.items()}
    assert counts == {
        "publisher": [("b.example", 6), ("B News", 3), ("c.example", 1)],
        "author": [("Jo Doe", 3), ("Ann Lee", 1)],
        "section": [("World", 3), ("Sport", 1)],
    }
    for query in (Query(), Query(authors=["jo doe"])):
        for name, buckets in store.search(query, list(fields)).facets.items():
            for one in buckets:
                narrowed = dataclasses.replace(query, **{fields[name]: [one.key]})
                assert store.search(narrowed).total == one.count, (name, one)


def test_order_and_pages_hold_on_ties(store: Store) -> None:
    """Paging through equals must show each once; by date, the ones without a date come last."""
    made = [
        article(f"{number:08x}", "Sanctions.", language="en", published="2021-03-22") for number in range(23)
    ]
    made += [
        article("aaaaaaa1", "Sanctions.", language="en"),
        article("aaaaaaa2", "Sanctions.", language="en"),
    ]
    made += [article("late", "Sanctions.", language="en", published="2021-03-23")]
    # the same instant in two zones, and one an hour before it though its clock says later
    made += [article("zone1", "Sanctions.", language="en", published="2021-03-22T10:00:00+08:00")]
    store.write(reversed(made))
    same_day = [f"{number:08x}" for number in range(23)]
    for sort, expected in (
        ("newest", ["late", "zone1", *same_day, "aaaaaaa1", "aaaaaaa2"]),
        ("oldest", [*same_day, "zone1", "late", "aaaaaaa1", "aaaaaaa2"]),
        ("relevance", ["late", "zone1", *same_day, "aaaaaaa1", "aaaaaaa2"]),
    ):
        for words in ("sanctions", None):
            if sort == "relevance" and words is None:
                continue
            query = Query(words=parse_words(words) if words else None, sort=sort, limit=4)  # type: ignore[arg-type]
            seen: list[str] = []
            while True:
                answer = store.search(query)
                assert answer.total == len(made)
                seen += ids(answer)
                if answer.cursor is None:
                    break
                query.cursor = answer.cursor
            assert seen == expected, (sort, words)
    query = Query(words=parse_words("sanctions"), limit=4)
    cursor = store.search(query).cursor
    with pytest.raises(QueryError, match="another query"):
        store.search(Query(words=parse_words("trade"), limit=4, cursor=cursor))


def test_a_story_stands_once_in_a_list_of_many_pages(store: Store) -> None:
    """A reader who goes on must not meet the agency's report again on each page, nor lose a story."""
    made = [
        article(f"{number:08x}", "Sanctions. " * (number % 3 + 1), language="en", story=story, published=day)
        for number, (story, day) in enumerate(
            [
                ("s1", "2021-03-20"),
                (None, "2021-03-21"),
                ("s2", "2021-03-22"),
                ("s1", "2021-03-23"),
                ("s1", None),
                (None, None),
                ("s2", "2021-03-25"),
            ]
        )
    ]
    unasked = article("u", "Weather.", language="en", story="s1", published="2021-03-19")
    store.write([*made, unasked])
    for sort in ("newest", "oldest", "relevance"):
        query = Query(words=parse_words("sanctions"), sort=sort, limit=2)  # type: ignore[arg-type]
        whole = ids(store.search(dataclasses.replace(query, limit=100)))
        rows: list[tuple[str, list[str]]] = []
        while True:
            answer = store.search(query)
            for row in folded(store, query, answer.hits):
                rows.append((row.hit.article.article_id, [one.article_id for one in row.also]))
            if answer.cursor is None:
                break
            query.cursor = answer.cursor
        told = {one.article_id: one.story for one in made}
        firsts = [
            id for n, id in enumerate(whole) if not told[id] or told[id] not in map(told.get, whole[:n])
        ]
        assert [id for id, _ in rows] == firsts and len(firsts) == 4, sort
        for id, also in rows:
            rest = [other for other in whole if told[id] and told[other] == told[id] and other != id]
            assert also == rest, (sort, id)


def test_what_was_counted_once_is_counted_anew_when_it_changes(store: Store) -> None:
    """Counts that are kept for the next page must not outlive what they counted, nor a caller's changes."""

    def languages(limit: int = 1) -> dict[str, int]:
        answer = store.search(Query(words=parse_words("met"), limit=limit), ["language"])
        counts = {bucket.key: bucket.count for bucket in answer.facets["language"]}
        answer.facets["language"].clear()
        return counts

    store.write([article("a", "They met.", language="en"), article("b", "They met.", language="de")])
    assert languages() == languages(2) == {"en": 1, "de": 1}
    store.write([article("c", "They met.", language="en")])
    assert languages() == {"en": 2, "de": 1}
    store.delete(["b"])
    assert languages() == {"en": 2}


def test_a_name_that_comes_to_stand_for_another_is_looked_up_anew(store: Store) -> None:
    """Whoever asks for a name twice must not get what it meant the first time."""
    first = article("a", "Orlova spoke.", people={"person/anna-orlova": ("PERSON", ["Orlova"])})
    second = article("b", "Orlova sang.", people={"person/vera-orlova": ("PERSON", ["Orlova"])})
    assert find(store, entities=["Orlova"]) == set()
    store.write([first])
    for _ in range(2):
        assert find(store, entities=["Orlova"]) == {"a"}
    store.write([second])
    for _ in range(2):
        assert find(store, entities=["Orlova"]) == {"a", "b"}
        assert store.skim(Query(entities=["Orlova"]), Card).total == 2
        assert len(store.entities("Orlova")) == 2
    store.delete(["a"])
    answers = store.searches([(Query(entities=["Orlova"]), []), (Query(speakers=["Nobody"]), ["entity"])])
    assert [answer.total for answer in answers] == [1, 0]
    assert [list(answer.entities) for answer in answers] == [["Orlova"], ["Nobody"]]


def test_what_is_skimmed_are_the_articles_of_the_search(store: Store) -> None:
    """A timeline made of other articles than those found would tell what nobody asked for."""

    assert store.skim(Query(), Card).articles == []
    store.write(article(f"a{number}", "They met.", title=f"Day {number}") for number in range(7))
    store.write([article("b", "They parted.")])
    for query in (
        Query(words=parse_words("met"), limit=5),
        Query(sort="oldest", limit=20),
        Query(entities=["nobody"]),
    ):
        answer, skimmed = store.search(query), store.skim(query, Card)
        assert [(each.article_id, each.title) for each in skimmed.articles] == [
            (hit.article.article_id, hit.article.title) for hit in answer.hits
        ]
        assert (skimmed.total, skimmed.entities) == (answer.total, answer.entities)
        if answer.cursor:
            after = replace(query, cursor=answer.cursor)
            assert [each.article_id for each in store.skim(after, Card).articles] == ids(store.search(after))
    with pytest.raises(QueryError):
        store.skim(Query(limit=-1), Card)


def test_pages_survive_new_arrivals(store: Store) -> None:
    """Somebody who reads on meets each article that was there once, whatever comes in meanwhile: newer
    ones, older ones, and some between what was read and what is still to come."""
    made = {f"{number:08x}": f"2021-03-{number:02}" for number in range(10, 22)}
    store.write([article(id, "x", published=day) for id, day in made.items()])
    for sort in ("newest", "oldest"):
        query = Query(limit=5, sort=sort)  # type: ignore[arg-type]
        seen: list[str] = []
        for number in range(10):
            answer = store.search(query)
            seen += ids(answer)
            if answer.cursor is None:
                break
            query.cursor = answer.cursor
            days = ("2021-03-01", "2021-03-12", "2021-03-16T10:00", "2021-03-20", "2021-03-28")
            store.write([article(f"{sort}{number}{day}", "x", published=day) for day in days])
        assert len(seen) == len(set(seen)), "none is shown twice"
        expected = list(made) if sort == "oldest" else list(made)[::-1]
        assert [id for id in seen if id in made] == expected, "none is skipped"
        store.delete([one.article_id for one in store.scan() if one.article_id not in made])


# snippets


def test_snippets_show_the_sentence_that_answers(store: Store) -> None:
    store.write(
        [
            article(
                "a1",
                "Nothing yet.",
                ("Wang Yi met Lavrov, who spoke of sanctions on Monday.", ["2021-03-22"]),
                "Lavrov left after the sanctions.",
                language="en",
            )
        ]
    )

    def marked(**asked: object) -> list[list[tuple[str, str]]]:
        (hit,) = store.search(Query(**asked)).hits  # type: ignore[arg-type]
        return [[(shown.text[a:b], kind) for a, b, kind in shown.marks] for shown in hit.snippets]

    near = marked(entities=["Lavrov"], mentioned=interval("2021-03-22"), near=True)
    assert near == [[("Lavrov", "entity"), (".", "date")]]
    assert marked(words=parse_words("sanctioned")) == [[("sanctions", "word")], [("sanctions", "word")]]
    both = marked(words=parse_words("sanct* NOT rain"), entities=["Lavrov"])
    assert both[0] == [("Lavrov", "entity"), ("sanctions", "word")]
    assert marked() == []


# writing


def test_the_same_input_twice_leaves_one_document(store: Store) -> None:
    """Whatever the order of arrival: the highest version stands, and nothing is doubled."""
    old, new = article("a1", "Old text.", version=10), article("a1", "New text.", version=20)
    (first,) = store.write([new])
    assert (first.article_id, first.status) == ("a1", "created")
    assert [row.status for row in store.write([new])] == ["unchanged"]
    assert [row.status for row in store.write([old])] == ["unchanged"]
    assert store.get("a1") == new
    again = article("a1", "New text.", version=30)
    assert [row.status for row in store.write([again])] == ["unchanged"], "a newer look at the same text"
    between = article("a1", "Old text.", version=25)
    assert [row.status for row in store.write([between])] == ["unchanged"], "what lies between came late"
    same_version = article("a1", "Better read.", version=30)
    assert [row.status for row in store.write([same_version])] == ["updated"]
    assert find(store, "better") == {"a1"}
    assert find(store, "text") == set()
    assert store.count() == 1
    rows = store.write(
        [article("b1", "One.", version=1), article("b1", "Two.", version=2), article("b1", "One.", version=1)]
    )
    assert [row.status for row in rows] == ["created", "updated", "unchanged"]
    assert find(store, "two") == {"b1"}
    assert find(store, "one") == set()


def test_outcome_alone_is_no_change(store: Store) -> None:
    """A second run that finds nothing new must not write: its outcome says how we looked, not what is."""
    store.write([article("a1", "Text.")])
    seen_again = article("a1", "Text.", outcome=Outcome.UNCHANGED, fetched_at=dt.datetime.now(dt.UTC))
    assert [row.status for row in store.write([seen_again])] == ["unchanged"]


def test_delete_get_count_scan(store: Store) -> None:
    made = [article(f"{number:03}", f"Text {number}.", version=5) for number in (3, 1, 2)]
    assert (store.count(), store.get("001"), list(store.scan()), store.delete(["001"])) == (0, None, [], 0)
    store.write(made)
    assert [found.article_id for found in store.scan()] == ["001", "002", "003"]
    assert store.delete(["001", "001", "nobody"]) == 1
    assert (store.count(), store.get("001")) == (2, None)
    assert [row.status for row in store.write([made[1]])] == ["created"], "a deleted article may come back"
    assert store.count() == 3
    store.write([article("003", "Changed.", version=6)])
    assert [found.article_id for found in store.scan()] == ["001", "002", "003"], (
        "what is rewritten stays put"
    )


def hostile() -> list[Article]:
    surrogate = article("h1", "A lone \ud800 surrogate and \x00 NUL, ﷺ ½ 👩‍👩‍👧 e\u0301 end.", title="\udfff")
    long_id = article("x" * 3_000, "Long id.")
    controls = article("h\x1f\n2", "Controls.", publisher="A\x1fB\x00C", authors=["", " ", "\ud800"])
    keyword = article("h3", "Keyword.", publisher="ü" * 33_000, section="s" * 40_000, language="q" * 5_000)
    odd = article("h4", "Odd.", language="", published="not a date", version=-5)
    crowd = article("h5", "Crowd.")
    crowd.entities = [
        Entity(
            entity_id=f"person/{number}",
            name=f"Person {number}",
            type="PERSON",
            mentions=[Mention(start=0, end=5, text="Crowd", label="PERSON")],
        )
        for number in range(10_000)
    ]
    crowd.sentences = [
        Sentence(
            start=0,
            end=5,
            entity_ids=[f"person/{number % 2_000}", f"person/{number % 7}"],
            intervals=[interval("2021-03-22"), Interval(), Interval(start=dt.datetime.max)],
        )
        for number in range(12_000)
    ]
    named = article("h6", "Named.")
    named.entities = [Entity(entity_id="e" * 2_000, name="\x00", type="\x1f", names=["", "n" * 40_000])]
    words = article("h7", "w" * 100_000 + " " + "-".join("ab" for _ in range(2_000)))
    syntax = article("h8", 'title:x AND (a* OR /b/) "c" ~2 ^3 [1 TO 2] {x} \\ & | ! <script>')
    return [surrogate, long_id, controls, keyword, odd, crowd, named, words, syntax]


def test_hostile_values_stop_nobody(store: Store) -> None:
    """Each odd document gets its documented limit, and its neighbours are indexed."""
    rows = store.write([article("first", "Good."), *hostile(), article("last", "Good.")])
    assert [row.status for row in rows] == ["created"] * 11
    assert store.count() == 11
    assert find(store, "good") == {"first", "last"}
    assert find(store, "surrogate nul end") == {"h1"}
    found = store.get("h1")
    assert found is not None
    assert found.title == "\ufffd"
    assert found.text.startswith("A lone \ufffd surrogate and \ufffd NUL"), "offsets must not move"
    long_one = store.get("x" * 3_000)
    assert long_one is not None
    assert long_one.article_id == "x" * 3_000
    assert find(store, publishers=["ü" * 33_000]) == {"h3"}
    assert find(store, publishers=["ü" * 32_999]) == set()
    assert find(store, entities=["person/1999"]) == {"h5"}
    assert find(store, entities=["n" * 40_000]) == {"h6"}
    assert find(store, "script") == find(store, '"a or b c"') == {"h8"}
    crowd = next(row for row in rows if row.article_id == "h5")
    assert "2,000 of 10,000 entities" in crowd.reason
    assert [row.status for row in store.write(hostile())] == ["unchanged"] * 9
    assert store.delete([made.article_id for made in hostile()]) == 9


def test_a_text_of_ten_times_what_is_indexed(store: Store) -> None:
    huge = article("huge", "Beginning. " + "many words of some length " * 800_000)
    (row,) = store.write([huge])
    assert row.status == "created"
    assert "2,000,000 characters" in row.reason
    assert find(store, "beginning") == {"huge"}


def test_reading_while_writing(store: Store) -> None:
    """A reader is never blocked nor served half a batch while another thread writes."""
    store.write([article("0", "Count me.", language="en")])
    problems: list[str] = []
    ready = threading.Event()

    def read() -> None:
        last = 0
        while not ready.is_set():
            total = store.search(Query(words=parse_words("count"))).total
            if total < last:
                problems.append(f"{total} after {last}")
            last = total

    reader = threading.Thread(target=read)
    reader.start()
    try:
        for batch in range(5):
            store.write([article(f"{batch}-{number}", "Count me.", language="en") for number in range(20)])
            assert store.search(Query(words=parse_words("count"), limit=0)).total == 1 + (batch + 1) * 20
    finally:
        ready.set()
        reader.join()
    assert problems == []


def test_published_time_keeps_its_print(store: Store) -> None:
    """What was printed comes back as it was printed, to the letter."""
    made = article("a1", "x")
    made.published_at = Moment(value="2021-04-01T20:01", precision="minute", zone=None)
    made.fetched_at = dt.datetime(2021, 4, 2, 1, 2, 3, tzinfo=dt.UTC)
    store.write([made])
    assert store.get("a1") == made


def test_a_country_named_by_its_adjective_is_a_place(store: Store) -> None:
    """Russia must not be a place in one article and a group in the next: counts would fall apart."""
    russia = {"location/russia": ("GROUP", ["Russian"])}
    place = {"location/russia": ("LOCATION", ["Russia"])}
    store.write([article("a1", "A Russian ship.", people=russia), article("a2", "Russia.", people=place)])
    answer = store.search(Query(), ["type:LOCATION", "type:GROUP"])
    assert sum(bucket.count for bucket in answer.facets["type:LOCATION"]) == 2
    assert answer.facets["type:GROUP"] == []
    assert [entity.type for entity in store.entities("Russia")] == ["LOCATION"]
