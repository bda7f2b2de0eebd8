"""Make the sample sheets and their evidence: `python -m samples.make_samples [folder]`."""

import json
import sys
from dataclasses import asdict
from pathlib import Path

from samples import evidence, faults
from samples.green_cards import make_green_cards
from samples.nominations import make_nominations
from samples.workbook import GREEN_COLUMNS, workbook


def build() -> dict[str, bytes]:
    """Return the content of every sample file by its path; the same each time."""
    letters = evidence.letters()
    expected = json.dumps(faults.expected_errors(), indent=2) + "\n"
    return {
        "nominations.xlsx": workbook(asdict(nomination) for nomination in make_nominations()),
        "green-cards.xlsx": workbook(make_green_cards(), columns=GREEN_COLUMNS, title="绿卡 Green Cards"),
        "evidence.zip": evidence.archive(letters),
        **{f"evidence/{name}": content for name, content in letters.items()},
        "faulty.xlsx": workbook(faults.make_faulty_rows()),
        "faulty-evidence.zip": evidence.archive(faults.pretender_files()),
        "faulty.expected.json": expected.encode(),
    }


def main(folder: Path) -> None:
    for path, content in build().items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
        print(f"{len(content):>8,}  {target}")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent)
