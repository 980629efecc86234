"""One article keeps one id, whatever link led to it; a tracker's cargo is found.

A failure means duplicates in the archive (or two articles taken for one), or links that lead to a
newsletter's tracker instead of the publisher.
"""

from __future__ import annotations

import base64
import json
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dateline.urls import article_id, normalise, text_id, unwrap

STORY = "https://www.example-news.com/world/2021/story-1?id=3&x=%C3%A4"


@pytest.mark.parametrize(
    "variant",
    [
        "http://example-news.com/world/story",
        "HTTPS://WWW.Example-News.COM:443/world/story/",
        "https://m.example-news.com/world/./x/../story#comments",
        "https://www.example-news.com/world/story?utm_source=mail&utm_medium=x&fbclid=abc&gclid=1",
        "https://amp.example-news.com/world/story",
        "https://www.example-news.com/world/story/amp/",
        "https://www.example-news.com/amp/world/story",
        "https://www.example-news.com/world/story?outputType=amp",
        "https://www.example-news.com/world/story/print",
        "https://www.example-news.com/world/%73tory",
        "https://www-example--news-com.cdn.ampproject.org/c/s/www.example-news.com/world/story",
        "https://www.google.com/amp/s/www.example-news.com/world/story",
        "  https://www.example-news.com/world//story \n",
    ],
)
def test_variants_of_an_address_are_one_article(variant: str) -> None:
    assert article_id(variant) == article_id("https://www.example-news.com/world/story")


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("https://a.example/story?id=1", "https://a.example/story?id=2"),
        ("https://a.example/story", "https://b.example/story"),
        ("https://a.example/Story", "https://a.example/story"),
        ("https://a.example/index.html?cid=4", "https://a.example/index.html?cid=5"),
        ("https://a.example/x%2Fy", "https://a.example/x/y"),
        ("https://a.example:8080/x", "https://a.example/x"),
        ("https://news.a.example/x", "https://a.example/x"),
        ("https://a.example/printing", "https://a.example/"),
    ],
)
def test_different_articles_stay_apart(left: str, right: str) -> None:
    assert article_id(left) != article_id(right)


def test_order_of_parameters_and_idna() -> None:
    assert normalise("https://a.example/?b=2&a=1") == normalise("https://a.example/?a=1&b=2")
    assert normalise("https://bücher.example/ä") == "https://xn--bcher-kva.example/%C3%A4"


@pytest.mark.parametrize(
    "junk", ["", "   ", "http://[::1/", "mailto:a@b", "javascript:void(0)", "http://", "//x", "\x00"]
)
def test_what_is_no_web_address_is_kept_and_never_raises(junk: str) -> None:
    assert normalise(junk) == junk.strip()
    assert len(article_id(junk)) == 32
    assert unwrap(junk) == junk.strip()


@given(
    st.text(max_size=60)
    | st.text(max_size=60).map("https://a.example/".__add__)
    | st.text().map("http://".__add__)
)
def test_any_text_is_normalised_without_raising_and_once(text: str) -> None:
    once = normalise(text)
    assert normalise(once) == once
    unwrap(text)


def _b64(text: str) -> str:
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


_Q = quote(STORY, safe="")
_MANDRILL = base64.b64encode(
    json.dumps({"s": "sig", "p": json.dumps({"u": 1, "url": STORY}).replace("/", "\\/")}).encode()
).decode()


@pytest.mark.parametrize(
    "wrapped",
    [
        f"https://www.google.com/url?rct=j&sa=t&url={_Q}&ct=ga&cd=CAE&usg=x",
        f"https://eur01.safelinks.protection.outlook.com/?url={_Q}&data=04%7C01&sdata=abc&reserved=0",
        f"https://eur01.safelinks.protection.outlook.com/?url={_Q}&amp;data=04%7C01&amp;reserved=0",
        f"https://urldefense.com/v3/__{STORY}__;!!abc!xyz$",
        f"https://urldefense.proofpoint.com/v1/url?u={_Q}&k=abc",
        "https://urldefense.proofpoint.com/v2/url?u="
        + _Q.replace("-", "-2D").replace("%2F", "_").replace("%", "-")
        + "&d=DwM&c=x",
        f"https://click.mail.example/f/a/xyz~~/AAQ~/{_b64(STORY)}",
        f"https://tracking.mail.example/CL0/{quote(STORY, safe=':')}/1/0100-abc/xyz=12",
        f"https://mail.example/r/{quote(_Q, safe='')}?x=1",
        f"https://links.mail.example/c?u={_b64(STORY)}&s=1",
        f"https://t.mail.example/click?id=7&redirect={_Q}",
        f"https://www.facebook.com/l.php?u={_Q}&h=AT0",
        f"https://example.us1.list-manage.com/track/click?u=abc&id=def&url={_Q}",
        f"https://mandrillapp.com/track/click/1/www.example.com?p={_MANDRILL}",
        "https://substack.com/redirect/2/" + _b64(json.dumps({"e": STORY, "p": 12})) + ".abcdefghijklmnop",
        f"https://go.example/hex/{STORY.encode().hex()}",
        "https://t.example/go?to="
        + quote(
            "https://l.example/?url="
            + quote(f"https://x.safelinks.protection.outlook.com/?url={_Q}", safe=""),
            safe="",
        ),
    ],
)
def test_trackers_give_up_the_address_that_they_carry(wrapped: str) -> None:
    assert unwrap(wrapped) == STORY


@pytest.mark.parametrize(
    "kept",
    [
        STORY,
        "https://u1.ct.sendgrid.net/ls/click?upn=u001.abcdef",  # the address stays on the sender's server
        "https://example.us1.list-manage.com/track/click?u=0123456789abcdef&id=abcdef&e=1234",
        "https://web.archive.org/web/2020/http://www.example.com/x",
        "https://news.example/login?return=https%3A%2F%2Fnews.example%2Fx",
        "https://news.example/2021/03/a-slug-of-many-words-1234567890abcdef",
        "https://news.example/search?q=why+http+is+slow",
    ],
)
def test_links_that_carry_nothing_stay(kept: str) -> None:
    assert unwrap(kept) == kept


def test_an_address_left_bare_keeps_its_own_parameters() -> None:
    assert (
        unwrap("https://track.example/click?url=https://a.example/b?x=1&y=2") == "https://a.example/b?x=1&y=2"
    )


def test_the_same_words_have_one_id() -> None:
    assert text_id("“The  US”\u00a0said") == text_id('"the us" said')
    assert text_id("one") != text_id("two")
