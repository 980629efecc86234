"""Digests in many shapes, made of items whose every field is known: what must be read out again.

All names and news are invented. `SHAPES` has a function for each shape: number of items → text, items,
suffix of the file.
"""

# ruff: noqa: E501, C408  (templates read better as the lines that they print)

import csv
import email.message
import email.policy
import io
import random
import textwrap
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText

TITLES = [
    "Ministers agree on new fishing quotas after night of talks",
    "Floods leave thousands homeless in northern Laos",
    "‘We lost everything’: a village after the fire",
    "Central bank raises rates by half a point, surprising markets",
    "What the new treaty means for the Arctic",
    "Two dead as ferry capsizes off Zanzibar",
    "Opposition leader Arven detained at border, party says",
    "Tech giant Norvik to cut 4,000 jobs",
    "How a small town beat the drought",
    "U.S. and Norland sign trade pact",
    "Why are eggs so expensive?",
    'Mbeki: "No one is above the law"',
    "Dutch court blocks sale of port to Helios",
    "Storm Edda: 40,000 without power",
    "Analysis: The long shadow of the Meridian affair",
    "Scientists map seabed that nobody has seen",
]
PEOPLE = [
    "Anna Berg",
    "Tom Reed",
    "Li Wei",
    "Maria José Ortega",
    "Jean-Pierre Duval",
    "Sofia Marangou",
    "Olu Adeyemi",
    "Kim Min-ji",
    "Ahmed al-Sayed",
    "Greta Vogel",
    "Ravi Menon",
    "Deng Zijun",
    "Xu Zihe",
]
PLACES = ["BEIJING", "OSLO", "PARIS", "NAIROBI", "SAO PAULO", "KUALA LUMPUR", "GENEVA", "TALLINN"]
AG = ["AP", "Reuters", "AFP", "Xinhua", "dpa"]
SENT = [
    "The foreign ministers of eight states met in the capital on Tuesday and agreed to close their ports to the fleet.",
    "“Countries should stand together,” the minister said.",
    "Nobody was hurt, the civil protection agency said on Sunday evening.",
    "The figures, which were published last week, show a fall of 3.4 percent against the same month a year earlier.",
    "Mr. Oresh, who was detained in December 2021, denied the charges through his lawyer.",
    "It was not clear who would pay for the repairs; the council will meet again on 14 May.",
    "Residents of the U.S. border town of Calexico said they had heard three blasts before dawn.",
    "“If that is so,” she added, “then we shall have to begin again, and I am not sure that anyone here has the strength for it.”",
    "The company, based in Rotterdam, employs 12,400 people in nine countries.",
    "Police said that they were looking for a man in his forties who was seen near the station.",
    "Analysts had expected no change.",
    "Rain is expected to last until Thursday, according to the weather service.",
]
CAPS = [
    ("Foreign ministers pose for a photo in Guilin on Monday, March 22, 2021.", "Lu Boan/Xinhua via AP"),
    ("A woman carries water through a flooded street in Vientiane.", "Ravi Menon/Reuters"),
    ("The port of Tallinn in a file photo.", "AFP"),
    ("Protesters outside the parliament in Nairobi, Kenya, Tuesday, June 6, 2023.", "AP Photo/Brian Inganga"),
]
SECT = ["World", "Business", "Politics", "Science", "Culture", "Sport"]
R = random.Random(1)


def dates():
    d = R.choice([1, 3, 9, 14, 22, 28])
    m = R.choice(
        [
            (1, "January", "Jan"),
            (3, "March", "Mar"),
            (4, "April", "Apr"),
            (6, "June", "Jun"),
            (9, "September", "Sep"),
            (12, "December", "Dec"),
        ]
    )
    y = R.choice([2019, 2021, 2022, 2023])
    hh = R.choice([8, 11, 20])
    mm = R.choice(["01", "15", "40"])
    return R.choice(
        [
            f"{m[2]} {d:02d}, {y} {hh if hh <= 12 else hh - 12:02d}:{mm} {'AM' if hh < 12 else 'PM'}",
            f"{d} {m[1]} {y}",
            f"{m[1]} {d}, {y}",
            f"{y}-{m[0]:02d}-{d:02d}",
            f"{d} {m[2]} {y}, {hh:02d}:{mm}",
            f"{d:02d}.{m[0]:02d}.{y}",
        ]
    )


