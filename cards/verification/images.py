"""Read a card's code off a picture."""

from typing import BinaryIO

import zxingcpp
from django.utils.translation import gettext_lazy as _
from PIL import Image

from talentcard.core.errors import DomainError

MAX_IMAGE_BYTES = 5 * 1024 * 1024
# A phone makes 12 million as a rule; a file of kilobytes can claim billions.
MAX_PIXELS = 30_000_000
QR_CODES = zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode)


class ImageRefused(DomainError):
    """The upload is not a picture that can be read."""

    code = "image_refused"
    message = _("This is not a PNG or JPEG image.")
    http_status = 400


class ImageTooLarge(ImageRefused):
    """The picture is too large."""

    code = "image_too_large"
    message = _("The image is too large: 5 MB and 30 megapixels at most.")


class NoCodeInImage(ImageRefused):
    """There is no code on the picture."""

    code = "no_code_in_image"
    message = _("No code was found in the image. Take it again, nearer, straight and in good light.")


class SeveralCodesInImage(ImageRefused):
    """There is more than one code on the picture, and nobody said which is meant."""

    code = "several_codes_in_image"
    message = _("There are several codes in the image. Cut it so that only the card's code is left.")


def read_code(image: BinaryIO, *, size: int) -> str:
    """Return the text of the one QR code on a picture.

    :raises ImageTooLarge: before anything is unpacked
    :raises ImageRefused: if it is not a PNG or JPEG, or broken
    :raises NoCodeInImage: if no code can be read
    :raises SeveralCodesInImage: if different codes can be read
    """
    if size > MAX_IMAGE_BYTES:
        raise ImageTooLarge(field="image")
    codes = zxingcpp.read_barcodes(_load(image), formats=QR_CODES)
    texts = {code.text for code in codes}
    if not texts:
        raise NoCodeInImage(field="image")
    if len(texts) > 1:
        raise SeveralCodesInImage(field="image")
    return texts.pop()


def _load(file: BinaryIO) -> Image.Image:
    """Return the picture in shades of grey; nothing is unpacked before its size is known."""
    try:
        with Image.open(file, formats=("PNG", "JPEG")) as picture:
            if picture.width * picture.height > MAX_PIXELS:
                raise ImageTooLarge(field="image")
            return picture.convert("L")
    except Image.DecompressionBombError as error:
        raise ImageTooLarge(field="image") from error
    # What a broken file makes the library raise is not one kind of error.
    except (OSError, SyntaxError, ValueError) as error:
        raise ImageRefused(field="image") from error
