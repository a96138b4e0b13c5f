"""Topics: what an article reports, with the words that show it; passing words and look-alikes are not topics."""

import json
from importlib import resources
from pathlib import Path

import opencc
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.documents import Article, Boilerplate, CutReason, Language, Place
from ingest.script import fold
from ingest.topics import THRESHOLD, classify, taxonomy
from ingest.topics.reading import read
from ingest.topics.taxonomy import Strength

SEEDS = Path(__file__).parents[2] / "seeds"
ENGLISH = Language(tag="en", confidence=1.0)

FILLER = (
    "\n\nThe meeting was held in the town hall. Speakers thanked the organisers for their patience. "
    "A reception followed in the garden, where a band played until late."
)


def article(text, title=None, boilerplate=()):
    return Article(text=text, title=title, boilerplate=boilerplate)


def topics(text, title=None, boilerplate=()):
    return {label.topic for label in classify(article(text, title, boilerplate), ENGLISH)}


REPORTED = [
    (
        "fintech",
        "Harbour regulator opens stablecoin sandbox",
        "The Harbour Monetary Office will let five issuers test stablecoins from May.",
        "海港金管局开放稳定币沙盒",
        "海港金融管理局宣布，五家发行人将从五月起测试稳定币，并探索代币化存款。",
    ),
    (
        "biotech",
        "Lakeside firm starts gene therapy trial",
        "Lakeside Bio has dosed the first patient in a phase 2 clinical trial of a gene therapy for deafness.",
        "湖畔公司启动基因治疗临床试验",
        "湖畔生物医药公司表示，治疗耳聋的基因疗法已进入二期临床试验，首名患者已经用药。",
    ),
    (
        "talent",
        "City widens visa scheme to attract global talent",
        "The city will extend its talent scheme to graduates of forty more universities and fund new scholarships.",
        "城市扩大人才计划吸引海外人才",
        "市政府将把人才引进计划扩大至四十所大学的毕业生，并增设奖学金。",
    ),
    (
        "listings",
        "Robot maker files for Hong Kong listing",
        "Meadow Robotics has filed a listing application and plans an initial public offering in autumn.",
        "机器人公司申请赴港上市",
        "草地机器人公司已递交上市申请，计划秋季在香港首次公开招股。",
    ),
]


@pytest.mark.parametrize(("topic", "title", "text", "title_zh", "text_zh"), REPORTED, ids=[row[0] for row in REPORTED])
def test_a_topic_in_headline_and_lede_is_given_in_english_and_both_chinese_scripts(
    topic, title, text, title_zh, text_zh
):
    to_traditional = opencc.OpenCC("s2hk").convert
    assert topics(text + FILLER, title) == {topic}
    assert topics(text_zh, title_zh) == {topic}
    assert topics(to_traditional(text_zh), to_traditional(title_zh)) == {topic}


@pytest.mark.parametrize(
    "text",
    [
        "Twelve singers reached the final of the talent show, which the channel broadcast live on Saturday evening.",
        "The agency added three hundred property listings along the coast after buyers came back in spring.",
        "Orchard Foods (NASDAQ: ORCH) will open a second bakery in Dover, where it expects to sell bread by June.",
        "The board appointed a new finance director, who will join in May from a competitor in the north.",
        "The bank raised its dividend after a good year for its branches and mortgages.",
        "Shares of the shipping line fell 4 per cent on the London Stock Exchange.",
        "The phone maker's new model debuted on Friday and sold out; the acquirer of its old factory is not known.",
        "The old harbour hopes for a World Heritage listing, and the council will send its case to UNESCO in May.",
        "A local crypt was opened to visitors for the first time, and the museum sells tokens for its lockers.",
        "Drill core from the ridge gave assays of two grams of gold a tonne over twelve metres, the miner said.",
        "The regulator will look at funds that hold publicly listed shares and lend them to traders overnight.",
        "Sellers may skip the public listing process and pre-listing repairs if they let the cottage by midsummer.",
        "The critic holds a master's degree and has hands-on experience of baking, which his columns are about.",
    ],
    ids=[
        "talent show",
        "property",
        "ticker",
        "appointment",
        "ordinary bank",
        "share price",
        "debut",
        "heritage",
        "look-alikes",
        "gold assays",
        "shares that are listed already",
        "a house for sale",
        "somebody's degree",
    ],
)
def test_a_look_alike_is_no_topic(text):
    assert topics(text + FILLER) == set()