def item(n):
    ps = [
        R.choice(SENT) if R.random() < 0.3 else " ".join(R.sample(SENT, R.choice([2, 3])))
        for _ in range(R.choice([1, 2, 3, 5]))
    ]
    it = dict(
        title=R.choice(TITLES),
        authors=R.sample(PEOPLE, R.choice([0, 1, 1, 2])),
        date=dates() if R.random() < 0.7 else None,
        link=f"https://{R.choice(['news', 'www.herald', 'tide', 'ledger'])}.example/{R.choice(['world', '2021/03', 'a'])}/{R.choice(['story', 'x'])}-{n}{R.randrange(1000)}",
        section=None,
        caption=R.choice(CAPS) if R.random() < 0.35 else None,
        dateline=None,
        paras=ps,
    )
    if R.random() < 0.4:
        pl = R.choice(PLACES)
        ag = R.choice(AG)
        it["dateline"] = (pl, ag)
        it["paras"] = [f"{pl} ({ag}) — {ps[0]}", *ps[1:]]
    return it


def by(a):
    return "By " + " and ".join(a) if len(a) < 3 else "By " + ", ".join(a)


def items(k):
    out = []
    seen = set()
    while len(out) < k:
        it = item(len(out))
        if it["title"] in seen:
            continue
        seen.add(it["title"])
        out.append(it)
    return out


SHAPES = {}


def shape(f):
    SHAPES[f.__name__] = f
    return f


@shape
def seedlike(k):
    its = items(k)
    t = []
    for i in its:
        if R.random() < 0.3:
            i["section"] = R.choice(["FEATURE", "ANALYSIS", "World"])
            t.append(i["section"])
        t.append(i["title"])
        if i["authors"]:
            t.append(by(i["authors"]).replace(" and ", ", "))
        if i["date"]:
            t.append(R.choice(["Published: ", ""]) + i["date"])
        t.append(f"<{i['link']}>")
        t.append("")
        if i["caption"]:
            t.append(f"{i['caption'][0]} ({i['caption'][1]})")
        t += i["paras"]
        t.append("")
    return "\n\n".join(t), its, "txt"


@shape
def sep_plain(k):
    its = items(k)
    t = ["Morning digest — compiled by the desk\n"]
    for i in its:
        t.append(i["title"])
        if i["authors"]:
            t.append(by(i["authors"]))
        if i["date"]:
            t.append(i["date"])
        t.append(i["link"])
        t.append("")
        if i["caption"]:
            t += [f"Photo: {i['caption'][0]} ({i['caption'][1]})", ""]
        for p in i["paras"]:
            t += [textwrap.fill(p, 72), ""]
        t += ["-" * 40, ""]
    t.append("You are receiving this because you subscribed. Unsubscribe: https://list.example/u")
    return "\n".join(t), its, "txt"


@shape
def markdown(k):
    its = items(k)
    t = ["# Weekly reading\n"]
    sec = None
    for i in its:
        if R.random() < 0.3 or sec is None:
            sec = R.choice(SECT)
            t.append(f"## {sec}\n")
        i["section"] = sec
        t.append(f"### [{i['title']}]({i['link']})")
        meta = [x for x in [by(i["authors"]) if i["authors"] else None, i["date"]] if x]
        if meta:
            t.append("*" + " | ".join(meta) + "*")
        t.append("")
        for p in i["paras"]:
            t += [p, ""]
        if i["caption"]:
            t += [f"*{i['caption'][0]} ({i['caption'][1]})*", ""]
    return "\n".join(t), its, "md"


@shape
def numbered_refs(k):
    its = items(k)
    t = ["Daily brief, 14 June 2022", ""]
    for n, i in enumerate(its, 1):
        i["caption"] = None
        t.append(f"{n}. {i['title']} [{n}]")
        meta = [x for x in [by(i["authors"]) if i["authors"] else None, i["date"]] if x]
        for m in meta:
            t.append("   " + m)
        t.append("")
        for p in i["paras"]:
            t += ["   " + p, ""]
    t += ["Links:"] + [f"[{n}] {i['link']}" for n, i in enumerate(its, 1)]
    return "\n".join(t), its, "txt"


def html_of(its, tracker=True):
    from urllib.parse import quote

    h = [
        '<html><head><style>p{margin:0}</style></head><body><table><tr><td><a href="https://mail.example/view">View in browser</a></td></tr>'
    ]
    for i in its:
        u = (
            f"https://click.mail.example/ls/click?upn=1&amp;url={quote(i['link'], safe='')}"
            if tracker
            else i["link"]
        )
        h.append(f'<tr><td><h2><a href="{u}">{i["title"]}</a></h2>')
        if i["authors"]:
            h.append(f'<p class="byline">{by(i["authors"])}</p>')
        if i["date"]:
            h.append(f'<p class="date">{i["date"]}</p>')
        if i["caption"]:
            h.append(
                f'<figure><img src="x.jpg"><figcaption>{i["caption"][0]} ({i["caption"][1]})</figcaption></figure>'
            )
        for p in i["paras"]:
            h.append(f"<p>{p}</p>")
        h.append(f'<p><a href="{u}">Read more</a></p></td></tr>')
    h.append(
        '<tr><td>Sent to you@example.org. <a href="https://mail.example/u">Unsubscribe</a></td></tr></table></body></html>'
    )
    return "\n".join(h)


