"""Lines that are page furniture whatever stands around them: each rule reads one whole line."""

from __future__ import annotations

import re

from ingest.documents import CutReason
from ingest.extract.bylines import EMAIL, read_byline
from ingest.extract.dates import DATE, Clock, find_moment
from ingest.extract.findings import Evidence
from ingest.extract.lines import length

__all__ = ["FIELDS", "Furniture", "read_furniture"]

Furniture = tuple[CutReason, Evidence]
"""What a line is, and what it tells about the article."""

FIELDS = re.compile(
    r"\s{2,}|\s*[|｜│•]\s*|\u3000+|\t+|\s+·\s+|\s+(?=(?:[来來]源|作者|[记記]者|[责責]?任?[编編][辑輯]|source|author|by)\s*[:：])"
)
"""What separates the fields of a line such as '2024-05-03  Source: X | Editor: Y'."""
_FIELD_MARKS = ("|", "｜", "│", "•", "·", ":", "：")
_URL = r"(?:https?://|www\.)\S{3,300}"
_NETWORKS = (
    r"(?:facebook|twitter|x|linked ?in|whats ?app|telegram|we ?chat|weibo|line|reddit|pinterest|"
    r"instagram|youtube|tik ?tok|e-?mail"
    r"|print|threads|bluesky|messenger|微信|微博|朋友圈|qq|qq空间|豆瓣|facebook messenger|sms)"
)


def _rules(*patterns: str) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns), re.IGNORECASE)


