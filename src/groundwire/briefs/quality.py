"""What an editor would never print, and how to cut a sentence down without bending it.

Source text is data: a sentence that tries to instruct a reader's machine is dropped like an advertisement.
"""

from __future__ import annotations

import re
from typing import Literal

from groundwire.evidence.cues import has_chinese

_URL = re.compile(r"https?://|\bwww\.|\S+@\S+\.\w{2,}", re.IGNORECASE)
_BOILERPLATE = re.compile(
    r"\b(?:subscribe|sign[- ]up (?:for|to)|newsletter|unsubscribe|cookies?\b.{0,30}\b(?:policy|consent|use)"
    r"|privacy policy|terms of (?:use|service)"
    r"|all rights reserved|click (?:here|to|on)|tap here|read (?:more|next|the full|also|our)|see also|learn more"
    r"|find out more|share this|follow us|follow @|like us"
    r"|advertis(?:e|ement|ing) (?:with|by|disclosure|feature)|advertisement|sponsored|promo code|affiliate (?:links?"
    r"|commission)|discount code|limited[- ]time offer|buy now|free trial today|log ?in to"
    r"|contact the (?:reporters?|editors?|author)|(?:editing|reporting|writing|additional reporting|compiled"
    r"|photo(?:graph)?s?) by\b|photo:|image:|image credit|getty images|file photo"
    r"|copyright|©|this article (?:was|is|originally|first)|originally (?:published|appeared)|disclaimer|disclosure:"
    r"|not (?:financial|investment|legal) advice"
    r"|reach (?:him|her|them|us) at|join (?:our|us|the) (?:discord|telegram|newsletter|community|webinar)"
    r"|download (?:our|the) app|watch (?:the )?(?:full )?video|listen to|podcast episode"
    r"|(?:must be|not) logged in|to comment on (?:a|this|the)|post a comment|comments? (?:are|is) closed"
    r"|leave a comment|updated? at \d|min(?:ute)?s? read|skip to (?:main )?content"
    r"|view (?:original|source)|enable javascript)",
    re.IGNORECASE,
)
_BOILERPLATE_ZH = re.compile(
    r"责任编辑|责编|本文(?:来自|作者|由|首发|转载|源自|链接|为)|原文(?:标题|链接|出处)|转载(?:请|需|自)|未经授权"
    r"|版权(?:所有|归|声明)|免责声明|不构成(?:任何)?投资建议|点击(?:查看|这里|阅读|下方|关注|链接)"
    r"|扫码|二维码|关注(?:我们|公众号|微信)|微信公众号|订阅(?:我们|本|号)|欢迎(?:关注|订阅|投稿|加入|留言)"
    r"|阅读(?:原文|更多|全文)|查看(?:更多|原文|详情)|更多(?:精彩|内容|资讯|详情)|相关阅读|推荐阅读|延伸阅读|图片来源"
    r"|图源|题图|图[/／]|文[/／|｜]|编辑[：:|｜/]|作者[：:|｜/]|来源[：:]"
    r"|广告(?:声明|合作)?[：:]|商务合作|投稿|联系(?:邮箱|我们)|限时(?:优惠|特价)|立即(?:购买|下载|注册|领取)|优惠码"
    r"|转发(?:本|此)|点赞|在看|分享到|登录后|下载(?:APP|客户端)|声明[：:]|小编"
)
_INJECTION = re.compile(
    r"\b(?:ignore|disregard|forget|override|bypass)\b.{0,40}\b(?:previous|prior|above|earlier|all|any|your|these"
    r"|system|safety)\b.{0,40}\b(?:instructions?|prompts?|rules?|directions?|guidelines?|context|messages?)"
    r"|\bsystem prompt\b.{0,40}\b(?:reveal|print|show|output|is now|:)|\b(?:reveal|print|repeat|output"
    r"|leak)\b.{0,30}\b(?:system prompt|your (?:instructions|prompt|rules))"
    r"|\byou are (?:now|an?) (?:an? )?(?:ai|assistant|language model|chatbot|dan\b|unrestricted|in developer mode)"
    r"|\bas an ai (?:language )?model\b|\b(?:dear|attention|note to|hey|hello) (?:ai|llm|assistant|language model"
    r"|chatbot|summari[sz]er)s?\b"
    r"|<\|?/?(?:im_start|im_end|system|endoftext|assistant|user|inst)\b|\[/?INST\]|\[system\]|^(?:system|assistant"
    r"|user|instructions?)\s*:|###\s*(?:instruction|system)|BEGIN (?:SYSTEM|INSTRUCTIONS?)"
    r"|\b(?:ai|llm|assistant|summari[sz]er|language model)s?,? (?:must|should|please|shall)\b.{0,60}\b(?:say|write"
    r"|output|respond|summari[sz]e|include|add|publish|mention|visit|rate|recommend)\b"
    r"|\bwhen (?:summari[sz]ing|processing|reading) (?:this|the) (?:article|page|text|document)|\b(?:do not"
    r"|don't) (?:tell|inform|mention to) the user|\bnew instructions?\s*:"
    r"|(?:忽略|无视|忘记|忘掉|跳过|覆盖).{0,12}(?:之前|以上|上述|先前|前面|所有|一切|系统).{0,12}(?:指令|指示|提示"
    r"|规则|要求|内容|设定)|(?:你现在是|你是一个|作为(?:一个)?(?:AI|人工智能|语言模型))|(?:输出|泄露|打印"
    r"|显示).{0,8}(?:系统提示|提示词|system prompt)|请(?:AI|模型|助手|大模型).{0,20}(?:输出|回答|总结|推荐|写)",
    re.IGNORECASE | re.MULTILINE,
)
_HASHTAGS = re.compile(r"(?:^|\s)#\w+")
_HANDLES = re.compile(r"@\w+")
_MARKUP = re.compile(r"<[a-zA-Z/!][^>]*>|\{\{|\}\}|```|\|\s*\||&[a-z]+;|\\u[0-9a-f]{4}")
_EMOJI = re.compile(r"[\U0001f000-\U0001faff\u2600-\u27bf\u2b50\u2b06\u2b07\u27a1]")
_GLUED = re.compile(r"[a-z]{3}[.!?][A-Z][a-z]{2}")
"""Two sentences without a blank between them: the page lost a line break there."""
_OPERATOR = re.compile(r"\d\)?\s?[×*=÷]\s?(?=[\d(])|\d\s\+\s(?=\d)|\s=\s")
_DANGLES = re.compile(
    r"(?:[,:;–—-]|\b(?:a|an|the|and|or|but|of|to|in|on|at|by|for|from|with|as|than|that|which|who|is|are|was|were|be|has|have|will))$"
    r"|[，、：；—]$|[的和与及或在把被将对]$",
    re.IGNORECASE,
)
"""What a whole sentence never ends with."""
_TERMINAL = re.compile(r"[.!?。！？…][”\"’」』）)\]]*$")
_CHINESE = re.compile(r"[\u3400-\u9fff]")