TOLD = [
    ("fintech", "Tap to ride", "Passengers of the harbour ferry may pay by phone from June, the operator says."),
    ("fintech", "A bank that never sleeps", "The bank will let a generative AI assistant answer questions on fees."),
    ("fintech", "夜间也答话", "海港银行推出人工智能客服，顾客可在手机上远程开户。"),
    ("biotech", "A sniff for the ward", "A nasal spray against fever protected nine in ten trial participants."),
    ("talent", "Looking for hands", "The yard is short of skilled welders and will train forty apprentices a year."),
    (
        "talent",
        "Eight weeks abroad",
        "The clinic will send twelve nurses abroad; trainee doctors from both towns follow.",
    ),
    ("talent", "两地师生同行", "两校将合作培养博士，学生由双方导师共同指导，毕业后可留在当地工作。"),
    ("listings", "交易所首日", "草地机器人登陆港交所，首日收升两成。"),
]


@pytest.mark.parametrize(("topic", "title", "text"), TOLD, ids=[row[1] for row in TOLD])
def test_a_topic_is_known_where_it_is_told_as_a_story(topic, title, text):
    assert topic in topics(text, title)


def test_a_passing_word_is_not_enough():
    text = (
        "The garden festival drew a record crowd this year despite the rain.\n\n"
        + FILLER * 3
        + "\n\nAmong the visitors was a student, a baker and the owner of a fintech."
    )
    assert topics(text, "Garden festival draws record crowd") == set()


def test_a_named_field_of_an_agreement_is_a_topic_although_one_sentence_names_it():
    text = (
        "Brookfield College and the port of Easton signed a memorandum of understanding on Monday."
        "\n\nUnder the agreement they will cooperate in fintech, ship repair and the protection of birds." + FILLER
    )
    labels = classify(article(text, "College and port sign memorandum"), ENGLISH)
    assert [label.topic for label in labels] == ["fintech"]
    assert labels[0].evidence[0].place is Place.FIELD


def test_fields_that_the_next_sentence_lists_belong_to_the_agreement():
    text = (
        "The two councils signed an agreement on Friday, the first since their bridge was built."
        "\n\nAccording to the agreement they will work in three areas."
        " These are: tunnels, talent cultivation and trams."
    )
    assert topics(text, "Councils sign agreement") == {"talent"}


def test_boilerplate_is_passed_over():
    story = "The theatre sold all seats for its opening night within an hour."
    about = "Northgate is a blockchain company. Its stablecoin and crypto wallet serve bitcoin users."
    text = story + "\n\n" + about
    skip = (Boilerplate(start=len(story) + 2, end=len(text), reason=CutReason.ABOUT),)
    assert topics(text, None, skip) == set()
    assert "fintech" in topics(text)


@pytest.mark.parametrize("heading", ["About Northgate", "**About The Northgate Group**", "关于北门集团"])
def test_what_a_firm_says_of_itself_after_the_news_says_less_than_the_news(heading):
    story = "The theatre sold all seats for its opening night within an hour, and the mayor came on foot." + FILLER
    firm = "Northgate is a blockchain company. Its stablecoin serves three towns. It runs a crypto exchange."
    plain, headed = (
        {label.topic: label.score for label in classify(article(text), ENGLISH, threshold=0.0)}
        for text in (f"{story}\n\n{firm}", f"{story}\n\n{heading}\n\n{firm}")
    )
    assert headed["fintech"] < plain["fintech"]


