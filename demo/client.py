"""A person at a browser, a partner's system, a passer-by: how the demonstration reaches the service from outside."""

from typing import Any

import httpx


class Refused(Exception):
    """The service answered that something is not possible; the message is the service's own."""


class Visitor:
    """Somebody who has not signed in."""

    def __init__(self, base_url: str) -> None:
        self.http = httpx.Client(base_url=base_url, headers={"Accept-Language": "en"}, timeout=60)

    def get(self, path: str, **params: Any) -> Any:
        """Return the JSON of an API address."""
        return self._answer(self.http.get(path, params=params or None))

    def page(self, path: str) -> str:
        """Return the HTML of a page."""
        response = self.http.get(path, follow_redirects=True)
        response.raise_for_status()
        return response.text

    def download(self, path: str) -> bytes:
        """Return a file."""
        response = self.http.get(path)
        response.raise_for_status()
        return response.content

    def post(self, path: str, json: Any = None, **options: Any) -> Any:
        """Send JSON, or with `data` and `files` a form, to the API; return the JSON of the answer."""
        headers = {"X-CSRFToken": self.http.cookies.get("csrftoken") or "", "Referer": str(self.http.base_url)}
        return self._answer(self.http.post(path, json=json, headers=headers, **options))

    def submit(self, path: str, fields: dict[str, str]) -> httpx.Response:
        """Fill in the form of a page and send it, as a browser does."""
        self.page(path)
        fields = {**fields, "csrfmiddlewaretoken": self.http.cookies["csrftoken"]}
        return self.http.post(path, data=fields, headers={"Referer": str(self.http.base_url)})

    @staticmethod
    def _answer(response: httpx.Response) -> Any:
        if response.is_error:
            raise Refused(
                f"{response.request.method} {response.request.url.path}: {response.status_code} {response.text}"
            )
        return response.json() if response.content else None


class Person(Visitor):
    """Somebody who has signed in on the sign-in page."""

    def __init__(self, base_url: str, username: str, password: str) -> None:
        super().__init__(base_url)
        self.username = username
        answer = self.submit("/accounts/login/", {"username": username, "password": password})
        if answer.status_code != httpx.codes.FOUND:
            raise Refused(f"{username} could not sign in: {answer.status_code}")


class PartnerSystem(Visitor):
    """A partner agency's software, with OAuth 2 client credentials."""

    def __init__(self, base_url: str, client_id: str, client_secret: str, scope: str) -> None:
        super().__init__(base_url)
        token = self._answer(
            self.http.post(
                "/oauth2/token/",
                data={"grant_type": "client_credentials", "scope": scope},
                auth=(client_id, client_secret),
            )
        )
        self.http.headers["Authorization"] = f"Bearer {token['access_token']}"
