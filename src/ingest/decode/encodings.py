"""Which encoding bytes are in, by their own evidence."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable, Iterator

from ingest.decode.cleaning import clean
from ingest.decode.plausibility import plausibility
from ingest.decode.scripts import without_scripts

__all__ = ["decode", "wide_encoding"]

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16, whose mark it starts with
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
    (b"\x84\x31\x95\x33", "gb18030"),
)
_WIDE = ("utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be")
# What a label really means, as browsers read it (WHATWG Encoding Standard): a superset with the same name.
_MEANT = {
    "ascii": "cp1252",
    "iso8859-1": "cp1252",
    "iso8859-9": "cp1254",
    "iso8859-11": "cp874",
    "tis-620": "cp874",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "big5": "big5hkscs",
    "cp950": "big5hkscs",
    "shift_jis": "cp932",
    "shift_jis_2004": "cp932",
    "euc_kr": "cp949",
    "johab": "cp949",
    "utf-16": "utf-16-le",
    "utf-32": "utf-32-le",
}
_ALIASES = {
    "x-sjis": "cp932",
    "x-gbk": "gb18030",
    "gb_2312-80": "gb18030",
    "x-euc-cn": "gb18030",
    "x-x-big5": "big5hkscs",
    "x-euc-jp": "euc_jp",
    "windows-949": "cp949",
    "windows-874": "cp874",
    "x-mac-roman": "mac-roman",
    "macintosh": "mac-roman",
    "unicode-1-1-utf-8": "utf-8",
    "utf8mb4": "utf-8",
}
# Python knows more codecs than are safe or sensible to take from a stranger's label.
_TAKEN = frozenset(
    {"utf-8", *_WIDE, "gb18030", "hz", "big5hkscs", "cp932", "euc_jp", "iso2022_jp", "cp949", "cp866", "cp874"}
    | {"koi8-r", "koi8-u", "mac-roman", "mac-cyrillic"}
    | {f"cp125{digit}" for digit in range(9)}
    | {f"iso8859-{part}" for part in range(2, 17)}
)
# Read without any label, in the order in which an equal plausibility decides.
_LIKELY = ("utf-8", "gb18030", "big5hkscs", "cp932", "euc_jp", "cp949", "cp1252", "cp1251", "koi8-r")
# What valid UTF-8 adds to the plausibility of that reading.
_VALID_UTF8_BONUS = 0.6
# Below it, a reading is doubted, and `charset_normalizer` asked for further ones.
_DOUBTFUL = 0.35
# A further reading must look better than the likely ones, not only as good.
_GUESS_MALUS = 0.05

# Valid sequences beyond ASCII that a text in UTF-8 has for each damaged place, at least.
_FEW_VALID = 4
_DAMAGE = re.compile("\ufffd+")

_META = re.compile(rb"""<meta\b[^>]{0,500}?charset\s{0,9}=\s{0,9}["']?\s{0,9}([\w.:-]{2,40})""", re.IGNORECASE)
_XML = re.compile(rb"""^\s{0,99}<\?xml\b[^>]{0,200}?encoding\s{0,9}=\s{0,9}["']([\w.:-]{2,40})""", re.IGNORECASE)
_CONTROLS = bytes({*range(9), *range(14, 27), *range(28, 32), *range(0x7F, 0x85), *range(0x86, 0xA0)})  # in Latin-1
_BEYOND_ASCII = bytes(range(0x80, 0x100))
_HEAD = 8_192  # browsers look at 1,024 bytes; pages with long comments put it later


def decode(content: bytes, *, charset: str | None, html: bool) -> str | None:
    """Read bytes as text.

    A byte order mark decides. Otherwise the readings as UTF-16 or UTF-32 (where NULs suggest it), UTF-8, the labelled
    encodings and the likely ones are compared by `plausibility`; a label counts for something, valid UTF-8 for much.
    Where none looks right, `charset_normalizer` proposes more.

    Args:
        content: Any bytes.
        charset: What the transport said, if anything.
        html: Whether to look for a label inside (`<meta>`, XML declaration), and to leave out scripts and style sheets.

    Returns:
        The text, cleaned by `clean`, with U+FFFD for the few bytes that no encoding explains; None where the bytes are
        no text at all. Never raises.
    """
    text = _read(content, charset, html=html)
    if text is None:
        return None
    return clean(without_scripts(text) if html else text)


