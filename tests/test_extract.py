"""Reading a stranger's page: character sets, broken markup, hostile pages, and the parts of each field."""

from __future__ import annotations

import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dateline.extract import Reading, extract, judge, read_page
from dateline.extract.agencies import agencies_in, agency
from dateline.extract.body import read_body
from dateline.extract.charset import decode
from dateline.extract.credits import is_person, names_in
from dateline.extract.dateline import read_dateline
from dateline.extract.details import read_canonical, read_topics
from dateline.extract.headline import read_title
from dateline.extract.jsonld import read_json_ld
from dateline.extract.language import detect
from dateline.extract.publisher import publisher_name
from dateline.models import Dateline, Outcome

PROSE = (
    "The harbour council voted by nine to four on Tuesday to close the eastern ferry berth for the whole "
    "winter, ending a dispute that has split the town since spring. "
)


def paragraphs(count: int) -> str:
    return "".join(f"<p>Paragraph {n}. {PROSE}</p>" for n in range(count))


# ------------------------------------------------------------------------------ character sets


@pytest.mark.parametrize(
    ("body", "header", "name", "source"),
    [
        ("<p>Grüße".encode("cp1252"), "text/html; charset=iso-8859-1", "cp1252", "header"),
        (b"\xef\xbb\xbf<p>Gr\xc3\xbc\xc3\x9fe", None, "utf-8", "bom"),
        (b"\xff\xfe" + "<p>Grüße".encode("utf-16-le"), None, "utf-16-le", "bom"),
        ('<meta charset="windows-1251"><p>Привет, мир'.encode("cp1251"), None, "cp1251", "meta"),
        (
            '<meta charset="utf-8"><p>Привет'.encode("cp1251"),
            "text/html; charset=windows-1251",
            "cp1251",
            "header",
        ),
        ("<p>Grüße aus Köln".encode(), "text/html; charset=utf8x", "utf-8", "bytes"),
        ("<p>Grüße aus Köln".encode(), "text/html; charset=base64", "utf-8", "bytes"),
        ("<p>Grüße aus Köln".encode("cp1252"), "text/html; charset=utf-8", "cp1252", "bytes"),
        # the default of many servers, contradicted by every accent in the page
        ("<p>Grüße aus Köln".encode(), "text/html; charset=iso-8859-1", "utf-8", "bytes"),
        ('<meta charset="gb2312"><p>新华社北京电'.encode("gb18030"), None, "gb18030", "meta"),
    ],
)
def test_character_set_by_header_bom_meta_bytes(
    body: bytes, header: str | None, name: str, source: str
) -> None:
    """A wrong choice turns every accent of an article to rubbish."""
    text, charset = decode(body, header)
    assert (charset.name, charset.source) == (name, source)
    assert "\ufffd" not in text and not text.startswith("\ufeff")


def test_choice_and_what_was_not_believed_are_kept() -> None:
    reading = read_page("<p>Grüße aus Köln".encode(), {"Content-Type": "text/html; charset=x-nonsense"})
    assert str(reading.charset) == "utf-8 (bytes)"
    assert "x-nonsense" in " ".join(reading.notes)


@given(st.binary(max_size=400), st.one_of(st.none(), st.text(max_size=40)))
def test_any_bytes_decode(body: bytes, header: str | None) -> None:
    text, charset = decode(body, f"text/html; charset={header}")
    assert isinstance(text, str) and charset.name


# ------------------------------------------------------------------------------ hostile pages


@pytest.mark.parametrize("depth", [100, 300, 3000, 30_000])
def test_deep_pages_lose_no_text(depth: int) -> None:
    """libxml2 drops what is nested deeper than 256 levels without a word."""
    html = f"<html><body>{'<div>' * depth}<p>innermost</p>{'</div>' * depth}<p>after</p></body></html>"
    reading = Reading.from_html(html)
    words = reading.tree.text_content()
    assert "innermost" in words and "after" in words
    assert bool(reading.notes) == (depth >= 200)
    extract(reading)


