"""The organisations of an article: which names are one, their fullest form, and who 'the company' is."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from ingest.agreements.boundaries import is_head, is_place, is_stop
from ingest.agreements.names import Name, Sort
from ingest.agreements.vocabulary import vocabulary
from ingest.organisations import resolve

__all__ = ["Organisation", "Roster", "build_roster", "may_act"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Organisation:
    """An organisation as one article knows it.

    Attributes:
        full: Its fullest form in the article.
        sort: What it seems to be.
        count: How often it is named.
        first: Where it is first named in the text, negative in the title.
        defined: Whether a bracket makes it 'the Company'.
    """

    full: str
    sort: Sort
    count: int
    first: int
    defined: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Roster:
    """All organisations of an article by every form that names them.

    Attributes:
        forms: Folded form → organisation.
        subject: The organisation that the article is about, if one stands out: what 'the company' and 'we' mean.
        surface: Forms as they are written, longest first, for finding names in a headline.
    """

    forms: Mapping[tuple[str, ...], Organisation]
    subject: Organisation | None = None
    surface: tuple[str, ...] = field(default=(), repr=False)

    def find(self, text: str) -> Organisation | None:
        """The organisation that a form names."""
        return self.forms.get(fold(text))


_SPLIT = re.compile(r"[^\W_]+(?:[+&][^\W_]*)*")
# What an article may be about and no organisation is.
_EVENT = re.compile(
    r"\b(?:day|week|summit|forum|conference|congress|expo|festival|awards?|symposium|seminar|fair|agreement|treaty|road"
    r"|campus|programme|program|bachelor|master|diploma|degree|scholarships?|prize|lecture|meeting|luncheon|cup"
    r"|release|update|study|survey|report|strategy|bill|protocol|registrar|optimi[sz]ation|language)$"
    r"|^(?:master|bachelor|doctor|diploma) of\b|\b(?:master|bachelor) of [a-z]",
    re.IGNORECASE,
)
# What a bracket calls an organisation without naming it ('the Company').
_GENERIC = re.compile(
    r"company|corporation|group|bank|university|firm|issuer|fund|trust|institute|party|parties", re.IGNORECASE
)
_COMPANIES = frozenset({"company", "corporation", "group", "firm", "bank"})
_FORMS = frozenset({"company", "corporation", "holdings"})
# A part of an organisation, or what it makes: not a longer name of it.
_ORGAN = re.compile(
    r"board|team|office|department|division|committee|unit|foundation|ventures?|capital|labs?|fund|protocol"
)
# Where an organisation does part of its work: a longer name of it only where it is hardly ever called otherwise.
_SITE = re.compile(r"cent(?:er|re)s?|hub|academy|institute|campus|plant|factory|park|store|club")
_MOST_ALIKE = 40  # names with a word in common that are looked through
_OPENING = 300  # characters in which an article that names nobody twice says whom it is about
_OWNED = frozenset({"of", "the", "for", "at", "and", "in"})
_EXTENSION = re.compile(r"ai|labs?|studios?", re.IGNORECASE)


_SHORT_PLACES = {"nz": ("new", "zealand"), "hk": ("hong", "kong"), "uk": ("united", "kingdom")}


def fold(text: str) -> tuple[str, ...]:
    """Tokens of a name without case, leading article and legal forms: equal for forms of one name."""
    tokens = [token.casefold() for token in _SPLIT.findall(re.sub(r"['’]s\b", "", text))]
    if len(tokens) > 1 and not _SHORT_PLACES.keys().isdisjoint(tokens):
        tokens = [word for token in tokens for word in _SHORT_PLACES.get(token, (token,))]
    if tokens and tokens[0] == "the":
        tokens = tokens[1:]
    bare = [token for i, token in enumerate(tokens) if i == 0 or not _is_form(token)]
    return tuple(bare)


@lru_cache(maxsize=16384)
def _is_form(token: str) -> bool:
    return bool(vocabulary().legal.fullmatch(token))


@dataclass(slots=True)
class _Cluster:
    full: str
    key: tuple[str, ...]
    sort: Sort
    count: int
    first: int
    keys: set[tuple[str, ...]]
    defined: bool = False
    is_own: bool = False


def build_roster(names: Iterable[tuple[int, Name]], title: str | None, about: frozenset[str] = frozenset()) -> Roster:
    """Group the names of an article.

    Args:
        names: Each name with its position in the text.
        title: The headline, whose organisations matter most.
        about: Names over 'About …' blocks: an organisation's own full form.
    """
    seen: dict[tuple[str, ...], _Cluster] = {}
    aliases: dict[tuple[str, ...], tuple[str, ...]] = {}
    for position, name in names:
        key = fold(name.text)
        if not key or name.sort is Sort.PERSON or (len(key) == 1 and vocabulary().heads.fullmatch(key[0])):
            continue
        cluster = seen.setdefault(
            key, _Cluster(full=name.text, key=key, sort=name.sort, count=0, first=position, keys={key})
        )
        cluster.count += 1
        if len(name.text) > len(cluster.full) and _is_plain(cluster.full) and not name.text.isupper():
            cluster.full = name.text
        cluster.sort = name.sort if name.sort is Sort.ORGANISATION else cluster.sort
        for alias in name.aliases:
            if _GENERIC.fullmatch(alias):
                cluster.defined = cluster.defined or alias.casefold() in _COMPANIES
            elif not alias.casefold().startswith(("company", "the ")) and fold(alias) and fold(alias) != key:
                aliases.setdefault(fold(alias), key)
    aliases = _by_table(seen) | aliases
    own = {fold(name) for name in about}
    for cluster in seen.values():
        cluster.is_own = cluster.key in own or any(key[: len(cluster.key)] == cluster.key for key in own)
    clusters = _merge(seen, aliases)
    forms = {
        key: Organisation(
            full=cluster.full, sort=cluster.sort, count=cluster.count, first=cluster.first, defined=cluster.defined
        )
        for cluster in clusters
        for key in cluster.keys
    }
    return Roster(forms=forms, subject=_subject(forms, title))


def _is_plain(full: str) -> bool:
    """Whether a form has no legal form yet: of two, the one that was used first is the organisation's own."""
    return not any(_is_form(token) for token in _SPLIT.findall(full.casefold())[1:])


