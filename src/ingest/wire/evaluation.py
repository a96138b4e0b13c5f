"""What `ingest evaluate` prints with `--json`."""

from __future__ import annotations

from ingest.wire.form import Count, Score, form
from ingest.wire.record import Counted

__all__ = [
    "Accuracy",
    "AnnotationMiss",
    "AnnotationsEvaluation",
    "Bin",
    "Confusion",
    "DuplicateMiss",
    "DuplicatesEvaluation",
    "ExtractionEvaluation",
    "LanguageAccuracy",
    "LanguageEvaluation",
    "LanguageMiss",
    "LedgerEvaluation",
    "LedgerMiss",
    "Macro",
    "NamedQuality",
    "PageScore",
    "Quality",
    "SampleEvaluation",
    "SampleStratum",
    "TextQuality",
]


@form
class Quality:
    """How well what was found agrees with what is labelled."""

    precision: Score
    """Share of what was found that is labelled; 0 where nothing was found."""
    recall: Score
    """Share of what is labelled that was found; 0 where nothing is labelled."""
    f1: Score
    """Their harmonic mean."""
    f1_low: Score | None
    """Lower end of the 95 % interval of f1 (bootstrap over articles); null for fewer than ten articles."""
    f1_high: Score | None
    """Upper end."""
    count: Count
    """How many are labelled."""


@form
class NamedQuality:
    """The same for one class."""

    name: str
    """The class."""
    precision: Score
    """Share of what was found that is labelled; 0 where nothing was found."""
    recall: Score
    """Share of what is labelled that was found; 0 where nothing is labelled."""
    f1: Score
    """Their harmonic mean."""
    count: Count
    """How many are labelled."""


@form
class Macro:
    """The mean of f1 over classes."""

    macro_f1: Score
    """Every class counts alike."""
    macro_f1_low: Score | None
    """Lower end of its 95 % interval (bootstrap over articles); null for fewer than ten articles."""
    macro_f1_high: Score | None
    """Upper end."""


@form
class Accuracy:
    """How often a value is the labelled one."""

    accuracy: Score
    """Share that is right, of those that are labelled; one that is missing is not right."""
    missing: Count
    """How many of them were not found at all."""
    count: Count
    """How many are labelled."""


@form
class TextQuality:
    """Bag-of-words agreement of extracted texts with given ones."""

    precision: Score
    """Share of the extracted words that are in the given text, mean of pages."""
    recall: Score
    """Share of the given words that were extracted, mean of pages."""
    f1: Score
    """Harmonic mean of these two means."""


@form
class PageScore:
    """How one page was read."""

    path: str
    """Its path in the manifest."""
    precision: Score
    """Share of the extracted words that are in the given text."""
    recall: Score
    """Share of the given words that were extracted."""
    f1: Score
    """Their harmonic mean."""
    baseline_f1: Score | None
    """The same of trafilatura alone, where it was asked."""
    dropped: str | None
    """Why it was dropped, where it was."""


@form
class ExtractionEvaluation:
    """What `ingest evaluate extraction` measures."""

    pages: Count
    """Pages that were read."""
    bad_lines: Count
    """Lines of the manifest that could not be used."""
    precision: Score
    """Share of the extracted words that are in the given text, mean of pages with an article."""
    recall: Score
    """Share of the given words that were extracted, likewise."""
    f1: Score
    """Harmonic mean of these two means."""
    baseline: TextQuality | None
    """The same of trafilatura alone; null unless asked."""
    title: Accuracy | None
    """Headlines, case and punctuation folded; null where none is given, here and below."""
    published: Accuracy | None
    """Dates of publication, by day."""
    byline: Accuracy | None
    """Authors: right where they are the same names, in any order."""
    without_article: Count
    """Pages whose given text is empty: they have no article."""
    without_article_dropped: Count
    """Those of them that were dropped, as they should be."""
    dropped: tuple[Counted, ...]
    """Pages with an article that were dropped, by reason."""
    worse: tuple[PageScore, ...] | None
    """Pages worse than trafilatura alone by more than 0.05, the worst first; null unless it was asked."""
    worst: tuple[PageScore, ...] | None
    """The pages with the lowest f1; null unless asked."""


