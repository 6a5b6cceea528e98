"""Which addresses may be connected to."""

from __future__ import annotations

import socket
from ipaddress import IPv4Address, ip_address

import pytest
from fault_server import names, run
from hypothesis import given
from hypothesis import strategies as st

from groundwire.collect.addresses import AddressGuard, AddressRefused, CheckedResolver, denial
from groundwire.errors import FetchError, ForbiddenAddress

DENIED = [
    "0.0.0.0",
    "0.1.2.3",
    "10.0.0.1",
    "10.255.255.255",
    "100.64.0.1",
    "100.100.100.200",
    "127.0.0.1",
    "127.255.0.9",
    "168.63.129.16",
    "169.254.169.254",
    "169.254.1.1",
    "172.16.0.1",
    "172.31.255.255",
    "192.0.0.1",
    "192.0.0.170",
    "192.0.2.1",
    "192.88.99.1",
    "192.168.0.1",
    "192.168.255.255",
    "198.18.0.1",
    "198.19.255.255",
    "198.51.100.1",
    "203.0.113.1",
    "224.0.0.1",
    "239.255.255.255",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::127.0.0.1",
    "::ffff:127.0.0.1",
    "::ffff:10.0.0.1",
    "::ffff:168.63.129.16",
    "64:ff9b::7f00:1",
    "64:ff9b:1::7f00:1",
    "100::1",
    "2001::1",
    "2001:0:7f00:1::1",
    "2001:2::1",
    "2001:db8::1",
    "2002:7f00:1::",
    "2002:a00:1::",
    "3fff::1",
    "5f00::1",
    "fc00::1",
    "fd00:ec2::254",
    "fe80::1",
    "fe80::1%eth0",
    "fec0::1",
    "ff02::1",
]

PUBLIC = [
    "1.1.1.1",
    "8.8.8.8",
    "93.184.216.34",
    "172.32.0.1",
    "192.169.0.1",
    "2606:4700::1111",
    "2a00:1450:4001:800::200e",
]


@pytest.mark.parametrize("address", DENIED)
def test_special_and_private_addresses_are_denied_with_a_reason(address: str) -> None:
    assert denial(ip_address(address))


@pytest.mark.parametrize("address", PUBLIC)
def test_public_addresses_are_not_denied(address: str) -> None:
    assert denial(ip_address(address)) is None


ANYCAST = {"192.0.0.9", "192.0.0.10"}
"""Global inside a special block (RFC 7723, 8155); newer Pythons know, and refusing them costs nobody anything."""


@given(st.ip_addresses(v=4) | st.sampled_from([ip_address(text) for text in DENIED if ":" not in text]))
def test_what_python_calls_private_is_denied_however_it_is_wrapped(address: IPv4Address) -> None:
    if (address.is_global and not address.is_multicast) or str(address) in ANYCAST:
        return
    high, low = divmod(int(address), 65536)
    for wrapped in ("{}", "::ffff:{}", "::{}", "64:ff9b::{}"):
        assert denial(ip_address(wrapped.format(address)))
    assert denial(ip_address(f"2002:{high:x}:{low:x}::1"))


@pytest.mark.parametrize(
    ("url", "sent"),
    [
        ("https://example.com", "https://example.com:443/"),
        ("HTTP://EXAMPLE.com./a/../b?q#f", "http://example.com.:80/a/../b?q"),
        ("https://straße.de/ü", "https://xn--strae-oqa.de:443/%C3%BC"),
        ("https://例え.jp/新闻?类=1", "https://xn--r8jz45g.jp:443/%E6%96%B0%E9%97%BB?%E7%B1%BB=1"),
        ("https://a_b.example.com/", None),
        ("https://example.com:8443/a%2Fb", "https://example.com:8443/a%2Fb"),
    ],
)
def test_an_address_is_sent_as_written_but_for_what_must_be_escaped(url: str, sent: str | None) -> None:
    if sent is None:
        with pytest.raises(ForbiddenAddress):
            AddressGuard().check_url(url)
    else:
        checked = AddressGuard().check_url(url)
        assert f"{checked.url.scheme}://{checked.url.raw_host}:{checked.url.port}{checked.url.raw_path_qs}" == sent