@pytest.mark.parametrize(
    "html",
    [
        "",
        "\x00",
        "<!-- -->",
        "plain words",
        "<html><head></head></html>",
        "<p>\ud800 lone surrogate</p>",
        "<?xml version='1.0' encoding='latin1'?><html><body><p>é</p></body></html>",
        '<script type="application/ld+json">{"@type": ["NewsArticle", 7], "author": [[[{"name": null}]]], '
        '"headline": {}}</script>',
        '<script type="application/ld+json">' + "[" * 5000 + "</script>",
        '<script type="application/ld+json">{"@type":"NewsArticle","author":{"@id":"#a"}}</script>'
        '<script type="application/ld+json">{"@type":"Person","@id":"#a","author":{"@id":"#a"}}</script>',
        '<html><head><link rel="canonical" href="http://[::1"><meta property="og:image" content="http://["></head>',
        "<table>" * 150 + "<tr><td>x" * 150,
        "<base href='//'><a href='http://['>x</a>" + paragraphs(3),
    ],
)
def test_strange_pages_raise_nothing(html: str) -> None:
    for url in (None, "https://example.com/a", "http://[bad"):
        reading = Reading.from_html(html, url)
        article = extract(reading)
        judge(reading, article)
        assert not [note for note in article.notes if "not read" in note]


@pytest.mark.parametrize(
    "tag",
    [
        "<p class='" + "x " * 300_000 + "'>",
        "<p class='" + "a" * 1_000_000 + "'>",
        "<p " + " ".join(f"data-{n}='v'" for n in range(60_000)) + ">",
        "<p style='" + "display:none;" * 50_000 + "'>",
    ],
    ids=["classes", "long class", "attributes", "style"],
)
def test_megabytes_of_attributes_take_seconds(tag: str) -> None:
    """trafilatura alone takes more than a minute on these."""
    began = time.thread_time()
    reading = Reading.from_html(
        f"<html><body><article><h1>Title</h1>{tag}x</p>{paragraphs(8)}</article></body></html>"
    )
    article = extract(reading)
    assert time.thread_time() - began < 30
    assert "Paragraph 7." in article.text


