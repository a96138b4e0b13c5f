"""Pages that hold no article, and what they are instead.

index       a front page, a section, results of a search: links to stories          gallery      pictures, captions
login wall  'Sign in to continue'   请登录        consent page  'Before you continue', cookies    隐私设置
challenge   'Just a moment…'        人机验证      error page    'Page not found', served as 200  页面不存在

A page is judged by what it says of itself in its headings and in the little text that it has. A story about any of
these says more than a notice does, and carries a date.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import islice

from lxml import etree
from lxml.html import HtmlElement

from ingest.documents import Reason
from ingest.extract.lines import fold, length
from ingest.extract.metadata import Metadata

__all__ = ["DETAILS", "characters_linked", "is_links", "recognise", "text_shown"]

DETAILS = {
    Reason.INDEX_PAGE: "The page is a list of links to stories; bring in the stories themselves.",
    Reason.GALLERY: "The page is a gallery of pictures; it has captions, but no story.",
    Reason.LOGIN_WALL: "The page asks for a login and shows no story; save it again when logged in.",
    Reason.CONSENT_PAGE: "The page asks for consent to cookies and shows no story; save it again after the answer.",
    Reason.BOT_CHALLENGE: "The page is a check against robots and shows no story; save it again from a browser.",
    Reason.ERROR_PAGE: "The page says that there is none, or that the site failed; look whether its address is right.",
}
"""What to tell people of each."""

_NOTICE_SIZE = 1500  # text beyond which a page is no notice, whatever its heading
_HINT_SIZE = 500  # text beyond which words in it do not make it a notice
_OPENING = 150  # characters in which a notice says what it is
_HIDDEN = {"script", "style", "noscript", "template", "head", "title"}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Notice:
    """How a kind of notice is known: by a heading that is nothing else, by words in a page that has few, by markup."""

    reason: Reason
    heading: re.Pattern[str]
    words: re.Pattern[str]
    markup: str = ""


def _heading(*patterns: str) -> re.Pattern[str]:
    """A heading that begins so and says hardly more; the site's name may follow after a mark."""
    return re.compile(
        rf"(?:{'|'.join(patterns)})(?:\s*[.…!！。?？]*\s*$|\s*[.…!！。]*\s*[-–—|｜_•].{{0,60}}$)", re.IGNORECASE
    )


def _words(*patterns: str) -> re.Pattern[str]:
    return re.compile("|".join(patterns), re.IGNORECASE)


