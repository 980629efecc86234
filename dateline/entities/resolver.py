"""Mentions to entities, inside one article and with ids that hold across articles.

Everything is decided on forms (a spelling with its type), in an order that does not depend on the
order of the mentions. Three sources say that two forms are one: the user's entities.toml, the
knowledge base, and the names themselves. Each merge leaves a line of evidence.

The id comes from the user, the knowledge base, or the name. A surname that the article never spells
out gets an id of its own ("person/~lavrov"): nothing is merged across articles on a surname alone.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence

from dateline.entities import resolve_bodies as bodies
from dateline.entities import resolve_people as people
from dateline.entities.knowledge import Known, capital_of, lookup
from dateline.entities.knowledge_places import countries
from dateline.entities.name_tables import HOMES, STATES
from dateline.entities.names import alias_key, person_name, slug
from dateline.entities.resolve_forms import TYPES, Cluster, Form, group, position, votes
from dateline.entities.user import UserEntities
from dateline.models import Entity, Mention

# Where votes tie: a name that is a person once is hardly a firm.
_PRIORITY = ("PERSON", "ORGANIZATION", "LOCATION", "GROUP", "EVENT", "WORK", "LAW", "PRODUCT")
_GOVERNS = re.compile(
    r"(?:\s+(?:has|have|had|also|says|will))?\s+(?:said|says|claims|claimed|denied|denies|accused|accuses|insists|insisted|"
    r"warned|warns|wants|urged|agreed|agrees|refused|refuses|announced|imposed|responded|condemned|view|views|backs|backed|"
    r"vowed|threatened|rejected|rejects|called|recalled|expelled|retaliated)\b"
)


def resolve_mentions(
    mentions: Sequence[Mention], parts: Mapping[str, str], language: str, user: UserEntities
) -> list[Entity]:
    """The entities of an article, in the order in which they first stand in it, peoples last.

    `parts` maps part names ("body", "title", "caption:0") to their texts. Every mention whose text has
    a letter or digit is in exactly one entity.
    """
    types = _settle_types(mentions, user, language)
    forms = group(mentions, parts, types, language)

    def known(form: Form) -> str | None:
        entity = _known(form, user)
        return entity.id if entity else None

    persons = [form for form in forms if form.type == "PERSON"]
    others = [form for form in forms if form.type != "PERSON"]
    clusters = people.cluster_people(persons, parts, known, user.keeps_apart)
    clusters += bodies.cluster_bodies(others, parts, known, user.keeps_apart)
    return _entities(clusters, parts, user)


def _known(form: Form, user: UserEntities) -> Known | None:
    """The knowledge base's entity of a form, if there is one of that type.

    A lone surname is nobody's name, whatever aliases are listed; a mononym ("Madonna") is.
    """
    key = form.key
    if form.type == "LOCATION" and form.surface.endswith("."):
        key = STATES.get(key, key)  # "Calif."
    for entity in user.lookup(key):
        if entity.type != form.type:
            continue
        mine = key in user.known
        if form.type == "PERSON" and " " not in form.key and not mine and alias_key(entity.name) != form.key:
            continue
        return entity
    return None


def _settle_types(mentions: Sequence[Mention], user: UserEntities, language: str) -> dict[str, str]:
    """One type for each key that was found with several, by knowledge and by votes.

    Where all mentions agree they are believed: who found them saw the sentence, and the knowledge base
    does not (Bologna the city has a namesake among its clubs). Only what the article's own longer names
    show is put right.
    """
    counted = votes(mentions)
    family: set[str] = set()
    words: set[str] = set()
    heads: set[str] = set()
    tails: set[str] = set()
    called: set[tuple[str, str]] = set()
    for mention in mentions:
        type_of = TYPES.get(mention.label, mention.label)
        if type_of == "PERSON":
            name = person_name(mention.text, language)
            if len(name.words) > 1:
                words.update(name.words)
                family.add(" ".join(name.family))
                called.add((name.words[0][0], name.family[-1][:2]))
        elif type_of == "ORGANIZATION":
            key = alias_key(mention.text)
            heads.update(bodies.heads(key))
            tails.add(key.rpartition(" ")[2] if " " in key else "")
    settled: dict[str, str] = {}
    for key, counter in counted.items():
        # One of the world's thirty thousand towns has any name: towns prove nothing against the model.
        known = {entity.type for entity in user.lookup(key) if entity.field not in ("city", "state")}
        clubs = any("club" in entity.field.lower() or "team" in entity.field for entity in user.lookup(key))
        if clubs and set(counter) == {"ORGANIZATION", "LOCATION"}:
            continue  # Leverkusen the town, where the match is, and its club
        type_ = _settle(key, counter, known, family, words)
        if not user.lookup(key) and key not in words and not counter.keys() & {"GROUP"}:
            if key in heads or (key in tails and "PERSON" not in counter):
                type_ = "ORGANIZATION"  # "Tullow" where "Tullow Oil" stands, whatever the model said
            elif len(key) <= 7 and key[1:2] == " " and (key[0], key[2:4]) in called:
                type_ = "PERSON"  # "K-Fed" where Kevin Federline is
        if type_:
            settled[key] = type_
    return settled


def _settle(
    key: str, counter: Counter[str], known: set[str], family: set[str], words: set[str]
) -> str | None:
    labels = set(counter)
    if not known and key in family and labels <= {"ORGANIZATION", "PRODUCT", "WORK", "PERSON"}:
        return "PERSON"  # a surname that the model took for a firm
    if len(labels) == 1 or labels <= known:
        return None  # Barcelona the club and the city, in one article
    if "PERSON" in labels and known and key in words:
        return None  # Washington the city and Denzel Washington
    agreed = labels & known
    if len(agreed) == 1:
        return agreed.pop()
    return min(
        labels, key=lambda label: (-counter[label], _PRIORITY.index(label) if label in _PRIORITY else 99)
    )


def _entities(clusters: list[Cluster], parts: Mapping[str, str], user: UserEntities) -> list[Entity]:
    found: dict[tuple[str, str], Entity] = {}
    plain = Counter(people.person_id(c) for c in clusters if c.type == "PERSON" and c.known_id is None)
    for cluster in sorted(clusters, key=lambda cluster: cluster.first):
        entity = _entity(cluster, parts, user)
        if plain[entity.entity_id] > 1 and cluster.known_id is None and "/~" not in entity.entity_id:
            # George W. and George H. W. in one article: here the initials make the difference
            entity.entity_id = f"person/{slug(people.best_name(cluster).key)}"
        same = found.setdefault((entity.entity_id, entity.type), entity)
        if same is not entity:
            same.mentions += entity.mentions
            same.evidence += [line for line in entity.evidence if line not in same.evidence]
            same.names = list(dict.fromkeys([*same.names, *entity.names]))
    for entity in found.values():
        entity.mentions.sort(key=position)
    # Peoples come last: who shows one entity for an id shows the country before its adjective.
    return sorted(found.values(), key=lambda entity: entity.type == "GROUP")


def _entity(cluster: Cluster, parts: Mapping[str, str], user: UserEntities) -> Entity:
    known = _known_of(cluster, user)
    if cluster.type == "GROUP" and (home := _home_of(cluster.forms)):
        return _group(cluster, *home)
    person = cluster.type == "PERSON"
    best = people.best_name(cluster) if person else bodies.best_name(cluster)
    if known:
        id_, name = known.id, known.name
    else:
        id_, name = people.person_id(cluster) if person else bodies.body_id(cluster), best.surface
        name = _without_article(name)
        split = next((form for form in cluster.forms if form.key in user.split_keys), None)
        if split:
            id_ = f"{cluster.type.lower()}/{slug(split.key)}"
    surfaces = [text for form in sorted(cluster.forms, key=lambda f: f.first) for text in form.surfaces]
    evidence = list(dict.fromkeys(cluster.evidence))
    if known:
        evidence.insert(0, f"“{best.surface}” is {known.name} ({known.id}) in the knowledge base")
    if cluster.type == "LOCATION":
        evidence += _as_government(cluster, parts)
    return Entity(
        entity_id=id_,
        name=name,
        type=known.type if known else cluster.type,
        names=list(dict.fromkeys([name, *surfaces, *(known.aliases if known else ())])),
        mentions=cluster.mentions,
        evidence=evidence,
    )


def _home_of(forms: Sequence[Form]) -> tuple[str, str] | None:
    """The id and name of the country or party that a GROUP's forms belong to, if it is known."""
    for form in forms:
        for entity in lookup(HOMES.get(form.key, "")):
            return entity.id, entity.name
        for entity in lookup(form.key):
            if entity.type == "GROUP" and entity.country in countries():
                name = countries()[entity.country][0]
                return next(
                    ((k.id, k.name) for k in lookup(alias_key(name)) if k.country == entity.country), None
                )
    return None