_OPENS_LOOSE = re.compile(
    r"^(?:This|That|It|He|She|They|These|Those|Such|His|Her|Its|Their|Here|Both|Another|Him|Them|One of (?:them|these"
    r"|those)"
    r"|The (?:latter|former|two|pair)|For comparison|By comparison|So|Then|Now|But|And|Or|Yet|Nor|Also|Too|Still|Instead|However|Therefore|Thus|Hence|Besides|Moreover"
    r"|Furthermore|Additionally|Similarly|Likewise|Otherwise|Nevertheless|Nonetheless|As a result|For (?:example"
    r"|instance)|In addition|In (?:contrast|other words|turn|fact)|On the other hand|At the same time|That said"
    r"|After that|Since then|By contrast|Meanwhile"
    r"|Among (?:them|these|those)|According to (?:him|her|them|it))\b"
)
_OPENS_DEFINITE = re.compile(
    r"^The (?:move|decision|deal|announcement|news|company|firm|group|agreement|change|plan|report|study|figure|model"
    r"|tool|feature|system|update|service)\b"
)
"""Opens with a thing that was named before: clear to whoever has read the headline."""
_OPENS_LOOSE_ZH = re.compile(
    r"^(?:这(?!一|款|项|家|次)|此(?!次|举|外)|那|其(?!中|他)|他|她|它|对此|两者|二者|前者|后者|如此|以上|以下"
    r"|同样|并且|而且|而|但|也|还|则|于是|所以"
    r"|因此|因而|否则|然而|不过|除此之外|相比之下|换言之|也就是说|例如|比如|首先|其次|最后|[一二三四五六七八]是"
    r"|其[一二三四五]|第[一二三四五](?!季)|一方面|另一方面|当时|随后|之后"
    r"|接着|他们|她们|它们|其中|此外|同时)"
)
_LEANS_ZH = re.compile(r"^.{0,8}(?:该|其|此次|此举|本次|上述|双方|这一|这款|这项|他们?|她|它)|^官方")
_OPENS_ARGUMENT = re.compile(
    r"^(?:\w+\s(?:this|that|these|those|such)\b|(?:True|Yes|No|Right|Sure|Indeed),|(?:Take|Consider|Start|Add"
    r"|Multiply|Suppose|Imagine|Write|Strip|Recall|Remember|Note)\b)"
)
_LEANS = re.compile(r"\b(?:he|she|it|they|this|these|those|the former|the latter|says another|the same)\b")
_FRAGMENT = re.compile(r"^(?:[a-z]|[,;:()\]”’，。；：、）】」]|(?:and|or|but|which|that|who|to|of)\s)")

