"""Rules for single publishers in data files: mended without a release, each from its day on.

A failure means a site whose layout nobody can mend, or old pages read by a rule for the new layout.
"""

from __future__ import annotations

import datetime as dt
import os
import shutil
from pathlib import Path

import pytest

from dateline.extract import extract
from dateline.extract.reading import Reading
from dateline.extract.site_rules import RuleError, parse_rules, read_folder, rule_for
from dateline.models import Article, Page

SHIPPED = Path(__file__).resolve().parents[1] / "dateline" / "extract" / "rules"
SENTENCE = "The dockers of Rotterdam walked out on Monday over pay and hours, their union said. "
OLD = f"""<html><head><title>Home | The News</title></head><body><h1>The News</h1>
<h1 class="headline">Dockers walk out</h1>
<div class="story-body"><p>{SENTENCE * 5}</p><p>Second paragraph, of the old layout. {SENTENCE}</p>
<div class="promo">Subscribe now and save half of everything, today only.</div></div></body></html>"""
NEW = f"""<html><head><title>x</title>
<meta property="article:published_time" content="2024-05-01T00:00:00Z"></head><body>
<nav class="breadcrumb"><a>Home</a><a>Ports</a></nav><article><header><h1>Dockers stay out</h1>
<div class="byline">By <a rel="author">Jane Doe</a> and <a rel="author">Richard Roe</a></div>
<time class="published" datetime="2024-05-06T07:08:09+02:00">6 May</time></header>
<div class="content"><p>{SENTENCE * 5}</p><aside>Read this too: ten ports to see before you die.</aside>
<p>A last paragraph. {SENTENCE}</p>
<div class="newsletter-box"><p>Our newsletter comes daily at seven.</p></div></div>
</article></body></html>"""


