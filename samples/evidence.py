"""Evidence that a nomination can attach: the smallest true PDFs, without anything personal in them."""

import io
import zipfile

# A ZIP archive keeps times from 1980 on.
EPOCH = (1980, 1, 1, 0, 0, 0)

LETTERS = {
    "laboratory-appointment.pdf": ["Letter of appointment", "Haihe sample laboratory (Haihe shili shiyanshi)"],
    "craftsman-certificate.pdf": ["Certificate: Haihe craftsman (Haihe gongjiang)", "Sample, not issued to anybody"],
    "postdoc-agreement.pdf": ["Agreement on postdoctoral research", "Sample station (shili boshihou gongzuozhan)"],
    "tiankai-founding.pdf": ["Founding of a company in the Tiankai park", "Tiankai shili chuangye zhengming"],
    "overseas-employment.pdf": ["Contract of employment with a specialist from overseas", "Sample employer"],
    "joint-recommendation.pdf": ["Joint recommendation by two experts", "Sample (lianhe tuijian xin)"],
}
BY_BASIS = {
    "laboratory": "laboratory-appointment.pdf",
    "craftsman": "craftsman-certificate.pdf",
    "postdoc": "postdoc-agreement.pdf",
    "tiankai": "tiankai-founding.pdf",
    "overseas": "overseas-employment.pdf",
}
JOINT = "joint-recommendation.pdf"


def pdf(lines: list[str]) -> bytes:
    """Return a one-page PDF 1.4 that shows the given lines of ASCII."""
    shown = " T* ".join(f"({_escape(line)}) Tj" for line in [*lines, "Sample document: no person and no fact in it."])
    content = f"BT /F1 14 Tf 24 TL 72 760 Td {shown} ET".encode("ascii")
    bodies = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R"
        b" /Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    out = io.BytesIO()
    out.write(b"%PDF-1.4\n")
    offsets = []
    for number, body in enumerate(bodies, start=1):
        offsets.append(out.tell())
        out.write(b"%d 0 obj\n%s\nendobj\n" % (number, body))
    start = out.tell()
    out.write(b"xref\n0 %d\n0000000000 65535 f \n" % (len(bodies) + 1))
    out.writelines(b"%010d 00000 n \n" % offset for offset in offsets)
    out.write(b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(bodies) + 1, start))
    return out.getvalue()


def letters() -> dict[str, bytes]:
    """Return the evidence files by name."""
    return {name: pdf(lines) for name, lines in LETTERS.items()}


def archive(files: dict[str, bytes]) -> bytes:
    """Return a ZIP archive that does not tell when or on what system it was made."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for name, content in files.items():
            entry = zipfile.ZipInfo(name, EPOCH)
            entry.create_system = 3
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            target.writestr(entry, content)
    return out.getvalue()


def _escape(text: str) -> str:
    return text.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")
