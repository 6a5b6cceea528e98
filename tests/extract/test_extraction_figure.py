"""A sample of the article-extraction benchmark holds the target (benchmarks/extraction.py measures all of it)."""

from __future__ import annotations

from pathlib import Path

import pytest
from benchmarks.extraction import extract_all, read_pages, score


@pytest.mark.data
def test_article_text_is_better_than_the_best_known_library(data_dir: Path) -> None:
    folder = data_dir / "extraction" / "aeb"
    if not folder.exists():
        pytest.skip(f"no pages at {folder}")
    pages = read_pages(folder)[::4]
    found, _ = extract_all(pages)
    f1, _, _ = score(pages, {name: article.body if article else "" for name, article in found.items()})
    assert f1 >= 0.964