def _group(cluster: Cluster, id_: str, name: str) -> Entity:
    """A nationality or a party's people: an entity beside the country or the party, under its id.

    So the adjective is no mention of the place, and yet who asks for Russia finds "Russian troops".
    """
    surfaces = [text for form in sorted(cluster.forms, key=lambda f: f.first) for text in form.surfaces]
    return Entity(
        entity_id=id_,
        name=name,
        type="GROUP",
        names=list(dict.fromkeys([name, *surfaces])),
        mentions=cluster.mentions,
        evidence=[
            f"“{surfaces[0]}” is said of what belongs to {name} ({id_}): linked, and kept apart by its type"
        ],
    )


def _known_of(cluster: Cluster, user: UserEntities) -> Known | None:
    if cluster.known_id is None:
        return None
    for form in cluster.forms:
        entity = _known(form, user)
        if entity and entity.id == cluster.known_id:
            return entity
    return None


def _without_article(name: str) -> str:
    return name[4:] if name[:4] in ("the ", "The ") and name[4:5].isupper() else name


def _as_government(cluster: Cluster, parts: Mapping[str, str]) -> list[str]:
    """ "Beijing said": the city stands for its government; said so, and kept apart from the country."""
    codes = [code for form in cluster.forms if (code := capital_of().get(form.surface))]
    if not codes:
        return []
    whose = f"a city, here also for the government of {countries()[codes[0]][0]}"
    for mention in cluster.mentions:
        found = _GOVERNS.match(parts.get(mention.part, ""), mention.end, mention.end + 40)
        if found:
            return [f"{whose}: “{mention.text}{found.group()}”"]
    return []
