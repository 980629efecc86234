"""Organisations, places and the rest: the forms that are one name cut short, spelt out or abbreviated."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Mapping

from dateline.entities import name_tables as tables
from dateline.entities.knowledge import lookup
from dateline.entities.names import alias_key, initials, organisation_key, slug
from dateline.entities.resolve_forms import Cluster, Form

_ACRONYM = re.compile(r"[A-Z][A-Za-z]?(?:[.&-]?[A-Z0-9]){1,6}s?\.?")
_EXPANDED = re.compile(r"[\"'”’]?\s*\(\s*(?:the\s+)?[\"'“‘]?")  # "European Union (EU)"
_TYPES_WITH_SHORT_FORMS = frozenset(("ORGANIZATION", "EVENT", "WORK", "LAW", "PRODUCT"))


def is_acronym(surface: str) -> bool:
    """Whether a printed form is capitals enough for an acronym: "EU", "U.N.", "AT&T", "IRGC"."""
    return len(surface) <= 9 and surface[:1].isupper() and _ACRONYM.fullmatch(surface) is not None


class _Union:
    """Clusters that grow together; the reasons travel with them."""

    def __init__(
        self, forms: list[Form], known: Callable[[Form], str | None], split: Callable[[str, str], bool]
    ):
        self.parent = list(range(len(forms)))
        self.forms = forms
        self.ids = [known(form) for form in forms]
        self.reasons: dict[int, list[str]] = defaultdict(list)
        self.split = split

    def find(self, n: int) -> int:
        while self.parent[n] != n:
            self.parent[n] = self.parent[self.parent[n]]
            n = self.parent[n]
        return n

    def join(self, a: int, b: int, reason: str) -> bool:
        """Joins unless the knowledge base or the user says that they are two."""
        a, b = self.find(a), self.find(b)
        if a == b:
            return True
        if self.ids[a] and self.ids[b] and self.ids[a] != self.ids[b]:
            return False
        if self.split(self.forms[a].key, self.forms[b].key):
            return False
        self.parent[b] = a
        self.ids[a] = self.ids[a] or self.ids[b]
        self.reasons[a] += [*self.reasons.pop(b, []), reason]
        return True

    def clusters(self) -> list[Cluster]:
        members: dict[int, list[Form]] = defaultdict(list)
        for n, form in enumerate(self.forms):
            members[self.find(n)].append(form)
        return [
            Cluster(_type_of(found), found, self.reasons.get(root, []), self.ids[root])
            for root, found in members.items()
        ]


def _type_of(forms: list[Form]) -> str:
    """The type of the form that says most: the longest."""
    return max(forms, key=lambda form: (len(form.key.split()), len(form.mentions), form.type)).type


def cluster_bodies(
    forms: list[Form],
    parts: Mapping[str, str],
    known: Callable[[Form], str | None],
    split: Callable[[str, str], bool],
) -> list[Cluster]:
    """All that are no people, each with its forms; `known` and `split` as in `cluster_people`."""
    forms = sorted(forms, key=lambda form: (-len(form.key), form.key, form.type))
    union = _Union(forms, known, split)
    by_id: dict[tuple[str, str], int] = {}
    for n, form in enumerate(forms):
        if (id_ := union.ids[n]) is not None:
            first = by_id.setdefault((form.type, id_), n)
            if first != n:
                union.join(
                    first, n, f"“{form.surface}” and “{forms[first].surface}” are one in the knowledge base"
                )
    _join_same_names(union, forms)
    _join_expanded(union, forms, parts)
    _join_acronyms(union, forms)
    _join_short_forms(union, forms)
    return union.clusters()


def _join_same_names(union: _Union, forms: list[Form]) -> None:
    """The same name but for its legal form, brackets, or the country in front or behind."""
    seen: dict[tuple[str, str], int] = {}
    for n in range(len(forms) - 1, -1, -1):  # the shortest first, so that longer ones find it
        form = forms[n]
        for key in _same_names(form):
            if (form.type, key) in seen:
                other = seen[form.type, key]
                union.join(other, n, f"“{form.surface}” is “{forms[other].surface}” but for form words")
        seen.setdefault((form.type, organisation_key(form.surface)), n)
        seen.setdefault((form.type, form.key), n)


def _is_country(key: str) -> bool:
    """A country or its adjective, which may stand before a body's name without being part of it."""
    return any(entity.field in ("country", "people") for entity in lookup(key))