_NOTICES = (
    _Notice(
        reason=Reason.BOT_CHALLENGE,
        heading=_heading(
            r"just a moment",
            r"attention required",
            r"one more step",
            r"pardon our interruption",
            r"(?:human|security|robot|browser) (?:check|verification|challenge)",
            r"are you (?:a )?(?:robot|human)",
            r"(?:please )?verify(?:ing)? (?:that )?you(?:'|’| a)re (?:a )?human",
            r"checking your browser.{0,40}",
            r"ddos.guard|captcha",
            r"(?:please )?enable (?:javascript|cookies).{0,40}",
            r"(?:人机|人機|安全|滑[动動]|身份|访问|訪問)(?:验证|驗證|校验)|验证码|驗證碼",
        ),
        words=_words(
            r"verify(?:ing)? (?:that )?you(?:'|’| a)re (?:a |not a )?(?:human|robot)",
            r"checking (?:your browser|if the site connection is secure)",
            r"enable javascript and cookies to continue",
            r"unusual (?:traffic|activity) from your",
            r"complet\w+ the (?:captcha|security check)",
            r"(?:prove|confirm) (?:that )?you are (?:not a robot|human)",
            r"(?:完成|通过|通過|进行|進行)(?:以下|下方|下列)?(?:人机|人機|安全|滑[动動])?(?:验证|驗證).{0,12}(?:访问|訪問|继续|繼續)",
            r"(?:拖[动動]|滑[动動])(?:下方|滑[块塊]).{0,12}(?:验证|驗證|拼[图圖])|(?:您|你)的(?:访问|訪問|请求|請求).{0,6}(?:异常|異常|过于频繁|過於頻繁)",
        ),
        markup="//*[@id='challenge-form' or @id='cf-wrapper' or @id='px-captcha' or @id='challenge-running'"
        " or contains(@class, 'cf-turnstile') or contains(@class, 'h-captcha')]",
    ),
    _Notice(
        reason=Reason.CONSENT_PAGE,
        heading=_heading(
            r"before you continue.{0,30}",
            r"(?:we|your) (?:value|care about|respect)?\s*(?:your )?privacy(?: choices| settings)?",
            r"(?:cookie|privacy)(?:s)? (?:consent|settings|preferences|choices|notice|wall)",
            r"(?:we use|about|accept) cookies",
            r"(?:cookie|隐私|隱私|私隱)\s*(?:设置|設定|偏好|同意|政策提示|声明|聲明)",
        ),
        words=_words(
            r"(?:accept|agree to|consent to) (?:all )?(?:the use of )?cookies",
            r"we (?:and our (?:\d+ )?partners )?(?:use|store) .{0,40}cookies",
            r"to continue to .{0,40}(?:cookies|consent|privacy)",
            r"(?:使用|接受|同意).{0,10}cookie|cookie.{0,20}(?:同意|接受)",
        ),
    ),
    _Notice(
        reason=Reason.LOGIN_WALL,
        heading=_heading(
            r"(?:please )?(?:log ?in|sign in|log on)(?: or (?:register|sign up|subscribe))?"
            r"(?: (?:to|with|required).{0,40})?",
            r"(?:member|subscriber|user|account) (?:log ?in|sign in)",
            r"(?:subscribe|register) to (?:continue|read|unlock).{0,40}",
            r"(?:用[户戶]|[会會][员員]|[请請]|[账帳][号號户戶])?\s*(?:登[录錄入陸]|登錄)(?:[页頁]面?|[后後][查看阅閱][看读讀]?.{0,10})?",
        ),
        words=_words(
            r"(?:log ?in|sign in|subscribe|register|create an account)(?: or \w+)* to "
            r"(?:continue|read|view|access|unlock)",
            r"(?:must|need to|have to|please) (?:be logged|log|sign) ?in\b",
            r"(?:only|exclusively|available) (?:for|to) (?:subscribers|members|registered)",
            r"(?:登[录錄入陸])(?:[后後]|才能|以)(?:可)?(?:继续|繼續|查看|阅读|閱讀|觀看|浏览|瀏覽)|[请請]先?登[录錄入陸]",
        ),
        markup="//input[@type='password']",
    ),
    _Notice(
        reason=Reason.ERROR_PAGE,
        heading=_heading(
            r"(?:error )?(?:40[0-9]|410|451|50[0-4])(?: error)?(?:\s*[-–—:|]?\s*(?:page )?(?:not found|forbidden|"
            r"gone|internal server error|bad gateway|service (?:temporarily )?unavailable|unauthori[sz]ed|error|"
            r"gateway time-?out))?",
            r"(?:the )?(?:page|article|story|content|file) (?:is |was |could |cannot |can['’]?t )?(?:not |be )*"
            r"(?:found|unavailable|available|missing|removed|expired)",
            r"(?:this )?page (?:does not|doesn['’]t) exist|not found|nothing (?:was )?found",
            r"(?:oops|whoops)\b.{0,50}|(?:we['’]?re )?sorry[,.!…]? (?:the page|this page|we can).{0,50}",
            r"(?:internal )?server error|bad gateway|service (?:temporarily )?unavailable|forbidden|"
            r"access (?:to this page has been )?denied|an error occurred|(?:site |under )maintenance",
            r"(?:[您你]?(?:访问|訪問|请求|請求|查看|要找|找)的?)?(?:该|該|此)?(?:[页頁]面|[网網][页頁]|文章|[内內]容)(?:已)?(?:不存在|未找到|找不到|"
            r"[删刪]除|[丢丟]失|[过過]期|失效|[无無]法(?:访问|訪問|[显顯]示)).{0,20}",
            r"(?:找不到|[没沒]有找到).{0,8}(?:[页頁]面?|文章|[内內]容).{0,10}|[访訪][问問]被拒[绝絕]?|(?:系[统統]|服[务務]器)(?:[错錯][误誤]|[维維][护護]).{0,10}",
        ),
        words=_words(
            r"page (?:you (?:are|were) looking for|you requested|requested)\b.{0,60}"
            r"(?:not|moved|removed|exist|found|gone)",
            r"(?:page|article|story|url|link) (?:has been|was|may have been|could not be|cannot be|can['’]?t be) "
            r"(?:removed|moved|deleted|found)",
            r"(?:40[0-9]|50[0-4]) (?:error|not found|forbidden)|error (?:40[0-9]|50[0-4])",
            r"(?:[页頁]面|文章|[内內]容)(?:已)?(?:不存在|被[删刪]除|找不到|[过過]期|走[丢丟]了)|找不到(?:[您你])?.{0,10}(?:[页頁]面|文章)",
        ),
    ),
)
_GALLERY = re.compile(
    r"(?:photos|in (?:pictures|photos)|(?:photo|picture|image) (?:gallery|galleries)|gallery|slide ?show|"
    r"(?:高清)?(?:组[图]|組圖|[图圖](?:集|[辑輯])))\s*(?:$|[:：|｜\-–—])"
    r"|.{3,200}(?:[-–—|｜:：]\s*(?:in (?:pictures|photos)|(?:photo )?gallery)"
    r"|[（(【\[](?:高清)?(?:[组組][图圖]|[图圖](?:集|[辑輯]))[）)】\]])\s*$",
    re.IGNORECASE,
)
_GALLERY_KINDS = frozenset({"ImageGallery", "MediaGallery"})
_INDEX_KINDS = frozenset({"CollectionPage", "SearchResultsPage", "ItemList"})


