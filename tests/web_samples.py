"""A small archive for the tests of page and API: invented news, built in code, with every offset right.

`[person/ada-vell|Ms Vell]` in a text names an entity, `{2024-03-04|on Monday}` a day or an interval
("2024-03..2024-05", last day included).
"""

from __future__ import annotations

import datetime as dt
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import uvicorn
from fastapi import FastAPI

from dateline.address import mentioned
from dateline.journal import Journal, Result
from dateline.models import (
    Article,
    Candidate,
    Caption,
    Dateline,
    Entity,
    Link,
    Mention,
    Moment,
    Outcome,
    Quote,
    Sentence,
    TimeExpression,
)
from dateline.settings import Settings

KINDS = {"person": "PERSON", "organization": "ORGANIZATION", "location": "LOCATION"}
NAMES = {
    "person/ada-vell": "Ada Vell",
    "person/tomas-brandt": "Tomas Brandt",
    "person/ines-caro": "Inés Caro",
    "organization/harbour-union": "Harbour Union",
    "organization/port-authority": "Port Authority of Lindhaven",
    "location/lindhaven": "Lindhaven",
    "location/orrey": "Orrey",
    "location/saint-aubin": "Saint-Aubin",
}
_MARK = re.compile(r"\[(?P<id>[^|\]]+)\|(?P<name>[^\]]+)\]|\{(?P<when>[^|}]+)\|(?P<said>[^}]+)\}")


def article(id: str, published: str | None, title: str | None, text: str, **fields: Any) -> Article:
    """An article of marked-up text; one sentence ends at each full stop that a space follows."""
    made = Article(
        article_id=id,
        title=title,
        requested_url=f"https://news.example/{id}",
        language=fields.pop("language", "en"),
        sources=fields.pop("sources", ["digest:morning.txt"]),
        method="trafilatura",
        version=1,
        **fields,
    )
    if published:
        made.published_at = Moment(
            value=published, precision="day" if len(published) == 10 else "minute", zone=None
        )
    found: dict[str, Entity] = {}
    at = 0
    plain = ""
    for match in _MARK.finditer(text):
        plain += text[at : match.start()]
        at = match.end()
        start, said = len(plain), match["name"] or match["said"]
        plain += said
        if match["id"]:
            id_ = match["id"]
            kind = KINDS[id_.partition("/")[0]]
            entity = found.setdefault(
                id_, Entity(entity_id=id_, name=NAMES[id_], type=kind, names=[NAMES[id_]])
            )
            entity.mentions.append(Mention(start=start, end=len(plain), text=said, label=kind))
            if said not in entity.names:
                entity.names.append(said)
        else:
            made.times.append(
                TimeExpression(
                    start=start,
                    end=len(plain),
                    text=said,
                    type="DATE",
                    value=match["when"],
                    interval=mentioned(match["when"]),
                    rule="sample",
                )
            )
    made.text = plain + text[at:]
    made.entities = list(found.values())
    for span in re.finditer(r"\S(?:[^\n]*?[.!?](?=\s|$)|[^\n]*)", made.text):
        first, last = span.span()
        made.sentences.append(
            Sentence(
                start=first,
                end=last,
                entity_ids=[
                    one.entity_id
                    for one in made.entities
                    if any(first <= mention.start < last for mention in one.mentions)
                ],
                intervals=[
                    time.interval for time in made.times if first <= time.start < last and time.interval
                ],
            )
        )
    return made


