"""People: full names first, then what refers to them by a part of the name.

No guess: a surname that two people of the article share goes to one of them only where the text makes
that sure (an honorific, the order of introduction, the paragraph); else it stays a surname.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping

from dateline.entities import name_tables as tables
from dateline.entities.names import (
    PersonName,
    family_key,
    gender,
    given_key,
    part_of,
    same_person,
    slug,
)
from dateline.entities.resolve_forms import Cluster, Form, Position, honorific_before, position
from dateline.models import Mention

# A list of thousands of namesakes is compared with so many at most.
_MOST_NAMESAKES = 40


def cluster_people(
    forms: list[Form],
    parts: Mapping[str, str],
    known: Callable[[Form], str | None],
    split: Callable[[str, str], bool],
) -> list[Cluster]:
    """The people of an article, each with all forms that are surely theirs.

    `known` gives a form's id in the knowledge base, `split` whether the user keeps two names apart.
    """
    full = [form for form in forms if len(form.name.words) > 1]
    bare = [form for form in forms if len(form.name.words) <= 1]
    people = _merge_full_names(full, known, split)
    people = _join_cut_names(_join_parts(people))
    index = _by_word(people)
    for form in sorted(bare, key=lambda form: (form.first, form.key)):
        people.extend(_attach(form, index, parts, known, split))
    return people


def _join_parts(people: list[Cluster]) -> list[Cluster]:
    """Parts of a name that have two words themselves join it: "López Obrador", "Van Damme"."""
    index = _by_word(people)
    gone: set[int] = set()
    for cluster in sorted(people, key=lambda c: (len(c.forms[0].name.words), c.forms[0].key)):
        form = cluster.forms[0]
        if len(cluster.forms) == 1 and cluster.known_id is None and (owner := _owner(form, index, cluster)):
            owner.forms.append(form)
            owner.evidence.append(f"“{form.surface}” is a part of “{owner.forms[0].surface}”")
            gone.add(id(cluster))
    return [cluster for cluster in people if id(cluster) not in gone]


def _join_cut_names(people: list[Cluster]) -> list[Cluster]:
    """An initial with the head of the family name joins the one whose they are: "K-Fed", "J-Lo"."""
    called: dict[tuple[str, str], list[Cluster]] = defaultdict(list)
    for cluster in people:
        name = cluster.forms[0].name
        if len(name.words[0]) > 1:
            called[name.words[0][0], name.family[-1][:2]].append(cluster)
    gone: set[int] = set()
    for cluster in people:
        words = cluster.forms[0].name.words
        if len(words) != 2 or len(words[0]) > 1 or len(words[1]) > 4 or cluster.known_id:
            continue
        fit = [c for c in called[words[0], words[1][:2]] if c.forms[0].name.family[-1].startswith(words[1])]
        if len(fit) == 1:
            fit[0].forms += cluster.forms
            fit[0].evidence.append(f"“{cluster.forms[0].surface}” is cut from “{fit[0].forms[0].surface}”")
            gone.add(id(cluster))
    return [cluster for cluster in people if id(cluster) not in gone]


def _merge_full_names(
    full: list[Form], known: Callable[[Form], str | None], split: Callable[[str, str], bool]
) -> list[Cluster]:
    people: list[Cluster] = []
    namesakes: dict[str, list[Cluster]] = defaultdict(list)
    by_id: dict[str, Cluster] = {}
    for form in sorted(full, key=lambda form: (-len(form.name.words), -len(form.key), form.key)):
        id_ = known(form)
        keys = {family_key(form.name.family), "".join(form.name.words), family_key(form.name.words[:1])}
        found: list[tuple[Cluster, str]] = []
        if id_ and id_ in by_id:
            found = [(by_id[id_], "both are names of it in the knowledge base")]
        else:
            near = {id(c): c for key in keys for c in namesakes.get(key, ())[:_MOST_NAMESAKES]}
            for cluster in near.values():
                if id_ and cluster.known_id and id_ != cluster.known_id:
                    continue
                reason = same_person(cluster.forms[0].name, form.name)
                if reason and all(same_person(other.name, form.name) for other in cluster.forms[1:]):
                    found.append((cluster, reason))
            if len(found) > 1:  # "J. Smith" with a John and a Jane: nobody's
                exact = [pair for pair in found if pair[1] == "the same name"]
                found = exact if len(exact) == 1 else []
        if len(found) == 1 and not split(found[0][0].forms[0].key, form.key):
            cluster, reason = found[0]
            cluster.evidence.append(f"“{form.surface}” is “{cluster.forms[0].surface}”: {reason}")
            cluster.forms.append(form)
            if id_ and cluster.known_id is None:
                cluster.known_id = id_
        else:
            cluster = Cluster("PERSON", [form], known_id=id_)
            people.append(cluster)
        if cluster.known_id:
            by_id.setdefault(cluster.known_id, cluster)
        for key in keys:
            if not any(other is cluster for other in namesakes[key][:_MOST_NAMESAKES]):
                namesakes[key].append(cluster)
    return people


def _by_word(people: list[Cluster]) -> dict[str, list[Cluster]]:
    index: dict[str, list[Cluster]] = defaultdict(list)
    for cluster in people:
        words = {word for form in cluster.forms for word in form.name.words}
        words |= {family_key(form.name.family) for form in cluster.forms}
        shorts = {short for word in words for short in tables.SHORT_FORMS.get(word, ())}
        for word in words | shorts:
            index[word].append(cluster)
    return index


def _rank(form: Form, cluster: Cluster) -> int:
    return max(part_of(form.name, other.name) for other in cluster.forms)


def _candidates(form: Form, index: dict[str, list[Cluster]]) -> list[Cluster]:
    """Those whose name the form may be a part of, only the best kind of part."""
    words = form.name.words
    if not words:
        return []
    near = {
        id(c): c for key in (words[0], family_key(words)) for c in index.get(key, ())[: 2 * _MOST_NAMESAKES]
    }
    ranked = [(_rank(form, cluster), cluster) for cluster in near.values()]
    best = max((rank for rank, _ in ranked), default=0)
    if best == 0:
        return []
    titles = set(form.honorifics)
    if best == 1 and titles and not titles & tables.GIVEN_HONORIFICS:
        return []  # "Mr Michael" is nobody's given name
    return [cluster for rank, cluster in ranked if rank == best]


def _owner(form: Form, index: dict[str, list[Cluster]], self: Cluster) -> Cluster | None:
    """The one cluster of which this form of several words is a family name or a tail."""
    found = [
        cluster
        for cluster in {id(c): c for c in index.get(form.name.words[0], ())[: 2 * _MOST_NAMESAKES]}.values()
        if cluster is not self
        and len(cluster.forms[0].name.words) > len(form.name.words)
        and _rank(form, cluster) >= 2
    ]
    return found[0] if len(found) == 1 else None


def _attach(
    form: Form,
    index: dict[str, list[Cluster]],
    parts: Mapping[str, str],
    known: Callable[[Form], str | None],
    split: Callable[[str, str], bool],
) -> list[Cluster]:
    """Gives a bare name's mentions to people; returns the clusters that are new."""
    candidates = [c for c in _candidates(form, index) if not split(c.forms[0].key, form.key)]
    if len(candidates) == 1:
        cluster = candidates[0]
        kind = {3: "family name", 2: "part of the name", 1: "given name"}[_rank(form, cluster)]
        cluster.forms.append(form)
        cluster.evidence.append(
            f"“{form.surface}” is “{cluster.forms[0].surface}”: {kind} of the only one here who has it"
        )
        return []
    if not candidates:
        return [Cluster("PERSON", [form], known_id=known(form))]
    return _share_out(form, candidates, parts)