_SHARE = _rules(
    (
        rf"(?:share|tweet|send|save|comment|print|copy link|bookmark|e-?mail|post)(?:\s+(?:this|"
        rf"the))?(?:\s+(?:article|story|page|post|news|link))?(?:\s*(?:on|via|to|with|by|"
        rf":)\s*(?:{_NETWORKS}[\s,/|]*)*(?:friends?|others)?)?:?$"
    ),
    rf"{_NETWORKS}(?:[\s,/|·]+{_NETWORKS})+$",
    r"(?:please )?(?:follow|like|find|join|connect with) (?:us|our|@?\w+)\b.{0,60}\b(?:on|at|via|channel)\b.{0,80}$",
    r"follow us\b.{0,60}$",
    r"(?:subscribe|sign up|register)(?: now| here| today| free)?(?:\s+(?:to|for|and|with)\b.{0,120})?[.!>»]*$",
    r"(?:get|receive|want)\b.{0,80}\b(?:in|to) your (?:inbox|mailbox|email)\b.{0,60}$",
    r"(?:click|tap) here to (?:subscribe|sign up|join|follow|share|comment)\b.{0,80}$",
    (
        r"(?:you (?:are )?receiv(?:e|ed|ing) this (?:e-?mail|newsletter|message)|unsubscribe\b|manage "
        r"(?:your )?(?:subscription|preferences)).{0,120}$"
    ),
    r"(?:download|get) (?:the|our|your)\b.{0,30}\bapps?\b.{0,60}$",
    (
        r"(?:join the (?:conversation|discussion)|leave a (?:comment|reply)|\d{0,5}\s*comments?|post "
        r"a comment|advertisement|sponsored|ad|loading\.{0,3})$"
    ),
    r"(?:font|text) size:?(?:\s|[|/,+-]|large|medium|small|larger|smaller|a)*$",
    r"[【\[(]?\s*[字文][号號体體][：:\s]*(?:[大中小特]\s*)+[】\])]?$",
    (
        r"(?:分享|转发|轉發|推荐|推薦)(?:到|至|给|給)?[：:]?(?:[\s、/|]*(?:微信|微博|朋友圈|qq|qq空间|好友|facebook|twitter|line|"
        r"whatsapp|linkedin))*$"
    ),
    r"(?:扫码|掃碼|扫描|掃描|扫一扫|微信扫|长按|長按|识别|點擊關注|点击关注|关注我们|關注我們|欢迎关注|歡迎關注|请关注|請關注).{0,40}$",
    r"(?:订阅|訂閱|退订|退訂|订阅[/／]退订|訂閱[/／]退訂).{0,60}$",
    r"(?:下载|下載|打开|打開|安装|安裝).{0,16}(?:客户端|客戶端|app|应用|應用).{0,20}$",
    (
        r"(?:点赞|點讚|收藏|打印|列印|评论|評論|留言|字号|字號|复制链接|複製連結|我要纠错|纠错|返回顶部|返回首页|举报|舉報)(?:[\s、/|]*(?:点赞|點讚|收藏|"
        r"打印|列印|评论|評論|留言|分享|\d+))*$"
    ),
)
_READ_MORE = _rules(
    (
        r"(?:read (?:next|more|also|on|the full (?:story|article|release)|full (?:story|article))|"
        r"also read|see (?:also|more)|must read|don['’]t miss|keep reading)\b\s*(?:[:：>»|–—-].{0,250}|"
        r"\.{0,3})$"
    ),
    (
        r"(?:more (?:from|on|about)|related(?: stor(?:y|ies)| articles?| news| reading| links?| "
        r"topics?| coverage)?|recommended(?: for you| stories| reading)?|you (?:may|might) (?:also "
        r")?(?:like|be interested in)|top stories|latest (?:news|stories)|most (?:read|popular)|"
        r"trending(?: now)?|up next|what to read next|editor['’]?s['’]? picks?|further "
        r"reading)\s*[:：>»]?$"
    ),
    (
        r"(?:related(?: stor(?:y|ies)| articles?| news| reading| coverage)?|further reading|in case "
        r"you missed it|explainer)\s*[:：»]\s*.{3,200}$"
    ),
    r"(?:read|watch|listen)\s*[:：»]\s*[^.。]{3,200}$",
    r"more from\b.{1,80}[»>].{0,120}$",
    r"(?:watch|listen|play)\b.{0,80}[▶►⏵]\s*$",
    r"(?:continue reading|click here (?:to|for) (?:read|view|see|more|the)).{0,100}$",
    (
        rf"(?:view|see|read|access) (?:the |this )?(?:original|source|full|complete|"
        rf"entire)\b.{{0,60}}(?:\bon\b|\bat\b|\bversion\b|:).{{0,40}}{_URL}$"
    ),
    r"view (?:the )?(?:original|source)\b.{0,200}$",
    r"to (?:view|read) the full (?:press release|article|story|report),? (?:please )?(?:visit|click).{0,120}$",
    (
        r"[◎●■◆▶►>＞》»\s\[【]*(?:延伸[阅閱][读讀]|相[关關](?:[阅閱][读讀]|新[闻聞]|[报報][道導]|文章|[链鏈][接結])|推[荐薦][阅閱][读讀]|"
        r"[阅閱][读讀](?:原文|全文|更多)|查看(?:更多|原文|全文)|更多(?:精彩|新[闻聞]|[内內]容|[财財][经經]新[闻聞]|[相資]?[关關訊讯])|"
        r"[点點][击擊][进進]入|[热熱][门門][文新推])[^。！？]{0,80}$"
    ),
    r"[>＞»]+\s*更多[^。！？]{0,60}$",
)
_NAVIGATION = _rules(
    r"(?:newspapers|magazines|books|stories|articles|news|publications) (?:in|from|by) [A-Z][\w ]{2,30}$",
    (
        r"(?:home|back|back to (?:top|home|news|list)|top|menu|search|next|previous|prev|skip to "
        r"(?:main )?content|log ?in|sign in|sign up|privacy policy|terms (?:of (?:use|service)|and "
        r"conditions)|contact us|cookies?(?: policy)?|site ?map|(?:previous|next) (?:article|"
        r"story|page|post)|close|all rights)$"
    ),
    (
        r"(?:首[页頁]|主[页頁]|返回|返回首[页頁]|上一[篇页頁条條则則]|下一[篇页頁条條则則]|[关關][闭閉]|[联聯][系絡]我[们們]|"
        r"[网網]站地[图圖]|[登注][录冊册入])(?:[：:].{0,80})?$"
    ),
    r"[/\-–—*#\s]*(?:ends?|完|全文完)[/\-–—*#.\s]*$",
    r"(?:#\s*){2,}$|-\s*30\s*-$|[*＊•\-–—=_~·.。\s]{3,}$|--[\w &.]{2,40}--$",
    r"(?:home|首页|首頁|您的位置|当前位置|當前位置|你的位置)\s*[:：>›»/].{2,120}$",
)
_PAGE = _rules(
    r"page \d{1,3}(?: of \d{1,3})?$|\d{1,3} ?/ ?\d{1,3}$|[-–—]\s?\d{1,3}\s?[-–—]$",
    r"第?\s?[\d一二三四五六七八九十]{1,3}\s?[页頁](?:\s*[,，/]?\s*共\s?\d{1,3}\s?[页頁])?$",
    (
        r"\[?\d{1,2}\]?(?:\s+\[?\d{1,2}\]?)+\s*(?:下一[页頁]|next|[>»])\s*[>»]*$|"
        r"\[\d{1,2}\](?:\s*\[\d{1,2}\])+$|(?:上一[页頁]|prev(?:ious)?)\s+(?:\[?\d{1,2}\]?\s*)*(?:下一[页頁]|"
        r"next)$"
    ),
)
_FIGURE = r"[（(]?[一二三四五六七八九十\d]{1,3}[）)]?"
_FIGURES = rf"{_FIGURE}(?:\s?[-–—~、至到及和与與]\s?[图圖]?{_FIGURE}){{0,3}}"
_PICTURE = r"(?:(?:[组組附配上下左右]|[现現][场場]|示意|效果)?[图圖]|[图圖]片|[图圖]片?[说說]明|[照相]片)"
_GARBLED = re.compile(r"(?=.*(?:[?？]{2}|\ufffd))[\s?？\ufffd□■◆*·.…_-]+$")
_CAPTION = _rules(
    (
        r"[\[(【（]?\s*(?:(?:file|featured|stock|cover|header|representative|handout) "
        r")?(?:photo(?:graph)?s?|images?|pictures?|pics?|illustrations?|graphics?|caption|video|photo "
        r"download)(?: credits?| courtesy(?: of)?| by| source)?\s*[:：/]\s*.{1,250}$"
    ),
    (
        r"(?:(?:file|featured|stock|cover|header) )?(?:photo(?:graph)?s?|images?|pictures?|"
        r"illustrations?) (?:by|courtesy of|credit|via|from)\s.{2,120}$"
    ),
    r"[\[(]?(?:fig(?:ure)?\.?|photo|picture|image) ?\d{1,2}[a-z]?(?: of \d{1,2})?\s*[:.–—-]\s.{1,250}$",
    r"[\[(]?(?:pictured|from left(?: to right)?|left to right|l-r)(?: ?\([^()\n]{1,30}\))?[:)\]]\s.{2,250}$",
    (
        r".{5,250}[\[(【（](?:(?:file |handout )?(?:photo|image|picture|pic)s?\b[^\])】）]{0,80}|"
        r"[^\])】）]{0,60}(?:photo|getty images|shutterstock|istock|unsplash)|(?:供[图圖]|[图圖]片|资料[图圖片]|"
        r"資料[圖片])[^\])】）]{0,40})[\])】）][.]?$"
    ),
    r"[▲△▼↑]\s*.{2,150}$",
    rf"[（(【\[]?{_PICTURE}\s?(?:{_FIGURES}|[说說示左右上下中])?\s*[：:/／]\s*[^\n]{{1,150}}$",
    rf"(?:{_PICTURE}{_FIGURES}[\s\u3000]|[【\[]{_PICTURE}{_FIGURES}[】\]])\s*[^\n]{{2,150}}$",
    r"(?:[上下左右附]?[图圖][为為爲]|[图圖]表\s*[：:]|[图圖]片[来來]源|[资資]料[图圖片])\s*[^\n]{1,120}$",
    r"[^。！？]{4,120}[（(][^（）()，。]{1,16}(?:提供|[图圖])[)）]$",
    r"(?:[摄攝]影|供[图圖]|[图圖]片提供|[图圖]源)\s*[：:／/|]?\s*.{1,40}$",
    r"[^。！？]{2,80}(?:[记記]者|通[讯訊][员員])\s*[\u4e00-\u9fff ]{2,12}\s?[摄攝]$",
    r"[^。！？\n]{0,80}[。 　]?\s*本[报報][记記]者\s*[摄攝]$",
    r"[^。！？]{2,80}(?:供[图圖]|(?<![拍航])[摄攝])$",
    r"!\[[^\]\n]{0,300}\]\([^()\s]{0,1000}\)$",
)
_RELEASED = re.compile(
    r"[【\[(（]?\s*(?P<label>release(?:d)?(?: time| date| on)?|publi(?:shed|cation|sh)(?: time| "
    r"date| on| at)?|posted(?: on| at)?|date(?: published)?|time|created|first published|"
    r"issued(?: on)?"
    r"|(?P<changed>(?:last )?(?:updated?|modified)(?: on| at| time)?)|发布(?:时间|日期|于)?|發[布佈](?:時間|"
    r"日期|於)?|[时時][间間]|日期|刊[发登發](?:时间|日期|時間)?|(?:撰文|出版|上[传傳]|创建|建立)(?:时间|時間|日期)?"
    r"|(?P<changed2>(?:最[后後])?更新(?:[时時][间間]|日期|[于於])?|[编編][辑輯]?修改))?\s*[:：]?\s*"
    + DATE.replace("(?P<", "(?P<d_").replace("(?P=", "(?P=d_")
    + r"(?P<rest>.{0,60})$",
    re.IGNORECASE,
)
_DATED = re.compile(r"\d{4}|[一二][〇零○一二三四五六七八九]{3}")
_TIME_REST = re.compile(
    (
        r"[\s,，T|·at-]*(?:星期.|周.|\d{1,2}[:：h]\d{2}(?:[:：]\d{2})?(?:\.\d+)?)?\s*(?:[ap]\.?m\.?"
        r")?\s*\(?(?:[A-Z]{1,4}|[+-]\d{2}:?\d{2}|GMT[+-]\d{1,2}|北京时间|北京時間|香港時間)?\)?[\s|】\])）.]*$"
    ),
    re.IGNORECASE,
)
_SOURCE = re.compile(
    (
        r"^[\[(（【]?\s*(?:(?:article |news |original )?source|from|via|provided by|来源|來源|稿源|文章来源|文章來源|"
        r"信息来源|消息来源|新聞來源|资料来源|資料來源|转载自|轉載自|摘自|出处|出處)\s*[:：]\s*(?P<outlet>[^|。！？:：]{2,50}?)\s*[\])）】]?$"
    ),
    re.IGNORECASE,
)
_BEFORE = ((CutReason.GARBLED, _GARBLED), (CutReason.PAGE_NUMBER, _PAGE))
_AFTER = ((CutReason.SHARE, _SHARE), (CutReason.READ_MORE, _READ_MORE), (CutReason.NAVIGATION, _NAVIGATION))