def _by_table(seen: Mapping[tuple[str, ...], _Cluster]) -> dict[tuple[str, ...], tuple[str, ...]]:
    """Abbreviations of the article, with its names that they stand for by the table of known institutions."""
    found = {}
    for key, cluster in seen.items():
        known = resolve(cluster.full) if _letters(cluster) else None
        forms = [fold(name) for name in (known.name, *known.names)] if known else []
        if full := next((form for form in forms if len(form) > 1 and form in seen), None):
            found[key] = full
    return found


class _Index:
    """Clusters by what a short form of them may be, so that a text of many names costs no more for each."""

    def __init__(self) -> None:
        self._by_word: dict[str, list[_Cluster]] = {}
        self._by_letters: dict[str, list[_Cluster]] = {}

    def add(self, cluster: _Cluster) -> None:
        for word in set(cluster.key):
            self._by_word.setdefault(word, []).append(cluster)
        for letters in _acronyms(cluster):
            self._by_letters.setdefault(letters, []).append(cluster)

    def home(self, cluster: _Cluster) -> _Cluster | None:
        """The cluster that another is a short form of."""
        if cluster.sort is Sort.PLACE:
            return None
        letters = self._by_letters.get(_letters(cluster), []) if cluster.full.isupper() else []
        near = [*letters, *self._by_word.get(cluster.key[0], ())[:_MOST_ALIKE]]
        return next((full for full in near if _is_short_for(cluster, full)), None)


def _merge(seen: dict[tuple[str, ...], _Cluster], aliases: dict[tuple[str, ...], tuple[str, ...]]) -> list[_Cluster]:
    """Put short forms with the fullest: brackets first, then initials, then what a longer name begins with."""
    owner: dict[tuple[str, ...], _Cluster] = {}
    clusters: list[_Cluster] = []
    index = _Index()
    for cluster in sorted(seen.values(), key=lambda c: (c.key in aliases, -len(c.key), c.first)):
        target = aliases.get(cluster.key)
        home = owner[target] if target and target in owner else index.home(cluster)
        if home is None:
            clusters.append(cluster)
            index.add(cluster)
            owner[cluster.key] = cluster
            continue
        owner[cluster.key] = home
        home.keys |= cluster.keys
        home.count += cluster.count
        home.first = min(home.first, cluster.first)
        home.defined = home.defined or cluster.defined
        if home.sort is Sort.UNKNOWN:
            home.sort = cluster.sort
    for alias, target in aliases.items():
        if alias not in owner and target in owner:
            owner[target].keys.add(alias)
    return clusters


def _is_short_for(short: _Cluster, full: _Cluster) -> bool:
    """Whether one name is likely a short form of a longer one of the same article."""
    if full.sort in {Sort.PLACE, Sort.PERSON, Sort.OTHER} or len(short.key) >= len(full.key):
        return False
    if len(short.key) < 3 and (letters := _letters(short)) and letters in _acronyms(full):
        return True
    whole = " ".join(short.key)
    if is_place(whole) or all(is_head(t) or is_stop(t) for t in short.key):
        return False
    return _is_beginning(short, full) or _is_rest(short, full)


def _letters(cluster: _Cluster) -> str:
    """What an acronym spells, without spaces; nothing where the form is none."""
    written = re.fullmatch(r"[A-Z&]{2,8}(?: [A-Z]{2,5})?", cluster.full)
    return cluster.full.casefold().replace(" ", "") if written else ""


