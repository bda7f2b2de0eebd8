"""`talentcard-verify`: check one code from a command line, without a network."""

import argparse
import json
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from talentcard_verifier.keys import BadSignature, KeysUnreadable, TrustedKeys, UnknownKey
from talentcard_verifier.statuslist import Grade, StatusList, StatusLists, StatusListUnreadable
from talentcard_verifier.texts import GRADES, OUTCOMES, REASONS
from talentcard_verifier.verdict import Outcome, Purpose, Verdict, check

EXIT_GREEN, EXIT_NOT_GREEN, EXIT_USAGE = 0, 1, 2


class _InputError(Exception):
    """A file on the command line cannot be used."""


def main(argv: Sequence[str] | None = None) -> int:
    """Check the code and return 0 for green, 1 for red or amber, 2 for a command line that makes no sense."""
    arguments = _parser().parse_args(argv)
    try:
        keys = _read_keys(arguments.keys)
        lists = StatusLists(_read_list(path, keys) for path in arguments.lists)
    except _InputError as error:
        print(f"talentcard-verify: {error}", file=sys.stderr)
        return EXIT_USAGE
    text = sys.stdin.read().strip() if arguments.code == "-" else arguments.code
    purpose = Purpose(code=arguments.purpose, minimum_grade=arguments.minimum_grade)
    verdict = check(text, keys=keys, lists=lists, at=arguments.at or datetime.now(UTC), purpose=purpose)
    print(json.dumps(verdict.as_dict(), ensure_ascii=False, indent=2))
    print(describe(verdict, arguments.language), file=sys.stderr)
    return EXIT_GREEN if verdict.outcome is Outcome.GREEN else EXIT_NOT_GREEN


def describe(verdict: Verdict, language: str) -> str:
    """Return the verdict as one line for a person."""
    parts = [OUTCOMES[verdict.outcome].in_language(language)]
    if verdict.claims is not None:
        parts.append(f"{verdict.claims.display_name} {verdict.claims.card_number} {verdict.claims.tier}")
    explanation = REASONS[verdict.reason]
    parts += [explanation.finding.in_language(language), explanation.advice.in_language(language)]
    if verdict.grade is not None:
        parts.append(f"({GRADES[verdict.grade].in_language(language)}, {verdict.list_age} s)")
    return " · ".join(parts)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="talentcard-verify", description="Check a Haihe Talent card's code offline.")
    parser.add_argument("code", metavar="CODE", help="the code, or the address that carries it; - reads standard input")
    parser.add_argument("--keys", type=Path, required=True, help="file fetched from /.well-known/talentcard-keys")
    parser.add_argument(
        "--list",
        type=Path,
        action="append",
        default=[],
        dest="lists",
        metavar="FILE",
        help="status list; may be given again",
    )
    parser.add_argument("--at", type=_moment, help="judge as of this time (ISO 8601 with a zone), not now")
    parser.add_argument("--purpose", default="any", help="what the card is checked for; repeated in the verdict")
    parser.add_argument(
        "--minimum-grade",
        type=Grade,
        choices=list(Grade),
        default=Grade.OFFLINE_STALE,
        help="how fresh the status must be",
    )
    parser.add_argument("--language", choices=["zh", "en"], default="zh")
    return parser


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise argparse.ArgumentTypeError("a time needs a zone, such as 2026-05-01T09:00:00+08:00")
    return moment


def _read_keys(path: Path) -> TrustedKeys:
    try:
        return TrustedKeys.from_json(path.read_bytes())
    except (OSError, KeysUnreadable) as error:
        raise _InputError(f"{path}: {error}") from error


def _read_list(path: Path, keys: TrustedKeys) -> StatusList:
    try:
        return StatusList.parse(path.read_bytes(), keys)
    except (OSError, StatusListUnreadable) as error:
        raise _InputError(f"{path}: {error}") from error
    except UnknownKey as error:
        raise _InputError(f"{path}: signed with a key that is not trusted ({error})") from error
    except BadSignature as error:
        raise _InputError(f"{path}: the signature is wrong") from error


if __name__ == "__main__":
    sys.exit(main())
