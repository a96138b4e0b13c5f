"""The words by which Chinese sentences about agreements are cut, read from package data.

Matching is on *plain* text: folded to Simplified characters and Chinese punctuation one for one, so that every offset
is an offset of the original.
"""

from __future__ import annotations

import re
import tomllib
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources

from ingest.organisations import known
from ingest.script import simplified

__all__ = ["SHORT_PLACES", "Lexicon", "Shapes", "WordTrie", "lexicon", "plain", "shapes"]

_WIDTH = {0xFF01 + i: 0x21 + i for i in range(94)} | {0x3000: 0x20}
# Chinese punctuation stays, or is made, Chinese; both sorts of quotation and title marks become one.
_MARKS = str.maketrans(
    "，；：？！（）「」『』‘’〈〉();:?!﹑．·︰﹕﹔‧•・─―", "，；：？！（）“”“”“”《》（）；：？！、.·：：；···——"
)
_COMMA = re.compile(r"(?<=[\u3400-\u9fff”》）]),")
_TABLE = {**_WIDTH, **_MARKS}


def plain(text: str) -> str:
    """Fold a text for matching; character by character, so that offsets stay."""
    return _COMMA.sub("，", simplified(text).translate(_TABLE))


# What a place goes by where several are named in a breath; the text decides between two of one character.
SHORT_PLACES: Mapping[str, tuple[str, ...]] = {
    "粤": ("广东",),
    "港": ("香港",),
    "澳": ("澳门", "澳大利亚", "澳洲"),
    "沪": ("上海",),
    "深": ("深圳",),
    "京": ("北京",),
    "津": ("天津",),
    "渝": ("重庆",),
    "穗": ("广州",),
    "珠": ("珠海",),
    "莞": ("东莞",),
    "佛": ("佛山",),
    "琴": ("横琴",),
    "苏": ("江苏",),
    "浙": ("浙江",),
    "皖": ("安徽",),
    "鲁": ("山东",),
    "闽": ("福建",),
    "琼": ("海南",),
    "桂": ("广西",),
    "湘": ("湖南",),
    "鄂": ("湖北",),
    "赣": ("江西",),
    "豫": ("河南",),
    "冀": ("河北",),
    "川": ("四川",),
    "黔": ("贵州",),
    "滇": ("云南",),
    "陕": ("陕西",),
    "台": ("台湾",),
    "中": ("中国", "我国"),
    "美": ("美国",),
    "英": ("英国",),
    "法": ("法国",),
    "德": ("德国",),
    "日": ("日本",),
    "韩": ("韩国",),
    "俄": ("俄罗斯",),
    "葡": ("葡萄牙",),
    "泰": ("泰国",),
    "越": ("越南",),
    "新": ("新加坡",),
    "印": ("印度", "印度尼西亚", "印尼"),
    "沙": ("沙特",),
    "欧": ("欧盟",),
}