def articles() -> list[Article]:
    """The archive: a strike in a port that never was, told by five papers in three languages."""
    strike = article(
        "a01",
        "2024-03-05T06:40",
        "Harbour Union calls strike at Lindhaven container terminal",
        "[organization/harbour-union|The Harbour Union] will stop work at the container terminal of "
        "[location/lindhaven|Lindhaven] {2024-03-11|on Monday}, its president [person/ada-vell|Ada Vell] "
        "said {2024-03-04|yesterday}.\n\n"
        "“We have waited {2023-10-01..2024-02-29|since October} for an offer,” [person/ada-vell|Ms Vell] "
        "told members. [organization/port-authority|The Port Authority] declined to comment.",
        publisher="Lindhaven Courier",
        section="Economy",
        authors=["Mira Solberg"],
        byline="By Mira Solberg",
        story="strike-call",
        dateline=Dateline(place="LINDHAVEN", agency=None),
        captions=[Caption(text="Cranes at the terminal.", credit="J. Ode/Courier")],
        disagreements=["published_at"],
        candidates={
            "title": [
                Candidate(
                    value="Harbour Union calls strike at Lindhaven container terminal",
                    place="json-ld",
                    rule="headline",
                    confidence=0.95,
                    chosen=True,
                ),
                Candidate(value="Strike called", place="digest", rule="as printed", confidence=0.6),
            ],
            "published_at": [
                Candidate(value="2024-03-05T06:40", place="json-ld", confidence=0.9, chosen=True),
                Candidate(value="2024-03-04", place="digest", confidence=0.5),
            ],
        },
    )
    quoted = strike.text.index("“We")
    strike.quotes = [
        Quote(
            start=quoted,
            end=strike.text.index("”") + 1,
            text=strike.text[quoted : strike.text.index("”") + 1],
            speaker="Ms Vell",
            speaker_id="person/ada-vell",
        )
    ]
    return [
        strike,
        article(
            "a02",
            "2024-03-05",
            "Dockers to walk out in Lindhaven next week",
            "Dockers in [location/lindhaven|Lindhaven] will walk out {2024-03-11|on 11 March}, "
            "[organization/harbour-union|the Harbour Union] said.",
            publisher="Orrey Times",
            section="World",
            story="strike-call",
        ),
        article(
            "a03",
            "2024-03-06T09:15",
            "Hafenstreik: Lindhaven rechnet mit Stillstand",
            "Der Hafen von [location/lindhaven|Lindhaven] rechnet {2024-03-11|am Montag} mit einem "
            "Stillstand, sagte [person/tomas-brandt|Tomas Brandt], Chef der "
            "[organization/port-authority|Hafenbehörde].",
            publisher="Nordblatt",
            section="Wirtschaft",
            language="de",
            sources=["feed:nordblatt"],
        ),
        article(
            "a04",
            "2024-03-07",
            "Grève au port : [Saint-Aubin] se prépare".replace("[Saint-Aubin]", "Saint-Aubin"),
            "Le port de [location/saint-aubin|Saint-Aubin] se prépare à recevoir les navires détournés de "
            "[location/lindhaven|Lindhaven] {2024-03-11..2024-03-17|la semaine prochaine}.",
            publisher="Le Quai",
            section="Économie",
            language="fr",
            sources=["feed:le-quai"],
        ),
        article(
            "a05",
            "2024-03-11T18:02",
            "Cranes stand still as strike begins",
            "The cranes of [location/lindhaven|Lindhaven] stood still {2024-03-11|on Monday} as a strike "
            "over pay began. [person/ada-vell|Vell] said talks could resume {2024-03-13|on Wednesday}. "
            "[person/tomas-brandt|Mr Brandt] called the strike “a mistake”.",
            publisher="Lindhaven Courier",
            section="Economy",
            authors=["Mira Solberg", "Jon Ode"],
            story="strike-begins",
        ),
        article(
            "a06",
            "2024-03-12",
            "Port strike enters second day",
            "The strike at [location/lindhaven|Lindhaven] entered its second day {2024-03-12|on Tuesday}.",
            publisher="Harbour Wire",
            section="Shipping",
            outcome=Outcome.PAYWALLED,
            outcome_reason="the page shows its first paragraph only",
            paywalled=True,
        ),
        article(
            "a07",
            "2024-03-13T21:30",
            "Talks resume between union and Port Authority",
            "[person/ada-vell|Ada Vell] and [person/tomas-brandt|Tomas Brandt] met for six hours "
            "{2024-03-13|on Wednesday}. [person/ines-caro|Inés Caro], the mediator, spoke of progress "
            "and expects the strike to end {2024-03-18..2024-03-24|next week}.",
            publisher="Orrey Times",
            section="World",
        ),
        article(
            "a08",
            "2024-03-19",
            "Strike at Lindhaven ends with pay deal",
            "Dockers in [location/lindhaven|Lindhaven] return to work {2024-03-20|tomorrow} after "
            "[organization/harbour-union|the Harbour Union] accepted a rise of six per cent "
            "{2024-03-18|on Monday}. “It is what we asked for {2023-10-01..2023-10-31|in October},” "
            "[person/ada-vell|Ms Vell] said.",
            publisher="Lindhaven Courier",
            section="Economy",
            authors=["Mira Solberg"],
            story="strike-ends",
        ),
        article(
            "a09",
            "2024-03-19T11:00",
            "Union accepts offer, port to reopen",
            "[organization/harbour-union|The Harbour Union] accepted an offer {2024-03-18|on Monday}; the "
            "strike ends and the port of [location/lindhaven|Lindhaven] reopens {2024-03-20|on 20 March}.",
            publisher="Harbour Wire",
            section="Shipping",
            story="strike-ends",
        ),
        article(
            "a10",
            "2024-05-02",
            "Orrey plans a second container berth",
            "[location/orrey|Orrey] will decide {2024-06-01..2024-06-30|in June} on a second berth, a year "
            "after [location/lindhaven|Lindhaven] lost ships to it.",
            publisher="Orrey Times",
            section="Business",
            sources=["feed:orrey-times"],
        ),
        article(
            "a11",
            "2024-01-16",
            "Ada Vell elected president of the Harbour Union",
            "[person/ada-vell|Ada Vell] was elected president of "
            "[organization/harbour-union|the Harbour Union] {2024-01-13|on Saturday}.",
            publisher="Lindhaven Courier",
            section="People",
            outcome=Outcome.DIGEST_ONLY,
            outcome_reason="robots.txt forbids the page",
        ),
        article(
            "a12",
            None,
            None,
            "A note without title or date about the lighthouse of [location/saint-aubin|Saint-Aubin].",
            publisher=None,
            outcome=Outcome.DIGEST_ONLY,
            outcome_reason="the item has no link",
        ),
    ]