def _same_names(form: Form) -> list[str]:
    keys = [organisation_key(form.surface)]
    if (bracket := form.surface.find("(")) > 0:
        keys.append(organisation_key(form.surface[:bracket]))
    words = form.key.split()
    if form.type == "ORGANIZATION":
        for cut in (1, 2):
            if len(words) - cut >= 2 and _is_country(" ".join(words[:cut])):
                keys.append(" ".join(words[cut:]))
    if form.type == "LOCATION" and "," in form.surface:
        head, _, tail = form.surface.partition(",")
        if any(entity.type == "LOCATION" for entity in lookup(alias_key(tail))):
            keys.append(alias_key(head))
    return keys


def _join_expanded(union: _Union, forms: list[Form], parts: Mapping[str, str]) -> None:
    """ "World Health Organization (WHO)" and "WHO (World Health Organization)", as printed."""
    starts: dict[tuple[str, int], int] = {
        (mention.part, mention.start): n for n, form in enumerate(forms) for mention in form.mentions
    }
    for n, form in enumerate(forms):
        for mention in form.mentions:
            text = parts.get(mention.part, "")
            opened = _EXPANDED.match(text, mention.end, mention.end + 8)
            other = starts.get((mention.part, opened.end())) if opened else None
            if other is None or other == n:
                continue
            longer, shorter = (n, other) if len(form.key) >= len(forms[other].key) else (other, n)
            if is_acronym(forms[shorter].surface) and _spells(forms[shorter].key, forms[longer].key):
                union.join(
                    longer, shorter, f"“{forms[shorter].surface}” stands in brackets at “{form.surface}”"
                )


def _spells(acronym: str, name: str) -> bool:
    """Whether the acronym's letters come in the name in order, the first at the head of a word."""
    letters = acronym.replace("&", "").rstrip("s") or acronym
    words = name.split()
    if len(words) < 2 or not any(word[0] == letters[0] for word in words):
        return False
    heads = sum(1 for letter in letters if any(word[0] == letter for word in words))
    at = 0
    for letter in letters:
        at = name.find(letter, at) + 1
        if at == 0:
            return False
    return heads * 2 > len(letters)


def _join_acronyms(union: _Union, forms: list[Form]) -> None:
    """An acronym joins the one name of the article whose initials it is."""
    spelt: dict[str, set[int]] = defaultdict(set)
    for n, form in enumerate(forms):
        words = form.key.split()
        if len(words) < 2 or is_acronym(form.surface):
            continue
        keys = {form.key, organisation_key(form.surface)}
        if _is_country(words[0]) and len(words) > 3:
            keys.add(" ".join(words[1:]))
        for key in keys:
            for letters in initials(key):
                spelt[letters].add(n)
                if form.type == "ORGANIZATION":
                    spelt[letters + "l"].add(n)  # Reliance Industries Ltd is RIL
        for cut in range(2, min(len(words), 7)):  # "UN Security Council", "BTC pipeline"
            for letters in initials(" ".join(words[:cut])):
                spelt[f"{letters} {' '.join(words[cut:])}"].add(n)
    for n, form in enumerate(forms):
        first = form.surface.split()[0]
        if len(first) < 2 or not is_acronym(first):
            continue
        letters = form.key.replace(" ", "") if is_acronym(form.surface) else form.key
        roots = {union.find(m) for m in spelt.get(letters, ()) if m != n and _may_share(forms[m], form)}
        if len(roots) == 1:
            root = roots.pop()
            if union.ids[union.find(n)] is not None and union.ids[root] is None and first == form.surface:
                continue  # "BBC" is known; the British Boxing Board of Control is another body
            union.join(root, n, f"“{form.surface}” are the initials of “{forms[root].surface}”")


