"""Article → mentions of cooperation agreements, with their parties, kind, status, date and evidence.

    cheap      `triggers` reads every sentence outside boilerplate with regular expressions and weighs it
    dear       spaCy tags only the sentences that fire; `parties` reads who agreed with whom from them
    together   `english` merges what several sentences say of one agreement

Chinese is read by `chinese`, without spaCy. `ledger` decides which agreement of the store a mention tells of.
"""

from __future__ import annotations

from ingest.documents import Article, Language, Mention

__all__ = ["find"]

_MIXED = 0.25  # from this share on, the second language of a document is read as well


def find(article: Article, language: Language) -> tuple[Mention, ...]:
    """Find the agreements that an article states, each once.

    Args:
        article: The cleaned article; its boilerplate spans never fire.
        language: Its language; a document that is partly Chinese is read in both languages.

    Returns:
        Mentions in the order of their evidence. Empty for a language that is neither English nor Chinese.
    """
    shares = {share.tag: share.share for share in language.others}
    chinese = language.tag.startswith("zh") or any(
        tag.startswith("zh") and share >= _MIXED for tag, share in shares.items()
    )
    english = language.tag.partition("-")[0] == "en" or any(
        tag.partition("-")[0] == "en" and share >= _MIXED for tag, share in shares.items()
    )
    found: list[Mention] = []
    if english:
        from ingest.agreements import english as reader  # noqa: PLC0415 - read-only commands import no vocabulary

        found += reader.find(article, language)
    if chinese:
        found += _find_chinese(article, language)
    return tuple(sorted(found, key=lambda mention: (mention.start, mention.end)))


def _find_chinese(article: Article, language: Language) -> tuple[Mention, ...]:
    """Read Chinese, where that reader is installed."""
    try:
        from ingest.agreements.chinese import find as find_chinese  # noqa: PLC0415 - loads the organisations' names
    except ImportError:
        return ()
    return find_chinese(article, language)