_TAGS = st.sampled_from(
    [
        "p",
        "div",
        "article",
        "h1",
        "h2",
        "ul",
        "li",
        "a",
        "span",
        "figure",
        "figcaption",
        "table",
        "tr",
        "td",
        "br",
    ]
)
_HTML = st.recursive(
    st.text(max_size=60),
    lambda inner: st.builds(
        lambda tag, name, parts: f"<{tag} class='{name}'>{''.join(parts)}</{tag}>",
        _TAGS,
        st.sampled_from(["", "byline", "related", "author", "caption", "comment", "lead", "body"]),
        st.lists(inner, max_size=4),
    ),
    max_leaves=12,
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(_HTML)
def test_any_markup_is_read(html: str) -> None:
    reading = Reading.from_html(f"<html><body>{html}</body></html>", "https://example.com/x/y")
    article = extract(reading)
    judge(reading, article)
    assert "\x00" not in article.text
    assert all(paragraph.strip() for paragraph in article.text.split("\n\n")) or not article.text


@given(st.text(max_size=300))
def test_any_json_ld_is_read(script: str) -> None:
    assert isinstance(read_json_ld([script, '{"@type": "Article", ' + script]), list)


@pytest.mark.parametrize(
    "script",
    [
        '{"@type":"NewsArticle","headline":"Fog","x":"line\nbreak\tand tab",}',
        '<!-- {"@type":"NewsArticle","headline":"Fog"} -->',
        '//<![CDATA[\n{"@type":"NewsArticle","headline":"Fog"}\n//]]>',
        "{&quot;@type&quot;:&quot;NewsArticle&quot;,&quot;headline&quot;:&quot;Fog&quot;}",
        '{"@graph":[{"@type":"WebSite"},{"@type":"NewsArticle","headline":"Fog"}]}',
        '{"@type":"WebPage"}{"@type":"NewsArticle","headline":"Fog"}',
        '{"@type":"NewsArticle","headline":"Fog","articleBody":"an unescaped "quote" inside"}',
        '{"@type":"WebPage","mainEntity":{"@type":"NewsArticle","headline":"Fog"}}',
        '{"@type":"NewsArticle"\n"headline":"Fog"}',
    ],
)
def test_broken_json_ld_still_gives_the_headline(script: str) -> None:
    html = f'<html><head><script type="application/ld+json">{script}</script></head><body></body></html>'
    assert extract(Reading.from_html(html)).title == "Fog"


# ------------------------------------------------------------------------------ fields


@pytest.mark.parametrize(
    ("credit", "names"),
    [
        ("By Jane Roe and John Doe", ["Jane Roe", "John Doe"]),
        ("Von Anna Groß und Jörg Übel", ["Anna Groß", "Jörg Übel"]),
        ("Ole Brandt og Liv Aune", ["Ole Brandt", "Liv Aune"]),
        ("Par Luc Petit et Marie Grand", ["Luc Petit", "Marie Grand"]),
        ("Ana Ruiz y Luis Gil", ["Ana Ruiz", "Luis Gil"]),
        ("Jane Roe,John Doe", ["Jane Roe", "John Doe"]),
        ("Roe, Jane", ["Roe, Jane"]),
        ("JANE O'ROE", ["Jane O'Roe"]),
        ("Jane Roe, Political Editor", ["Jane Roe"]),
        ("Jane Roe (Special correspondent)", ["Jane Roe"]),
        ("Jane Roe @janeroe", ["Jane Roe"]),
        ("Jane Roe in Berlin", ["Jane Roe"]),
        ("Jane Roe; dpa", ["Jane Roe", "dpa"]),
        ("Ludwig van der Aa", ["Ludwig van der Aa"]),
        ("大渡 美咲", ["大渡 美咲"]),
        ("Martin Luther King Jr.", ["Martin Luther King Jr."]),
        ("Par Jean-Luc Martin et Zoé Dubois (avec AFP)", ["Jean-Luc Martin", "Zoé Dubois"]),
        ("di Luca Bianchi e Paola Verdi", ["Luca Bianchi", "Paola Verdi"]),
        ("Por María de los Ángeles López, enviada especial", ["María de los Ángeles López"]),
        ("Av Ola Nordmann og Kari Hansen", ["Ola Nordmann", "Kari Hansen"]),
        ("Tekst og foto: Ola Nordmann", ["Ola Nordmann"]),
        ("Text: Anna Svensson Foto: Bo Ek", ["Anna Svensson"]),
        ("Autorzy: Jan Kowalski, Anna Nowak", ["Jan Kowalski", "Anna Nowak"]),
        ("Toimittaja: Matti Virtanen", ["Matti Virtanen"]),
        ("Szerző: Kovács János", ["Kovács János"]),
        ("Haber: Ayşe Demir", ["Ayşe Demir"]),
        ("Автор: Иван Иванов", ["Иван Иванов"]),
        ("記者王大明、李小華", ["王大明", "李小華"]),
        ("文／陳小明", ["陳小明"]),
        ("(责编：王大明、岳小彬)", ["王大明", "岳小彬"]),
        ("홍길동 기자", ["홍길동"]),
        ("כתב: דוד כהן", ["דוד כהן"]),
        ("بقلم: محمد علي", ["محمد علي"]),
        ("Tác giả: Lê Phương", ["Lê Phương"]),
        ("Von unserer Redakteurin Anna Meier aus Berlin", ["Anna Meier"]),
        ("Anna Meier, Leitende Wirtschaftsredakteurin", ["Anna Meier"]),
        ("By JANE ROE Associated Press", ["Jane Roe", "Associated Press"]),
        ("Jane Roe Senior Reporter", ["Jane Roe"]),
        ("Daily Bugle Reporter", ["Daily Bugle Reporter"]),
        ("Jane Roe Updated 2 hours ago", ["Jane Roe"]),
        ("Jane Roe and agencies", ["Jane Roe"]),
        ("Reporting by Jane Roe in London; editing by John Doe", ["Jane Roe"]),
        ("srf/hosb;kesm", ["srf/hosb", "kesm"]),
        ("dpa/AFP", ["dpa", "AFP"]),
        ("More from Jane Roe", []),
        ("105092", []),
    ],
)
def test_names_come_out_of_bylines(credit: str, names: list[str]) -> None:
    """A search by author finds people, not "By Jane Roe, Political Editor"."""
    assert names_in(credit) == names


@pytest.mark.parametrize(
    "name",
    [
        "Condé Nast Verlag",
        "Reuters",
        "Our Reporters",
        "Redaktion",
        "jane",
        "Veröffentlicht am",
        "AP",
        "AFP Deutschland",
        "Condé Nast",
        "La Redacción",
        "Editorial Board",
        "Express News Service",
        "編集部",
    ],
)
def test_these_are_no_people(name: str) -> None:
    assert not is_person(name)


@pytest.mark.parametrize(
    ("markup", "authors"),
    [
        # no class says "author": the words and the link do
        ('<p class="meta">von <a href="/autoren/name/a-meier">Dr. Anna Meier</a></p>', ["Dr. Anna Meier"]),
        ("<div>Par Zoé Dubois et Luc Petit</div>", ["Zoé Dubois", "Luc Petit"]),
        ('<div><a href="https://paper.example/people/jane-roe">Jane Roe</a></div>', ["Jane Roe"]),
        ('<div itemprop="author">srf/hosb;kesm</div>', ["srf/hosb", "kesm"]),
        ("<div>By the end of March the works begin</div>", []),
    ],
)
def test_credit_line_that_no_class_names(markup: str, authors: list[str]) -> None:
    """Papers whose markup does not say who wrote still print it; the article would have no author."""
    reading = page("", f"<h1>The mill stays where it is</h1>{markup}" + paragraphs(4))
    assert extract(reading).authors == authors


def test_signature_below_the_text_is_the_author() -> None:
    """Papers that sign at the end, in bold: the name is the author's and no paragraph of the report."""
    sign = '<p style="text-align:right"><strong>Lê Phương</strong></p>'
    article = extract(page("", "<h1>The mill stays where it is</h1><div>" + paragraphs(4) + sign + "</div>"))
    assert article.authors == ["Lê Phương"]
    assert "Lê Phương" not in article.text


def test_byline_that_knows_more_than_the_data() -> None:
    """JSON-LD that names the first of two writers: both are found, the role beside them is not."""
    head = """<script type="application/ld+json">{"@type": "NewsArticle", "headline": "The mill stays",
        "author": {"@type": "Person", "name": "Kari Hansen"}}</script>"""
    line = '<div class="byline"><b class="author">Ola Nordmann</b> <b class="author">Kari Hansen</b></div>'
    assert extract(page(head, "<h1>The mill stays</h1>" + line + paragraphs(4))).authors == [
        "Ola Nordmann",
        "Kari Hansen",
    ]


@given(st.text(max_size=120))
def test_any_credit_is_read(credit: str) -> None:
    assert all(name.strip() for name in names_in(credit))


def page(
    head: str = "", body: str = "", url: str | None = "https://www.coast.example/2024/a-story"
) -> Reading:
    return Reading.from_html(f"<html><head>{head}</head><body>{body}</body></html>", url)


def test_person_wins_over_the_publisher_as_author() -> None:
    reading = page(
        '<meta name="author" content="Coast Media GmbH"><meta property="article:author" content="https://social.example/coast">'
        '<meta property="og:site_name" content="Coast">',
        '<h1>Title</h1><p class="byline">By Jane Roe</p>' + paragraphs(3),
    )
    article = extract(reading)
    assert article.authors == ["Jane Roe"]
    losers = [c for c in article.candidates["authors"] if not c.chosen]
    assert [c.value for c in losers] == ["Coast Media GmbH"]


def test_comments_and_captions_name_no_authors() -> None:
    reading = page(
        "",
        '<h1>Title</h1><figure><img src="a.jpg"><span class="caption-author">Photo Grapher</span></figure>'
        + paragraphs(3)
        + '<div class="comments"><cite class="author-name">Paul Troll</cite></div>',
    )
    assert extract(reading).authors == []


@pytest.mark.parametrize(
    ("head", "h1", "title"),
    [
        ("<title>Fog stops the regatta | Coast</title>", "Fog stops the regatta", "Fog stops the regatta"),
        (
            '<meta property="og:title" content="Fog stops the regatta - Sport - Coast">',
            "",
            "Fog stops the regatta",
        ),
        ("<title>Harbour - a history - Coast</title>", "Harbour - a history", "Harbour - a history"),
        ('<meta property="og:title" content="Fog stops the regatta">', "Log in", "Fog stops the regatta"),
    ],
)
def test_headline_without_site_name(head: str, h1: str, title: str) -> None:
    reading = page(head, f"<h1>{h1}</h1>" if h1 else "")
    assert read_title(reading, {"Coast", "coast.example"})[0] == title


@pytest.mark.parametrize(
    ("href", "believed"),
    [
        ("https://www.coast.example/2024/a-story", True),
        ("/2024/a-story", True),
        ("https://amp.coast.example/2024/a-story", True),
        ("https://www.coast.example/", False),
        ("https://www.coast.example", False),
        ("https://elsewhere.example/2024/a-story", False),
        ("https://www.coast.example/2024", False),
    ],
)
def test_canonical_address_is_not_believed_blindly(href: str, believed: bool) -> None:
    """One that leads to the front page would make all of a paper's articles one."""
    url, candidates = read_canonical(page(f'<link rel="canonical" href="{href}">'))
    assert (url is not None) == believed
    assert len(candidates) == 1


@pytest.mark.parametrize(
    ("href", "goes_on"),
    [
        ("/2024/a-story?page=2", True),
        ("/2024/a-story/2", True),
        ("https://www.coast.example/2024/a-story-seite-2.html", True),
        ("/2024/another-story", False),
        ("https://elsewhere.example/2024/a-story/2", False),
    ],
)
def test_article_of_several_pages_says_so(href: str, goes_on: bool) -> None:
    """Half an article that passes for whole misleads a search; the next post of a weblog is no page of it."""
    article = extract(page(f'<link rel="next" href="{href}">', "<h1>A story</h1>" + paragraphs(3)))
    assert any("several pages" in note for note in article.notes) == goes_on


def test_topics_split_at_commas_only_in_lists() -> None:
    assert read_topics(page('<meta name="keywords" content="ferries, harbour,winter; ferries">'))[0] == [
        "ferries",
        "harbour",
        "winter",
    ]
    tag = '<meta property="article:tag" content="{}">'
    tags = tag.format("Washington, D.C.") + tag.format("Ferries")
    assert read_topics(page(tags))[0] == ["Washington, D.C.", "Ferries"]


@pytest.mark.parametrize(
    ("content", "topics"),
    [
        ("Ferries, Day: Friday, pageType=article, _commerce, topic/winter", ["Ferries", "winter"]),
        ("ferries harbour winter storm tide", ["ferries", "harbour", "winter", "storm", "tide"]),
        ("Coast, news about ferries, harbour, winter, politics", []),  # the whole site's
        ("AMERS, ASXPAC, DIP, Ferries, GEN", ["Ferries"]),
    ],
)
def test_topics_are_no_keys_of_a_system(content: str, topics: list[str]) -> None:
    assert read_topics(page(f'<meta name="keywords" content="{content}">'), {"Coast"})[0] == topics


def test_topics_by_the_article_where_none_are_declared() -> None:
    links = '<ul class="tags"><li><a href="/t/1">#Ferries</a></li><li><a href="/t/2">Harbour</a></li></ul>'
    assert read_topics(page("", "<h1>A story</h1>" + links))[0] == ["Ferries", "Harbour"]


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("新华社北京电。中国和拉美・加勒比国家航天合作论坛今天在武汉开幕，来自各国的代表参加了会议。", "zh"),
        ("政府は１４日、来年度の予算案を閣議決定した。一般会計の総額は過去最大となる。", "ja"),
    ],
)
def test_chinese_with_a_middle_dot_is_no_japanese(text: str, language: str) -> None:
    assert detect(text) == language