def _may_share(a: Form, b: Form) -> bool:
    return a.type == b.type or {a.type, b.type} <= {"ORGANIZATION", "EVENT", "LAW", "PRODUCT", "WORK"}


def _join_short_forms(union: _Union, forms: list[Form]) -> None:
    """A shorter form joins the one longer name of which it is the head or the last words.

    "Tullow" is "Tullow Oil", "Guangxi" the "Guangxi Zhuang Autonomous Region", "the Commission" the one
    commission of the article. Where the knowledge base has the short form and not the long one, the
    long one may be another body ("BBC Studios"), and only words like "Group" are left out.
    """
    longer: dict[tuple[str, str], set[int]] = defaultdict(set)
    tails: dict[str, set[int]] = defaultdict(set)
    firsts: dict[str, set[int]] = defaultdict(set)
    for n, form in enumerate(forms):
        words = form.key.split()
        for head in heads(form.key, place=form.type == "LOCATION"):
            longer[form.type, head].add(n)
        if len(words) > 1:
            firsts[words[0]].add(n)
            if form.type == "ORGANIZATION":
                for cut in range(1, min(len(words), 4)):
                    tails[" ".join(words[cut:])].add(n)
    for n, form in enumerate(forms):
        if form.type not in _TYPES_WITH_SHORT_FORMS and form.type != "LOCATION":
            continue
        found = longer.get((form.type, form.key), set())
        if not found and form.type == "ORGANIZATION" and union.ids[union.find(n)] is None:
            found = tails.get(form.key, set()) or firsts.get(form.key, set())
            if any(forms[m].type != "ORGANIZATION" for m in found):
                continue
        roots = {union.find(m) for m in found} - {union.find(n)}
        if len(roots) != 1:
            continue
        root = roots.pop()
        short_known = union.ids[union.find(n)] is not None and union.ids[root] is None
        if short_known and form.type == "ORGANIZATION":
            rest = {word for m in found for word in forms[m].key[len(form.key) :].split()}
            if not rest <= tables.SAME_FIRM | tables.LEGAL_FORMS | tables.SMALL_WORDS:
                continue
        union.join(root, n, f"“{form.surface}” is short for “{forms[root].surface}”")


def heads(key: str, *, place: bool = False) -> list[str]:
    """The short forms that a name may have: without the words at its end that only say what it is."""
    words = key.split()
    droppable = tables.PLACE_DESCRIPTORS if place else tables.DESCRIPTORS
    found: list[str] = []
    for end in range(len(words) - 1, 0, -1):
        if words[end] in droppable:
            head = " ".join(words[:end])
            if head not in tables.DESCRIPTORS:
                found.append(head)
                if words[end] == "party":
                    found.append(head + "s")  # "Conservatives"
        elif words[end] not in tables.SMALL_WORDS and words[end] not in tables.LEGAL_FORMS:
            break
    return found


def best_name(cluster: Cluster) -> Form:
    """The form to show: spelt out rather than an acronym, then the most printed."""
    return min(
        cluster.forms,
        key=lambda form: (is_acronym(form.surface), -sum(form.surfaces.values()), -len(form.key), form.key),
    )


def body_id(cluster: Cluster) -> str:
    """ "organization/huawei": the shortest form that is no acronym, without legal form."""
    spelt = [form for form in cluster.forms if not is_acronym(form.surface)] or cluster.forms
    keys = sorted(
        (organisation_key(form.surface) or form.key for form in spelt), key=lambda key: (len(key), key)
    )
    return f"{cluster.type.lower()}/{slug(keys[0])}"
