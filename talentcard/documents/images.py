"""Take out of photographs what nobody meant to hand in: where, when, by whom and with what they were taken."""

import io
import re
import struct
from collections.abc import Iterator

from PIL import Image, ImageOps
from PIL.JpegImagePlugin import JpegImageFile, get_sampling

# A photograph larger than this is a decompression bomb, not evidence.
MAX_PIXELS = 60_000_000
READ = ("JPEG", "PNG")
ORIENTATION = 0x0112
UPRIGHT = 1
QUALITY = 95

JPEG_START, JPEG_END = b"\xff\xd8", b"\xff\xd9"
APP0, APP2, APP14, COMMENT = 0xE0, 0xE2, 0xEE, 0xFE
SCAN = 0xDA
# Markers without a length: TEM and the restarts.
BARE = frozenset({0x01, *range(0xD0, 0xD8)})
# In compressed data, FF 00 is a data byte and a restart belongs to the data; anything else ends the scan.
SCAN_ENDS = re.compile(rb"\xff+[^\x00\xd0-\xd7\xff]")
JFIF_BYTES = 14

PNG_START = b"\x89PNG\r\n\x1a\n"
# What draws the picture, and what says how its colours and pixels are meant.
PNG_KEPT = frozenset(
    {b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS"}
    | {b"cHRM", b"gAMA", b"iCCP", b"sBIT", b"sRGB", b"cICP", b"mDCV", b"cLLI", b"bKGD", b"hIST", b"pHYs", b"sPLT"}
)


class Malformed(ValueError):
    """The bytes are not laid out as the format says."""


def is_whole(content: bytes) -> bool:
    """Tell whether an image opens to its last line, and is of a sensible size."""
    try:
        with Image.open(io.BytesIO(content), formats=READ) as image:
            if image.width * image.height > MAX_PIXELS:
                return False
            image.load()
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError):
        return False
    return True


def strip_metadata(content: bytes, media_type: str) -> bytes:
    """Return a whole JPEG or PNG without metadata, standing upright.

    Gone are EXIF, XMP, IPTC, comments, text, thumbnails, further pictures and whatever follows the picture's end;
    the colour profile stays. The picture's own data is copied byte for byte, and encoded anew only where it had to be
    turned, or where its layout is so odd that a decoder forgives it and this cannot read it.
    """
    strip = _strip_jpeg if media_type == "image/jpeg" else _strip_png
    try:
        return strip(content if _is_upright(content) else _encode_upright(content))
    except Malformed:
        return strip(_encode_upright(content))


def _is_upright(content: bytes) -> bool:
    with Image.open(io.BytesIO(content), formats=READ) as image:
        return image.getexif().get(ORIENTATION, UPRIGHT) not in range(2, 9)


def _encode_upright(content: bytes) -> bytes:
    out = io.BytesIO()
    with Image.open(io.BytesIO(content), formats=READ) as image:
        profile = image.info.get("icc_profile")
        turned = ImageOps.exif_transpose(image)
        if isinstance(image, JpegImageFile):
            # -1: a layout of colour samples that the encoder does not name; then none are thrown away.
            sampling = max(get_sampling(image), 0)
            turned.save(out, "JPEG", quality=QUALITY, subsampling=sampling, icc_profile=profile)
        else:
            turned.save(out, "PNG", icc_profile=profile)
    return out.getvalue()


def _strip_jpeg(content: bytes) -> bytes:
    return JPEG_START + b"".join(_kept_segments(content)) + JPEG_END


def _kept_segments(content: bytes) -> Iterator[bytes]:
    position = len(JPEG_START)
    while True:
        marker, position = _marker_at(content, position)
        if marker == JPEG_END[1]:
            return
        if marker in BARE:
            continue
        body, position = _body_at(content, position)
        if (kept := _kept_body(marker, body)) is not None:
            yield b"\xff%c%s%s" % (marker, struct.pack(">H", len(kept) + 2), kept)
        if marker == SCAN:
            end = SCAN_ENDS.search(content, position)
            # Some cameras forget the end mark; the decoder has found every line already.
            yield content[position : end.start() if end else len(content)]
            if end is None:
                return
            position = end.start()


def _marker_at(content: bytes, position: int) -> tuple[int, int]:
    if content[position : position + 1] != b"\xff":
        raise Malformed
    # Any number of FF may fill the room before a marker.
    while content[position : position + 1] == b"\xff":
        position += 1
    if position >= len(content) or content[position] == 0:
        raise Malformed
    return content[position], position + 1


def _body_at(content: bytes, position: int) -> tuple[bytes, int]:
    length = int.from_bytes(content[position : position + 2], "big")
    body = content[position + 2 : position + length]
    if length < 2 or len(body) != length - 2:  # the two bytes that count themselves
        raise Malformed
    return body, position + length


def _kept_body(marker: int, body: bytes) -> bytes | None:
    """Return what stays of a segment, or None if nothing does."""
    if marker == APP0 and body.startswith(b"JFIF\0") and len(body) >= JFIF_BYTES:
        # Up to the pixel density; behind it come the sizes of a thumbnail, and the thumbnail.
        return body[: JFIF_BYTES - 2] + b"\0\0"
    is_profile = marker == APP2 and body.startswith(b"ICC_PROFILE\0")
    # How the colours are coded: without it they come out inverted.
    is_colour_code = marker == APP14 and body.startswith(b"Adobe")
    is_metadata = marker in range(APP0, APP0 + 16) or marker == COMMENT
    return body if is_profile or is_colour_code or not is_metadata else None


def _strip_png(content: bytes) -> bytes:
    position, kept = len(PNG_START), [PNG_START]
    kind = b""
    while kind != b"IEND":
        length = int.from_bytes(content[position : position + 4], "big")
        kind, end = content[position + 4 : position + 8], position + 12 + length
        if len(kind) != 4 or end > len(content):
            raise Malformed
        if kind in PNG_KEPT:
            kept.append(content[position:end])
        position = end
    return b"".join(kept)