def _share_out(form: Form, candidates: list[Cluster], parts: Mapping[str, str]) -> list[Cluster]:
    """A name that several share: each mention goes where the text makes it sure, or to nobody."""
    places = [sorted(position(m) for f in c.forms for m in f.mentions) for c in candidates]
    sexes = [_gender_of(c) for c in candidates]
    shares: dict[int, list[Mention]] = defaultdict(list)
    reasons: dict[int, str] = {}
    settled: list[Position | None] = [None] * len(candidates)  # first bare use that was sure
    for mention in form.mentions:
        here = position(mention)
        chosen, reason = _choose(mention, here, candidates, places, sexes, settled, parts)
        shares[chosen].append(mention)
        if chosen >= 0:
            reasons.setdefault(chosen, reason)
            if mention.part == "body" and settled[chosen] is None:
                settled[chosen] = here
    left: list[Cluster] = []
    for chosen, mentions in shares.items():
        share = Form(form.key, "PERSON", mentions, position(mentions[0]), Counter(m.text for m in mentions))
        share.name = form.name
        if chosen < 0:
            names = ", ".join(f"“{c.forms[0].surface}”" for c in candidates[:3])
            left.append(Cluster("PERSON", [share], [f"“{form.surface}” could be {names}: left apart"]))
        else:
            owner = candidates[chosen]
            owner.forms.append(share)
            owner.evidence.append(f"“{share.surface}” is “{owner.forms[0].surface}”: {reasons[chosen]}")
    return left


