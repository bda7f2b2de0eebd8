// A scanned address brings the code in the fragment, which the browser never sends: post it, and show the answer in place.
// Without JavaScript the form works as it stands.
const form = document.querySelector("[data-check-form]");
const result = document.querySelector("[data-check-result]");

async function check(code) {
  form.elements.code.value = code;
  const response = await fetch(form.action, { method: "POST", body: new FormData(form) });
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  const verdict = page.querySelector("[data-check-result]");
  if (!response.ok || !verdict) {
    throw new Error(`the check answered ${response.status}`);
  }
  result.replaceChildren(...verdict.childNodes);
  result.querySelector("[data-focus-on-load]")?.focus();
  form.elements.code.value = "";
}

function checkFragment() {
  const code = window.location.hash.slice(1);
  // "main" is where the skip link leads; a code is far longer than the name of any place on the page.
  if (code.length < 100) {
    return;
  }
  // Out of the address bar and the history: whoever uses this browser next does not find it there.
  window.history.replaceState(null, "", window.location.pathname);
  form.setAttribute("aria-busy", "true");
  // What cannot be shown in place (too many requests, no connection) the browser shows by itself.
  check(code)
    .catch(() => form.submit())
    .finally(() => form.removeAttribute("aria-busy"));
}

window.addEventListener("hashchange", checkFragment);
checkFragment();
