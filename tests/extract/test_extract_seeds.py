"""The seed documents come out as careful readers described them."""

from __future__ import annotations

from pathlib import Path

import pytest

from ingest.documents import CutReason, Origin, Precision

SEEDS = Path(__file__).parents[2] / "seeds"
LEDE = SEEDS / "000_af3f413760a0b7fc.txt"
INTERVIEWS = SEEDS / "001_6ec7a21fddc8a5f0.txt"
SEMINAR = SEEDS / "002_bf3487223883ab49.txt"
NEWSPAPER = SEEDS / "003_05ed09abc584fe42.txt"
AGENCY = SEEDS / "004_fe361d4ace48e4aa.txt"


@pytest.mark.parametrize(
    ("seed", "title", "published", "byline", "publisher"),
    [
        (LEDE, None, None, None, None),
        (
            INTERVIEWS,
            "Why do Hong Kong and Shanghai need to collaborate? The reason for Li Jiachao's statement is that",
            "2024-04-14",
            None,
            None,
        ),
        (SEMINAR, "Seminar highlights Shanghai-HK sci-tech innovation cooperation", "2021-10-21", None, None),
        (NEWSPAPER, "HK, mainland agree to inno-tech cooperation", None, "KATHY ZHANG", "China Daily (Hong Kong)"),
        (
            AGENCY,
            (
                "(25th Anniversary of Hong Kong's Return to China) Building an International Innovation and Technology"
                " Center How can Hong Kong and the Mainland complement each other?"
            ),
            None,
            "Wan Shuyan",
            "China News Agency",
        ),
    ],
)
def test_metadata_is_what_the_text_states_and_nothing_else(read, seed, title, published, byline, publisher):
    article = read(seed.read_bytes())
    assert article.title == title
    assert article.byline == byline
    assert article.publisher == publisher
    assert (article.published.iso if article.published else None) == published
    if article.published:
        assert article.published.precision is Precision.DAY
        assert article.published.origin is Origin.VISIBLE


@pytest.mark.parametrize(
    ("seed", "begins", "ends"),
    [
        (LEDE, "A recent forum afforded", "an annual growth of 60 percent."),
        (INTERVIEWS, "Technological innovation is the key for cities", "working together to serve the country."),
        (SEMINAR, "Shanghai and Hong Kong are seeking to deepen", "were also discussed at the seminar."),
        (NEWSPAPER, "The special administrative region government and", "including Hong Kong itself."),
        (AGENCY, "How can Hong Kong and the mainland complement", "the overall situation of national development."),
    ],
)
def test_text_runs_from_the_lede_to_the_last_sentence_of_the_story(read, seed, begins, ends):
    text = read(seed.read_bytes()).text
    assert text.startswith(begins)
    assert text.endswith(ends)


def test_a_text_that_is_all_story_is_not_touched(read):
    article = read(LEDE.read_bytes())
    assert article.cuts == ()
    assert article.text.split("\n\n") == LEDE.read_text(encoding="utf-8").strip().split("\n")


def test_repeated_headlines_and_teasers_of_other_stories_are_cut_with_their_reasons(read):
    article = read(INTERVIEWS.read_bytes())
    assert "collaborate? The reason" not in article.text
    for other in ("Service Trade Fair", "Grand Theatre", "Mentougou", "Centennial Struggle", "mugwort"):
        assert other not in article.text
    reasons = [cut.reason for cut in article.cuts]
    assert reasons.count(CutReason.REPEATED_HEADLINE) == 4
    assert reasons.count(CutReason.RELATED_STORY) == 15  # five headlines, each given twice, and five paragraphs
    assert {cut.position for cut in article.cuts if cut.reason is CutReason.RELATED_STORY} == {len(article.text)}


def test_garbled_characters_and_the_menu_below_them_are_cut(read):
    article = read(NEWSPAPER.read_bytes())
    assert "??" not in article.text
    assert [cut.reason for cut in article.cuts[-3:]] == [
        CutReason.GARBLED,
        CutReason.NAVIGATION,
        CutReason.NAVIGATION,
    ]


def test_the_summary_beside_a_picture_goes_with_its_caption(read):
    article = read(SEMINAR.read_bytes())
    assert article.text.count("are seeking to deepen cooperation") == 1
    assert "suburban Qingpu District on Thursday" in article.text
    assert "Scene of the seminar." not in article.text


def test_a_dateline_without_a_year_gives_no_date(read):
    article = read(AGENCY.read_bytes())
    dateline = next(cut for cut in article.cuts if cut.reason is CutReason.DATELINE)
    assert dateline.text.strip() == "China News Agency, Hong Kong, June 29th:"
    assert article.published is None