def _choose(
    mention: Mention,
    here: Position,
    candidates: list[Cluster],
    places: list[list[Position]],
    sexes: list[str],
    settled: list[Position | None],
    parts: Mapping[str, str],
) -> tuple[int, str]:
    """The candidate's number and why, or -1."""
    open_ = list(range(len(candidates)))
    title = honorific_before(mention, parts)
    sex = "m" if title in tables.MALE_HONORIFICS else "f" if title in tables.FEMALE_HONORIFICS else ""
    if sex:
        open_ = [n for n in open_ if sexes[n] in ("", sex)]
        sure = [n for n in open_ if sexes[n] == sex]
        if len(sure) == 1:
            return sure[0], f"the only one here called “{title}”"
    if mention.part != "body":
        return -1, ""
    before = {n: at - 1 for n in open_ if (at := bisect_left(places[n], here)) and places[n][0] < here}
    introduced = [n for n in before if places[n][before[n]][0] == here[0]]
    if len(introduced) == 1:
        return introduced[0], "the only one of that name introduced before"
    if not introduced:
        return -1, ""
    text = parts.get("body", "")
    paragraph = text.rfind("\n", max(0, mention.start - 2000), mention.start)
    named_here = [n for n in introduced if places[n][before[n]][1] > paragraph]
    if len(named_here) == 1:
        return named_here[0], "the only one of that name in the paragraph"
    if not named_here and not sex:
        # The one for whom the bare surname stood before the other came in keeps it.
        used = [n for n in introduced if settled[n] is not None]
        if len(used) == 1:
            return used[0], "the bare name stood for this one before"
    return -1, ""


def _gender_of(cluster: Cluster) -> str:
    titles = {title for form in cluster.forms for title in form.honorifics}
    if titles & tables.MALE_HONORIFICS:
        return "m"
    if titles & tables.FEMALE_HONORIFICS:
        return "f"
    return next((sex for form in cluster.forms if (sex := gender(form.name))), "")


def best_name(cluster: Cluster) -> Form:
    """The form that names the person: given and family name, spelt out, as often as can be."""
    return min(
        cluster.forms, key=lambda form: (_plainness(form.name), -sum(form.surfaces.values()), form.key)
    )


def _plainness(name: PersonName) -> tuple[bool, bool, int]:
    initial = bool(name.given) and len(name.given[0]) == 1
    return len(name.words) < 2, initial, abs(len(name.words) - 2)


def person_id(cluster: Cluster) -> str:
    """ "person/sergei-lavrov", the same in every article that prints given and family name.

    Middle initials are left out, safe spellings brought to one, a suffix kept; a lone surname is
    "person/~lavrov", which no full name ever shares.
    """
    name = best_name(cluster).name
    if len(name.words) < 2:
        return f"person/~{slug(' '.join(name.words) or best_name(cluster).key)}"
    if name.family_first:
        words = list(name.words)
    else:
        middles = [word for word in name.given[1:] if len(word) > 1 or len(name.given[0]) == 1]
        family = list(name.family) if len(name.family) > 1 else [family_key(name.family)]
        words = [given_key(name.given[0]), *middles, *family]
    return "person/" + "-".join([*words, *([name.suffix] if name.suffix else [])])
