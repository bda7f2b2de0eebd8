// Begin where the answer is: an error summary or a verdict takes the focus, so that it is read first.
document.querySelector("[data-focus-on-load]")?.focus();