def test_news_that_begins_with_about_is_news():
    text = (
        "About 40 shops took stablecoins on the first day of the fair.\n\nA crypto exchange lent them phones." + FILLER
    )
    assert topics(text) == {"fintech"}


@pytest.mark.parametrize(
    "sentence",
    [
        "Northgate prints tickets for many industries, including biotech, fintech, forestry and shipping.",
        "It looks for the best route in problems as diverse as drug discovery, timetables and stablecoin transfers.",
    ],
)
def test_the_trades_that_a_firm_serves_are_no_topics(sentence):
    found = read(article(f"The printer moves to a larger hall by the river in June. {sentence}"), taxonomy.load())
    assert found.topics == set()


def test_the_trades_that_parties_agree_on_are_topics():
    text = "The two ports signed an agreement on Monday to invest in industries such as fintech, fishing and tourism."
    assert read(article(text), taxonomy.load()).topics >= {"fintech"}


@pytest.mark.parametrize(
    ("named", "strength"),
    [
        ("Seats were given by Northgate Biotech Holdings, whose hall is next door.", Strength.WEAK),
        ("Seats were given by Northgate Biotech (NASDAQ: NGBT), whose hall is next door.", Strength.WEAK),
        ("Seats were given by people who work in Biotech and live next door.", Strength.STRONG),
    ],
    ids=["legal form", "place on an exchange", "no name"],
)
def test_a_term_in_the_name_of_a_firm_says_little(named, strength):
    lede = "The theatre sold all seats for its opening night within an hour on Monday. "
    found = read(article(lede + named), taxonomy.load())
    hits = [hit for sentence in found.body for hit in sentence.hits if hit.topic == "biotech"]
    assert [(hit.term, hit.strength) for hit in hits] == [("biotech*", strength)]


def test_the_words_of_an_address_do_not_count():
    text = "Tickets: https://crypto-blockchain.example/bitcoin/fintech or [here](/defi/nft) or ipo@fintech.example now."
    assert topics(text + FILLER) == set()


def test_evidence_stands_where_it_says():
    title = "Robot maker files for IPO"
    text = "Meadow Robotics filed a listing application.\n\nThe initial public offering is due in autumn." + FILLER
    (label,) = classify(article(text, title), ENGLISH)
    assert THRESHOLD <= label.score <= 1
    assert {"listing application", "initial public offering"} <= {span.text for span in label.evidence}
    for span in label.evidence:
        assert (title if span.place is Place.TITLE else text)[span.start : span.end] == span.text
    assert label.evidence[0].place is not Place.TITLE


def test_a_repeated_headline_counts_once():
    title = "Studio wins prize for blockchain game"
    text = "The studio was given the prize for the best drawing of the year on Sunday." + FILLER
    once = classify(article(text, title), ENGLISH)
    twice = classify(article(f"{title}\n\n{text}", title), ENGLISH)
    assert [label.score for label in once] == [label.score for label in twice]


def test_more_evidence_scores_higher():
    lede = "Meadow Robotics has hired a new architect for its second hall, the company said on Monday."
    one = lede + FILLER + " It is looking at stablecoins."
    many = one + " It takes cryptocurrency. Its blockchain has run for a year. Customers pay from a digital wallet."
    assert not topics(one)
    assert topics(many) == {"fintech"}


# Each seed: headline, first and last words of the story (what follows is furniture or the teasers of other stories).
SEED_STORIES = [
    ("000", None, "", None, {"fintech", "biotech", "talent"}),
    (
        "001",
        "Why do Hong Kong and Shanghai need to collaborate?",
        "Technological innovation",
        "The UK has formed",
        {"talent", "listings", "biotech"},
    ),
    ("002", "Seminar highlights Shanghai-HK sci-tech innovation cooperation", "Shanghai and Hong Kong", None, set()),
    ("003", "HK, mainland agree to inno-tech cooperation", "The special", "Newspapers in", {"talent"}),
    (
        "004",
        "Building an International Innovation and Technology Center",
        "China News Agency, ",
        None,
        {"talent", "biotech"},
    ),
]