@pytest.mark.parametrize(
    "url",
    [
        "http://intranet/",
        "http://router.local/",
        "http://metadata.google.internal/",
        "http://nas.home.arpa/",
        "http://a.localhost/",
        "http://x.onion/",
        "http://0x7f.1/",
        "http://0x7f000001/",
        "http://127.0.0.1.:80/",
        "http://[fe80::1%25eth0]/",
        "http://example.com:25/",
        "http://example.com:6379/",
        "http://example.com:0/",
        "http://a@example.com/",
        "http://@example.com/",
        "http://example.com%2f@evil.example/",
        "http://%31%32%37.0.0.1/",
        "http://exa mple.com/",
        "http://example.com\t/",
        "//example.com/",
        "example.com",
        "",
        "http://",
        "javascript:alert(1)",
        "http://" + "a" * 64 + ".com/",
        "http://a..b/",
        "http://example.com/" + "a" * 5000,
    ],
)
def test_odd_addresses_are_refused_before_any_lookup(url: str) -> None:
    with pytest.raises(FetchError):
        AddressGuard().check_url(url)


@given(st.text(max_size=60))
def test_no_text_at_all_makes_the_check_fall_over(text: str) -> None:
    for url in (text, "http://" + text, "http://example.com/" + text, f"http://{text}:80/"):
        try:
            checked = AddressGuard().check_url(url)
        except FetchError:
            continue
        assert checked.url.raw_host == checked.host
        assert str(checked.url).isascii()


def resolve(answers: list[str], *, guard: AddressGuard | None = None, host: str = "news.example.com") -> list[str]:
    async def main() -> list[str]:
        resolver = CheckedResolver(guard or AddressGuard(), names({host: answers}))
        try:
            return [result["host"] for result in await resolver.resolve(host, 80)]
        finally:
            await resolver.close()

    return run(main())


def test_one_denied_answer_condemns_the_name() -> None:
    assert resolve(["93.184.216.34", "2606:4700::1111"]) == ["93.184.216.34", "2606:4700::1111"]
    with pytest.raises(AddressRefused, match="leads to ::1"):
        resolve(["93.184.216.34", "::1"])


def test_an_allowed_name_may_lead_anywhere_and_others_still_may_not() -> None:
    guard = AddressGuard(allow_hosts=["bridge.example.com:80"])
    assert resolve(["192.168.1.5"], guard=guard, host="bridge.example.com") == ["192.168.1.5"]
    with pytest.raises(AddressRefused):
        resolve(["192.168.1.5"], guard=guard)


def test_the_socket_is_the_last_to_refuse() -> None:
    guard = AddressGuard(allow_hosts=["127.0.0.1:8080"])
    info = (socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", 8080))
    with pytest.raises(AddressRefused):
        guard.open_socket(info)  # nobody asked for the allowed address
    guard.check_url("http://127.0.0.1:8080/")
    guard.open_socket(info).close()
    with pytest.raises(AddressRefused):
        guard.open_socket((socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", 8081)))
    with pytest.raises(AddressRefused):
        guard.open_socket((socket.AF_INET6, socket.SOCK_STREAM, 6, "", ("::1", 80, 0, 0)))


def test_our_own_site_is_no_source() -> None:
    guard = AddressGuard(own_hosts=["desk.example.com", "127.0.0.1:8700"], allow_hosts=["127.0.0.1:8700"])
    for url in ("https://desk.example.com/feed.xml", "http://DESK.example.com.:8080/", "http://127.0.0.1:8700/"):
        with pytest.raises(ForbiddenAddress, match="our own site"):
            guard.check_url(url)


def test_a_refusal_names_its_remedy() -> None:
    with pytest.raises(ForbiddenAddress, match=r"--allow-host 192\.168\.1\.5:8080"):
        AddressGuard().check_url("http://192.168.1.5:8080/feed")
    with pytest.raises(ForbiddenAddress, match=r"--allow-host \[::1\]:8080"):
        AddressGuard().check_url("http://[::1]:8080/feed")