def _read(content: bytes, charset: str | None, *, html: bool) -> str | None:
    for mark, marked in _BOMS:
        if content.startswith(mark):
            rest = content[len(mark) :]
            try:
                return rest.decode(marked)
            except UnicodeDecodeError:
                return _presentable(rest.decode(marked, "replace"))
    labels = tuple(dict.fromkeys(_labels(content, charset, html=html)))
    encoding = wide_encoding(content, labels)
    if encoding is None and (text := _surely_utf8(content)) is not None:
        return _presentable(text)
    if encoding is None:
        find = _escaped_encoding if content.isascii() else _narrow_encoding
        encoding = find(content, labels)
    return _presentable(content.decode(encoding, "replace"))


def wide_encoding(content: bytes, labels: Iterable[str] = ()) -> str | None:
    """Name the UTF-16 or UTF-32 that `content` is in, byte order mark or not; None if it is in neither.

    Args:
        content: The bytes, or their beginning.
        labels: Encodings that it is said to be in; without NULs, only these are tried unless nothing else fits.
    """
    for mark, encoding in _BOMS:
        if encoding in _WIDE and content.startswith(mark):
            return encoding
    labelled = [label for label in labels if label in _WIDE]
    if b"\0" not in content and not labelled and not _looks_scrambled(content):
        return None
    sample = content[:_HEAD]
    best, most = None, 0.3
    for encoding in dict.fromkeys((*labelled, *_WIDE)):
        width = 4 if "32" in encoding else 2
        text = sample[: len(sample) - len(sample) % width].decode(encoding, "replace")
        score = _wide_plausibility(text) + (_label_bonus(len(sample)) if encoding in labelled else 0.0)
        if score > most:
            best, most = encoding, score
    return best


def _looks_scrambled(content: bytes) -> bool:
    """Tell whether bytes beyond ASCII come with controls: UTF-16 without a single NUL, as in a page of ideographs."""
    sample = content[:_HEAD]
    controls = len(sample) - len(sample.translate(None, bytes(range(1, 9)) + bytes(range(14, 27))))
    return not sample.isascii() and controls * 100 > len(sample)


def _wide_plausibility(text: str) -> float:
    if not text:
        return 0.0
    others = [character for character in text if character > "\x7f"]
    controls = sum(character < " " and character not in "\t\n\v\f\r" for character in text)
    ascii_ = len(text) - len(others)
    # Without the NULs between them, ASCII characters are evidence of width in themselves.
    return (ascii_ * 0.7 - controls * 4.7 + len(others) * (plausibility(text) if others else 0.0)) / len(text)


def _labels(content: bytes, charset: str | None, *, html: bool) -> Iterator[str]:
    if html:
        head = content[:_HEAD]
        for found in (_XML.search(head), _META.search(head)):
            # A tag that can be read as ASCII is not in UTF-16, whatever it says.
            if found and (known := _known(found[1].decode("ascii", "replace"))):
                yield "utf-8" if known in _WIDE else known
    if charset and (known := _known(charset)):
        yield known


def _known(label: str) -> str | None:
    """Translate a label to the codec that it means; None if it is none that we take."""
    wanted = label.strip().strip("\"'").lower()
    wanted = _ALIASES.get(wanted, wanted)
    try:
        name = codecs.lookup(wanted).name
    except (LookupError, ValueError):
        return None
    name = _MEANT.get(name, name)
    return name if name in _TAKEN else None


def _surely_utf8(content: bytes) -> str | None:
    """Decode what is UTF-8 beyond doubt: valid, with so many sequences that chance is out of question."""
    try:
        text = content.decode()
    except UnicodeDecodeError:
        return None
    # A two-byte sequence is valid by chance in one of 17 cases at best, a three-byte one in one of 150.
    return text if len(content) - len(text) >= 12 else None


def _escaped_encoding(content: bytes, labels: Iterable[str]) -> str:
    """Name the encoding of bytes below 0x80: ASCII, unless escape sequences switch character sets."""
    if b"\x1b$" in content:
        return "iso2022_jp"
    return "hz" if "hz" in labels and b"~{" in content else "ascii"