_LEAD_IN = (
    re.compile(r"^(?:[-*•·–—▪●◦]+|\(?\d{1,2}[.)、）]|[（(]\d{1,2}[)）]|[①-⑳])\s*"),
    re.compile(
        r"^(?:[A-Z][A-Z.’' -]{2,30})(?:,\s[A-Z][A-Za-z. ]{1,20})?(?:\s?\([^)]{2,20}\))?\s?(?:[—–:]|--"
        r"|\s-)\s*(?=[A-Z“\"])"
    ),
    re.compile(r"^[A-Z][\w .,’'/]{1,40}\((?:Reuters|AP|AFP|Bloomberg|CNN|Xinhua|UPI|dpa)\)\s?(?:[—–-]|--)+\s*"),
    re.compile(r"^[^，。：\s]{2,12}\s?(?:\d{1,2}\s?月\s?\d{1,2}\s?日)?(?:消息|讯|电|获悉)[，,：:\s]\s*"),
    re.compile(r"^(?:（[^）]{2,20}(?:讯|电|报道)）|【[^】]{1,20}】)\s*"),
    # a bold lead-in before a sentence: "Pricing and limits: The new tier …"; never the words that name a speaker
    re.compile(
        r"^(?![^:]*\b(?:said|says|added|adds|wrote|writes|told|asked|noted|notes|warned|argued|explained|tweeted"
        r"|posted|read|reads|is|are|was|were)\b)"
        r"[A-Z“\"‘][^:.!?。\n]{2,80}:\s+(?=[A-Z@][^:]{50,})(?![“\"‘])"
    ),
    re.compile(
        r"^(?:However|Meanwhile|Moreover|Furthermore|Additionally|In addition|Also|Still|Yet|Indeed|Separately"
        r"|Notably|Importantly|Interestingly|Finally|Similarly|Elsewhere|Overall|Ultimately|Nevertheless|Nonetheless"
        r"|At the same time|In fact|For its part|In particular|Specifically),\s(?=[A-Z][\w-]*)(?!(?:It|He|She|They"
        r"|This|That|These|Those|There|Its|His|Her|Their)\b)"
    ),
    re.compile(
        r"^(?:But|And|So)\s(?=[A-Z][\w-]+)(?!(?:It|He|She|They|This|That|These|Those|There|Its|His|Her|Their|I)\b)"
    ),
    re.compile(
        r"^(?:此外|同时|与此同时|另外|不过|然而|但是|目前|据悉|据介绍|据了解|值得注意的是|值得一提的是|需要注意的是"
        r"|需要指出的是|具体来看|具体而言|具体来说|总体来看|总的来说|更重要的是|事实上|实际上|最终|近日|日前|随后"
        r"|除此之外|在此基础上|相应地|特别是|尤其是)[，,]\s*"
    ),
)  # fmt: skip
_LEAD_OUT = (
    # where a digest found it: "…, in @someone, @other", "… in posts from @someone, and reactions from @other"
    re.compile(
        r"(?:(?:,?\s(?:and\s)?(?:with\s|in\s)?(?:(?:a|the|launch|recent|more|further)\s)*(?:posts?|threads?|tweets?|reactions?"
        r"|comments?|notes?|screenshots?|details?)\s(?:from|by|via)|,\s(?:and\s)?(?:from|via|per)|,?\sin)"
        r"\s@\w+(?:(?:,\s(?:and\s)?|\sand\s|\s&\s)@\w+)*)+[.。;]?$"
    ),
    re.compile(r"\s*(?:[\[(（]\s*@[^\])）]{1,120}[\])）]\s*,?\s*)+(?:[.。;]?)$"),
    re.compile(r"\s*[(（](?:Reuters|AP|AFP|Bloomberg|图源[^)）]*|来源[^)）]*|编辑[^)）]*)[)）]\s*$"),
)

