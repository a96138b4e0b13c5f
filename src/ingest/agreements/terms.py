"""What an agreement is about and what it is worth, as far as its evidence sentence says so."""

from __future__ import annotations

import re

__all__ = ["fields_of", "value_of"]

_OPENING = re.compile(
    r"\b(?:(?:co-?operation|co-?operate|collaborat\w+|partnership|agreement|memorandum of understanding|mou"
    r"|research|work together) (?:in|on|covering|spanning) (?!(?:the )?(?:\w+ )?(?:fields?|areas?)\b)"
    r"|(?:in|on) (?:the )?(?:\w+ )?(?:fields?|areas?) (?:of|such as|including) |including in |covering "
    r"|focus(?:ed|ing|es)? on )",
    re.IGNORECASE,
)
_CLOSING = re.compile(
    r"[.;:!?—–(“\"]|\s-\s|,?\s\b(?:with|between|to|for|at|by|which|that|while|as|when|after|before|during|under"
    r"|through"
    r"|across|including|aimed|aiming|signed|was|were|is|are|has|have|will|would|their|its|said|says|from)\b",
    re.IGNORECASE,
)
_LISTED = re.compile(r"\s*,\s*(?:and\s+|as well as\s+)?|\s+(?:and|as well as)\s+", re.IGNORECASE)
_TIME = re.compile(
    r"(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day|today|yesterday|\d|(?:jan|febr)uary|march|april|may\b|june|july"
    r"|august|(?:septem|octo|novem|decem)ber)",
    re.IGNORECASE,
)
_MONEY = re.compile(
    r"(?:(?:US|HK|NZ|A|C|S|NT)?\$|€|£|¥|(?:RMB|CNY|USD|HKD|EUR|GBP|JPY)\s?)\s?\d[\d,]*(?:\.\d+)?"
    r"(?:\s?(?:million|billion|trillion|bn|mn|m|k)\b)?"
    r"|\b\d[\d,]*(?:\.\d+)?\s(?:million|billion|trillion)\s(?:yuan|dollars|euros?|pounds|yen|won|rupees|baht"
    r"|ringgit)\b",
    re.IGNORECASE,
)


def fields_of(sentence: str) -> tuple[str, ...]:
    """Fields of cooperation that a sentence names, as written: 'cooperation in A, B and C' gives three.

    Args:
        sentence: The sentence that states an agreement.
    """
    for opening in _OPENING.finditer(sentence):
        closing = _CLOSING.search(sentence, opening.end())
        words = sentence[opening.end() : closing.start() if closing else len(sentence)]
        found = tuple(dict.fromkeys(field for part in _LISTED.split(words) if (field := part.strip(" ,"))))
        if found and not _TIME.match(found[0]) and all(len(field) <= 60 for field in found):
            return found
    return ()


def value_of(sentence: str) -> str | None:
    """The first sum of money in a sentence, as written; None where it names none."""
    match = _MONEY.search(sentence)
    return match.group() if match else None
