// A hand scanner types the code and ends with Enter: that is "check", not a new line.
const form = document.querySelector("[data-desk-form]");

if (form) {
  const code = form.elements.code;
  code.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.isComposing) {
      event.preventDefault();
      form.requestSubmit();
    }
  });
  // Ready for the next card, unless there is a verdict or an error to read first.
  if (!document.querySelector("[data-focus-on-load]")) {
    code.focus();
  }
}
