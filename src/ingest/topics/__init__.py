"""Article → topics, each with a score and the words that earned it.

    taxonomy   which words speak for which topic
    reading    where they stand in an article
    scoring    a model's weights → how sure each topic is
    choice     which taxonomy and which model; models: trained ones, in a folder
    training   labelled articles → a model, and whether it is better than what is in force

A topic is given where its score reaches `THRESHOLD`, and only where the taxonomy has words to show for it.
"""

from __future__ import annotations

from ingest.documents import Article, Label, Language
from ingest.topics.choice import SHIPPED, Choice
from ingest.topics.reading import evidence, read

__all__ = ["SHIPPED", "THRESHOLD", "Choice", "classify"]

THRESHOLD = 0.35  # score from which a topic is given; F1 is best under one half, more so on unseen articles


def classify(
    article: Article, language: Language, choice: Choice = SHIPPED, *, threshold: float = THRESHOLD
) -> tuple[Label, ...]:
    """Tell the topics of an article.

    Args:
        article: Its boilerplate is passed over.
        language: Its language, which tells whether a model's words are used; the taxonomy's terms are looked for in all
            languages, since Chinese articles use English ones.
        choice: With which taxonomy and model.
        threshold: Score from which a topic is given.

    Returns:
        A label for each topic whose score reaches the threshold, best first (of equals by name), with at most eight
        spans of evidence: distinct terms, those in the text before those in the title.

    Raises:
        ConfigurationError: The taxonomy file of the choice is not right.
        ModelError: Its model cannot be read.
    """
    found = read(article, choice.taxonomy())
    if not found.topics:
        return ()
    scores = choice.model().scores(article, found, language)
    labels = [
        Label(topic=topic, score=round(score, 3), evidence=evidence(article, found, topic))
        for topic, score in scores.items()
        if score >= threshold
    ]
    return tuple(sorted(labels, key=lambda label: (-label.score, label.topic)))
