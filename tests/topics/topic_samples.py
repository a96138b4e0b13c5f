"""Made-up articles about two topics and about neither, from a few sentences put together."""

from __future__ import annotations

import itertools
import json

NEUTRAL = (
    "The garden opened at nine on Sunday and closed in the rain.",
    "Visitors walked past the old mill and bought bread.",
    "The mayor thanked the band, which played until late.",
    "A ferry was repaired in the harbour by a crew of six.",
)
ABOUT = {
    "fintech": (
        "The harbour office will let five issuers test stablecoins from May.",
        "Its blockchain has run for a year without a fault.",
        "Customers pay from a digital wallet at every stall.",
    ),
    "biotech": (
        "The laboratory has begun a clinical trial of a gene therapy.",
        "Its vaccine protects mice against the fever.",
        "The enzyme was found in a river near the town.",
    ),
}


def records(number=60):
    """Articles and their topics: a third about each topic, a third about neither."""
    found = []
    for at in range(number):
        topic = (None, "fintech", "biotech")[at % 3]
        sentences = list(NEUTRAL[at % 4 :] + NEUTRAL[: at % 4])
        if topic:
            sentences[at % 2 : at % 2] = ABOUT[topic][at % 3 :] + ABOUT[topic][: at % 2]
        drawn = ", ".join(str(100 * at + place) for place in range(50))  # or all were near-duplicates of each other
        text = " ".join(sentences) + f" It was day {at} of the fair. The lottery drew {drawn}."
        found.append(({"id": f"a{at}", "title": f"Day {at}", "text": text}, [topic] if topic else []))
    return found


def write(folder, number=60):
    """Files of labels and articles; gives their paths."""
    labels, articles = folder / "labels.jsonl", folder / "articles.jsonl"
    articles.write_text("".join(json.dumps(article) + "\n" for article, _ in records(number)), encoding="utf-8")
    lines = (json.dumps({"id": article["id"], "topics": topics}) + "\n" for article, topics in records(number))
    labels.write_text("".join(itertools.chain(lines)), encoding="utf-8")
    return str(labels), str(articles)
