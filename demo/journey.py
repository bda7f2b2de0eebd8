"""One person's journey, played from outside: from sign-in on, every step is an HTTP request by that role."""

import datetime as dt
import email
import io
import re
import time
from collections.abc import Callable
from email import policy
from functools import cached_property
from pathlib import Path
from typing import Any

import zxingcpp
from PIL import Image
from talentcard_verifier import StatusList, StatusLists, TrustedKeys, Verdict, check, code_from_text

from demo import cast
from demo.client import PartnerSystem, Person, Visitor
from demo.people import CHILD, NEXT_NOMINEE, NOMINEE

API = "/api/v1"
SHEET_ROWS = 266
STATUS_OF_STEP = {"preliminary": "submitted", "second": "second_review"}
PATIENCE_SECONDS = 300


class Journey:
    """A person is nominated, reviewed, carded, verified and served; then 266 at once. Played again, nothing doubles."""

    def __init__(self, base_url: str, *, folder: Path, samples: Path, rows: int = SHEET_ROWS) -> None:
        self.base_url = base_url
        self.mail = folder / "mail"
        self.samples = samples
        self.rows = rows
        self.step = 0
        self.public = Visitor(base_url)
        self.people: dict[str, Person] = {}
        self.nominator = self._sign_in(cast.NOMINATOR.username)
        self.preliminary = self._sign_in(cast.PRELIMINARY.username)
        self.second = self._sign_in(cast.SECOND.username)

    def play(self) -> None:
        """Play every step that was not played yet, and print what to look at."""
        nomination = self._nominate(NOMINEE)
        self._review(nomination)
        self._wait_for_the_notice(nomination)
        holder = self._activate_account(nomination)
        card, code = self._show_card(holder)
        self._check_offline(code)
        self._check_online(code)
        self._redeem(holder, code)
        self._find_a_school(holder)
        self._lose_and_find(card, code)
        self._nominate_many()
        self._nominate(NEXT_NOMINEE)
        print(f"\nThe last one is left for you to review. The holder signs in as {holder.username}.\n", flush=True)

    def _sign_in(self, username: str) -> Person:
        """Return somebody at their browser, signed in when they are first needed."""
        if username not in self.people:
            self.people[username] = Person(self.base_url, username, cast.PASSWORD)
        return self.people[username]

    @cached_property
    def _gate(self) -> PartnerSystem:
        """The airport's system, which asks for one token and keeps it."""
        return PartnerSystem(self.base_url, cast.PARTNER_CLIENT_ID, cast.PARTNER_CLIENT_SECRET, "verify")

    def _say(self, who: str, what: str, look: str = "") -> None:
        self.step += 1
        print(f"{self.step:>2}. {who}: {what}" + (f"\n      look at {self.base_url}{look}" if look else ""), flush=True)

    def _nominate(self, nominee: dict[str, Any]) -> dict[str, Any]:
        """File the nomination with its evidence, unless an earlier run did."""
        if (earlier := self._nominated_before(nominee)) is not None:
            self._say("nominator", f"{earlier['number']} was filed in an earlier run", "/nominations/")
            return self.nominator.get(f"{API}/nominations/{earlier['id']}/")
        nomination = self.nominator.post(f"{API}/nominations/", {**NOMINATION, "nominee": nominee})
        self._say("nominator", f"nominates {nominee['name']} as draft {nomination['number']}")
        path = f"{API}/nominations/{nomination['id']}"
        evidence = sorted((self.samples / "evidence").glob("*.pdf"))[0]
        self.nominator.post(
            f"{path}/evidence/", data={"kind": "recommendation"}, files={"file": (evidence.name, evidence.read_bytes())}
        )
        nomination = self.nominator.post(f"{path}/submit/")
        self._say("nominator", "attaches evidence and submits", f"/nominations/{nomination['id']}/")
        return nomination

    def _nominated_before(self, nominee: dict[str, Any]) -> dict[str, Any] | None:
        page = {"next": f"{API}/nominations/?page_size=200"}
        while page["next"]:
            page = self.nominator.get(page["next"])
            for nomination in page["results"]:
                if nomination["nominee"] == nominee["name"]:
                    return nomination
        return None

    def _review(self, nomination: dict[str, Any]) -> None:
        """Let both officers pass it, each as far as it still waits for them."""
        path = f"{API}/nominations/{nomination['id']}"
        if nomination["status"] == "submitted":
            nomination = self.preliminary.post(f"{path}/preliminary-review/", {"outcome": "pass"})
            self._say("preliminary reviewer 初审", "passes it", "/nominations/inbox/")
        if nomination["status"] == "second_review":
            nomination = self.second.post(f"{path}/second-review/", {"outcome": "pass", "agrees": True})
            self._say(
                "second reviewer 复核", "passes it: it waits for its public notice", "/nominations/notices/waiting/"
            )
        if nomination["status"] == "awaiting_notice":
            self._release([nomination["id"]])

    def _release(self, ids: list[str]) -> None:
        """Put cases under public notice together."""
        made = self.second.post(f"{API}/nominations/notices/releases/", {"ids": ids})
        release = made["release"]
        what = f"puts {len(ids)} under public notice together: {release['number']}"
        self._say("second reviewer 复核", what, release["url"])

    def _wait_for_the_notice(self, nomination: dict[str, Any]) -> None:
        """Wait, as everybody does, until the notice has run and the worker has made the card."""
        notices = self.public.get(f"{API}/nominations/notices/")["results"]
        if notices:
            self._say("anybody", f"reads {len(notices)} public notice(s), without contact or identity data")
        path = f"{API}/nominations/{nomination['id']}/"
        self._wait("the notice to end", lambda: self.nominator.get(path)["status"] == "approved")
        self._say("the service", "closes the notice after five working days (seconds, here) and awards the card")

    def _activate_account(self, nomination: dict[str, Any]) -> Person:
        """Follow the link in the nominee's mailbox and set a password; sign in."""
        message = self._wait("the invitation", lambda: self._invitation(NOMINEE["email"]))
        username = re.search(r"(?:as|是) (\w+)", message).group(1)  # type: ignore[union-attr]  # the words are ours
        link = re.search(r"http\S+/accounts/activate/\S+", message).group()  # type: ignore[union-attr]  # as above
        visitor = Visitor(self.base_url)
        form = visitor.http.get(link.removeprefix(self.base_url), follow_redirects=True)
        if "new_password1" in form.text:
            visitor.submit(form.url.path, {"new_password1": cast.PASSWORD, "new_password2": cast.PASSWORD})
            self._say("nominee", f"opens the e-mail in var/demo/mail and sets a password (signs in as {username})")
        else:
            self._say("nominee", f"signs in as {username}")
        return self._sign_in(username)

    def _invitation(self, address: str) -> str | None:
        for path in self.mail.glob("*.eml"):
            message = email.message_from_bytes(path.read_bytes(), policy=policy.default)
            if message["To"] == address and message["X-Event"].startswith("account.invited"):
                return message.get_content()
        return None

    def _show_card(self, holder: Person) -> tuple[dict[str, Any], str]:
        """Return the holder's card and its code, read from the image as a scanner reads it."""

        def card_in_force() -> dict[str, Any] | None:
            found = holder.http.get(f"{API}/cards/mine/")
            return found.json() if found.is_success and found.json()["status"] != "in_production" else None

        card = self._wait("the card", card_in_force)
        image = holder.download(f"{API}/cards/{card['id']}/qr.png")
        with Image.open(io.BytesIO(image)) as picture:
            text = zxingcpp.read_barcodes(picture)[0].text
        self._say("holder", f"has card {card['number']}; its QR code reads {text[:44]}…", "/cards/mine/")
        return card, text

    def _check_offline(self, code: str) -> None:
        """Check the code as a desk without a network does: with keys and a list fetched before."""
        verdict = self._verdict(code)
        self._say("a desk with no network", f"checks signature, dates and status list: {verdict.reason}")

    def _verdict(self, code: str) -> Verdict:
        keys = TrustedKeys.from_json(self.public.download("/.well-known/talentcard-keys"))
        lists = StatusLists([StatusList.parse(self.public.download("/status/1.cwt"), keys)])
        return check(code_from_text(code), keys=keys, lists=lists, at=dt.datetime.now(dt.UTC))

    def _check_online(self, code: str) -> None:
        """Check the code as a partner's system, and as anybody."""
        answer = self._verify(code, nonce="demo-first-check")
        self._say("airport's system", f"checks it online: {answer['reason']}, shown {answer['fields']}")
        if answer["is_replay"]:
            # The same nonce is the same check: nothing new was recorded, and the rest was played before, too.
            return
        public = self.public.post(f"{API}/public-checks/", {"code": code})
        self._say("anybody", f"opens the code's address: {public['reason']}, {public['fields']}", "/v")

    def _verify(self, code: str, *, nonce: str) -> dict[str, Any]:
        answer: dict[str, Any] = self._gate.post(
            f"{API}/verifications/", {"code": code, "purpose": "airport-fast-lane", "nonce": nonce}
        )
        return answer

    def _redeem(self, holder: Person, code: str) -> None:
        """Use the fast lane once at the airport's desk: shown first, then confirmed; an old use is shown again."""
        desk = self._sign_in(cast.AIRPORT.username)
        use = {"code": code, "perk": "airport-fast-lane", "nonce": "demo-first-use"}
        preview = desk.post(f"{API}/perks/redemptions/", {**use, "confirm": False})
        done = desk.post(f"{API}/perks/redemptions/", {**use, "confirm": True})
        self._say(
            "airport desk", f"{preview['status']}, then {done['status']}: {done['remaining']} uses left this year"
        )
        self._say("holder", "sees the perks, and why each is open or not", "/perks/")

    def _find_a_school(self, holder: Person) -> None:
        """Ask for a school place, have it decided, and rate the service."""
        requests = holder.get(f"{API}/perks/requests/")["results"]
        if requests:
            self._say(
                "holder", f"asked for a school place in an earlier run: {requests[0]['status']}", "/perks/requests/"
            )
            return
        form = holder.page("/perks/schooling/request/")
        season = _first_option(form, "season")
        school = _first_option(form, "school_1")
        request = holder.post(
            f"{API}/perks/requests/",
            {"perk": "schooling", "details": {**CHILD, "season": season, "school_1": school, "guardian_consent": True}},
        )
        self._say("holder", f"asks for a school place: {request['number']}", f"/perks/requests/{request['id']}/")
        officer = self._sign_in(cast.SCHOOLING.username)
        path = f"{API}/perks/requests/{request['id']}"
        officer.post(f"{path}/accept/")
        officer.post(f"{path}/start/")
        officer.post(f"{path}/grant/", {"details": {"places": school}})
        self._say("schooling officer 经办", "accepts, looks into it and gives the place", "/perks/inbox/")
        holder.post(f"{path}/rate/", {"level": 5})
        self._say("holder", "rates the service 好差评: five of five", f"/perks/requests/{request['id']}/")

    def _lose_and_find(self, card: dict[str, Any], code: str) -> None:
        """Suspend the card and put it back: the next verdict and the published list follow."""
        issuer = self._sign_in(cast.ISSUER.username)
        path = f"{API}/cards/{card['id']}"
        if any(change["to_status"] == "suspended" for change in issuer.get(f"{path}/")["history"]):
            self._say("issuer 发卡", "suspended and reinstated the card in an earlier run", f"/cards/{card['id']}/")
            return
        issuer.post(f"{path}/suspend/", {"reason": "Reported as found at the station (demonstration)"})
        online = self._verify(code, nonce="demo-suspended")["reason"]
        self._wait("the published list", lambda: self._verdict(code).reason == "suspended")
        self._say("issuer 发卡", f"suspends the card: online {online}, and in the published list", "/cards/")
        issuer.post(f"{path}/reinstate/", {"reason": "Back with its holder (demonstration)"})
        self._wait("the published list", lambda: self._verdict(code).reason == "valid")
        self._say("issuer 发卡", f"puts it back into force: {self._verify(code, nonce='demo-reinstated')['reason']}")

    def _nominate_many(self) -> None:
        """Import the nominations of a sheet, decide them in bulk, and wait for their cards."""
        if self.nominator.get(f"{API}/nominations/")["count"] < self.rows:
            batch = self.nominator.post(
                f"{API}/nominations/import/",
                files={
                    "sheet": ("nominations.xlsx", (self.samples / "nominations.xlsx").read_bytes()),
                    "evidence": ("evidence.zip", (self.samples / "evidence.zip").read_bytes()),
                },
            )
            self._apply_when_checked(batch["url"])
        if self._cards_in_force() > self.rows:
            self._say("the worker", f"has made {self._cards_in_force()} cards, codes and images", "/cards/")
            return
        for officer, who, step in (
            (self.preliminary, "preliminary reviewer 初审", "preliminary"),
            (self.second, "second reviewer 复核", "second"),
        ):
            if decided := self._decide_all(officer, step):
                self._say(who, f"passes {decided} in bulk, each by itself", "/nominations/inbox/")
        while ids := self._waiting_for(self.second, "awaiting_notice"):
            self._release(ids)
        self._wait("notices and cards", lambda: self._cards_in_force() > self.rows, every=2)
        self._say("the worker", f"has made {self._cards_in_force()} cards, codes and images", "/cards/")

    def _apply_when_checked(self, path: str) -> None:
        """Wait until every row is checked, have the good ones applied, and wait for that."""
        page = path.removeprefix(API)
        checked = self._wait("the rows to be checked", lambda: self._import_in_status(path, "checked"))
        self._say("the worker", f"checks a sheet of {checked['row_count']} nominations, with evidence", page)
        if checked["rows"]["valid"]:
            self.nominator.post(f"{path}apply/")
            applied = self._wait("the rows to be applied", lambda: self._import_in_status(path, "applied"))
            self._say("nominator", f"has its {applied['rows']['applied']} rows without faults submitted", page)

    def _import_in_status(self, path: str, status: str) -> dict[str, Any] | None:
        batch: dict[str, Any] = self.nominator.get(path)
        return batch if batch["status"] == status else None

    def _decide_all(self, officer: Person, step: str) -> int:
        decided = 0
        while ids := self._waiting_for(officer, STATUS_OF_STEP[step]):
            decision = {"outcome": "pass", "agrees": True if step == "second" else None}
            outcome = officer.post(f"{API}/nominations/bulk-review/", {"ids": ids, "step": step, **decision})
            passed = sum(row["ok"] for row in outcome)
            decided += passed
            if not passed:
                raise RuntimeError(f"nothing could be decided: {outcome[0]}")
        return decided

    def _waiting_for(self, officer: Person, status: str) -> list[str]:
        """Return up to a hundred cases that wait for an officer at a status."""
        page = officer.get(f"{API}/nominations/", mine="true", status=status, page_size=100)
        return [nomination["id"] for nomination in page["results"]]

    def _cards_in_force(self) -> int:
        count: int = self._sign_in(cast.ISSUER.username).get(f"{API}/cards/", status="active")["count"]
        return count

    def _wait(self, what: str, condition: Callable[[], Any], *, every: float = 0.5) -> Any:
        deadline = time.monotonic() + PATIENCE_SECONDS
        while not (result := condition()):
            if time.monotonic() > deadline:
                raise TimeoutError(f"waited {PATIENCE_SECONDS} s for {what}; see the logs in var/demo")
            time.sleep(every)
        return result


def _first_option(page: str, field: str) -> str:
    """Return the first value a select field of a page offers."""
    select = re.search(rf'<select name="{field}".*?</select>', page, flags=re.DOTALL)
    values = re.findall(r'<option value="([^"]+)"', select.group()) if select else []
    return str(values[0])


NOMINATION = {
    "basis": "laboratory",
    "tier": "B",
    "district": "binhai",
    "statement": "Leads a group on sodium batteries; two national patents. A made-up person in a sample city.",
}