@pytest.mark.parametrize(("seed", "title", "start", "end", "expected"), SEED_STORIES, ids=[s[0] for s in SEED_STORIES])
def test_the_seeds_get_the_topics_that_careful_readers_found(seed, title, start, end, expected):
    (path,) = SEEDS.glob(f"{seed}_*.txt")
    text = path.read_text(encoding="utf-8")
    text = text[text.index(start) : text.index(end) if end else None]
    assert topics(text.strip(), title) == expected


def test_a_further_topic_needs_no_code():
    known = taxonomy.parse(
        """
        [[topic]]
        name = "space"
        strong = {en = ["rocket*", "launch … orbit"], zh = ["卫星"]}
        never = {en = ["rocket salad"]}
        """
    )
    found = [
        [(hit.topic, hit.term) for hit in taxonomy.find(fold(text), known)]
        for text in (
            "Rockets rise",
            "衛星",
            "a rocket salad",
            "It was launched",
            "They launch it into orbit",
            "skyrocket",
        )
    ]
    assert found == [
        [("space", "rocket*")],
        [("space", "卫星")],
        [],
        [],
        [("space", "launch … orbit")],
        [],
    ]


@pytest.mark.parametrize(
    ("term", "text", "found"),
    [
        ("IPO", "the IPO of", "IPO"),
        ("IPO", "ipo", None),
        ("e-wallet*", "E-wallets for all", "E-wallets"),
        ("open banking", "Open-banking rules", "Open-banking"),
        ("open banking", "open bankings", None),
        ("数字货币", "數字貨幣的未來", "數字貨幣"),
        ("18C章", "第18C章", "18C章"),
    ],
)
def test_terms_match_as_the_head_of_the_taxonomy_says(term, text, found):
    known = taxonomy.parse(f'[[topic]]\nname = "any"\nstrong = {{en = [{json.dumps(term)}]}}\n')
    hits = [text[hit.start : hit.end] for hit in taxonomy.find(fold(text), known)]
    assert hits == ([found] if found else [])


def test_the_taxonomy_of_the_package_is_complete_and_without_repetition():
    source = (resources.files("ingest") / "knowledge" / "topics.toml").read_text(encoding="utf-8")
    known = taxonomy.parse(source)
    assert [topic.name for topic in known.topics] == ["fintech", "biotech", "talent", "listings"]
    assert all(topic.description for topic in known.topics)
    terms = [(term.topic, term.strength, term.text) for bucket in known.buckets.values() for term in bucket.terms]
    assert len(terms) == len(set(terms))
    assert all(text == fold(text) for _, _, text in terms), "Chinese terms are kept in Simplified characters"


@given(st.text(max_size=200), st.text(max_size=60))
@settings(deadline=None, max_examples=100)
def test_folding_keeps_every_offset(text, title):
    assert len(fold(text)) == len(text)
    for label in classify(article(text or "x", title), ENGLISH):
        assert label.evidence


@given(st.lists(st.sampled_from(["Fintech ", "İ", "IPO. ", "生物科技。", "ﬁ", "talent scheme\n", "A. "]), max_size=30))
@settings(deadline=None, max_examples=100)
def test_evidence_always_quotes_the_text(pieces):
    text = "".join(pieces) or "x"
    for label in classify(article(text), ENGLISH):
        assert 1 <= len(label.evidence) <= 8
        assert all(text[span.start : span.end] == span.text for span in label.evidence)


def test_no_term_is_longer_than_the_search_for_contexts_looks_back():
    known = taxonomy.load()
    gap = 40
    longest = max(
        len(term.text) + gap * term.text.count("…") + 30 * term.text.count("*")
        for bucket in known.buckets.values()
        for term in bucket.terms
    )
    assert longest <= taxonomy._LONGEST
