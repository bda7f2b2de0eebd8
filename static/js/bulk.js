// Count the ticked rows, offer "all on this page", and keep the actions closed while nothing is ticked.
for (const form of document.querySelectorAll("form[data-bulk]")) {
  const rows = Array.from(form.querySelectorAll("[data-bulk-row]"));
  const bar = form.querySelector("[data-bulk-bar]");
  const all = bar.querySelector("[data-bulk-all]");
  const allBox = all.querySelector("input");
  const number = bar.querySelector("[data-bulk-number]");

  const show = () => {
    const ticked = rows.filter((row) => row.checked).length;
    number.textContent = String(ticked);
    allBox.checked = ticked > 0 && ticked === rows.length;
    allBox.indeterminate = ticked > 0 && ticked < rows.length;
    for (const button of bar.querySelectorAll("button")) {
      button.disabled = ticked === 0;
    }
  };

  allBox.addEventListener("change", () => {
    for (const row of rows) {
      row.checked = allBox.checked;
    }
    show();
  });
  form.addEventListener("change", (event) => {
    if (event.target.matches("[data-bulk-row]")) {
      show();
    }
  });
  // A browser that restores ticks on the way back does so after this module has run.
  window.addEventListener("pageshow", show);

  all.hidden = false;
  bar.querySelector("[data-bulk-count]").hidden = false;
  show();
}
