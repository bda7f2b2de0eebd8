import io
import re
from xml.etree import ElementTree

import pytest
from PIL import Image
from qrcode.util import MODE_8BIT_BYTE, MODE_ALPHA_NUM
from talentcard_verifier.codec import MAX_CODE_CHARACTERS

from cards.issuance import qr

CODE = "A2B3C4D5" * 50


def test_segments_are_the_three_of_the_format() -> None:
    segments = [(segment.data, segment.mode) for segment in qr.segments_of(CODE)]

    assert segments == [
        (b"HTTP://127.0.0.1:8000/V", MODE_ALPHA_NUM),
        (b"#", MODE_8BIT_BYTE),
        (CODE.encode(), MODE_ALPHA_NUM),
    ]


def test_drawing_holds_exactly_the_three_segments() -> None:
    drawing = qr._draw(CODE)

    assert [segment.mode for segment in drawing.data_list] == [MODE_ALPHA_NUM, MODE_8BIT_BYTE, MODE_ALPHA_NUM]


def test_longest_code_fits_in_the_densest_image_allowed() -> None:
    qr.ensure_readable(qr.render_png("A" * MAX_CODE_CHARACTERS), "A" * MAX_CODE_CHARACTERS)

    assert qr._draw("A" * MAX_CODE_CHARACTERS).version <= qr.MAX_VERSION


def test_longer_code_is_refused() -> None:
    with pytest.raises(qr.CodeTooLong):
        qr.render_png("A" * 700)


def test_image_is_black_on_white_with_a_quiet_zone() -> None:
    with Image.open(io.BytesIO(qr.render_png(CODE))) as image:
        grey = image.convert("L")
        margin = qr.QUIET_ZONE * qr.MODULE_PIXELS
        modules = (image.width - 2 * margin) // qr.MODULE_PIXELS

    assert {value for _count, value in grey.getcolors()} == {0, 255}
    assert grey.crop((0, 0, image.width, margin)).getextrema() == (255, 255)
    assert grey.getpixel((margin, margin)) == 0
    assert (modules - 17) % 4 == 0


def test_image_of_another_code_is_not_taken_for_this_one() -> None:
    with pytest.raises(qr.ImageUnreadable):
        qr.ensure_readable(qr.render_png(CODE), CODE[:-1] + "X")


def test_svg_draws_the_same_modules_black_on_white() -> None:
    root = ElementTree.fromstring(qr.render_svg(CODE))
    ground, bars = (path.attrib for path in root)
    side = int(root.attrib["viewBox"].split()[-1])

    drawn = {
        (int(x) + step, int(y))
        for x, y, width in re.findall(r"M(\d+) (\d+)h(\d+)v1h-\d+z", bars["d"])
        for step in range(int(width))
    }

    assert ground == {"fill": "#fff", "d": f"M0 0h{side}v{side}H0z"}
    with Image.open(io.BytesIO(qr.render_png(CODE))) as image:
        small = image.convert("L").resize((side, side), Image.Resampling.NEAREST)
    assert drawn == {(x, y) for x in range(side) for y in range(side) if small.getpixel((x, y)) == 0}
