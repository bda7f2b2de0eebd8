import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from pypdf import PdfReader, PdfWriter
from pypdf.annotations import Link
from pypdf.generic import DictionaryObject, NameObject, TextStringObject

from samples import evidence
from talentcard.documents.pdfs import active_content, is_encrypted

PLAIN = evidence.pdf(["A letter"])
PLAIN_HEAD = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"


def written(writer: PdfWriter) -> bytes:
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def writer() -> PdfWriter:
    return PdfWriter(clone_from=PdfReader(io.BytesIO(PLAIN)))


def from_a_scan() -> bytes:
    out = io.BytesIO()
    pages = [Image.effect_noise((300, 400), 90) for _ in range(3)]
    pages[0].save(out, "PDF", save_all=True, append_images=pages[1:], title="Web/JavaScript (and /Launch) course")
    return out.getvalue()


def with_links_outline_and_opening_page() -> bytes:
    made = writer()
    made.add_annotation(0, Link(rect=(10, 10, 90, 30), url="https://example.org/"))
    made.add_outline_item(title="HTML/JavaScript, 第一章", page_number=0)
    made.open_destination = "first"
    made.add_metadata({"/Title": "A /JS book (with /EmbeddedFile)", "/Author": "(/Launch"})
    return written(made)


def with_open_action(action: dict[str, str]) -> bytes:
    made = writer()
    entry = DictionaryObject({NameObject("/Type"): NameObject("/Action")})
    for key, value in action.items():
        entry[NameObject(key)] = NameObject(value) if value.startswith("/") else TextStringObject(value)
    made.root_object[NameObject("/OpenAction")] = made._add_object(entry)
    return written(made)


def with_attachment() -> bytes:
    made = writer()
    made.add_attachment("letter.docx", b"anything")
    return written(made)


def encrypted(password: str) -> bytes:
    made = writer()
    made.encrypt(user_password=password, owner_password="owner", algorithm="RC4-128")
    return written(made)


@pytest.mark.parametrize(
    "content",
    [
        *evidence.letters().values(),
        from_a_scan(),
        with_links_outline_and_opening_page(),
        with_open_action({"/S": "/GoTo", "/D": "first"}),
        evidence.pdf(["/JavaScript /Launch (/OpenAction << /S /URI >>) endstream stream"]),
        PLAIN_HEAD + b"% /JavaScript\n1 0 obj << /JSX 1 /Launcher 2 /AAPL:Keywords [] /S /URI /EFG 3 >> endobj\n%%EOF",
        PLAIN_HEAD + b"1 0 obj << /OpenAction [3 0 R /FitH null] /Next << /S /URI >> >> endobj\n%%EOF",
    ],
)
def test_ordinary_pdfs_pass(content: bytes) -> None:
    assert active_content(content) == ""
    assert not is_encrypted(content)


@pytest.mark.parametrize(
    ("content", "found"),
    [
        (with_open_action({"/S": "/JavaScript", "/JS": "app.alert(1)"}), "JavaScript"),
        (with_attachment(), "EmbeddedFile"),
        (with_open_action({"/S": "/URI", "/URI": "https://example.org/"}), "OpenAction URI"),
        (with_open_action({"/S": "/GoToR", "/F": "other.pdf"}), "OpenAction GoToR"),
        (with_open_action({"/S": "/Launch", "/F": "calc.exe"}), "Launch"),
        (b"%PDF-1.4\n<</S/J#61va#53cript/JS(x)>>", "JavaScript"),
        (b"%PDF-1.4\n<</#4a#53 (x)>>", "JS"),
        (b"%PDF-1.4\n<</Filespec/EF<</F 3 0 R>>>>", "EF"),
        (b"%PDF-1.4\n<</AA<</O<</S\r/URI/URI(http://x)>>>>>>", "AA URI"),
        (b"%PDF-1.4\n(a \\) string (nested\\\\) ) /Launch", "Launch"),
        # Hidden where a cross-reference may point: in a stream, a string, a comment.
        (b"%PDF-1.4\n<<>>\nstream\n5 0 obj<</S /JavaScript/JS(x)>>endobj\nendstream", "JavaScript"),
        (b"%PDF-1.4\n(5 0 obj<</S/Launch>>endobj)", "Launch"),
        (b"%PDF-1.4\n%5 0 obj<</Type /Embedded#46ile>>\n", "EmbeddedFile"),
    ],
)
def test_what_acts_is_named(content: bytes, found: str) -> None:
    assert active_content(content) == found


@pytest.mark.parametrize("password", ["", "secret"])
def test_encryption_is_seen_whatever_the_password(password: str) -> None:
    assert is_encrypted(encrypted(password))
    assert is_encrypted(b"%PDF-1.4\ntrailer<</#45ncrypt 5 0 R>>")


@given(st.binary(max_size=2000))
def test_any_bytes_in_a_stream_are_data(noise: bytes) -> None:
    content = b"%PDF-1.4\n1 0 obj<<>>\nstream\n" + noise.replace(b"endstream", b"") + b"\nendstream\nendobj\n%%EOF\n"

    assert active_content(content) == ""


@pytest.mark.parametrize("bit", [b"(", b"/S ", b"stream\n", b"<<", b"/AA<<", b"%\n", b"/#", b"/OpenAction 1 0 R "])
def test_a_file_of_nothing_but_beginnings_is_read_to_its_end(bit: bytes) -> None:
    assert active_content(b"%PDF-1.4\n" + bit * (100_000 // len(bit))) == ""
