"""Ways of saying it whose parties do not stand where the sides of a trigger are looked for, read in a skeleton.

A named B as its partner;  A has come on board as B's partner;  partners of A include B, C and D
the accord commits|binds|brings together A and B;  it pairs A with B;  one with B, one with C and one with D
A licensed, granted, won … rights … to|from B;  B becomes A's distributor;  run jointly by A and B
A, …'s president and B's founder signed …;  A and B …, and on Friday they signed …;  under a pact, A, B and C will …
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from ingest.agreements.names import Name
from ingest.agreements.parties.reading import Reading, Reference
from ingest.agreements.parties.skeleton import FIRM, PLACE, Skeleton, skeleton
from ingest.agreements.triggers import Trigger
from ingest.documents import Kind

__all__ = ["Construction", "constructions", "may_build", "speaks_for"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Construction:
    """A way of saying it that a sentence has.

    Attributes:
        name: Which.
        reading: Who it says agreed with whom.
        trigger: Its words.
    """

    name: str
    reading: Reading
    trigger: Trigger


_ANY = "[\ue000-\ue7ff]+"
_SOME, _TWO = f"{FIRM}+", f"(?:{FIRM}{{2,}}|{PLACE}{{2,}})"
_DAY = r"(?:(?:on|in|last|this|late|early|next) (?:[A-Z]\w+|\d+ \w+|week|month|year)(?: \d+)?|today|yesterday|earlier(?: this \w+)?)"
_AUX = (
    rf"(?:(?:has|have|had|is|was|were|are|will|would|to|be|been|also|both|each|formally|officially|jointly|recently|now|just|then"
    rf"|newly|finally|all|agreed to|said \w+ (?:has|have|had|would|will)|announced \w+ (?:has|have|had|would|will)|{_DAY}),? )*"
)
_SIGN = (
    r"(?:sign(?:s|ed|ing)?|ink(?:s|ed)?|seal(?:s|ed)?|str(?:uck|ikes?)|reach(?:es|ed)?|conclud(?:es?|ed)|penn?(?:ed|s)|initial(?:l?ed|s)"
    r"|agree[ds]?(?: on| to)?|announce[sd]?|unveil(?:s|ed)?|enter(?:s|ed)?(?: into)?|form(?:s|ed)?|forg(?:es?|ed)|establish(?:es|ed)?"
    r"|set(?:s|ting)? up|launch(?:es|ed)?|renew(?:s|ed)?|extend(?:s|ed)?|exchanged?|put (?:their|its) (?:names?|signatures?) to|cement(?:s|ed)"
    r"|finali[sz](?:es?|ed)|complet(?:es?|ed)|formali[sz](?:es?|ed))"
)
_DOC = (
    r"(?:memorand(?:um|a|ums)|MoUs?|MOUs?|agreements?|pacts?|accords?|deals?|partnerships?|alliances?|collaborations?|co-?operation"
    r"|tie-ups?|joint ventures?|treat(?:y|ies)|arrangements?|protocols?|declarations?|letters? of intent|ventures?|consorti(?:um|a))"
)
_GAP = r"(?:(?![;:.] )[^\ue000-\uefff]){0,%d}?"
_MARKS = "[\ue000-\uefff]"


def _gap(most: int) -> str:
    return _GAP % most


_PARTNER = r"(?:partners?|distributors?|licensees?|representative|ally|collaborators?)"
_PICK = (
    r"(?:picked|picks|chose|chosen|selected|named|tapped|appointed|appoints|enlisted|recruited|signed up|signs up|brought in|brings in|welcomed|welcomes"
    r"|unveiled|taken on|took on|made|makes)"
)
_FACILITY = r"(?:laborator(?:y|ies)|labs?|cent(?:re|er)s?|institutes?|incubators?|accelerators?|campus(?:es)?|parks?|hubs?|platforms?|bases?|schools?|colleges?)"
_RIGHTS = r"(?:rights?|licen[cs]es?)"

# Name, kind where the words decide it, whether each of the other side has a document of its own, and the pattern: `a`
# acts, `b` is the other side, `t` are the words of the act.
_PATTERNS: tuple[tuple[str, Kind | None, bool, str], ...] = (
    ("sign", None, False, rf"(?P<a>{_TWO}) (?:{_AUX})(?P<t>{_SIGN})\b(?= {_gap(70)}{_DOC}\b| (?:the |an? )?[\uec00-\uefff])"),
    ("list", None, True, rf"(?P<a>{FIRM}) {_AUX}(?P<t>{_SIGN})\b{_gap(60)}\b(?:memoranda|MoUs|MOUs|(?:agreement|pact|deal|partnership|accord|memorandum|arrangement|treatie)s)\b{_gap(50)} with (?P<b>{FIRM}{{2,}})"),
    ("each", None, True, rf"(?P<b>{_SOME}) (?:have |has )?(?:each|all|separately) (?P<t>{_SIGN})\b{_gap(60)}{_DOC}\b{_gap(40)}\bwith (?P<a>{FIRM})(?!{FIRM})"),
    ("pen", None, False, rf"(?P<a>{_TWO}) {_AUX}(?P<t>put pen to paper|put their (?:names?|signatures?) to|committed themselves|bur(?:y|ied) the hatchet|link(?:ed)? arms|pool(?:ed|ing)?\b(?= {_gap(60)}joint))"),
    ("name to", None, False, rf"(?P<a>{_SOME}) {_AUX}(?P<t>put (?:its|their) (?:names?|signatures?) to)\b{_gap(60)}\bwith (?P<b>{_SOME})"),
    ("as partner", None, False, rf"(?P<a>{_SOME}) {_AUX}(?P<t>{_PICK}) (?P<b>{_SOME}) (?:as|to be) (?:its|their|an?|the|one of)\b{_gap(40)}\b{_PARTNER}\b"),
    ("partner of", None, False, rf"(?P<a>{_SOME}) {_AUX}(?:(?P<t>named|chosen|selected|picked|tapped|appointed|become|becomes|became|sign(?:ed|s)? (?:up|on)|come (?:on board|aboard)|came (?:on board|aboard)|comes (?:on board|aboard))(?: as)?) (?:(?:the|an?) {_gap(40)}{_PARTNER} (?:of|for|to) (?P<b>{_SOME})|(?P<b2>{_SOME})['’]s?{_gap(40)} ?{_PARTNER}\b)"),
    ("makes partner", Kind.LICENSING, False, rf"(?P<t>makes|made) (?P<a>{_SOME}) (?:the|an?)? ?(?:(?:exclusive|sole|[a-z-]+) )*(?:distributor|licensee|agent) (?:of|for) (?P<b>{_SOME})"),
    ("found partner", None, False, rf"(?P<a>{_SOME}) {_AUX}(?P<t>found|gained?|gains|secured|secures|finds|wins|won) (?:an?|its|another)\b{_gap(30)} partner in (?P<b>{_SOME})"),
    ("commits", None, False, rf"(?:{_DOC}|[Ii]t)(?: {_gap(60)})? (?P<t>commits?|binds?|pairs|ties|links|unites|obliges|brings? together|comprises|groups|joins)(?: together)? (?P<a>{_TWO})"),
    ("pairs with", None, False, rf"{_DOC}\b{_gap(60)} (?P<t>pairs|ties|links|unites|teams) (?P<a>{_SOME}) (?:up )?(?:with|to) (?P<b>{_SOME})"),
    ("brings together", None, False, rf"\b(?P<t>brings? together|bringing together) (?P<a>{_TWO})"),
    ("teams", None, False, rf"(?P<a>{_SOME}) {_AUX}(?P<t>team(?:s|ed|ing)?|buddied up|join(?:s|ed|ing) up|pair(?:s|ed|ing)?(?: up| off)?|all(?:ies|ied)|seal(?:s|ed) terms|hook(?:s|ed|ing) up|sign(?:s|ed) up|gets? together|got together) (?:{_DAY} )?with (?P<b>{_SOME})"),
    ("joins in", None, False, rf"(?P<a>{_SOME}) {_AUX}(?P<t>join(?:s|ed|ing)?) (?P<b>{_SOME}) (?:in|on|for|to (?:form|launch|set up|build|found|create)) (?:an?|the|its|their)\b(?= {_gap(40)}\b(?:{_DOC}|{_FACILITY}|programme|program|scheme|initiative|project))"),
    ("joins to", None, False, rf"(?P<a>{_SOME}) {_AUX}(?P<t>join(?:s|ed|ing)?) (?P<b>{_SOME}),? (?:in|to) (?:[a-z]+ing|offer|develop|build|train|run|create|bring|sell|launch)\b"),
    ("launches with", None, False, rf"(?P<a>{_SOME}) {_AUX}(?P<t>launch(?:es|ed)|set(?:s|ting)? up|establish(?:es|ed)|open(?:s|ed)|creat(?:es|ed)|start(?:s|ed)) (?:an?|the|its) [^;.]{{0,70}}?\b(?:initiative|programme|program|scheme|platform|project|{_FACILITY}) (?:{_gap(20)} )?(?:with|alongside) (?P<b>{_SOME})"),
    ("whose", None, False, rf"(?P<a>{_TWO}),? whose {_gap(50)}(?P<t>{_SIGN})\b(?= {_gap(60)}{_DOC})"),
    ("members of", None, False, rf"(?P<a>{_TWO}) (?:are|were|became|become) (?:the|among the|two of the|its)? ?(?:{_gap(20)} )?(?P<t>members|signatories|parties|partners|founders) (?:of|to|in|behind) (?:(?:the|an?|this)\b)?[^;.]{{0,60}}?(?:{_DOC}|[\uec00-\uefff]|{FIRM})"),
    ("said together", None, False, rf"(?P<a>{_SOME}) (?:said|says|announced|confirmed)\b{_gap(30)},? (?:together|jointly|along|in partnership) with (?P<b>{_SOME}),? it (?P<t>would|will|had|has|plans|intends|is)\b"),
    ("sets up", None, False, rf"(?P<a>{_TWO}) {_AUX}(?P<t>set(?:ting)? up|form(?:ed|ing)?|found(?:ed|ing)?|establish(?:ed|ing)?|creat(?:ed|ing|e)|launch(?:ed|ing)?|open(?:ed|ing)?|build(?:ing)?|built|start(?:ed|ing)?) (?:an?|their)\b{_gap(40)} ?\b(?:company|firm|fund|venture|entity|business|{_FACILITY})\b"),
    ("hands back", Kind.LICENSING, False, rf"(?P<a>{_SOME}) {_AUX}(?P<t>hand(?:ed|s) back|return(?:ed|s)|g(?:ave|ives?) back) (?:{_gap(60)}\b{_RIGHTS}{_gap(60)} )?(?:to )?(?P<b>{_SOME})"),
    ("hub's partner", None, False, rf"(?P<b>{_SOME}) {_AUX}(?:(?:said|says|announced|confirmed)\b{_gap(30)} it {_AUX})?(?P<t>becom(?:es?|ing)|became|named|is|chosen|appointed|serv(?:es?|ed) as|joined as) (?:the (?:company|firm|group|bank|start-up|park|university|exchange|institute)['’]s|its)\b{_gap(30)} {_PARTNER}\b"),
    ("enters with", None, False, rf"(?P<a>{_SOME}) {_AUX}(?P<t>enter(?:s|ed|ing)?(?: into)?) (?:an?|the|its|their)\b{_gap(30)} (?:association|relationship|arrangement|league|union|programme|scheme|understanding|pairing|co-?development) with (?P<b>{_SOME})"),
    ("to sign up with", None, False, rf"(?P<a>{_SOME}) [^;.\ue000-\uefff]{{0,50}}?\b(?P<t>to (?:sign up|team up|join forces|partner|link up|tie up|work together)) with (?P<b>{_SOME})"),
    ("with and with", None, True, rf"(?P<a>{FIRM}) {_AUX}(?P<t>{_SIGN}|team(?:s|ed) up|partner(?:s|ed)|joined (?:hands|forces))\b{_gap(60)}\bwith (?P<b>{FIRM}){_gap(60)},? and (?:also |another |one )?with (?P<b2>{FIRM})"),
    ("agreed by", None, False, rf"\b(?P<t>agreed|signed|initialled|inked) (?:{_DAY} )?by (?P<a>{_TWO})"),
    ("pays for rights", Kind.LICENSING, False, rf"(?P<a>{_SOME}) {_AUX}(?P<t>pays?|paid) (?P<b>{_SOME}) [^;\ue000-\ue3ff]{{0,80}}?\b{_RIGHTS}\b"),
    ("partners whom", None, False, rf"(?P<a>{_SOME})[^;.\ue000-\uefff]{{0,60}}? (?P<t>partner(?:s|ed|ing)?) (?P<b>{_SOME})"),
    ("by both", None, False, rf"\b(?P<t>set up|founded|established|run|operated|built|launched|created|formed) by (?P<a>{_TWO})"),
    ("belongs", None, False, rf"\b(?P<t>belongs jointly|belong jointly|belongs) to (?P<a>{_TWO}), which {_AUX}(?:set|found|buil|open|establish)"),
    ("signed by", None, False, rf"\b{_DOC}\b{_gap(50)} (?P<t>signed|initialled|inked|sealed|concluded|reached|struck)\b{_gap(30)}(?:{PLACE}{_gap(30)})?\bby (?P<a>{_TWO})"),
    ("joining", None, False, rf"\b(?P<t>[Jj]oining) (?P<a>{_SOME}) in (?:the|an?)\b{_gap(50)}{_DOC}\b{_gap(20)} (?:are|is|will be|were) (?P<b>{_SOME})"),
    ("behalf", None, False, rf"\b(?P<t>signed|initialled|signs)\b{_gap(80)}(?:{_MARKS}{_gap(50)})?\b(?:on behalf of|for) (?P<a>{_ANY}){_gap(30)}(?:{_MARKS}{_gap(80)}){{0,2}}\b(?:on behalf of|for) (?P<b>{_ANY})"),
    ("partners include", None, True, rf"\b(?P<t>[Pp]artners?) (?:of|for|to) (?P<a>{FIRM}){_gap(40)}(?:include|are|were|is)s? (?P<b>{_SOME})"),
    ("its partners", None, True, rf"(?P<a>{FIRM})['’]s?{_gap(30)} (?P<t>partners?){_gap(40)} (?:include|are|were|is)s? (?P<b>{_SOME})"),
    ("partners", None, True, rf"\b(?:[Oo]ther|[Nn]ew|[Ff]urther|[Ii]ts|[Tt]he|[Oo]ur)\b{_gap(40)} ?(?P<t>partners?)\b{_gap(60)} (?:include|are|were)s? (?P<b>{_SOME})"),
    ("one with", None, True, rf"(?P<a>{FIRM})[^;.]{{0,120}}?\b(?P<t>one|the first) (?:was |is |being )?(?:signed )?with (?P<b>{_SOME}){_gap(60)},? (?:and )?(?:one|another|the second|a second|the other) (?:was |is |being )?(?:signed )?with (?P<b2>{_SOME})(?:{_gap(60)},? (?:and )?(?:one|another|the third|a third|the last) (?:was |is |being )?(?:signed )?with (?P<b3>{_SOME}))?"),
    ("members", None, False, rf"\b(?:[Mm]embers|[Ss]ignatories|[Tt]hose|[Pp]arties|[Ff]ounders|[Pp]artners)\b{_gap(20)} (?:of|to|that|who|in)\b{_gap(40)}(?P<t>{_DOC})\b{_gap(30)} (?:are|include|were|is) (?P<a>{_TWO})"),
    ("dotted line", None, False, rf"\b(?P<t>[Ss]igning|[Ss]ignatories)\b{_gap(40)} (?:are|were|was|include) (?P<a>{_TWO})"),
    ("saw", None, False, rf"\b(?:saw|sees|see|watched|witnessed) (?P<a>{_TWO}) (?P<t>sign|ink|exchange|seal|initial|conclude|enter|put|agree|announce|launch|establish|form)\b"),
    ("would see", None, False, rf"(?P<a>{_SOME}) {_AUX}(?P<t>{_SIGN})\b{_gap(40)}{_DOC}\b{_gap(60)}\b(?:see|sees|seeing|lets?|allows?|allowing|enables?|enabling|gives?|giving|under which|whereby) (?P<b>{FIRM})(?= [a-z])"),
    ("with will see", None, False, rf"\b{_DOC} (?P<t>with) (?P<a>{_SOME}){_gap(40)}\b(?:see|sees|saw|lets?|allows?|enables?|gives?|commits) (?P<b>{FIRM})"),
    ("with", None, False, rf"(?:^|[,“] )[Ww]ith (?P<b>{_SOME}), (?P<a>{FIRM})? ?[^,;.\ue000-\uefff]{{0,40}}?{_AUX}(?P<t>{_SIGN})\b(?= {_gap(50)}{_DOC})"),
    ("under", None, False, rf"(?:^|, )(?:[Ii]n|[Uu]nder|[Tt]hrough|[Vv]ia|[Bb]y|[Aa]s part of) (?:an?|the|this|their|one)\b{_gap(60)}(?P<t>{_DOC})\b{_gap(60)}, (?P<a>{FIRM}{{2,}}|{PLACE}{{2,}})(?= )"),
    ("jointly by", None, False, rf"\b(?:(?:run|operated|established|founded|set up|built|launched|initiated|developed|funded|created|organised|organized|managed|owned|backed|formed|designed|hosted)(?P<t> jointly)|(?P<t2>jointly) (?:run|operated|established|founded|set up|built|launched|initiated|developed|funded|created|managed|owned|formed|designed)) by (?P<a>{_TWO})"),
    ("owned", Kind.JOINT_VENTURE, False, rf"\b(?:[Vv]enture|[Cc]ompany|[Ff]irm)\b{_gap(40)}(?P<t>owned|held) {_gap(30)}by (?P<a>{_SOME}) and {_gap(30)}by (?P<b>{_SOME})"),
    ("the rest", Kind.JOINT_VENTURE, False, rf"(?P<a>{_SOME}) {_AUX}(?P<t>holds?|own(?:s|ed)?|takes?|held) [^;.\ue000-\uefff]{{0,60}}(?:venture|company|firm|it)\b,?{_gap(20)} and (?P<b>{_SOME}) (?:the rest|the remainder|the other|\d)"),
    ("won rights", Kind.LICENSING, False, rf"(?P<a>{_SOME}) {_AUX}(?P<t>won|wins?|secur(?:ed|es?)|obtain(?:ed|s)?|gain(?:ed|s)?|acquir(?:ed|es?)|receiv(?:ed|es?)|gets?|got|takes?|took|bought|buys|picked up|pa(?:id|ys)|licen[cs](?:ed|es?)|in-licen[cs](?:ed|es?)|given|granted|awarded)\b{_gap(70)}\b{_RIGHTS} {_gap(50)}(?:from |of |to (?:[a-z]+ )?|on |for )(?P<b>{FIRM})(?:['’]s)?"),
    ("from rights", Kind.LICENSING, False, rf"(?P<a>{_SOME}) {_AUX}(?P<t>won|secured|obtained|gained|acquired|received|got|took|bought|licen[cs]ed|in-licen[cs]ed)\b{_gap(40)} from (?P<b>{FIRM}){_gap(40)}\b(?:{_RIGHTS})\b"),
    ("gave rights", Kind.LICENSING, False, rf"(?P<a>{_SOME}) {_AUX}(?P<t>gave|gives|hand(?:ed|s)|grant(?:ed|s|ing)|award(?:ed|s)|sold|sells) (?P<b>{_SOME}) {_gap(40)}(?:{PLACE}{_gap(20)})?\b{_RIGHTS}\b"),
    ("rights from", Kind.LICENSING, False, rf"\b(?P<t>gives?|gave|giving|grants?|granted|hands) (?P<a>{_SOME}) [^;.\ue000-\ue3ff]{{0,50}}\b{_RIGHTS}\b[^;.\ue000-\ue3ff]{{0,60}} (?:from|of|to) (?P<b>{_SOME})"),
    ("licensed to", Kind.LICENSING, False, rf"(?P<a>{_SOME}) {_AUX}(?P<t>(?:out-)?licen[cs](?:ed|es|ing)|sub-?licen[cs](?:ed|es)) [^;\ue000-\ue3ff]{{0,110}}?\bto (?P<b>{FIRM})"),
    ("their later", None, False, rf"^[^;\ue000-\ue3ff]*(?P<a>{FIRM}{{2}}) (?:(?!\bif\b)[^;\ue000-\ue3ff]){{0,140}}?\b(?:they|the two|the pair|the duo|both|both sides|the two \w+|the (?:companies|parties|partners|sides|firms)) {_AUX}(?P<t>{_SIGN})\b"),
    ("both later", None, False, rf"^[^;\ue000-\ue3ff]*(?P<a>{FIRM})['’ ](?:(?!\bif\b)[^;\ue000-\ue3ff]){{1,90}}?(?P<b>{FIRM})(?:(?!\bif\b)[^;\ue000-\ue3ff]){{0,140}}?\b(?:the two|the pair|the duo|both sides|the two \w+|the (?:companies|parties|partners)) {_AUX}(?P<t>{_SIGN})\b"),
    ("together", None, False, rf"(?P<a>{_TWO}) (?:will|are to|plan to|are|have agreed to|would|intend to|have) (?:jointly |together )?(?:[a-z-]+ ){{1,8}}?(?P<t>together)\b(?! with)"),
    ("own X", None, False, rf"\b(?:[Tt]he|[Nn]ew) {_gap(20)}(?P<t>partners|allies), (?P<a>{_TWO})"),
)
_SEVERAL = re.compile(r"\beach\b|\bseparately\b|\bone with\b|first with|(?:s|oranda)\b[^.;]{0,60} with\b")
_HINT = re.compile(
    r"\bpartners?\b|\bon board as\b|\bpen to paper\b|\b(?:its|their) (?:names?|signatures?) to\b|\bteam(?:s|ed|ing) with\b|\bterms with\b"
    r"|\bjoin(?:s|ed|ing)? (?:the )?[A-Z].{2,60}?\b(?:in|to)\b|\bjointly\b|\brights\b|\blicen[cs](?:e|es|ed)\b.{1,120}?\b(?:to|from)\b"
    r"|\b(?:owned|held) .{1,90}?\band .{1,40}?\bby\b|\bbrings? together\b|\btogether\b|\bdistributor of\b|\bcommits? [A-Z]|\bsign up with\b"
    r"|\b(?:they|the two|the pair|the companies|the parties|both) (?:had |have |has )?agreed\b|\bassociation with\b|\b(?:set up|founded|established|run|operated|built|launched|created|formed|agreed|signed) by (?:the )?[A-Z].{1,60} and "
    r"|[A-Z][\w-]* (?:and|&) (?:the )?[A-Z].{1,70}?\b(?:set|setting up|found|form|establish|creat|launch|open|buil)"
)


@cache
def _compiled() -> tuple[tuple[str, Kind | None, bool, re.Pattern[str]], ...]:
    return tuple((name, kind, separate, re.compile(pattern)) for name, kind, separate, pattern in _PATTERNS)


def may_build(sentence: str) -> bool:
    """Whether a sentence without any trigger may have a construction: cheap, and no more than a hint."""
    return bool(_HINT.search(sentence))


def constructions(sentence: str, names: Sequence[Name], triggers: Sequence[Trigger], *, several: bool = False) -> Iterator[Construction]:
    """The constructions of a sentence, the surest first; for one whose triggers tell of no two parties.

    Args:
        sentence: The sentence.
        names: Its names, in order.
        triggers: Its triggers, whose kind a construction takes over.
    """
    if not names or (several and not _SEVERAL.search(sentence)):
        return
    plain = skeleton(sentence, names)
    for name, kind, separate, pattern in _compiled():
        if (separate or not several) and (match := pattern.search(plain.text)):
            yield _construction(sentence, plain, triggers, match, (name, kind, separate))


_SPEAKER = re.compile(
    rf"[”\"’']\s*,?\s*(?:said|says|added|adds|commented|noted|stated|explained|remarked|according to) (?P<a>{FIRM})(?!{FIRM})"
    rf"|[”\"’']\s*,?\s*(?P<b>{FIRM}) (?:said|says|added|adds|commented|noted|stated|explained|remarked)\b"
    rf"|^\W*(?P<c>{FIRM}) (?:said|says|commented|noted|stated|added)\W+[“\"‘']"
)


def speaks_for(sentence: str, names: Sequence[Name]) -> Name | None:
    """The organisation that whoever is quoted speaks for: '“We …,” said Jane Roe, head of A'."""
    if not any(mark in sentence for mark in "“”\"‘’'"):
        return None
    plain = skeleton(sentence, names)
    match = _SPEAKER.search(plain.text)
    return next(iter(plain.named(next(filter(None, match.groups())))), None) if match else None


def _construction(
    sentence: str,
    plain: Skeleton,
    triggers: Sequence[Trigger],
    match: re.Match[str],
    what: tuple[str, Kind | None, bool],
) -> Construction:
    name, kind, separate = what
    found = match.groupdict()
    acting = plain.named(found.get("a") or "")
    other = plain.named("".join(found.get(group) or "" for group in ("b", "b2", "b3")))
    words = (found.get("t") or found.get("t2") or "").strip()
    start = max(0, sentence.find(words))
    own = next((t for t in triggers if not t.is_verb), None) or next(iter(triggers), None)
    trigger = Trigger(
        start=own.start if own else start,
        end=own.end if own else start + len(words),
        kind=kind or (own.kind if own else Kind.COOPERATION_AGREEMENT),
        plural=separate,
        is_verb=own.is_verb if own else True,
    )
    closed = not other
    return Construction(
        name=name,
        reading=Reading(
            subject=() if closed else acting,
            counterpart=acting if closed else other,
            closed=closed,
            reference=None if acting else Reference.HUB,
            verb=words.casefold().split()[0] if words else "",
            verb_start=start,
            is_strong=True,
            separate=separate,
        ),
        trigger=trigger,
    )
