"""One event as Markdown: every statement with a footnote that holds the source's exact words."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Final

from groundwire.briefs import in_summary
from groundwire.types import Article, Brief, Citation, Event, Milestone, NumberGroup, Statement

HEADINGS: Final[Mapping[str, Mapping[str, str]]] = {
    "en": {
        "what_changed": "What changed",
        "why_it_matters": "Why it matters",
        "what_to_do": "What to do next",
        "who_should_care": "Who should care",
        "takeaways": "Key takeaways",
        "deep_dive": "Technical deep dive",
        "numbers": "Numbers",
        "implications": "Implications",
        "timeline": "Timeline",
        "related": "Related",
        "sources": "Sources",
        "conflicts": "sources disagree",
        "superseded": "revised",
        "made": "{kept} statements, each with the exact words of its source; {model}.",
        "no_model": "no language model",
        "rights": "All content rights belong to original publishers.",
    },
    "zh": {
        "what_changed": "变化",
        "why_it_matters": "为何重要",
        "what_to_do": "下一步",
        "who_should_care": "谁该关注",
        "takeaways": "要点",
        "deep_dive": "技术细节",
        "numbers": "数字",
        "implications": "影响与预测",
        "timeline": "时间线",
        "related": "相关事件",
        "sources": "信源",
        "conflicts": "信源说法不一",
        "superseded": "已修订",
        "made": "共{kept}条陈述，每条都附信源原文；{model}。",
        "no_model": "未使用语言模型",
        "rights": "内容版权归原出版方所有。",
    },
}
_SPECIAL: Final = re.compile(r"([\\`*_{}\[\]<>#|~$&!])")
_LIST_START: Final = re.compile(r"^(\s*\d*)([-+=.)])", re.MULTILINE)


def event_markdown(event: Event, brief: Brief, articles: Sequence[Article], base_url: str) -> str:
    """The event's page as Markdown (CommonMark with footnotes).

    Args:
        event: The event.
        brief: Its brief.
        articles: At least the versions that the brief cites; further members are listed as sources too.
        base_url: Where the site is; for links to the event and its neighbours.
    """
    return _Writer(event, brief, articles, base_url.rstrip("/")).write()


class _Writer:
    def __init__(self, event: Event, brief: Brief, articles: Sequence[Article], base_url: str) -> None:
        self._event, self._brief, self._base = event, brief, base_url
        self._articles = {article.id: article for article in articles}
        self._words = HEADINGS.get(brief.language, HEADINGS["en"])
        self._notes: list[Citation] = []

    def write(self) -> str:
        brief, words = self._brief, self._words
        blocks = [f"# {self._said(brief.headline)}"]
        if brief.hook:
            blocks.append(f"> {self._said(brief.hook)}")
        blocks += [
            f"**{words[name]}:** {self._said(statement)}"
            for name, statement in (
                ("what_changed", brief.what_changed),
                ("why_it_matters", brief.why_it_matters),
                ("what_to_do", brief.what_to_do),
            )
            if statement is not None
        ]
        blocks += [f"**{words['numbers']}:** {self._group(group)}" for group in in_summary(brief)]
        if brief.who_should_care:
            roles = ", ".join(f"{escape(a.role)} ({self._said(a.statement)})" for a in brief.who_should_care)
            blocks.append(f"**{words['who_should_care']}:** {roles}")
        blocks += self._list("takeaways", [self._said(s) for s in brief.takeaways])
        blocks += self._list("deep_dive", [self._said(s) for s in brief.deep_dive])
        blocks += self._list("numbers", [self._group(group) for group in brief.numbers])
        blocks += self._list("implications", [self._said(i.statement) for i in brief.implications])
        blocks += self._list("timeline", [f"**{_when(m)}** {self._said(m.statement)}" for m in brief.timeline])
        blocks += self._list(
            "related", [f"[{escape(r.title)}]({self._base}/events/{r.slug}) ({r.relation})" for r in brief.related]
        )
        blocks += self._list("sources", [self._source(a) for a in self._newest()])
        model = escape(brief.provenance.model) if brief.provenance.model else words["no_model"]
        made = words["made"].format(kept=brief.provenance.kept, model=model)
        blocks.append(f"{words['rights']} {made}\n<{self._base}/events/{self._event.slug}>")
        if self._notes:
            blocks.append("\n".join(self._note(n, c) for n, c in enumerate(self._notes, start=1)))
        return "\n\n".join(blocks) + "\n"

    def _list(self, name: str, lines: Sequence[str]) -> list[str]:
        return [f"## {self._words[name]}", "\n".join(f"- {line}" for line in lines)] if lines else []

    def _said(self, statement: Statement) -> str:
        marks = ""
        for citation in statement.citations:
            if citation not in self._notes:
                self._notes.append(citation)
            marks += f"[^{self._notes.index(citation) + 1}]"
        return escape(statement.text) + marks

    def _group(self, group: NumberGroup) -> str:
        rows = "; ".join(
            f"**{escape(r.quantity.text)}** ({escape(r.outlet)}) {self._marks(r.statement)}" for r in group.rows
        )
        flag = f" ({self._words[group.status]})" if group.status in ("conflicts", "superseded") else ""
        return f"{escape(group.measures)}{flag}: {rows}"

    def _marks(self, statement: Statement) -> str:
        return self._said(statement)[len(escape(statement.text)) :]

    def _newest(self) -> list[Article]:
        """One version of each member, lead source first, then oldest first."""
        members = {m.article_id for m in self._event.members}
        newest: dict[int, Article] = {}
        for article in sorted(self._articles.values(), key=lambda a: a.version):
            if article.article_id in members:
                newest[article.article_id] = article
        lead = (
            self._articles.get(self._brief.headline.citations[0].version_id) if self._brief.headline.citations else None
        )
        first = lead.article_id if lead else None
        return sorted(newest.values(), key=lambda a: (a.article_id != first, a.published_at, a.id))

    def _source(self, article: Article) -> str:
        author = f", {escape(article.author)}" if article.author else ""
        when = f"{article.published_at:%Y-%m-%d %H:%M} UTC"
        return f"{_link(article.title, article.url)} — {escape(article.outlet)}{author}, {when}, {article.language}"

    def _note(self, number: int, citation: Citation) -> str:
        article = self._articles.get(citation.version_id)
        quote = f"“{escape(citation.quote)}”"
        if article is None:
            return f"[^{number}]: {quote}"
        where = f"version {article.version}, characters {citation.start}–{citation.end}"
        when = f"{article.published_at:%Y-%m-%d %H:%M} UTC"
        return f"[^{number}]: {quote} — {_link(article.outlet, article.url)}, {when} ({where})"


def escape(text: str) -> str:
    """Text that Markdown shows as it is, on one line: no markup, no HTML, no list or heading of its own."""
    plain = " ".join(text.split())
    return _LIST_START.sub(r"\1\\\2", _SPECIAL.sub(r"\\\1", plain))


def _link(label: str, url: str) -> str:
    if not re.match(r"https?://", url):
        return escape(label)
    safe = re.sub(r"[\s<>()\\]", lambda m: "".join(f"%{byte:02X}" for byte in m.group().encode()), url)
    return f"[{escape(label)}]({safe})"


def _when(milestone: Milestone) -> str:
    """ISO 8601 at the precision that the source gave, no finer ("2026-Q3", "2026-H1" for what it has no name for)."""
    first, last = milestone.first, milestone.last
    match milestone.grain:
        case "year":
            return f"{first.year}"
        case "half":
            return f"{first.year}-H{1 if first.month <= 6 else 2}"
        case "quarter":
            return f"{first.year}-Q{(first.month + 2) // 3}"
        case "month":
            return f"{first:%Y-%m}"
        case _:
            return first.isoformat() if first == last else f"{first.isoformat()}/{last.isoformat()}"