def _narrow_encoding(content: bytes, labels: tuple[str, ...]) -> str:
    """Choose among readings as UTF-8 and the legacy encodings."""
    sample = _telling_part(content)
    scores = {encoding: _score(sample, encoding, labels) for encoding in dict.fromkeys((*_LIKELY, *labels))}
    best = max(scores, key=lambda encoding: scores[encoding])
    if scores[best] < _DOUBTFUL or (best in {"cp1252", "cp1251", "koi8-r"} and best not in labels):
        for encoding in _guesses(sample):
            scores.setdefault(encoding, _score(sample, encoding, labels) - _GUESS_MALUS)
        best = max(scores, key=lambda encoding: scores[encoding])
    return best


def _score(sample: bytes, encoding: str, labels: tuple[str, ...]) -> float:
    try:
        text, strict = sample.decode(encoding), True
    except UnicodeDecodeError:
        text, strict = sample.decode(encoding, "replace"), False
    bonus = _label_bonus(len(sample)) if encoding in labels else 0.0
    is_utf8 = encoding == "utf-8" and (strict or _is_damaged_utf8(text))
    # Three sequences that are valid by chance are rare (one in some thousands), so they outweigh an odd look; and a
    # text in UTF-8 that was cut or damaged somewhere is still in UTF-8.
    if is_utf8:
        bonus += _VALID_UTF8_BONUS if len(text) + 3 > len(sample) else 2 * _VALID_UTF8_BONUS
    return plausibility(_DAMAGE.sub("", text) if is_utf8 else text) + bonus


def _is_damaged_utf8(text: str) -> bool:
    """Tell whether few places of a reading as UTF-8 are damaged, however many bytes each, and enough others are valid.

    In a legacy encoding, bytes that happen to be valid stand among at least as many places that are not.
    """
    places = len(_DAMAGE.findall(text))
    valid = _beyond_ascii(text) - text.count("\ufffd")
    return valid >= max(_FEW_VALID, _FEW_VALID * places)


def _beyond_ascii(text: str) -> int:
    return len(text) - len(text.encode("ascii", "ignore"))


def _label_bonus(length: int) -> float:
    """Give what a label adds to the plausibility of its reading: the less text, the more."""
    return 0.1 + min(0.4, 2.0 / max(1, length))


def _telling_part(content: bytes, most: int = 40_000) -> bytes:
    """Cut out what decides: the lines' parts from the first byte beyond ASCII on, with a word before it."""
    if len(content) <= most:
        return content
    pieces: list[bytes] = []
    length = 0
    # No encoding that is tried uses the line feed inside a character, so lines can be taken apart.
    for line in re.finditer(rb"[\x80-\xff][^\n]{0,20000}", content):
        pieces.append(content[max(0, line.start() - 20) : line.start()].rpartition(b"\n")[2] + line[0])
        length += len(pieces[-1]) + 1
        if length > most:
            break
    return b"\n".join(pieces)


def _guesses(sample: bytes) -> tuple[str, ...]:
    from charset_normalizer import from_bytes  # noqa: PLC0415 - costs 50 ms, and most texts never need it

    matches = from_bytes(sample[:8_000], steps=5, chunk_size=512, preemptive_behaviour=False)
    return tuple(known for match in matches if (known := _known(match.encoding)))[:3]


def _presentable(text: str) -> str | None:
    """A decoded text, unless it is noise."""
    sample = text[:100_000]
    low = sample.encode("latin-1", "ignore")  # to count in bytes is ten times faster
    controls = len(low) - len(low.translate(None, _CONTROLS))
    beyond_ascii = len(sample) - len(low.translate(None, _BEYOND_ASCII))
    broken = sample.count("\ufffd")
    # One control character in thirty, as in `sniff`; one damaged character in ten. Two are forgiven in a short text.
    if controls - 2 > len(sample) / 30 or broken - 2 > len(sample) / 10:
        return None
    if beyond_ascii > 0.3 * len(sample) and plausibility(sample) < (-0.2 if controls > 2 else -0.6):
        return None
    return text