def hostile() -> list[Article]:
    """What a stranger may put into an article to harm whoever reads it here."""
    return [
        article(
            "x-script",
            "2024-02-01",
            "<script>alert(1)</script> hostile headline",
            "<img src=x onerror=alert(2)> hostile words </mark><svg onload=alert(3)>",
            publisher='"><script>alert(4)</script>',
            section="=cmd|' /C calc'!A0",
            canonical_url="javascript:alert(5)",
            authors=["+1+1", "@SUM(A1)"],
        ),
        article(
            "x-cells",
            "2024-02-02",
            '=HYPERLINK("http://evil.example","hostile")',
            "hostile cells",
            publisher="\t=1+1",
            section="-2+3",
        ),
    ]


JOURNAL = [
    *[(f"m{n}", "digest:morning.txt", Outcome.INDEXED, "") for n in range(9)],
    ("m9", "digest:morning.txt", Outcome.PAYWALLED, "stub"),
    ("m10", "digest:morning.txt", Outcome.BLOCKED, "robots.txt"),
    ("n1", "feed:nordblatt", Outcome.INDEXED, ""),
    ("n2", "feed:nordblatt", Outcome.FAILED, "503 after 3 attempts"),
    ("n3", "feed:nordblatt", Outcome.GONE, "404"),
    ("q1", "feed:le-quai", Outcome.INDEXED, ""),
    ("o1", "feed:orrey-times", Outcome.INDEXED, ""),
    ("o2", "feed:orrey-times", None, ""),
]


def fill_journal(url: str) -> None:
    """A run that left 16 outcomes and one link without: morning.txt came on 2024-03-20."""
    with Journal(url) as journal:
        run = journal.begin_run("ingest")
        journal.expect(
            run,
            [
                Link(
                    link_id=id,
                    url=f"https://news.example/{id}",
                    source=source,
                    received_at=Moment(value="2024-03-20", precision="day")
                    if source == "digest:morning.txt"
                    else None,
                )
                for id, source, _, _ in JOURNAL
            ],
        )
        journal.record(
            run,
            [
                Result(link_id=id, outcome=outcome, reason=reason)
                for id, _, outcome, reason in JOURNAL
                if outcome is not None
            ],
        )


def settings(home: Path) -> Settings:
    """Settings of an archive in `home`."""
    return Settings(
        home=home,
        store="embedded",
        journal_url=f"sqlite:///{home / 'journal.sqlite'}",
        opensearch_url="",
        index="dateline",
        allow_networks=(),
        ports=(),
    )


@contextmanager
def serving(app: FastAPI) -> Iterator[str]:
    """The app behind a real uvicorn on a free port of loopback; its address."""
    server = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=0, log_level="error"))
    thread = threading.Thread(target=server.run)
    thread.start()
    deadline = dt.datetime.now() + dt.timedelta(seconds=20)
    while not server.started:
        if not thread.is_alive() or dt.datetime.now() > deadline:
            raise RuntimeError("uvicorn did not start")
        threading.Event().wait(0.02)
    try:
        yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(20)