def _by_rule(line: str, rules: tuple[tuple[CutReason, re.Pattern[str]], ...]) -> Furniture | None:
    return next(((reason, Evidence()) for reason, rule in rules if rule.match(line)), None)


def _release_time(line: str, clock: Clock) -> Furniture | None:
    if len(line) > 200 or not _DATED.search(line):
        return None
    found = _RELEASED.match(line)
    if found is None or not _TIME_REST.match(found["rest"]):
        return None
    moment = find_moment(line, clock)
    if found["changed"] or found["changed2"]:
        return CutReason.RELEASE_TIME, Evidence(modified=moment)
    return CutReason.RELEASE_TIME, Evidence(published=moment)


def _whole(line: str, clock: Clock) -> Furniture | None:
    """What a line, or one of its fields, is on its own."""
    found = _by_rule(line, _BEFORE) or _release_time(line, clock)
    if found:
        return found
    source = _SOURCE.match(line)
    if source:
        return CutReason.PUBLISHER, Evidence(publisher=source["outlet"].strip())
    if _CAPTION.match(line):
        return CutReason.CAPTION, Evidence()
    byline = read_byline(line)
    if byline is not None:
        return CutReason.BYLINE, byline
    return _by_rule(line, _AFTER)


def read_furniture(line: str, clock: Clock) -> Furniture | None:
    """What a line is, if it is furniture whatever stands around it.

    Args:
        line: A whole line, without Markdown.
        clock: For dates.

    Returns:
        Reason and evidence; a line of several fields ('Source: X  |  Time: Y') is furniture if each field is, and named
        after the first. None for anything that may be the story's own.
    """
    if length(line) > 300:
        return None
    found = _whole(line, clock)
    if found is not None:
        return found
    # single spaces between words separate no fields without a mark
    if not any(mark in line for mark in _FIELD_MARKS) and line.count(" ") + 1 == len(line.split()):
        return None
    fields = [field for field in FIELDS.split(line) if field.strip()]
    if not 2 <= len(fields) <= 8:
        return None
    read = []
    for field in fields:
        one = _whole(field.strip(), clock)
        if one is None and re.fullmatch(EMAIL, field.strip()):
            one = CutReason.CONTACT, Evidence()
        if one is None:
            return None
        read.append(one)
    evidence = read[0][1]
    for _, more in read[1:]:
        evidence = evidence.or_else(more)
    return read[0][0], evidence