@pytest.mark.parametrize(
    ("head", "title"),
    [
        ('<meta property="og:title" content="Coast"><title>Coast</title>', "The mill stays where it is"),
        (
            '<meta property="og:title" content="The mill <em>stays</em> where it is">',
            "The mill stays where it is",
        ),
        ("<title>Coast: The mill stays where it is</title>", "The mill stays where it is"),
    ],
)
def test_headline_is_not_the_papers_name(head: str, title: str) -> None:
    reading = page(head, "<h1>The mill stays where it is</h1>")
    assert read_title(reading, {"Coast"})[0] == title


@pytest.mark.parametrize(
    ("name", "one"),
    [
        ("Associated Press", "AP"),
        ("The Associated Press", "AP"),
        ("AP News", "AP"),
        ("Coast Media GmbH", "Coast Media"),
        ("Coast Ltd.", "Coast"),
        ("Coast", "Coast"),
    ],
)
def test_one_name_for_a_publisher(name: str, one: str) -> None:
    assert publisher_name(name) == one


def test_agencies_by_their_names() -> None:
    assert agency("Deutsche Presse-Agentur") == "dpa"
    assert agency("pa") is None  # a word, not the agency
    assert agencies_in("Coast mit dpa/AFP") == ["dpa", "AFP"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("BEIJING (AP) — The council", Dateline(place="Beijing", agency="AP")),
        ("KYIV, Ukraine (Reuters) - The council", Dateline(place="Kyiv, Ukraine", agency="Reuters")),
        ("LONDON — The council", Dateline(place="London", agency=None)),
        ("(Reuters) — The council", Dateline(place=None, agency="Reuters")),
        ("The council met (again) — and left.", None),
        ("Nobody wanted this.", None),
    ],
)
def test_dateline(text: str, expected: Dateline | None) -> None:
    assert read_dateline(text) == expected


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Der Gemeinderat hat am Dienstag beschlossen, die alte Mühle nicht abzureißen.", "de"),
        ("Le conseil municipal a décidé mardi de fermer le quai pour tout l'hiver.", "fr"),
        ("国务院总理在北京会见了来访的外交部长。", "zh"),
        ("政府は火曜日、港の桟橋を冬の間閉鎖することを決めた。", "ja"),
        ("AP", None),
    ],
)
def test_language_of_the_text(text: str, language: str | None) -> None:
    assert detect(text) == language


