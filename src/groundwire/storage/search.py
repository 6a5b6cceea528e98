"""Full-text search over articles, English and Chinese alike: words are cut here, the database only matches them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

import rjieba
import sqlalchemy as sa

from groundwire.storage.database import Database
from groundwire.storage.schema import briefs, events, members

CJK = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]")


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchHit:
    """An event that has an article with all the words."""

    event_id: int
    slug: str
    title: str
    language: str
    articles: int
    """How many of its articles match."""


class Search:
    """The search index."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def index(self, connection: sa.Connection, article_id: int, text: str) -> None:
        """(Re)index an article, within the caller's transaction."""
        terms = " ".join(words(text))
        connection.execute(sa.text("DELETE FROM search_index WHERE rowid = :id"), {"id": article_id})
        insert = (
            "INSERT INTO search_index (rowid, terms) VALUES (:id, :terms)"
            if self._db.is_sqlite
            else "INSERT INTO search_index (rowid, terms) VALUES (:id, to_tsvector('simple', :terms))"
        )
        connection.execute(sa.text(insert), {"id": article_id, "terms": terms})

    def find(self, query: str, limit: int = 30) -> list[SearchHit]:
        """Events with articles that hold all words of ``query``, best first; an empty query finds nothing."""
        wanted = words(query)[:16]
        if not wanted:
            return []
        if self._db.is_sqlite:
            matches = "SELECT rowid AS article_id, -rank AS score FROM search_index WHERE search_index MATCH :q"
            match = " ".join(f'"{word}"*' for word in wanted)
        else:
            matches = (
                "SELECT rowid AS article_id, ts_rank(terms, to_tsquery('simple', :q)) AS score"
                " FROM search_index WHERE terms @@ to_tsquery('simple', :q)"
            )
            match = " & ".join(f"'{word}':*" for word in wanted)
        found = (
            sa.text(matches).columns(sa.column("article_id", sa.BigInteger), sa.column("score", sa.Float)).subquery()
        )
        statement = (
            sa.select(
                events.c.id,
                events.c.slug,
                events.c.title,
                events.c.language,
                sa.func.count(),
                sa.func.max(found.c.score),
            )
            .select_from(found)
            .join(members, members.c.article_id == found.c.article_id)
            .join(events, events.c.id == members.c.event_id)
            .join(briefs, briefs.c.event_id == events.c.id)
            .where(~events.c.hidden)
            .group_by(events.c.id, events.c.slug, events.c.title, events.c.language)
            .order_by(sa.func.max(found.c.score).desc(), events.c.last_published_at.desc(), events.c.id)
            .limit(limit)
        )
        with self._db.read() as connection:
            return [
                SearchHit(event_id=row[0], slug=row[1], title=row[2], language=row[3], articles=row[4])
                for row in connection.execute(statement, {"q": match})
            ]


def words(text: str) -> list[str]:
    """Lower-case words: Latin runs as they are, Chinese as dictionary words and their parts."""
    found: list[str] = []
    for piece in re.findall(r"[^\W_]+", text.lower()):
        found.extend(_chinese(piece) if CJK.search(piece) else [piece])
    return found


@lru_cache(maxsize=65_536)
def _chinese(piece: str) -> tuple[str, ...]:
    return tuple(word for word in rjieba.cut(piece) if word.strip())
