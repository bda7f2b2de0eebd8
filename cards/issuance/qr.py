"""The code as an image: three explicit segments, level M, a quiet zone of four modules."""

import io

import qrcode
import zxingcpp
from django.conf import settings
from PIL import Image
from qrcode.constants import ERROR_CORRECT_M
from qrcode.image.pil import PilImage
from qrcode.image.svg import SvgPathFillImage
from qrcode.util import MODE_8BIT_BYTE, MODE_ALPHA_NUM, QRData

MAX_VERSION = 15
QUIET_ZONE = 4
MODULE_PIXELS = 8
# One mask for all: choosing the best of eight costs four times the rest, and readers do not need it.
MASK = 4
QR_CODES = zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode)


class CodeTooLong(ValueError):
    """The code needs a denser image than a desk's scanner is promised."""


class ImageUnreadable(Exception):
    """What was drawn does not read as the code it was drawn from."""


def address_of(code: str) -> str:
    """Return the text in the image: the check page's address with the code as its fragment."""
    return f"{settings.CODE_BASE_URL}/V#{code}"


def segments_of(code: str) -> list[QRData]:
    """Return the address in the modes that make the smallest image; `#` alone is outside the alphanumeric set."""
    return [
        QRData(f"{settings.CODE_BASE_URL}/V".encode(), mode=MODE_ALPHA_NUM),
        QRData(b"#", mode=MODE_8BIT_BYTE),
        QRData(code.encode(), mode=MODE_ALPHA_NUM),
    ]


def render_png(code: str) -> bytes:
    """Return the image, black on white, a pixel grid that scales without blur.

    :raises CodeTooLong: if the code does not fit in the densest image allowed
    """
    buffer = io.BytesIO()
    _draw(code).make_image(image_factory=PilImage).save(buffer, format="PNG")
    return buffer.getvalue()


def render_svg(code: str) -> bytes:
    """Return the image as SVG, for print and for screens of any density.

    :raises CodeTooLong: if the code does not fit in the densest image allowed
    """
    buffer = io.BytesIO()
    _draw(code).make_image(image_factory=SvgPathFillImage).save(buffer)
    return buffer.getvalue()


def ensure_readable(png: bytes, code: str) -> None:
    """Read an image back with an independent reader.

    :raises ImageUnreadable: if it does not say what it should
    """
    with Image.open(io.BytesIO(png)) as image:
        found = zxingcpp.read_barcode(
            image.convert("L"), formats=zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode)
        )
    if found is None or found.text != address_of(code):
        raise ImageUnreadable


def _draw(code: str) -> qrcode.QRCode:
    drawing = qrcode.QRCode(
        error_correction=ERROR_CORRECT_M, box_size=MODULE_PIXELS, border=QUIET_ZONE, mask_pattern=MASK
    )
    for segment in segments_of(code):
        drawing.add_data(segment, optimize=0)
    drawing.make(fit=True)
    if drawing.version > MAX_VERSION:
        raise CodeTooLong(f"version {drawing.version}")
    return drawing
