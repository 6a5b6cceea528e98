"""The recap as mail, sent to a real SMTP server on this machine."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from email.message import EmailMessage
from pathlib import Path
from typing import cast

import pytest
from recap_samples import MONDAY, WEEK, article, said, story

from groundwire.editions.mail import recap_mail
from groundwire.editions.reader import Interests
from groundwire.editions.recap import Recap, recap
from groundwire.errors import SettingsError
from groundwire.settings import Settings, load
from groundwire.smtp import MailError, send
from groundwire.web.messages import messages
from mail_server import Inbox, mail_server

SENDER = "desk@desk.example"


@pytest.fixture
def inbox() -> Iterator[tuple[Inbox, int]]:
    with mail_server() as both:
        both[0].refused["nobody@home.example"] = "550 no such mailbox"
        yield both


@pytest.fixture
def made() -> Recap:
    one = article(1, "Pellworth & Söhne <b>opened</b> 3 halls; 三座机房启用。", 1)
    line = said(one, "hook", "Pellworth & Söhne <b>opened</b> 3 halls; 三座机房启用。")
    return recap(WEEK, [story(1, [one], [line])], [], Interests())


def settings(port: int, **more: str) -> Settings:
    return load(Path("/nowhere"), {}, smtp_host="127.0.0.1", smtp_port=port, smtp_security="none", **more)


def mail(
    made: Recap, to: str = "reader@home.example", leave: str = "", base: str = "https://desk.example/"
) -> EmailMessage:
    return recap_mail(made, to=to, sender=SENDER, base_url=base, words=messages("en"), now=MONDAY, leave=leave)


def test_a_mail_program_can_unsubscribe_with_one_click_over_https_alone(made: Recap) -> None:
    one = mail(made, leave="/unsubscribe/abcdefgh")
    assert str(one["List-Unsubscribe"]).startswith("<https://desk.example/unsubscribe/abcdefgh>, <mailto:")
    assert one["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert "https://desk.example/unsubscribe/abcdefgh" in one.as_string()
    assert mail(made, leave="/unsubscribe/abcdefgh", base="http://127.0.0.1:1")["List-Unsubscribe-Post"] is None


def test_a_mail_sent_again_after_a_crash_is_the_same_mail(made: Recap) -> None:
    first, second, other = mail(made), mail(made), mail(made, "ada@home.example")
    assert first["Message-ID"] == second["Message-ID"]
    assert other["Message-ID"] != first["Message-ID"]
    asked = recap_mail(
        made, to="reader@home.example", sender=SENDER, base_url="https://desk.example", words=messages("en"), now=MONDAY,
        again=True,
    )  # fmt: skip
    assert asked["Message-ID"] != first["Message-ID"]


def test_text_and_html_arrive_with_a_way_to_unsubscribe(inbox: tuple[Inbox, int], made: Recap) -> None:
    box, port = inbox
    send(settings(port), mail(made))
    (came,) = box.mails
    assert came["Subject"] == "Groundwire: The week 2026-W47"
    assert came["List-Unsubscribe"] == "<mailto:desk@desk.example?subject=unsubscribe%20reader%40home.example>"
    assert came.get_content_type() == "multipart/alternative"
    text, page = (part.get_content() for part in cast("list[EmailMessage]", list(came.iter_parts())))
    assert "Pellworth & Söhne <b>opened</b> 3 halls; 三座机房启用。" in text.replace("\r\n", " ").replace("\n", " ")
    assert "https://desk.example/events/story-1" in text
    assert "Pellworth &amp; Söhne &lt;b&gt;opened&lt;/b&gt;" in page
    assert "<script" not in page
    assert "src=" not in page


def test_no_line_is_longer_than_smtp_allows(made: Recap) -> None:
    assert max(len(line) for line in mail(made).as_bytes().splitlines()) <= 998


def test_a_refused_address_is_told_in_words(inbox: tuple[Inbox, int], made: Recap) -> None:
    box, port = inbox
    with pytest.raises(MailError, match=r"refuses nobody@home\.example: 550 no such mailbox"):
        send(settings(port), mail(made, "nobody@home.example"))
    assert box.received == []


def test_a_server_that_is_not_there_is_told_in_words(made: Recap) -> None:
    with pytest.raises(MailError, match="nothing was sent, try again later"):
        send(settings(9), mail(made))


def test_a_server_without_tls_is_not_given_the_mail_in_clear(inbox: tuple[Inbox, int], made: Recap) -> None:
    box, port = inbox
    with pytest.raises(MailError, match="set smtp_security"):
        send(replace(settings(port), smtp_security="starttls"), mail(made))
    with pytest.raises(SettingsError, match="only for a server on this machine"):
        send(replace(settings(port), smtp_host="mail.example"), mail(made))
    assert box.received == []


def test_no_server_named_is_a_setting_to_mend(made: Recap) -> None:
    with pytest.raises(SettingsError, match="smtp_host"):
        send(load(Path("/nowhere"), {}), mail(made))


@pytest.mark.parametrize("address", ["a@b\r\nBcc: c@d", "nobody", "a b@c"])
def test_an_address_that_is_none_is_refused_at_the_start(address: str) -> None:
    with pytest.raises(SettingsError, match="mail_to"):
        load(Path("/nowhere"), {"GROUNDWIRE_MAIL_TO": address})


def test_the_password_is_not_printed() -> None:
    assert "hunter2" not in repr(load(Path("/nowhere"), {"GROUNDWIRE_SMTP_PASSWORD": "hunter2"}))