def test_language_tag_does_not_overrule_a_long_text() -> None:
    reading = Reading.from_html(
        f"<html lang='fr'><body><article><h1>Berth shut</h1>{paragraphs(4)}</article></body></html>"
    )
    assert extract(reading).language == "en"


# ------------------------------------------------------------------------------ body


def test_a_paragraph_that_trafilatura_would_glue_stays_apart_from_captions_and_boxes() -> None:
    html = (
        f"<article><h1>Title of it</h1><p>First. {PROSE}</p><figure><img src=x>"
        "<figcaption>The berth at dusk, seen from the customs house on the quay.</figcaption></figure>"
        f"<p>Second. {PROSE}</p>"
        "<div class='factbox'><p>The berth was built in 1911 of oak from three counties.</p></div>"
        f"<p>Third. {PROSE}</p>"
        "<div class='author-bio'><p>Jane Roe has written about ferries since 2009.</p></div></article>"
    )
    body = read_body(page("", html), ["Title of it"])
    assert [p.split(".")[0] for p in body.paragraphs] == ["First", "Second", "Third"]


def test_doubled_text_is_kept_once() -> None:
    again = " ".join(f"Paragraph {n}. {PROSE}" for n in range(6))
    html = f"<article><h1>T</h1>{paragraphs(6)}</article><div class=x>{again}</div>"
    body = read_body(page("", html))
    assert body.text.count("Paragraph 3.") == 1