@pytest.fixture
def rules(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("DATELINE_HOME", str(tmp_path))
    (tmp_path / "rules").mkdir()
    return tmp_path / "rules"


def article_of(html: str, fetched: str, url: str = "https://www.news.example/a", **hints: str) -> Article:
    page = Page(
        requested_url=url,
        final_url=url,
        status=200,
        headers={},
        body=html.encode(),
        fetched_at=dt.datetime.fromisoformat(fetched).replace(tzinfo=dt.UTC),
    )
    return extract(Reading.from_html(html, url), page=page, hints=hints)


def test_each_layout_is_read_by_the_rule_of_its_day(rules: Path) -> None:
    """The example that is shipped, copied as its first line says."""
    shutil.copy(SHIPPED / "example.toml", rules / "news.toml")
    old, new = article_of(OLD, "2020-01-01"), article_of(NEW, "2024-05-07")
    assert old.title == "Dockers walk out"
    assert [text[:16] for text in old.text.split("\n\n")] == ["The dockers of R", "Second paragraph"]
    assert "Subscribe" not in old.text
    assert new.title == "Dockers stay out" and new.authors == ["Jane Doe", "Richard Roe"]
    assert new.section == "Ports"
    assert new.published_at is not None and new.published_at.value == "2024-05-06T07:08:09+02:00"
    assert [text[:16] for text in new.text.split("\n\n")] == ["The dockers of R", "A last paragraph"]
    for article in (old, new):
        for field in ("title", "text"):
            first = article.candidates[field][0]
            assert (first.place, first.chosen) == ("site rule", True)
            assert sum(candidate.chosen for candidate in article.candidates[field]) == 1
    assert old.candidates["title"][0].rule == "news"
    assert new.candidates["title"][0].rule == "news from 2021-03-24"


def test_what_a_rule_misses_the_general_readers_find_and_a_note_says_so(rules: Path) -> None:
    shutil.copy(SHIPPED / "example.toml", rules / "news.toml")
    article = article_of(OLD, "2024-05-07")  # the old layout, still served after the redesign
    assert SENTENCE.strip() in article.text and article.title
    assert "site rule news from 2021-03-24: title: nothing found" in article.notes


def test_another_host_a_subdomain_and_a_rule_that_is_named(rules: Path) -> None:
    shutil.copy(SHIPPED / "example.toml", rules / "news.toml")
    (rules / "sport.toml").write_text('host = "sport.news.example"\n[[rules]]\ntitle = "//h1[1]"\n')
    where = [rules]
    day = dt.date(2024, 1, 1)
    assert rule_for("https://other.example/a", day, where=where)[0] is None
    assert rule_for("https://badnews.example/a", day, where=where)[0] is None
    assert rule_for("http://[::1/", day, where=where)[0] is None
    for url, name in (("https://m.news.example/", "news"), ("https://live.sport.news.example/", "sport")):
        rule, problems = rule_for(url, day, where=where)
        assert rule is not None and rule.name == name and not problems
    rule, _ = rule_for("https://other.example/a", day, "news", where)
    assert rule is not None and rule.since == dt.date(2021, 3, 24)
    assert article_of(OLD, "2020-01-01", "https://mirror.example/a", rules="news").title == "Dockers walk out"


def test_a_rule_mended_now_holds_for_the_next_page(rules: Path) -> None:
    file = rules / "news.toml"
    for number, title in enumerate(("//h1[1]", "h1.headline")):
        file.write_text(f'host = "news.example"\n[[rules]]\ntitle = "{title}"\n')
        os.utime(file, ns=(0, 10**9 * number))
        assert article_of(OLD, "2024-05-07").title == ("The News", "Dockers walk out")[number]


def test_the_users_files_come_before_the_shipped_ones(rules: Path) -> None:
    assert rule_for("https://news.example/", None)[0] is not None  # the example
    (rules / "mine.toml").write_text('host = "news.example"\n[[rules]]\ntitle = "h1"\n')
    rule, _ = rule_for("https://news.example/", None)
    assert rule is not None and rule.name == "mine"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("x", "x.toml: Expected '='"),
        ("[[rules]]\ntitle = 'h1'", "x.toml: host: write"),
        ("host = 3\n[[rules]]\ntitle = 'h1'", "x.toml: host: write"),
        ("host = 'a.example'", "x.toml: rules: write at least one"),
        ("host = 'a.example'\nhots = 1\n[[rules]]\ntitle = 'h1'", "x.toml: hots: no such key"),
        ("host = 'a.example'\n[[rules]]", "x.toml: rule 1: it says nothing"),
        ("host = 'a.example'\n[[rules]]\ntitel = 'h1'", "x.toml: rule 1: titel: no such key"),
        ("host = 'a.example'\n[[rules]]\ntitle = 3", "x.toml: rule 1: title: write a selector"),
        ("host = 'a.example'\n[[rules]]\ntitle = 'h1['", "x.toml: rule 1: title: no selector"),
        ("host = 'a.example'\n[[rules]]\ntitle = '//h1['", "x.toml: rule 1: title: no selector"),
        ("host = 'a.example'\n[[rules]]\nfrom = 'May'\ntitle = 'h1'", "x.toml: rule 1: from: write a day"),
        (
            "host = 'a.example'\n[[rules]]\ntitle = 'h1'\n[[rules]]\ntitle = 'h2'",
            "two rules hold from the same",
        ),
    ],
)
def test_each_mistake_says_where(text: str, words: str) -> None:
    with pytest.raises(RuleError) as caught:
        parse_rules(text, "x.toml")
    assert words in str(caught.value) and "\n" not in str(caught.value)


def test_a_broken_file_stops_no_page_and_no_other_file(rules: Path) -> None:
    (rules / "broken.toml").write_text("host = ")
    shutil.copy(SHIPPED / "example.toml", rules / "news.toml")
    article = article_of(OLD, "2020-01-01")
    assert article.title == "Dockers walk out"
    assert any("broken.toml" in note for note in article.notes)
    assert len(read_folder(rules)[0]) == 2


def test_shipped_rules_are_sound() -> None:
    rules, problems = read_folder(SHIPPED)
    assert rules and not problems
