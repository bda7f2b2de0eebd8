// Name the chosen file and its size, and take a file dropped anywhere on the area.
const UNITS = ["B", "kB", "MB", "GB"];

function readableSize(bytes) {
  let size = bytes;
  let unit = 0;
  while (size >= 1000 && unit < UNITS.length - 1) {
    size /= 1000;
    unit += 1;
  }
  return `${size.toLocaleString(document.documentElement.lang, { maximumFractionDigits: unit ? 1 : 0 })} ${UNITS[unit]}`;
}

for (const area of document.querySelectorAll("[data-file-drop]")) {
  const input = area.querySelector("input[type=file]");
  const chosen = area.querySelector("[data-file-chosen]");
  const setOver = (isOver) => area.classList.toggle("file-drop--over", isOver);

  input.addEventListener("change", () => {
    chosen.textContent = Array.from(input.files, (file) => `${file.name} (${readableSize(file.size)})`).join(", ");
  });
  area.addEventListener("dragover", (event) => {
    event.preventDefault();
    setOver(true);
  });
  area.addEventListener("dragleave", () => setOver(false));
  area.addEventListener("drop", (event) => {
    event.preventDefault();
    setOver(false);
    if (!input.disabled && event.dataTransfer.files.length > 0) {
      input.files = event.dataTransfer.files;
      input.dispatchEvent(new Event("change", { bubbles: true }));
    }
  });
}