def test_where_the_text_came_from_is_kept() -> None:
    article = extract(page("", f"<article><h1>Title</h1>{paragraphs(6)}</article>"))
    assert article.method == "trafilatura+blocks"
    assert {candidate.place for candidate in article.candidates["text"]} == {"trafilatura", "blocks"}


def test_live_looking_articles_are_not_taken_for_listings() -> None:
    links = "".join(
        f'<a href="/2024/story-{n}">A headline of another story, number {n}</a>' for n in range(60)
    )
    reading = page(
        '<meta property="og:type" content="article">',
        f"<article><h1>Title</h1>{paragraphs(6)}</article><aside>{links}</aside>",
    )
    assert judge(reading, extract(reading))[0] is Outcome.INDEXED


def test_an_article_about_cookies_is_no_consent_wall() -> None:
    text = (
        "<p>Regulators said on Monday that consent to cookies must be as easy to withdraw as to give. "
        + PROSE
        + "</p>"
    )
    reading = page("", f"<article><h1>Privacy rules for cookies</h1>{text * 1}{paragraphs(6)}</article>")
    assert judge(reading, extract(reading))[0] is Outcome.INDEXED


def test_an_article_about_missing_pages_is_no_error_page() -> None:
    reading = page(
        "", f"<article><h1>Error 404: the lost pages of the archive</h1>{paragraphs(12)}</article>"
    )
    assert judge(reading, extract(reading))[0] is Outcome.INDEXED