@shape
def html(k):
    its = items(k)
    return html_of(its), its, "html"


@shape
def eml_alt(k):
    its = items(k)
    m = MIMEMultipart("alternative")
    m["Subject"] = "Today's digest"
    m["From"] = "a@b.example"
    m["Date"] = "Tue, 14 Jun 2022 07:00:00 +0200"
    txt = "\n\n".join(i["title"] + "\n" + i["link"] for i in its)
    m.attach(MIMEText(txt, "plain", "utf-8"))
    m.attach(MIMEText(html_of(its), "html", "utf-8"))
    return m.as_string(), its, "eml"


@shape
def eml_fwd(k):
    its = items(k)
    t = [
        "FYI",
        "",
        "---------- Forwarded message ---------",
        "From: Desk <d@x.example>",
        "Date: Mon, 13 Jun 2022 at 08:00",
        "Subject: Clips",
        "To: me@x.example",
        "",
        "",
    ]
    for i in its:
        t += [f"*{i['title']}*"]
        if i["authors"]:
            t.append(by(i["authors"]))
        if i["date"]:
            t.append(i["date"])
        t.append("")
        i["caption"] = None
        for p in i["paras"]:
            t += [p, ""]
        t += [f"<{i['link']}>", "", ""]
    m = MIMEText("\n".join(t), "plain", "utf-8")
    del m["Content-Transfer-Encoding"]
    m = email.message.EmailMessage(policy=email.policy.SMTP)
    m["Subject"] = "Fwd: Clips"
    m["From"] = "z@x.example"
    m["Date"] = "Mon, 13 Jun 2022 09:00:00 +0000"
    m.set_content("\n".join(t), cte="quoted-printable")
    return m.as_string(), its, "eml"


@shape
def no_sep_blank(k):
    its = items(k)
    t = []
    for i in its:
        t.append(i["title"])
        t.append("")
        if i["authors"]:
            t += [by(i["authors"]), ""]
        if i["date"]:
            t += [i["date"], ""]
        i["caption"] = None
        for p in i["paras"]:
            t += [p, ""]
        t += ["Read more: " + i["link"], ""]
    return "\n".join(t), its, "txt"


@shape
def labelled(k):
    its = items(k)
    t = []
    for i in its:
        i["caption"] = None
        t.append("Title: " + i["title"])
        if i["authors"]:
            t.append("Author: " + ", ".join(i["authors"]))
        if i["date"]:
            t.append("Date: " + i["date"])
        t.append("URL: " + i["link"])
        t.append("Summary: " + i["paras"][0])
        i["paras"] = i["paras"][:1]
        t += ["", ""]
    return "\n".join(t), its, "txt"


@shape
def csvs(k):
    its = items(k)
    o = io.StringIO()
    w = csv.writer(o)
    w.writerow(["headline", "url", "author", "published", "text"])
    for i in its:
        i["caption"] = None
        w.writerow([i["title"], i["link"], "; ".join(i["authors"]), i["date"] or "", "\n\n".join(i["paras"])])
    return o.getvalue(), its, "csv"


@shape
def quirks(k):
    its = items(k)
    t = []
    for i in its:
        i["section"] = R.choice(["FEATURE", "EXCLUSIVE", None])
        if i["section"]:
            t += [i["section"], ""]
        t += [i["title"], ""]
        i["date"] = R.choice(["Today", "Yesterday", i["date"], None])
        if i["authors"]:
            t += [by(i["authors"]).replace(" and ", ", "), ""]
        if i["date"]:
            t += [
                ("Published: " if i["date"][0].isalpha() and i["date"] not in ("Today", "Yesterday") else "")
                + i["date"],
                "",
            ]
        t += [f"<{i['link']}>", "", "", ""]
        i["caption"] = None
        if R.random() < 0.3:
            c = R.choice(PEOPLE)
            i["caption"] = (i["title"], c + "/GT")
            t += [f"{i['title']} Infographic: {c}/GT", ""]
            i["paras"] = []
            i["dateline"] = None
        ps = list(i["paras"])
        long = [n for n, p in enumerate(ps) if len(p) > 150]
        for n, p in enumerate(ps):
            q = p
            if n in long[:1]:
                w = p.split()
                c = len(w) // 2
                # break after a comma-less lower-case continuation
                while c < len(w) - 1 and not (w[c][0].islower() and w[c - 1][-1] not in '.!?”"'):
                    c += 1
                if c < len(w) - 1:
                    q = " ".join(w[:c]) + "\n\n" + " ".join(w[c:])
            if n == 1 and R.random() < 0.5:
                q = q.replace("station", "[station](#)").replace("companies", "companies")
            q = q.replace(" the ", "\u00a0the ", 1)
            t += [q, ""]
    return "\n".join(t), its, "txt"