_SAFE_CUT_EN = re.compile(
    r"(?:;|\s[—–]|\s-\s|,(?=\s(?:which|who|where|while|with|as|according|including|citing|following|saying|adding"
    r"|noting|bringing|making|giving|part|one|an?\s|the\s|and\s(?:the|it|a|its|said|will|that|has|is|was)\b|after"
    r"|amid|up|down|compared)\b))"
)
_SAFE_CUT_ZH = re.compile(r"[；，](?!(?:但|不过|然而|除非|而不是|尚未|仅|只有|否则|却))")
_TURNS = re.compile(
    r"\b(?:but|unless|except|although|though|if|only|without|not|never|until|however|despite|subject to|provided"
    r"|pending|whereas|rather|denied|declined|no longer|yet to|fail|wrong|false)\b|n['’]t\b"
    r"|但|不过|然而|除非|只有|否则|却|尚未|尚|未|不|仅限|前提|如果|若|并非|否认|假如|暂",
    re.IGNORECASE,
)
_DEPENDENT = re.compile(
    r"^(?:If|While|When|Although|Though|As|After|Because|Since|By|With|Despite|Even|Once|Before|Given|In|On|At|For"
    r"|From|To|Under|Following|Unlike|Like|According)\b"
    r"|^(?:如果|若|虽然|尽管|由于|因为|随着|当|在|为|对于|针对|根据|据|按照|自|从|除|关于|通过|与|和|对|面向|基于"
    r"|凭借|借助|作为)"
)

MOST_HANDLES = 0.2
"""Share of a sentence that names of accounts may take up: a digest of posts names who said what."""
LEAST_PROSE = 60
"""Weight of a sentence without a full stop."""
LEAST_CLAUSE = 36
"""Weight of words before a colon that are no mere label."""

Unfit = Literal[
    "boilerplate",
    "instruction",
    "web address",
    "tags",
    "markup",
    "too short",
    "too long",
    "fragment",
    "unbalanced",
    "no sentence",
    "shouting",
    "question",
    "formula",
]


def unfit(text: str, *, title: bool = False, unstopped: bool = False) -> Unfit | None:
    """Why a sentence is never printed, or None if it may be.

    Args:
        text: The sentence.
        title: Whether it is a title: shorter, without a full stop.
        unstopped: Whether it ends a paragraph of a source that sets no full stops there.
    """
    chinese = has_chinese(text)
    if _INJECTION.search(text):
        return "instruction"
    if _BOILERPLATE.search(text) or _BOILERPLATE_ZH.search(text):
        return "boilerplate"
    if _URL.search(text):
        return "web address"
    handles = _HANDLES.findall(text)
    crowded = len(handles) > 1 and sum(map(len, handles)) > MOST_HANDLES * len(text)
    if crowded or len(_HASHTAGS.findall(text)) > 1 or len(_EMOJI.findall(text)) > 2:
        return "tags"
    if _MARKUP.search(text):
        return "markup"
    length = weight(text)
    if length < (16 if title else 28):
        return "too short"
    if length > 600:
        return "too long"
    if title:
        return None
    closed = bool(_TERMINAL.search(text)) or (chinese and length > 50 and text[-1] in "”」）)")
    if not closed and not (unstopped and _is_prose(text, length)):
        return "no sentence"
    if _FRAGMENT.match(text) or _GLUED.search(text):
        return "fragment"
    if not balanced(text):
        return "unbalanced"
    letters = [c for c in text if c.isalpha() and c.isascii()]
    if len(letters) > 20 and sum(c.isupper() for c in letters) > 0.6 * len(letters):
        return "shouting"
    if re.search(r"[?？][”\"’」]?$", text):
        return "question"
    if len(_OPERATOR.findall(text)) > 1:
        return "formula"
    return None


