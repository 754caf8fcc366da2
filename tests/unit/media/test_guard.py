"""Which addresses we fetch from: every disguise of a private one is refused, in words."""

from ipaddress import ip_address

import pytest

from bot.views.words.source import SENTENCES, source_trouble
from core.domain.refusals import Refusal
from core.media.guard import Guard, PublicInternet, is_public, shown

PRIVATE = [
    "0.0.0.0",
    "10.1.2.3",
    "100.64.0.1",
    "100.100.100.200",  # Alibaba's metadata
    "127.0.0.1",
    "127.9.9.9",
    "168.63.129.16",  # Azure's
    "169.254.169.254",  # nearly everybody's
    "172.16.0.1",
    "172.31.255.255",
    "192.0.0.192",  # Oracle's
    "192.0.2.1",
    "192.88.99.1",
    "192.168.0.1",
    "198.18.0.1",
    "198.51.100.7",
    "203.0.113.7",
    "224.0.0.1",
    "239.255.255.250",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::127.0.0.1",
    "::ffff:127.0.0.1",
    "::ffff:7f00:1",
    "::ffff:8.8.8.8",
    "64:ff9b::7f00:1",
    "64:ff9b:1::a00:1",
    "100::1",
    "2001::1",
    "2001:db8::1",
    "2002:7f00:1::",
    "3fff::1",
    "5f00::1",
    "fc00::1",
    "fd00:ec2::254",  # Amazon's
    "fe80::1",
    "fe80::1%eth0",
    "fec0::1",
    "ff02::1",
]
PUBLIC = ["1.1.1.1", "8.8.8.8", "93.184.216.34", "172.32.0.1", "2606:4700::1111", "2a00:1450:4001::1"]


class Names:
    """A resolver that answers from a list, one answer after another, by the real rule for addresses."""

    def __init__(self, *answers: list[str]) -> None:
        self.answers = list(answers)
        self.asked: list[str] = []

    async def of(self, host):
        self.asked.append(host)
        return [ip_address(each) for each in self.answers.pop(0)]

    def allows(self, address, port):
        return PublicInternet().allows(address, port)


async def refusal_of(url, *answers):
    with pytest.raises(Refusal) as caught:
        await Guard(Names(*answers)).check(url)
    said = source_trouble(caught.value.code, caught.value.facts)
    assert said
    assert "{" not in said
    return caught.value.code


@pytest.mark.parametrize("address", PRIVATE)
def test_private_addresses_are_not_public(address):
    assert not is_public(ip_address(address))


@pytest.mark.parametrize("address", PUBLIC)
def test_public_addresses_are_public(address):
    assert is_public(ip_address(address))


@pytest.mark.parametrize("address", PRIVATE)
async def test_a_name_that_leads_to_a_private_address_is_refused(address):
    assert await refusal_of("https://media.example/film.mp4", [address]) == "url_not_public"


@pytest.mark.parametrize("address", [*(each for each in PRIVATE if "%" not in each), "fe80::1%25eth0"])
async def test_a_private_address_itself_is_refused(address):
    host = f"[{address}]" if ":" in address else address
    assert await refusal_of(f"https://{host}/film.mp4") == "url_not_public"


async def test_one_private_address_among_public_ones_is_enough_to_refuse():
    assert await refusal_of("https://media.example/f", ["93.184.216.34", "10.0.0.1"]) == "url_not_public"


@pytest.mark.parametrize(
    "host",
    [
        "2130706433",
        "0x7f000001",
        "0x7f.1",
        "0x7f.0x0.0x0.0x1",
        "127.1",
        "127.0.1",
        "media.example.0x7f",
        "10.0.0.1.2",
        "%31%32%37.0.0.1",
        "127.0.0.1%00.media.example",
        "a b.example",
        "-media.example",
        "media..example",
        "*.example",
    ],
)
async def test_numbers_and_odd_names_are_refused(host):
    assert await refusal_of(f"https://{host}/f", ["93.184.216.34"]) in {"url_odd_host", "url_unreadable"}


