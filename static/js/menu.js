// The menu button of small screens.
const button = document.querySelector("[data-menu-button]");

function setOpen(isOpen) {
  button.setAttribute("aria-expanded", String(isOpen));
}

if (button) {
  const menu = document.getElementById(button.getAttribute("aria-controls"));
  button.addEventListener("click", () => setOpen(button.getAttribute("aria-expanded") !== "true"));
  menu.parentElement.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && button.getAttribute("aria-expanded") === "true") {
      setOpen(false);
      button.focus();
    }
  });
}
