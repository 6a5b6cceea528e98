"""`groundwire weekly --mail` from its first try to the day a reader leaves: a real mail server, a real site, one database."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlencode
from urllib.request import Request, urlopen

import pytest
from typer.testing import CliRunner, Result
from web_desk import NOW, TOKEN, Desk

from groundwire import recaps
from groundwire.cli.main import build
from groundwire.editions.reader import Interests
from groundwire.editions.recap import week_of
from groundwire.errors import GroundwireError
from groundwire.settings import Settings
from groundwire.web import create_app
from groundwire.web.server import listen, server
from mail_server import Inbox, mail_server

WEEK = week_of(NOW.date()).name
ADA, BO = "ada@home.example", "bo@home.example"


@pytest.fixture
def base(own_desk: Desk, tmp_path: Path) -> Iterator[str]:
    """The site's address on this machine."""
    listener = listen(0)
    address = f"http://127.0.0.1:{listener.getsockname()[1]}"
    app = create_app(own_desk.store, Settings(home=tmp_path, base_url=address), token=TOKEN, now=lambda: NOW)
    site = server(app)
    thread = threading.Thread(target=site.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    while not site.started:
        time.sleep(0.01)
    yield address
    site.should_exit = True
    thread.join(10)
    listener.close()


class Post:
    """The command with a mail server that a test may make unwilling."""

    def __init__(self, inbox: Inbox, port: int, home: Path, base: str) -> None:
        self.inbox = inbox
        self.environment = {
            "GROUNDWIRE_HOME": str(home),
            "GROUNDWIRE_DATABASE_URL": f"sqlite:///{home / 'own.db'}",
            "GROUNDWIRE_BASE_URL": base,
            "GROUNDWIRE_SMTP_HOST": "127.0.0.1",
            "GROUNDWIRE_SMTP_PORT": str(port),
            "GROUNDWIRE_SMTP_SECURITY": "none",
            "GROUNDWIRE_MAIL_FROM": "desk@desk.example",
            "GROUNDWIRE_MAIL_TO": f"{ADA},{BO}",
        }

    def send(self, *more: str) -> Result:
        return CliRunner().invoke(build(), ["weekly", "--week", WEEK, "--mail", *more], env=self.environment)

    def came_to(self, reader: str) -> int:
        return sum(str(mail["To"]) == reader for mail in self.inbox.mails)


@pytest.fixture
def post(own_desk: Desk, tmp_path: Path, base: str) -> Iterator[Post]:
    assert own_desk.store.events.page()
    with mail_server() as (inbox, port):
        yield Post(inbox, port, tmp_path, base)


def test_a_refused_mail_is_kept_and_goes_out_later_once(post: Post) -> None:
    post.inbox.refused[BO] = "451 greylisted, come back later"
    first = post.send()
    assert isinstance(first.exception, GroundwireError)
    assert "1 of 2 mails not sent; run again later" in str(first.exception)
    assert f"refuses {BO}: 451 greylisted, come back later" in first.stderr
    assert (post.came_to(ADA), post.came_to(BO)) == (1, 0), "one refusal costs the others nothing"
    post.inbox.refused.clear()
    assert post.send().exit_code == 0
    assert (post.came_to(ADA), post.came_to(BO)) == (1, 1)
    assert post.send().exit_code == 0, "all have it: a run by cron has nothing to do"
    assert (post.came_to(ADA), post.came_to(BO)) == (1, 1)


def test_a_mailbox_that_is_full_at_the_last_moment_is_tried_again_with_the_same_mail(post: Post) -> None:
    post.inbox.full = "452 4.2.2 mailbox full"
    first = post.send()
    assert isinstance(first.exception, GroundwireError)
    assert "452 4.2.2 mailbox full" in first.stderr
    assert post.inbox.received == []
    post.inbox.full = ""
    assert post.send().exit_code == 0
    identities = {str(mail["Message-ID"]) for mail in post.inbox.mails}
    assert post.send("--again").exit_code == 0
    assert len(identities) == 2
    assert len({str(mail["Message-ID"]) for mail in post.inbox.mails}) == 4, (
        "a second copy that was asked for is another"
    )


def test_a_mail_that_goes_out_later_tells_the_week_as_it_was_kept(post: Post, own_desk: Desk) -> None:
    recaps.keep_past(own_desk.store, NOW + timedelta(days=9))
    post.inbox.refused[BO] = "450 busy"
    post.send()
    source = own_desk.store.sources.all()[0].id
    own_desk._next = 100
    own_desk.article("late", source, ("Pellworth hall, a year on", "It was told late."), NOW - timedelta(hours=1))
    own_desk.event("late", {"late": "late"}, ("energy",), lambda n: own_desk.plain("late", n), 9.0)
    post.inbox.refused.clear()
    post.send()
    ada, bo = (
        next(str(mail.get_body(("plain",))) for mail in post.inbox.mails if mail["To"] == reader)
        for reader in (ADA, BO)
    )
    assert _without_token(ada) == _without_token(bo)


def _without_token(text: str) -> str:
    return re.sub(r"/unsubscribe/\S+", "", text)


def test_the_address_in_the_mails_header_unsubscribes_its_reader_alone(post: Post) -> None:
    post.send()
    header = next(str(mail["List-Unsubscribe"]) for mail in post.inbox.mails if mail["To"] == BO)
    address = re.findall(r"<(http[^>]+)>", header)[0]
    with urlopen(address, timeout=30) as shown:
        assert BO in shown.read().decode()
    click = Request(address, data=urlencode({"List-Unsubscribe": "One-Click"}).encode(), method="POST")
    with urlopen(click, timeout=30) as answer:
        assert answer.status == 200
    assert post.send("--again").exit_code == 0
    assert (post.came_to(ADA), post.came_to(BO)) == (2, 1)


def test_each_reader_gets_their_language_and_topics(post: Post, own_desk: Desk) -> None:
    own_desk.store.mailings.join("chen@home.example", Interests(topics=("energy",)), "zh", NOW)
    post.send()
    mail = next(m for m in post.inbox.mails if m["To"] == "chen@home.example")
    assert mail["Content-Language"] == "zh"
    assert WEEK in str(mail["Subject"])
    plain = mail.get_body(("plain",))
    assert plain is not None
    assert "退订" in plain.get_content()
