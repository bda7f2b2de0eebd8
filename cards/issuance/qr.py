"""The code as an image: three explicit segments, level M, a quiet zone of four modules."""

import io
import itertools
from collections.abc import Iterator

import qrcode
import zxingcpp
from django.conf import settings
from PIL import Image
from qrcode.constants import ERROR_CORRECT_M
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
    """Return the image, black on white, every module a square of whole pixels.

    :raises CodeTooLong: if the code does not fit in the densest image allowed
    """
    modules = _modules(code)
    side = len(modules)
    image = Image.new("1", (side, side))
    image.putdata([not is_dark for row in modules for is_dark in row])
    buffer = io.BytesIO()
    scaled = image.resize((side * MODULE_PIXELS, side * MODULE_PIXELS), Image.Resampling.NEAREST)
    scaled.save(buffer, format="PNG")
    return buffer.getvalue()


def render_svg(code: str) -> bytes:
    """Return the image as SVG, for print and for screens of any density.

    :raises CodeTooLong: if the code does not fit in the densest image allowed
    """
    modules = _modules(code)
    side = len(modules)
    # One bar for each run of dark modules: a fifth of the size that a square for each would have.
    bars = (f"M{x} {y}h{width}v1h-{width}z" for y, row in enumerate(modules) for x, width in _runs(row))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {side} {side}" shape-rendering="crispEdges">'
        f'<path fill="#fff" d="M0 0h{side}v{side}H0z"/><path d="{"".join(bars)}"/></svg>'
    ).encode()


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


def _modules(code: str) -> list[list[bool]]:
    """Return rows of modules, dark ones true, quiet zone included."""
    modules: list[list[bool]] = _draw(code).get_matrix()
    return modules


def _runs(row: list[bool]) -> Iterator[tuple[int, int]]:
    """Yield start and width of each run of dark modules."""
    start = 0
    for is_dark, run in itertools.groupby(row):
        width = len(list(run))
        if is_dark:
            yield start, width
        start += width


def _draw(code: str) -> qrcode.QRCode:
    drawing = qrcode.QRCode(error_correction=ERROR_CORRECT_M, border=QUIET_ZONE, mask_pattern=MASK)
    for segment in segments_of(code):
        drawing.add_data(segment, optimize=0)
    drawing.make(fit=True)
    if drawing.version > MAX_VERSION:
        raise CodeTooLong(f"version {drawing.version}")
    return drawing