def is_links(tree: HtmlElement, meta: Metadata) -> bool:
    """Whether a page that dates nothing is links for the most part: known before its text is looked for."""
    if meta.published is not None or meta.body:
        return False
    return characters_linked(tree) > 0.85 * len(text_shown(tree))


def characters_linked(tree: HtmlElement) -> int:
    """Characters of text in links."""
    return sum(len(text.strip()) for link in tree.iter("a") for text in link.itertext())


def text_shown(tree: HtmlElement) -> str:
    """What a page shows, roughly: its text without scripts."""
    parts = []
    for element in tree.iter(etree.Element):
        if element.tag not in _HIDDEN and element.text:
            parts.append(element.text.strip())
        if element.tail:
            parts.append(element.tail.strip())
    return " ".join(filter(None, parts))


def recognise(tree: HtmlElement, meta: Metadata, text: str, *, stands: bool) -> Reason | None:
    """Tell what a page is that is no article.

    Args:
        tree: The page.
        meta: What it says of itself.
        text: The text that was found in it, cleaned.
        stands: Whether that would be enough for an article.

    Returns:
        The reason to drop it; None where it is an article, or nothing that is known.
    """
    size = length(text)
    if size <= _NOTICE_SIZE:
        notice = _notice(tree, meta, text, stands=stands)
        if notice:
            return notice
        if _is_gallery(tree, meta, stands=stands):
            return Reason.GALLERY
    return Reason.INDEX_PAGE if _is_index(tree, meta, text, stands=stands) else None


def _notice(tree: HtmlElement, meta: Metadata, text: str, *, stands: bool) -> Reason | None:
    # a story may stand on a page that also has a heading over its login form, and be called what a notice is
    own = tuple(filter(None, (meta.title, *meta.headings[:1]))) if stands else meta.headings
    headings = () if stands and meta.is_article and length(text) > _HINT_SIZE else own
    for notice in _NOTICES:
        if any(notice.heading.match(heading) for heading in headings):
            return notice.reason
    if stands and (meta.published is not None or length(text) > _HINT_SIZE):
        return None
    # a text that stands and ends with a notice is a story, of which the rest is withheld
    shown = text[:_OPENING] if stands else text_shown(tree)[:4000]
    few = length(shown) <= 3 * _HINT_SIZE
    for notice in _NOTICES:
        marked = notice.markup and not stands and tree.xpath(notice.markup)
        if few and (marked or notice.words.search(shown)):
            return notice.reason
    return None


def _is_gallery(tree: HtmlElement, meta: Metadata, *, stands: bool) -> bool:
    if meta.kinds & _GALLERY_KINDS or any(_GALLERY.match(heading) for heading in meta.headings):
        return True
    if stands:
        return False
    pictures = sum(1 for _ in islice(tree.iter("img", "picture"), 200))
    return pictures >= 8 and length(text_shown(tree)) < 100 * pictures


def _is_index(tree: HtmlElement, meta: Metadata, text: str, *, stands: bool) -> bool:
    """Whether the text is headlines of other pages: lines that are links as they stand.

    A list of teasers has as many lines that are none; it counts where the page does not call itself an article.
    """
    lines = [line for line in text.split("\n") if line.strip()]
    if stands and len(lines) < 6:
        return False
    keys = [fold(line) if len(line) >= 8 else "" for line in lines]
    links = _links(tree, min(map(len, filter(None, keys)), default=0) if stands else 0)
    heads = [line for line, key in zip(lines, keys, strict=True) if key in links and len(line) >= 8]
    if len(heads) >= 5 and sum(map(len, heads)) > 0.5 * sum(map(len, lines)):
        return True
    if meta.is_article:
        return False
    if (len(heads) >= 6 and len(heads) >= 0.3 * len(lines)) or _are_teasers(tree, {fold(line) for line in lines}):
        return True
    return not stands and (
        bool(meta.kinds & _INDEX_KINDS) or (len(links) >= 12 and characters_linked(tree) > 0.6 * len(text_shown(tree)))
    )


def _links(tree: HtmlElement, shortest: int) -> set[str]:
    """What links say, folded, but for those in ASCII that are too short to fold to `shortest` characters."""
    links = islice(tree.iter("a"), 3000)
    said = ("".join(link.itertext()) if len(link) else link.text or "" for link in links)
    return {fold(text) for text in said if len(text) >= shortest or not text.isascii()}


def _are_teasers(tree: HtmlElement, lines: set[str]) -> bool:
    """Whether most paragraphs of a text stand below a heading of their own that leads to another page."""
    heads = paragraphs = below = 0
    linked = fresh = False
    for element in tree.iter("h1", "h2", "h3", "h4", "p"):
        if element.tag != "p":
            linked = element.find(".//a") is not None or element.getparent().tag == "a"
            fresh = linked
        elif fold("".join(element.itertext())) in lines:
            paragraphs += 1
            below += linked
            heads += fresh
            fresh = False
    return heads >= 5 and below > 0.7 * paragraphs and paragraphs < 1.6 * heads
