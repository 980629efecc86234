"""Values that break databases: NUL, surrogates, keywords of 33,000 bytes, ten thousand entities, 50 MB."""

from __future__ import annotations

from dateline.models import Article, Entity, Interval, Mention, Moment, Outcome, TimeExpression
from dateline.query import Query
from dateline.query_text import parse_words
from tests.faultserver import reply
from torture.case import CASES, check
from torture.world import World, page


@CASES.case("values/nul-and-surrogates", "NUL, &#xD800; and U+FFFE in title, text, byline; a BOM in mid-text")
def _nul(world: World) -> list[str]:
    body = page(
        "Nul\0title &#0; &#xD800; \ufffe",
        "<p>" + "Bad\0bytes &#xDFFF; and Viktor Oresh said so on Monday. " * 30 + "</p>",
    )
    (row,), beside = world.ingest(world.at(reply(body)))
    article = world.shop.store.get(row.article_id or "")
    check(article is not None and "\0" not in article.text + (article.title or ""), str(row))
    return [f"{row}; title {article.title!r}" if article else "", beside]


@CASES.case(
    "values/wide",
    "a 33,000-byte author and section, an id of 100,000 bytes, 10,000 entities, year 0 and 10000",
)
def _wide(world: World) -> list[str]:
    text = "Viktor Oresh spoke in Lindhaven. " * 400
    hostile = Article(
        article_id="x" * 100_000,
        title="T" * 33_000,
        text=text,
        authors=["A" * 33_000, "nul\0\ud800"],
        section="ß" * 16_500,
        publisher="\x1f\x00",
        published_at=Moment(value="0000-13-99", precision="day"),
        entities=[
            Entity(entity_id=f"person/{n}-{'é' * (n % 400)}", name=f"N{n}" * 50, type="PERSON", names=[f"N{n}"],
                   mentions=[Mention(start=0, end=12, text="Viktor Oresh", label="PERSON")])
            for n in range(10_000)
        ],
        times=[
            TimeExpression(start=0, end=6, text="Viktor", type="DATE", value="99999", interval=Interval())
            for _ in range(5_000)
        ],
        outcome=Outcome.INDEXED,
    )  # fmt: skip
    beside = [Article(article_id=f"beside-{n}", title=f"Beside {n}", text=text) for n in range(2)]
    results = world.shop.store.write([beside[0], hostile, beside[1]])
    check([row.status for row in results] == ["created"] * 3, str(results)[:500])
    back = world.shop.store.get("x" * 100_000)
    check(back is not None and len(back.entities) == 10_000, "the article is not whole when it is read again")
    return [f"written whole, with notes: {results[1].reason[:300]}", "neighbours: 2 of 2 indexed"]


@CASES.case("values/50-megabytes", "an article of 50 MB of text", quick=False)
def _large(world: World) -> list[str]:
    text = ("Lindhaven's council met on Monday and Viktor Oresh spoke of the quay. " * 15 + "\n\n") * 48_000
    beside = [Article(article_id=f"by-{n}", title=f"By {n}", text="A small one.") for n in range(2)]
    results = world.shop.store.write(
        [beside[0], Article(article_id="fifty", title="Fifty", text=text), beside[1]]
    )
    check([row.status for row in results] == ["created"] * 3, str(results)[:500])
    found = world.shop.store.search(Query(words=parse_words("title:Fifty"))).total
    return [
        f"{len(text):,} characters: {results[1].reason}; found by its title {found} time",
        "neighbours: 2 of 2 indexed",
    ]


@CASES.case("values/page-cap", "a page of 11 MB, beyond the cap of 10 MiB")
def _cap(world: World) -> list[str]:
    (row,), beside = world.ingest(world.at(reply(page("Large", "<p>word</p>" * 1_000_000))))
    check(row.reason.startswith("too-large"), str(row))
    return [str(row), beside]
