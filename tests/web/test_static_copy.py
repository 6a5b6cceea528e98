"""The static copy."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from lxml import html
from web_desk import BASE, NOW, Desk

from groundwire.editions.export import File, write_files
from groundwire.errors import GroundwireError
from groundwire.settings import Settings
from groundwire.web.links import file_of
from groundwire.web.static_copy import export_site


@pytest.fixture(scope="session")
def copy(desk: Desk, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("copy")
    export_site(desk.store, Settings(home=folder, base_url=BASE), folder / "site")
    return folder / "site"


def hashes(folder: Path) -> dict[str, str]:
    files = (p for p in folder.rglob("*") if p.is_file())
    return {str(p.relative_to(folder)): hashlib.sha256(p.read_bytes()).hexdigest() for p in files}


def test_a_second_copy_is_the_same_to_the_byte(copy: Path, desk: Desk, tmp_path: Path) -> None:
    before = hashes(copy)
    stamps = {p: p.stat().st_mtime_ns for p in copy.rglob("*.html")}
    assert export_site(desk.store, Settings(home=tmp_path, base_url=BASE), copy) == len(before) - 1  # less the manifest
    assert hashes(copy) == before
    assert {p: p.stat().st_mtime_ns for p in stamps} == stamps  # what is the same is not even written
    export_site(desk.store, Settings(home=tmp_path, base_url=BASE), tmp_path / "elsewhere")
    assert hashes(tmp_path / "elsewhere") == before


def test_every_link_of_every_page_leads_to_a_file_and_every_fragment_to_a_place(copy: Path) -> None:
    pages = list(copy.rglob("*.html"))
    assert len(pages) > 30
    ids = {page: {e.get("id") for e in html.parse(str(page)).getroot().cssselect("[id]")} for page in pages}
    for page in pages:
        root = html.parse(str(page)).getroot()
        for address in root.xpath("//a/@href | //link[not(@rel='canonical')]/@href | //script/@src"):
            parts = urlsplit(address)
            if parts.scheme:
                assert parts.scheme in ("http", "https", "mailto")
                continue
            assert not address.startswith("/"), (page, address)
            target = (page.parent / unquote(parts.path)).resolve() if parts.path else page.resolve()
            assert target.is_file(), (page, address)
            if parts.fragment and target.suffix == ".html":
                assert parts.fragment in ids[Path(target)], (page, address)


def test_there_is_a_copy_in_each_language(copy: Path, desk: Desk) -> None:
    english = (copy / "events" / f"{desk.slugs['full']}.html").read_text(encoding="utf-8")
    chinese = (copy / "zh" / "events" / f"{desk.slugs['full']}.html").read_text(encoding="utf-8")
    assert "In 30 seconds" in english
    assert "三十秒速览" in chinese
    assert f'href="../zh/events/{desk.slugs["full"]}.html"' in english


def test_nothing_in_it_depends_on_the_time_or_needs_a_server(copy: Path) -> None:
    for page in copy.rglob("*.html"):
        root = html.parse(str(page)).getroot()
        assert not root.cssselect(".fresh"), page
        assert not root.cssselect("form:not([method='dialog'])"), page
        assert "/token" not in page.read_text(encoding="utf-8")
    shown = (copy / "index.html").read_text(encoding="utf-8")
    assert "collected in 86m" in shown


def test_hidden_events_are_not_in_it(copy: Path, desk: Desk) -> None:
    for file in copy.rglob("*"):
        if file.is_file():
            assert desk.slugs["hidden"] not in file.read_text(encoding="utf-8")


def test_feeds_json_and_markdown_are_there_too(copy: Path, desk: Desk) -> None:
    for name in ("feed.atom", "feed.json", "sources.opml", "topics/price/feed.atom", f"events/{desk.slugs['full']}.md"):
        assert (copy / name).stat().st_size > 200
    event = json.loads((copy / "events" / f"{desk.slugs['full']}.json").read_text(encoding="utf-8"))
    assert event["freshness"]["fresh"] is None


def test_what_is_gone_from_the_desk_goes_from_the_copy_and_nothing_else(own_desk: Desk, tmp_path: Path) -> None:
    folder, settings = tmp_path / "site", Settings(home=tmp_path, base_url=BASE)
    export_site(own_desk.store, settings, folder)
    (folder / "CNAME").write_text("news.example")
    gone = folder / "events" / f"{own_desk.slugs['quiet']}.html"
    assert gone.exists()
    own_desk.store.events.set_hidden(own_desk.store.events.by_slug(own_desk.slugs["quiet"]).id, NOW, hidden=True)
    export_site(own_desk.store, settings, folder)
    assert not gone.exists()
    assert (folder / "CNAME").exists()
    assert not list(folder.rglob(".draft-*"))


@pytest.mark.parametrize("path", ["../out", "/etc/out", "a/../../out", "a\\..\\out", ""])
def test_no_file_is_written_outside(tmp_path: Path, path: str) -> None:
    with pytest.raises(GroundwireError, match="outside"):
        write_files([File(path, b"x")], tmp_path / "site")
    assert not (tmp_path / "out").exists()


def test_a_manifest_of_someone_else_deletes_nothing(tmp_path: Path) -> None:
    (tmp_path / "keep").write_text("x")
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / ".groundwire-export.json").write_text('{"files": ["../keep"]}')
    with pytest.raises(GroundwireError):
        write_files([], tmp_path / "site")
    (tmp_path / "site" / ".groundwire-export.json").write_text("no json")
    with pytest.raises(GroundwireError, match="damaged"):
        write_files([], tmp_path / "site")
    assert (tmp_path / "keep").exists()


def test_a_folder_that_can_not_be_written_is_told_in_words(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(GroundwireError, match="choose another folder"):
        write_files([File("a", b"x")], tmp_path / "file")


@pytest.mark.parametrize(
    ("address", "english", "chinese"),
    [
        ("/", "index.html", "zh/index.html"),
        ("/?page=2", "index-page-2.html", "zh/index-page-2.html"),
        ("/events/x-y", "events/x-y.html", "zh/events/x-y.html"),
        ("/events/x-y.md", "events/x-y.md", "events/x-y.md"),
        ("/topics/%E8%8A%AF", "topics/_E8_8A_AF.html", "zh/topics/_E8_8A_AF.html"),
        ("/topics/../feed.atom", "topics/__/feed.atom", "topics/__/feed.atom"),
        ("/articles/12?start=3&end=9", "articles/12.html", "zh/articles/12.html"),
        ("/feed.atom", "feed.atom", "feed.atom"),
    ],
)
def test_every_address_has_its_file(address: str, english: str, chinese: str) -> None:
    assert file_of(address, "en") == english
    assert file_of(address, "zh") == chinese