@shape
def htmlbr(k):
    its = items(k)
    h = ["<html><body><div>"]
    for i in its:
        i["caption"] = None
        h.append(f'<b><a href="{i["link"]}">{i["title"]}</a></b><br>')
        m = [x for x in [by(i["authors"]) if i["authors"] else None, i["date"]] if x]
        if m:
            h.append("<i>" + " - ".join(m) + "</i><br>")
        h.append("<br><br>".join(i["paras"]) + "<br><br><br>")
    h.append(
        "</div><div style='font-size:10px'>To unsubscribe click <a href='https://l.example/u'>here</a></div></body></html>"
    )
    return "\n".join(h), its, "html"


@shape
def htmldiv(k):
    its = items(k)
    h = [
        "<html><body><div class='header'><a href='https://tide.example/'><img src='logo.png'></a><div>Tuesday, June 14, 2022</div></div>"
    ]
    for i in its:
        h.append("<div class='story'>")
        i["section"] = R.choice(SECT)
        h.append(f"<div class='kicker'>{i['section']}</div>")
        h.append(f"<div style='font-size:22px;font-weight:bold'><a href='{i['link']}'>{i['title']}</a></div>")
        if i["authors"]:
            h.append(f"<div class='author'>{by(i['authors'])}</div>")
        if i["date"]:
            h.append(f"<div class='meta'>{i['date']}</div>")
        if i["caption"]:
            h.append(
                f"<div class='caption'>{i['caption'][0]} <span class='credit'>{i['caption'][1]}</span></div>"
            )
        h += [f"<div>{p}</div>" for p in i["paras"]]
        h.append("</div>")
    h.append("<div class='footer'>© 2022 Tide Media. <a href='x'>Unsubscribe</a></div></body></html>")
    return "\n".join(h), its, "html"


@shape
def mdbold(k):
    its = items(k)
    t = []
    for n, i in enumerate(its, 1):
        i["caption"] = None
        t.append(f"{n}. **{i['title']}** — {i['paras'][0]} [Read more]({i['link']})")
        i["paras"] = i["paras"][:1]
        i["authors"] = []
        i["date"] = None
        t.append("")
    return "\n".join(t), its, "md"


@shape
def bullets(k):
    its = items(k)
    t = ["TOP STORIES", ""]
    for i in its:
        i["caption"] = None
        i["paras"] = []
        i["authors"] = []
        i["date"] = None
        i["dateline"] = None
        t.append(f"* {i['title']} ({i['link']})")
    return "\n".join(t), its, "txt"


@shape
def german(k):
    its = items(k)
    t = [
        "Presseschau vom 14. Juni 2022",
        "",
    ]
    for i in its:
        i["title"] = (
            R.choice(
                [
                    "Kabinett beschließt neues Klimapaket",
                    "Bahn streicht hunderte Züge",
                    "Wie der Norden wählt",
                    "Zwei Tote bei Unfall auf der A7",
                    "Streit um die Rente: SPD gegen Union",
                ]
            )
            + f" {R.randrange(100)}"
        )
        i["paras"] = [
            R.choice(
                [
                    "Die Bundesregierung hat am Dienstag ein Paket mit 14 Maßnahmen beschlossen, die von 2023 an gelten sollen.",
                    "Nach Angaben der Polizei war der Fahrer am Montagabend von der Straße abgekommen.",
                    "„Wir haben lange gewartet“, sagte die Ministerin der Zeitung.",
                ]
            )
        ]
        i["dateline"] = None
        i["caption"] = None
        i["date"] = R.choice(["14.06.2022", "13. Juni 2022", "13. Juni 2022, 18:30 Uhr", None])
        t.append(i["title"])
        if i["authors"]:
            t.append("Von " + " und ".join(i["authors"]))
        if i["date"]:
            t.append(i["date"])
        t += ["", i["paras"][0], "", f"Mehr: {i['link']}", "", ""]
    return "\n".join(t), its, "txt"


@shape
def outlook(k):
    its = items(k)
    t = [
        "Hi,",
        "see below.",
        "",
        "Best,",
        "Tom",
        "",
        "________________________________",
        "From: Desk <desk@x.example>",
        "Sent: Monday, June 13, 2022 8:00 AM",
        "To: Tom",
        "Subject: Clips",
        "",
        "",
    ]
    for i in its:
        i["caption"] = None
        t.append(f"{i['title']}<{i['link']}>")
        if i["authors"]:
            t.append(by(i["authors"]))
        if i["date"]:
            t.append(i["date"])
        t.append("")
        for p in i["paras"]:
            t += [p, ""]
        t.append("")
    return "\n".join(t), its, "txt"


def norm(s):
    return " ".join((s or "").split())