@pytest.mark.parametrize("host", ["0177.0.0.1", "0177.0.0.01", "017700000001", "①②⑦.0.0.1"])
async def test_octal_and_look_alike_forms_are_refused(host):
    assert await refusal_of(f"https://{host}/f", ["127.0.0.1"]) in {"url_odd_host", "url_unreadable"}


@pytest.mark.parametrize(
    "host",
    [
        "localhost",
        "LOCALHOST.",
        "printer",
        "a.localhost",
        "box.local",
        "metadata.google.internal",
        "x.home.arpa",
    ],
)
async def test_names_of_inner_networks_are_refused_without_asking(host):
    assert await refusal_of(f"https://{host}/f") == "url_not_public"


@pytest.mark.parametrize(
    "url",
    [
        "http://media.example/f",
        "ftp://media.example/f",
        "file:///etc/passwd",
        "gopher://media.example/f",
        "concat:https://a.example/f",
        "data:video/mp4;base64,AAAA",
        "//media.example/f",
    ],
)
async def test_other_schemes_are_refused(url):
    assert await refusal_of(url) in {"url_not_https", "url_unreadable"}


@pytest.mark.parametrize(
    "url",
    [
        "https://me@media.example/f",
        "https://me:secret@media.example/f",
        "https://media.example\\@evil.example/f",
        "https://media.example:secret@10.0.0.1/f",
    ],
)
async def test_credentials_are_refused(url):
    assert await refusal_of(url) == "url_credentials"


@pytest.mark.parametrize(
    "url",
    ["", "https://", "https:///f", "https://[::1", "https://m.example:99999999/f", "https://a\tb.example/"],
)
async def test_what_is_no_address_is_refused(url):
    assert await refusal_of(url) == "url_unreadable"


async def test_a_very_long_address_is_refused():
    assert await refusal_of("https://media.example/" + "a" * 3000) == "url_unreadable"


@pytest.mark.parametrize("port", [22, 25, 80, 3306, 6379, 8080])
async def test_unusual_ports_are_refused(port):
    assert await refusal_of(f"https://media.example:{port}/f", ["93.184.216.34"]) == "url_port"


async def test_a_name_without_addresses_is_refused():
    assert await refusal_of("https://media.example/f", []) == "url_unknown_host"


async def test_a_lookup_that_fails_is_refused():
    class Broken(Names):
        async def of(self, host):
            raise OSError

    with pytest.raises(Refusal, match="url_unknown_host"):
        await Guard(Broken()).check("https://media.example/f")


async def test_what_was_checked_is_what_is_dialled_whatever_the_name_says_later():
    names = Names(["93.184.216.34"], ["127.0.0.1"])
    pinned = await Guard(names).check("https://media.example/film.mp4?key=1#part")
    assert str(pinned.at(pinned.addresses[0])) == "https://93.184.216.34/film.mp4?key=1"
    assert pinned.tls_name == pinned.host_header == "media.example"
    assert names.asked == ["media.example"]


async def test_a_port_stays_in_the_host_header():
    pinned = await Guard(Names(["2606:4700::1111"])).check("https://Media.Example.:8443/f")
    assert str(pinned.at(pinned.addresses[0])) == "https://[2606:4700::1111]:8443/f"
    assert pinned.host_header == "media.example:8443"


async def test_names_in_other_scripts_are_looked_up_as_the_network_writes_them():
    names = Names(["93.184.216.34"])
    assert (await Guard(names).check("https://bücher.example/ä")).tls_name == "xn--bcher-kva.example"
    assert names.asked == ["xn--bcher-kva.example"]


def test_what_is_shown_of_an_address_has_no_key():
    assert shown("https://media.example/f?token=secret#x") == "https://media.example/f"


@pytest.mark.parametrize("code", SENTENCES)
def test_every_sentence_reads_well_without_its_facts(code):
    assert "{" not in (source_trouble(code, {}) or "{")