class WordTrie:
    """The longest listed word at a place; a dictionary by the first two characters, which is as fast as needed."""

    def __init__(self, words: Mapping[str, str]) -> None:
        by_head: dict[str, list[str]] = defaultdict(list)
        for word in words:
            by_head[word[:2]].append(word)
        self._by_head = {head: tuple(sorted(group, key=len, reverse=True)) for head, group in by_head.items()}
        self._kinds = dict(words)

    def at(self, text: str, start: int) -> tuple[str, int]:
        """Kind and length of the longest word that begins at `start`; an empty kind where none does."""
        for word in self._by_head.get(text[start : start + 2], ()):
            if text.startswith(word, start):
                return self._kinds[word], len(word)
        single = self._kinds.get(text[start])
        return (single, 1) if single else ("", 0)


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Words that cut sentences (`breakers`) and words that nothing cuts (`whole`, with `N` for known names)."""

    breakers: WordTrie
    whole: WordTrie
    verbs: WordTrie  # with which no name begins
    references: frozenset[str]
    selves: frozenset[str]
    places: frozenset[str]
    never: frozenset[str]


@dataclass(frozen=True, slots=True)
class Shapes:
    """Regular expressions over a stretch that no breaker cuts."""

    named: re.Pattern[str]  # up to the last end that makes a name
    soft: re.Pattern[str]  # up to an end that makes one of what is no common noun
    common: re.Pattern[str]  # matches in full what is a common noun
    branch_of_office: re.Pattern[str]  # matches in full what stands before 'and' in the name of an office
    proper: re.Pattern[str]  # a place and what it has one of: its government, its university
    house: re.Pattern[str]  # a place, a trade and 'group': what public undertakings are called
    founded: re.Pattern[str]  # a verb inside a stretch, by what it founds
    described: re.Pattern[str]  # what stands before a name to describe it
    place_first: re.Pattern[str]


# What a company whose name ends with its trade does, run on: 海澜生物支付首付款.
_DOES = (
    "支付(?!宝)|付款|收取|缴付|出资|注资|持股|派员|派人|合资|合建|合办|共建|自?研发|研制|自主|开发的|生产的|供货|交付|旗下|开户"
    "|入股"
)
_PUBLIC = (
    "人民政府|政府|大学|交易所|央行|商会|协会|学会|总会|研究院|研究所|科技园|科学园|医院|委员会|基金会|管理局"
    "|监管局|教育局|工商联|科学院|大使馆"
    "|总领事馆|贸促会|银行公会"
)

# A trade of a foreign country with 'group' behind describes one: 'a Japanese energy group'.
_FOREIGN = (
    "[美英法德日韩]国|日本|意大利|西班牙|葡萄牙|荷兰|比利时|瑞士|瑞典|挪威|丹麦|芬兰|爱尔兰|奥地利|波兰|俄罗斯|印度|新加坡"
    "|马来西亚|印尼|印度尼西亚|泰国|越南|菲律宾|沙特|阿联酋|卡塔尔|以色列|土耳其|埃及|南非|加拿大|墨西哥|巴西|阿根廷"
    "|澳大利亚|澳洲|新西兰|欧洲|亚洲|非洲|中东|北美"
)


def _data() -> dict[str, dict[str, str]]:
    path = resources.files("ingest") / "knowledge" / "agreements_chinese.toml"
    return tomllib.loads(path.read_text(encoding="utf-8"))


def _either(words: Iterable[str]) -> str:
    return "|".join(sorted(map(re.escape, words), key=len, reverse=True))


@cache
def lexicon() -> Lexicon:
    """The words, loaded once a process."""
    data = _data()
    breakers: dict[str, str] = {}
    for kind, words in data["classes"].items():
        for word in words.split():
            breakers.setdefault(word, kind)
    names = data["names"]
    # 'Both cities' may begin a name, 'both sides' may not.
    breakers |= {word: "R" for word in names["references"].split() if word not in names["inside"].split()}
    breakers |= {word: "S" for word in names["selves"].split() if word[0] in "该本我" and len(word) > 1}
    whole = dict.fromkeys(data["protected"]["words"].split(), "x")
    for place in names["places"].split():
        if len(place) > 1:
            whole[place] = "x"
    for organisation in known():
        # Shared names of ministries are seen by their shape; abbreviations are not.
        for name in (*organisation.names, *(name for name in organisation.shared if name.endswith("大"))):
            folded = plain(name)
            if re.search(r"[\u4e00-\u9fff]{2}", folded) and folded not in breakers:
                whole[folded] = "N"
    return Lexicon(
        breakers=WordTrie(breakers),
        whole=WordTrie(whole),
        verbs=WordTrie(dict.fromkeys(names["verbs"].split(), "z")),
        references=frozenset(names["references"].split()),
        selves=frozenset(names["selves"].split()),
        places=frozenset(names["places"].split()),
        never=frozenset(names["never"].split()),
    )


@cache
def shapes() -> Shapes:
    """The shapes of names, compiled once a process."""
    names = _data()["names"]
    fields, generic, places = (_either(names[key].split()) for key in ("fields", "generic", "places"))
    districts, verbs = (_either(names[key].split()) for key in ("districts", "verbs"))
    strong, soft, departments = (_either(names[key].split()) for key in ("strong", "soft", "departments"))
    branch = r"(?:（[^（）]{1,12}）)?"
    offices = r"部(?!分|署|门|长|落)|局(?!面|限|势|长|部)|厅(?!长)|署(?!长)|省(?!长)|委(?!员|托|派|任)|总局"
    department = rf"(?:{departments})(?:{offices})"
    territory = r"(?:(?![第个友])[\u4e00-\u9fff]){2,8}(?:特别行政区|自治区|自治州|[省市县州区](?![场值政长委]))"
    ends = rf"(?:{strong})(?![商者]){branch}|{department}|(?<=[省市区县国])(?:委|府)"
    word = rf"(?:{fields}|{places}|国)"
    return Shapes(
        named=re.compile(rf".*(?:{ends})|{territory}(?:政府|人民政府)?(?=$)"),
        soft=re.compile(rf".{{2,}}(?:{soft})(?=$|{_DOES})"),
        branch_of_office=re.compile(rf"(?:{word}|{departments}|[省市区县])*"),
        common=re.compile(rf"(?:{word})*?(?:{fields}|{generic})(?:{fields}|{generic})*"),
        proper=re.compile(
            rf"(?:{places}|粤港澳大湾区|大湾区)+(?:{fields}|市|省|区|特区)*?(?:{_PUBLIC}|(?<!金融)(?<!航运)(?<!贸易)(?<!创新)"
            r"(?<!科创)(?<!创科)(?<!消费)(?<!物流)(?<!人才)中心|(?<=[^国]..)航空|产业园|科技城|联盟|(?<=..)实验室)"
        ),
        house=re.compile(
            rf"(?:{places})*?(?:(?:{districts})(?:园区|投资|发展|开发|控股|建设|科技)*(?:集团|公司)"
            rf"|(?:{_FOREIGN})银行|(?!{_FOREIGN})(?:{places})(?:{fields})+集团|(?:电子|国防|信息)(?:科技|工程)大学)"
        ),
        founded=re.compile(
            rf"设(?=研发|区域|总部|联合|分公司|办事处)|(?:{verbs})(?=联合(?:实验|研究|研发|创新|工程|培养|办学)|[一两多][个座所家批项]|首[个座家]|国家级|示范)"
        ),
        described=re.compile(rf"(?:{word})*(?:{generic})(?!{strong}|{soft}|的|家)|(?:{word})*(?:{generic})(?=[A-Z])"),
        place_first=re.compile(rf"(?:{places}|(?:粤港澳)?大湾区)"),
    )
