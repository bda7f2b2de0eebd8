import io
import struct
import zlib

import pytest
import qrcode
from PIL import Image

from cards.verification.images import (
    MAX_IMAGE_BYTES,
    ImageRefused,
    ImageTooLarge,
    NoCodeInImage,
    SeveralCodesInImage,
    read_code,
)

TEXT = "HTTP://127.0.0.1:8000/V#ABCDEFGH"


def qr(text: str) -> Image.Image:
    return qrcode.make(text).get_image().convert("RGB")


def saved(picture: Image.Image, kind: str = "PNG") -> io.BytesIO:
    file = io.BytesIO()
    picture.save(file, kind)
    file.seek(0)
    return file


def read(file: io.BytesIO) -> str:
    return read_code(file, size=len(file.getvalue()))


@pytest.mark.parametrize("kind", ["PNG", "JPEG"])
def test_read_code_reads_a_picture(kind: str) -> None:
    assert read(saved(qr(TEXT), kind)) == TEXT


def test_read_code_reads_a_code_held_askew() -> None:
    assert read(saved(qr(TEXT).rotate(17, expand=True, fillcolor="white"))) == TEXT


def test_read_code_reads_one_code_shown_twice() -> None:
    picture = qr(TEXT)
    both = Image.new("RGB", (picture.width * 2, picture.height), "white")
    both.paste(picture, (0, 0))
    both.paste(picture, (picture.width, 0))

    assert read(saved(both)) == TEXT


def test_read_code_refuses_two_different_codes() -> None:
    one, other = qr(TEXT), qr(TEXT + "A")
    both = Image.new("RGB", (one.width + other.width, one.height), "white")
    both.paste(one, (0, 0))
    both.paste(other, (one.width, 0))

    with pytest.raises(SeveralCodesInImage):
        read(saved(both))


def test_read_code_refuses_a_picture_without_a_code() -> None:
    with pytest.raises(NoCodeInImage):
        read(saved(Image.new("RGB", (300, 300), "white")))


@pytest.mark.parametrize(
    "content", [b"", b"%PDF-1.7", b"GIF89a", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff\xe0" + bytes(50), b"<svg/>"]
)
def test_read_code_refuses_what_is_no_picture(content: bytes) -> None:
    with pytest.raises(ImageRefused):
        read(io.BytesIO(content))


def test_read_code_refuses_a_picture_cut_short() -> None:
    content = saved(qr(TEXT)).getvalue()

    with pytest.raises(ImageRefused):
        read(io.BytesIO(content[: len(content) // 2]))


def test_read_code_refuses_a_gif() -> None:
    with pytest.raises(ImageRefused):
        read(saved(qr(TEXT), "GIF"))


def test_read_code_refuses_a_large_file_unread() -> None:
    with pytest.raises(ImageTooLarge):
        read_code(io.BytesIO(), size=MAX_IMAGE_BYTES + 1)


@pytest.mark.parametrize(("width", "height"), [(50_000, 50_000), (9_000, 9_000)])
def test_read_code_refuses_a_bomb_before_it_is_unpacked(width: int, height: int) -> None:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    bomb = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(bytes(1000)))

    with pytest.raises(ImageTooLarge):
        read(io.BytesIO(bomb + chunk(b"IEND", b"")))