@form
class DuplicateMiss:
    """A pair that was judged otherwise than it is labelled."""

    error: str
    """`missed` or `invented`."""
    a: str
    """Id of one document."""
    b: str
    """Id of the other."""
    similarity: Score
    """How alike they are."""
    proposed: bool
    """Whether they share a band, or are equal once normalised."""
    basis: str | None
    """What the pair's own line says of its label."""


@form
class DuplicatesEvaluation:
    """What `ingest evaluate duplicates` measures."""

    pairs: Count
    """Pairs that were judged."""
    bad_lines: Count
    """Lines that could not be used."""
    precision: Score
    """Share of the pairs judged near-duplicates that are labelled so."""
    recall: Score
    """Share of the near-duplicates that were found: proposed by a band, and confirmed by the exact comparison."""
    f1: Score
    """Their harmonic mean."""
    count: Count
    """Pairs labelled near-duplicates."""
    bands_recall: Score
    """Share of the near-duplicates that the bands propose."""
    bands_proposed: Score
    """Share of all other pairs that the bands propose, for the comparison to refuse."""
    comparison: NamedQuality
    """What the exact comparison would find were every pair proposed."""
    misses: tuple[DuplicateMiss, ...] | None
    """Pairs that were judged otherwise; null unless asked."""


@form
class LanguageAccuracy:
    """One labelled language."""

    name: str
    """Its tag in the labels."""
    accuracy: Score
    """Share of its texts that were given that tag, or one that is as good."""
    count: Count
    """Texts labelled so."""


@form
class LanguageMiss:
    """A text that was given another tag than its label."""

    id: str
    """Id of the text."""
    expected: str
    """Its label."""
    found: str
    """What it was taken for."""
    confidence: Score
    """How surely."""
    text: str
    """How it begins."""


@form
class LanguageEvaluation:
    """What `ingest evaluate language` measures."""

    texts: Count
    """Texts that were judged."""
    bad_lines: Count
    """Lines that could not be used."""
    accuracy: Score
    """Share of all texts that were given the right tag."""
    macro_accuracy: Score
    """Mean of the languages' accuracies."""
    milliseconds: float
    """Mean time per text, models loaded."""
    languages: tuple[LanguageAccuracy, ...]
    """Each labelled language."""
    misses: tuple[LanguageMiss, ...] | None
    """Texts that were given another tag; null unless asked."""


@form
class Bin:
    """Topics or agreements whose score lies in one range: where scores are honest, `score` and `right` are close."""

    name: str
    """The range, its upper end left out."""
    count: Count
    """Topics or agreements said with such a score."""
    score: Score
    """Their mean score."""
    right: Score
    """Share of them that is labelled."""


@form
class Confusion:
    """Agreements that were found, of one labelled and one found status."""

    name: str
    """The labelled status and the found one, joined by ' as '."""
    count: Count
    """How many."""


@form
class AnnotationMiss:
    """A topic or an agreement that was missed or invented."""

    error: str
    """`missed` or `invented`."""
    what: str
    """`topic` or `agreement`."""
    id: str
    """Id of the article."""
    name: str
    """The topic, or the parties, joined by ' + '."""
    evidence: str | None
    """The sentence, where there is one."""