def _acronyms(cluster: _Cluster) -> set[str]:
    """What an acronym of a name may be: its initials, with or without small words, or the last four of them or more."""
    if len(cluster.key) < 2:
        return set()
    every = "".join(token[0] for token in cluster.key)
    content = "".join(token[0] for token in cluster.key if token not in {"of", "and", "for", "the", "on", "in"})
    return {every, content, *(every[at:] for at in range(1, len(every) - 3))}


def _is_beginning(short: _Cluster, full: _Cluster) -> bool:
    """'Acme' of 'Acme Instruments Company'; not 'Acme' of 'Acme Cloud', which may be a product."""
    if full.key[: len(short.key)] != short.key:
        return False
    words = vocabulary()
    rest = full.key[len(short.key) :]
    if _SITE.fullmatch(rest[-1]) and len(rest) > 1 and short.count > 2 * full.count:
        return False
    has_form = full.key[-1] in _FORMS or fold(full.full) != tuple(_SPLIT.findall(full.full.casefold()))
    if _ORGAN.fullmatch(rest[-1]):
        return False
    introduced = short.first < 0 or full.first <= short.first or full.is_own or has_form
    if words.heads.fullmatch(rest[0]) or words.legal.fullmatch(rest[0]) or _EXTENSION.fullmatch(rest[0]):
        return introduced or len(rest) == 1
    if words.places.fullmatch(" ".join(rest)):
        return introduced
    ends = bool(words.heads.fullmatch(rest[-1])) or has_form
    return full.sort is Sort.ORGANISATION and ends and introduced and len(rest) <= 3


def _is_rest(short: _Cluster, full: _Cluster) -> bool:
    """'Cyberport' of 'Hong Kong Cyberport', 'Leeds University' of 'University of Leeds'."""
    if (len(short.key) == 1 and full.key == ("university", "of", *short.key)) or _is_core(short, full):
        return True
    if full.key[-len(short.key) :] == short.key:
        return _is_ending(short, full)
    if full.sort is not Sort.ORGANISATION:
        return False
    if sorted(word for word in full.key if word != "of") == sorted(short.key):
        return True
    width = len(short.key)
    inside = any(full.key[i : i + width] == short.key for i in range(len(full.key) - width + 1))
    return width > 1 and inside and not (is_head(short.key[-1]) or is_head(short.key[0]))


def _is_ending(short: _Cluster, full: _Cluster) -> bool:
    """Whether the rest of a name is a place, or the ending an organisation of its own: not the owner of it."""
    if full.key[-len(short.key) - 1] in _OWNED or re.search(rf"[-–/]{re.escape(short.full)}$", full.full):
        return False
    front = " ".join(full.key[: -len(short.key)])
    return is_place(front) or (len(short.key) > 1 and full.sort is Sort.ORGANISATION)


def _is_core(short: _Cluster, full: _Cluster) -> bool:
    """'Tallis' of 'Shanghai Tallis Pharmaceutical': between a place and what the organisation is."""
    if full.sort is not Sort.ORGANISATION:
        return False
    for width in (1, 2, 3):
        rest = full.key[width + len(short.key) :]
        if full.key[width : width + len(short.key)] == short.key and is_place(" ".join(full.key[:width])):
            return all(is_head(word) or _is_form(word) for word in rest)
    return False


def may_act(organisation: Organisation) -> bool:
    """Whether an organisation may be the one that an article is about: no place, event, degree or programme."""
    return organisation.sort is not Sort.PLACE and not _EVENT.search(organisation.full)


def _subject(forms: Mapping[tuple[str, ...], Organisation], title: str | None) -> Organisation | None:
    """The organisation that the article is about: 'the Company', else the first of the title, else of the text."""
    organisations = sorted(set(forms.values()), key=lambda o: o.first) if forms else []
    organisations = [o for o in organisations if may_act(o)]
    for organisation in organisations:
        if organisation.defined:
            return organisation
    if title:
        placed = [
            (at, -len(o.full), o) for key, o in forms.items() if may_act(o) and (at := _position(key, title)) >= 0
        ]
        if placed:
            first = min(placed, key=lambda item: item[:2])[2]
            most = max(placed, key=lambda item: item[2].count)[2]
            return most if most.count > 2 * first.count else first
    often = next((o for o in organisations if o.count > 1), None)
    return often or next((o for o in organisations if o.sort is Sort.ORGANISATION and o.first < _OPENING), None)


def _position(key: tuple[str, ...], title: str) -> int:
    """Where in a headline, in tokens, a form begins; -1 where it does not occur."""
    tokens = [token.casefold() for token in _SPLIT.findall(re.sub(r"['’]s\b", "", title))]
    width = len(key)
    return next((i for i in range(len(tokens) - width + 1) if tuple(tokens[i : i + width]) == key), -1)