def sets_stops(text: str) -> bool:
    """Whether at least half of an article's paragraphs after its title end as sentences do."""
    paragraphs = [line.rstrip() for line in text.split("\n")[1:] if weight(line) >= LEAST_PROSE]
    return 2 * sum(bool(_TERMINAL.search(line)) for line in paragraphs) >= len(paragraphs)


def _is_prose(text: str, length: int) -> bool:
    """Whether words without a full stop are a sentence all the same, not a heading, a caption's name or a cut."""
    spoken = re.findall(r"[^\W\d_]+", text)
    capitals = sum(word[0].isupper() for word in spoken)
    return length >= LEAST_PROSE and capitals <= 0.5 * len(spoken) and _DANGLES.search(text) is None


def is_clause(text: str) -> bool:
    """Whether what stands before a colon says something of its own, and isn't the name of what follows."""
    if has_chinese(text):
        return weight(text) >= LEAST_CLAUSE
    spoken = re.findall(r"[^\W\d_]+", text)
    return (
        weight(text) >= LEAST_CLAUSE
        and len(spoken) > 5
        and sum(word[0].isupper() for word in spoken) <= 0.5 * len(spoken)
    )


def weight(text: str) -> int:
    """Length as a reader feels it: a Chinese character counts for two and a half Latin ones."""
    han = len(_CHINESE.findall(text))
    return len(text) + han + han // 2


def balanced(text: str) -> bool:
    """Whether quotes and brackets that open also close."""
    pairs = (("“", "”"), ("「", "」"), ("（", "）"), ("(", ")"), ("《", "》"), ("[", "]"), ("【", "】"))
    return all(text.count(a) == text.count(b) for a, b in pairs) and text.count('"') % 2 == 0


def looseness(text: str) -> float:
    """How much a sentence leans on what came before it: 0 (stands alone) to 1."""
    if _OPENS_LOOSE.match(text) or _OPENS_LOOSE_ZH.match(text) or _OPENS_ARGUMENT.match(text):
        return 1.0
    if _OPENS_DEFINITE.match(text):
        return 0.6
    if _LEANS.search(text[:40]) or _LEANS_ZH.match(text):
        return 0.5
    return 0.0


def bounds(text: str) -> tuple[int, int]:
    """The part of a sentence worth printing: without bullets, datelines, connecting words, trailing handles."""
    start, end = 0, len(text)
    for _ in range(3):
        lead = next((m for p in _LEAD_IN if (m := p.match(text[start:end])) and m.end() > 0), None)
        if lead is None or end - start - lead.end() < 12:
            break
        start += lead.end()
    for pattern in _LEAD_OUT:
        tail = pattern.search(text, start, end)
        if tail and tail.start() - start > 20:
            end = tail.start()
    return start, end


def shorten(text: str, limit: int) -> int | None:
    """Where to end a sentence so that it weighs at most ``limit``: a clause boundary, or None if no cut is honest.

    A cut is honest when what falls away neither turns nor conditions what stays (but, unless, if, not, 但, 尚未, …).
    """
    if weight(text) <= limit:
        return len(text)
    pattern = _SAFE_CUT_ZH if has_chinese(text) else _SAFE_CUT_EN
    best: int | None = None
    cuts = [m.start() for m in pattern.finditer(text)]
    first_allowed = 1 if _DEPENDENT.match(text) else 0
    for cut in cuts[first_allowed:]:
        head, tail = text[:cut], text[cut:]
        if weight(head) > limit:
            break
        if weight(head) >= 30 and balanced(head) and not _TURNS.search(tail):
            best = cut
    return best