@form
class AnnotationsEvaluation:
    """What `ingest evaluate annotations` measures."""

    articles: Count
    """Labelled articles."""
    bad_lines: Count
    """Lines that could not be used."""
    unlabelled: Count
    """Articles without labels, which are not counted."""
    absent: Count
    """Labelled articles that were not given; they count as found empty."""
    topics: Macro
    """All topics, each counting alike."""
    topic: tuple[NamedQuality, ...]
    """Each topic."""
    articles_with_news: Quality
    """Articles with news of an agreement."""
    agreements_news: Quality
    """Agreements that are news."""
    agreements_all: Quality
    """Agreements, background included."""
    parties: Quality
    """Parties of agreements that were found."""
    kind: Accuracy
    """Kinds of agreements that were found."""
    status: Accuracy
    """How far they have come."""
    is_news: Accuracy
    """Whether they are news."""
    signed_on: Accuracy
    """When they were signed."""
    status_of: tuple[NamedQuality, ...]
    """Each status, among agreements that were found."""
    status_confusion: tuple[Confusion, ...]
    """Which status was taken for which."""
    topic_scores: tuple[Bin, ...]
    """How far the scores of topics can be trusted; none where no scores were given."""
    agreement_scores: tuple[Bin, ...]
    """How far the confidence of agreements can be trusted; right is one that is labelled, as news or background."""
    misses: tuple[AnnotationMiss, ...] | None
    """What was missed or invented; null unless asked."""


@form
class LedgerMiss:
    """Two mentions that are one agreement and are held for two, or the other way round."""

    error: str
    """`missed`: they are one; `invented`: they are two."""
    a: str
    """Id of one article."""
    a_ledger: str
    """Id of the agreement that it tells of."""
    a_parties: str
    """Its parties, joined by ' + '."""
    b: str
    """Id of the other article."""
    b_ledger: str
    """Id of the agreement that it tells of."""
    b_parties: str
    """Its parties."""
    why: str
    """What the ledger made of them."""


@form
class LedgerEvaluation:
    """What `ingest evaluate ledger` measures."""

    agreements: Count
    """Agreements of the given ledger."""
    tellings: Count
    """Articles that tell of one of them, each agreement of an article counted."""
    found: Count
    """Tellings whose mention was found: paired with one of the same article, by parties."""
    unpaired: Count
    """Mentions that were found and are no telling of the given ledger."""
    bad_lines: Count
    """Lines that could not be used."""
    pairs: Count
    """Pairs of tellings of one agreement."""
    precision: Score
    """Of the pairs of mentions that are held for one agreement, the share that is; 1 where there are none."""
    recall: Score
    """Of the pairs of tellings of one agreement, the share that was found and is held for one."""
    f1: Score
    """Their harmonic mean."""
    recall_of_found: Score
    """The same share of the pairs whose mentions were both found."""
    misses: tuple[LedgerMiss, ...] | None
    """Each wrong pair; null unless asked."""


@form
class SampleStratum:
    """What was found in a stratum of a random sample."""

    name: str
    """What its rows have in common."""
    size: Count
    """Rows that there were in it."""
    right: Count
    """Judged rows that are right."""
    wrong: Count
    """Judged rows that are wrong."""
    unsure: Count
    """Judged rows that cannot be told."""
    precision: Score | None
    """Share of its rows that is right; null where none was judged."""
    precision_low: Score | None
    """Lower end of its 95 % interval."""
    precision_high: Score | None
    """Upper end."""


@form
class SampleEvaluation:
    """What a person found of a random sample; the figures speak for all rows that could have been drawn."""

    sample: str
    """Public id of the sample."""
    subject: str
    """What was sampled."""
    grouping: str
    """By what the strata are told apart."""
    person: str
    """Who judged."""
    at: str
    """When the evaluation was kept, ISO 8601 in UTC."""
    sheet_sha256: str
    """SHA-256 of the sheet that came back, in hex."""
    versions: tuple[str, ...]
    """Versions of the code that said what was judged."""
    is_in_force: bool
    """Whether it is the person's last word on the sample."""
    size: Count
    """Rows that could have been drawn."""
    precision: Score | None
    """Share of them that is right, each stratum weighted by its size."""
    precision_low: Score | None
    """Lower end of its 95 % interval."""
    precision_high: Score | None
    """Upper end."""
    strata: tuple[SampleStratum, ...]
    """Each stratum."""
