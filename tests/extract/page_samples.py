"""Pages of made-up outlets, put together from parts as real ones are."""

from __future__ import annotations

import html
from collections.abc import Sequence
from datetime import UTC, datetime

from groundwire.types import RawPage

FETCHED_AT = datetime(2026, 11, 22, 12, tzinfo=UTC)
URL = "https://news.example/2026/11/chips"

TITLE = "Northwind cuts the price of its inference chips"
PARAGRAPHS = (
    "Northwind Silicon said on Monday that it would cut the list price of its second inference chip by 18 percent, the"
    " first reduction since the part went on sale in the spring.",
    "The company expects operators of small data centres to switch first, because power and not price has been what"
    " limits them, its finance chief told analysts on a call.",
    "Rivals have not followed. Two resellers contacted by this newspaper said that they had been told to expect no"
    " change before the end of the quarter.",
    "Analysts at Harrow & Pike put the saving at about 4 cents per million tokens for a typical chat workload.",
)
TITLE_ZH = "北风半导体下调推理芯片价格"
PARAGRAPHS_ZH = (
    "北风半导体周一表示，将把第二代推理芯片的标价下调18%，这是该产品今年春季上市以来的首次降价。",
    "公司财务负责人在电话会议上说，小型数据中心运营商会最先更换设备，因为限制他们的一直是电力而不是价格。",
    "竞争对手尚未跟进。两家经销商对本报表示，预计本季度结束前价格不会有变化。",
)


def page(body: str, *, head: str = "", lang: str = "en") -> RawPage:
    document = f'<!doctype html><html lang="{lang}"><head><meta charset="utf-8">{head}</head><body>{body}</body></html>'
    return RawPage(url=URL, body=document.encode(), content_type="text/html; charset=utf-8", fetched_at=FETCHED_AT)


def paragraphs(texts: Sequence[str] = PARAGRAPHS) -> str:
    return "".join(f"<p>{html.escape(text)}</p>" for text in texts)


def frame(article: str, *, title: str = TITLE) -> str:
    """An article among what surrounds it: menus, teasers, a newsletter box, comments, a footer."""
    teasers = "".join(
        f'<li><a href="/{n}">Another headline about something else, number {n}</a></li>' for n in range(6)
    )
    return (
        '<nav><ul><li><a href="/">Home</a></li><li><a href="/chips">Chips</a></li></ul></nav>'
        f"<main><article><h1>{html.escape(title)}</h1>{article}</article>"
        f'<section class="more"><h3>Read more</h3><ul>{teasers}</ul></section>'
        '<section class="comments"><h3>Comments</h3><div class="comment"><p>By a reader who liked it a lot.</p></div>'
        "</section></main><footer><p>© 2026 News Example. All rights reserved.</p></footer>"
    )


def frame_zh(article: str, *, title: str = TITLE_ZH) -> str:
    teasers = "".join(f'<li><a href="/{n}">另一条与本文无关的新闻标题，编号{n}</a></li>' for n in range(6))
    return (
        '<div class="nav"><a href="/">首页</a><a href="/tech">科技</a><a href="/money">财经</a></div>'
        f'<div class="left"><h1>{title}</h1>'
        f'<div class="info">2026年11月20日 09:30 来源：样例网 作者：张三</div>{article}'
        '<div class="editor">责任编辑：李四</div><div class="share">分享到：<a>微信</a><a>微博</a></div>'
        f'<div class="rel"><h3>相关阅读</h3><ul>{teasers}</ul></div>'
        '<div class="cmt"><h3>网友评论</h3><p>写得不错，期待后续报道，希望价格继续下降。</p></div></div>'
        '<div class="footer"><p>关于我们 联系我们 版权声明</p><p>京ICP备00000000号</p></div>'
    )
