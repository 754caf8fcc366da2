"""The small readers: windows, boxes, sample tables, first bytes, ends, captions and numbers."""

import io
import struct
from fractions import Fraction

import pytest

from core.domain.captions import hashtags, mentions, utf16_units
from core.domain.quantity import spoken
from core.media.iso.bits import progressive_only
from core.media.iso.boxes import Lies, children, header, table
from core.media.iso.samples import Samples, longest_gop, rate_of
from core.media.sniff import sniff
from core.media.window import Excess, Window, WindowFile

CONTENT = bytes(range(256)) * 64


def a_window(block=0, budget=1 << 20):
    asked = []

    def fetch(at, length):
        asked.append((at, length))
        return CONTENT[at : at + length]

    return Window(fetch, len(CONTENT), budget=budget, block=block), asked


@pytest.mark.parametrize("block", [0, 64, 1000])
@pytest.mark.parametrize(
    ("at", "length"), [(0, 10), (63, 2), (999, 3000), (16380, 100), (20000, 5), (-1, 5), (5, 0)]
)
def test_a_window_gives_what_is_there(block, at, length):
    window, _ = a_window(block)
    wanted = CONTENT[at : at + length] if at >= 0 else b""
    assert window.read(at, length) == wanted


def test_blocks_are_fetched_once():
    window, asked = a_window(block=1024)
    for at in range(0, 1024, 8):
        window.read(at, 8)
    assert (asked, window.bytes_read) == ([(0, 1024)], 1024)


def test_a_budget_ends_reading():
    window, _ = a_window(budget=100)
    window.read(0, 100)
    with pytest.raises(Excess):
        window.read(0, 1)


def test_a_window_is_a_file_to_pyav():
    file = WindowFile(a_window()[0])
    file.seek(-4, io.SEEK_END)
    assert (file.read(), file.tell(), file.seek(2), file.read(2)) == (
        CONTENT[-4:],
        len(CONTENT),
        2,
        CONTENT[2:4],
    )


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        (struct.pack(">I4s", 16, b"free"), ("free", 8, 16)),
        (struct.pack(">I4sQ", 1, b"mdat", 1 << 33), ("mdat", 16, 1 << 33)),
        (struct.pack(">I4s", 0, b"mdat"), ("mdat", 8, 500)),
        (struct.pack(">I4s", 7, b"free"), None),
        (b"1234", None),
    ],
)
def test_a_box_has_a_size_and_a_name(head, expected):
    assert header(head, 500) == expected


def test_a_box_longer_than_what_holds_it_is_a_lie():
    lies = Lies()
    assert list(children(memoryview(struct.pack(">I4s", 100, b"trak")), lies)) == []
    assert lies == ["trak is longer than what holds it"]


def test_a_table_gives_no_more_than_its_box_holds():
    lies = Lies()
    data = memoryview(struct.pack(">IIII", 0, 0xFFFFFFFF, 7, 9))
    assert list(table(data, lies, columns=1)) == [7, 9]
    assert lies == ["a table longer than its box"]


@pytest.mark.parametrize(
    ("runs", "scale", "average", "variable"),
    [
        ([(90, 1)], 30, Fraction(30), False),
        ([(90, 1001)], 30000, Fraction(30000, 1001), False),
        ([(1, 33), (1, 33), (1, 34)] * 30, 1000, Fraction(30), False),
        ([(1, 40), (1, 80)] * 30, 1000, Fraction(50, 3), True),
        ([(89, 40), (1, 900)], 1000, Fraction(9000, 446), False),
        ([(10, 0)], 1000, None, None),
        ([], 1000, None, None),
    ],
    ids=["even", "ntsc", "rounded", "uneven", "long-last-frame", "no-time", "nothing"],
)
def test_a_rate_is_uneven_when_frames_are(runs, scale, average, variable):
    rate = rate_of(runs, scale)
    assert (rate and Fraction(*rate.average), rate and rate.variable) == (average, variable)


def some_samples(**changes):
    values = {"durations": [(6, 1)], "sizes": [10, 20, 30, 40, 50, 60], "uniform_size": 0, "count": 6}
    return Samples(**{**values, "chunks": [100, 500], "runs": [(1, 4), (2, 2)], "sync": [1, 5], **changes})


@pytest.mark.parametrize(
    ("number", "place"),
    [(1, (100, 10)), (4, (160, 40)), (5, (500, 50)), (6, (550, 60)), (7, None), (0, None)],
)
def test_a_sample_lies_where_its_tables_say(number, place):
    assert some_samples().place(number) == place


@pytest.mark.parametrize(("sync", "longest"), [([1, 5], 4), ([1], 6), (None, 1), ([], None)])
def test_groups_end_at_keyframes(sync, longest):
    assert longest_gop(some_samples(sync=sync)) == longest


@pytest.mark.parametrize("unit", [b"", b"\x67", b"\x67\x64\x00\x1f" + bytes(3)])
def test_a_broken_parameter_set_says_nothing(unit):
    assert progressive_only(unit) is None


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        (b"", ("empty", "none")),
        (b"\0\0\0\x18ftypisom", ("iso", "video")),
        (b"\0\0\0\x18ftypheic", ("heic", "image")),
        (b"\0\0\0\x18ftypavif", ("avif", "image")),
        (b"RIFF\0\0\0\0WEBPVP8 ", ("webp", "image")),
        (b"RIFF\0\0\0\0AVI LIST", ("avi", "video")),
        (b"\xef\xbb\xbf#EXTM3U", ("m3u8", "playlist")),
        (b"# comment\nfile 'a.mp4'\n", ("concat", "playlist")),
        (b"http://127.0.0.1/film.mp4\n", ("concat", "playlist")),
        (b"<!-- x --><html>", ("html", "page")),
        (b"a letter about a file", ("unknown", "none")),
    ],
)
def test_first_bytes_tell_what_a_file_is(head, expected):
    assert sniff(head) == expected


@pytest.mark.parametrize(("text", "units"), [("abc", 3), ("ü", 1), ("😀", 2), ("\ud83d", 1), ("", 0)])
def test_units_are_utf16(text, units):
    assert utf16_units(text) == units


@pytest.mark.parametrize(
    ("text", "tags", "names"),
    [
        ("#bread and #butter", 2, 0),
        ("#1 is no tag, #1st is", 1, 0),
        ("a#b &#39; #ärger #日本", 2, 0),
        ("@one @two.three, mail@host.de", 0, 2),
        ("##double @@twice", 1, 0),
    ],
)
def test_tags_and_mentions_are_counted_as_people_mean_them(text, tags, names):
    assert (hashtags(text), mentions(text)) == (tags, names)


@pytest.mark.parametrize(
    ("value", "unit", "apart", "text"),
    [
        (Fraction(900), "min", Fraction(15), "15 min"),
        (Fraction("900.001"), "min", Fraction(15), "15.00002 min"),
        (Fraction(300 * 2**20 + 1), "MiB", Fraction(300), "300.000001 MiB"),
        (Fraction(30000, 1001), "fps", Fraction(60), "29.97 fps"),
        (Fraction(9, 16), ":1", Fraction(10), "0.56:1"),
        (Fraction(12345), "px", Fraction(4096), "12,345 px"),
        ("vp9", "", ("h264",), "vp9"),
    ],
)
def test_numbers_read_as_people_write_them(value, unit, apart, text):
    assert spoken(value, unit, apart_from=apart) == text
