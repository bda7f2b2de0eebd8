import functools
import io
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageCms, ImageDraw, ImageOps
from PIL.PngImagePlugin import PngInfo

from talentcard.documents.images import is_whole, strip_metadata

JPEG, PNG = "image/jpeg", "image/png"
ORIENTATION, GPS = 0x0112, 0x8825
SECRETS = [b"SERIAL-4711", b"XMPSECRET", b"IPTCSECRET", b"COMMENTSECRET", b"AFTERTHEEND", b"TEXTSECRET", b"GPS"]


def picture(mode: str = "RGB", size: tuple[int, int] = (48, 32)) -> Image.Image:
    """A picture that looks different from each side, and differs from its mirror image."""
    image = Image.linear_gradient("L").resize(size).convert("RGB")
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 0, size[0] // 3, size[1] // 3), fill=(250, 30, 30))
    draw.rectangle((size[0] // 2, 0, size[0], size[1] // 4), fill=(20, 40, 240))
    return image.convert("L").convert(mode) if mode == "I;16" else image.convert(mode)


def exif(orientation: int | None = None) -> Image.Exif:
    tags = Image.Exif()
    tags[0x010F], tags[0xA431] = "Camera", "SERIAL-4711"
    tags[GPS] = {1: "N", 2: (39.0, 5.0, 2.0), 29: "GPS2026:01:01"}
    if orientation is not None:
        tags[ORIENTATION] = orientation
    return tags


def segment(marker: int, body: bytes) -> bytes:
    return b"\xff" + bytes([marker]) + (len(body) + 2).to_bytes(2, "big") + body


@functools.cache
def profile() -> bytes:
    """Make a colour profile, once: it holds the second in which it was made."""
    return ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


def jpeg(orientation: int | None = None, *, mode: str = "RGB", **options: Any) -> bytes:
    out = io.BytesIO()
    picture(mode).save(out, "JPEG", exif=exif(orientation), icc_profile=profile(), **{"quality": 90, **options})
    extra = (
        segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0<x>XMPSECRET</x>")
        + segment(0xED, b"Photoshop 3.0\x008BIM IPTCSECRET")
        + segment(0xE2, b"MPF\0" + b"SERIAL-4711")
        + segment(0xFE, b"COMMENTSECRET")
    )
    return out.getvalue()[:2] + extra + out.getvalue()[2:] + b"AFTERTHEEND" * 50


def png(orientation: int | None = None, *, mode: str = "RGB") -> bytes:
    out, text = io.BytesIO(), PngInfo()
    text.add_text("Author", "TEXTSECRET")
    text.add_text("Comment", "TEXTSECRET " * 200, zip=True)
    text.add_itxt("XML:com.adobe.xmp", "<x>XMPSECRET</x>")
    picture(mode).save(out, "PNG", pnginfo=text, exif=exif(orientation), icc_profile=profile(), dpi=(300, 300))
    return out.getvalue() + b"AFTERTHEEND"


def opened(content: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(content))
    image.load()
    return image


def assert_bare(content: bytes) -> None:
    assert [secret for secret in SECRETS if secret in content] == []
    image = opened(content)
    assert dict(image.getexif()) == {}
    assert set(image.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density", "dpi", "icc_profile"} | {
        "adobe",
        "adobe_transform",
        "progressive",
        "progression",
        "transparency",
    }


@pytest.mark.parametrize("options", [{}, {"progressive": True}, {"optimize": True}, {"restart_marker_rows": 1}])
@pytest.mark.parametrize("mode", ["RGB", "L", "CMYK"])
def test_a_jpeg_loses_its_metadata_and_not_a_pixel(mode: str, options: dict[str, Any]) -> None:
    before = jpeg(mode=mode, **options)

    after = strip_metadata(before, JPEG)

    assert_bare(after)
    assert opened(after).tobytes() == opened(before).tobytes()
    assert opened(after).info["icc_profile"] == profile()
    assert strip_metadata(after, JPEG) == after


@pytest.mark.parametrize("mode", ["RGB", "RGBA", "L", "LA", "P", "1", "I;16"])
def test_a_png_loses_its_metadata_and_not_a_pixel(mode: str) -> None:
    before = png(mode=mode)

    after = strip_metadata(before, PNG)

    assert_bare(after)
    assert opened(after).tobytes() == opened(before).tobytes()
    assert (opened(after).info["icc_profile"], opened(after).info["dpi"][0]) == (profile(), pytest.approx(300, abs=0.1))
    assert strip_metadata(after, PNG) == after


@pytest.mark.parametrize("orientation", range(2, 9))
@pytest.mark.parametrize(("make", "media_type", "tolerance"), [(jpeg, JPEG, 6), (png, PNG, 0)])
def test_a_turned_picture_stands_upright_without_the_tag(
    make: Callable[..., bytes], media_type: str, tolerance: int, orientation: int
) -> None:
    before = make(orientation)

    after = strip_metadata(before, media_type)

    assert_bare(after)
    seen, stored = ImageOps.exif_transpose(opened(before)), opened(after)
    assert stored.size == seen.size
    off = [abs(a - b) for a, b in zip(stored.tobytes(), seen.tobytes(), strict=True)]
    assert sum(off) / len(off) <= tolerance / 4
    assert stored.info["icc_profile"] == profile()


def test_a_thumbnail_in_the_first_segment_goes() -> None:
    plain = strip_metadata(jpeg(), JPEG)
    head = plain[4:20]
    assert head[2:7] == b"JFIF\0"
    with_thumbnail = plain[:2] + segment(0xE0, head[2:14] + b"\x02\x02" + b"SERIAL-4711!") + plain[20:]
    with_second = with_thumbnail[:2] + segment(0xE0, b"JFXX\0\x10SERIAL-4711") + with_thumbnail[2:]

    assert opened(with_thumbnail).size == (48, 32)
    assert strip_metadata(with_thumbnail, JPEG) == plain
    assert_bare(strip_metadata(with_second, JPEG))


def test_a_comment_between_two_scans_goes() -> None:
    content = jpeg(progressive=True)
    second = content.index(b"\xff\xda", content.index(b"\xff\xda") + 2)
    content = content[:second] + segment(0xFE, b"COMMENTSECRET") + content[second:]

    assert_bare(strip_metadata(content, JPEG))


def test_a_jpeg_without_its_end_mark_gets_one() -> None:
    plain = strip_metadata(jpeg(), JPEG)

    assert strip_metadata(plain[:-2], JPEG) == plain


def test_rubbish_between_segments_that_a_decoder_forgives_goes_too() -> None:
    content = jpeg()
    table = content.index(b"\xff\xdb")
    content = content[:table] + b"AFTERTHEEND" + content[table:]
    assert is_whole(content)

    after = strip_metadata(content, JPEG)

    assert_bare(after)
    assert opened(after).size == (48, 32)


def test_an_animation_keeps_the_picture_that_is_seen_without_it() -> None:
    out = io.BytesIO()
    picture().save(out, "PNG", save_all=True, append_images=[picture().rotate(90)])

    after = strip_metadata(out.getvalue(), PNG)

    assert b"acTL" not in after
    assert b"fdAT" not in after
    assert opened(after).tobytes() == picture().tobytes()


# Made once: a colour profile holds the time it was made at.
WHOLE = [(JPEG, jpeg()), (PNG, png()), (JPEG, jpeg(progressive=True))]


@settings(max_examples=150)
@given(st.data())
def test_whatever_still_opens_when_it_is_damaged_is_stripped_or_refused(data: st.DataObject) -> None:
    media_type, content = data.draw(st.sampled_from(WHOLE))
    damaged = bytearray(content)
    for _ in range(data.draw(st.integers(1, 4))):
        damaged[data.draw(st.integers(3, len(damaged) - 1))] = data.draw(st.integers(0, 255))
    if not is_whole(bytes(damaged)) or Image.open(io.BytesIO(damaged)).format not in ("JPEG", "PNG", "MPO"):
        return

    after = strip_metadata(bytes(damaged), media_type)

    assert b"AFTERTHEEND" not in after
    assert opened(after).size[0] > 0
