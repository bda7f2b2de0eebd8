// The card's code on the whole screen, kept awake while it is held up to a scanner.
// Where the browser has no full screen (iPhone), the dialog alone fills the page; without JavaScript the link opens the image.
let wakeLock = null;

async function keepAwake() {
  try {
    wakeLock = (await navigator.wakeLock?.request("screen")) ?? null;
  } catch {
    // Refused on low battery or a hidden page: the code is still shown.
    wakeLock = null;
  }
}

async function enterFullScreen() {
  try {
    await document.documentElement.requestFullscreen?.({ navigationUI: "hide" });
  } catch {
    // Refused by the browser or its owner: the dialog alone is enough.
  }
}

for (const code of document.querySelectorAll("[data-code]")) {
  const dialog = code.querySelector("[data-code-dialog]");

  code.querySelector("[data-code-open]").addEventListener("click", async (event) => {
    event.preventDefault();
    await enterFullScreen();
    // Opened after the page went full screen, or it would lie beneath it.
    dialog.showModal();
    await keepAwake();
  });
  code.querySelector("[data-code-close]").addEventListener("click", () => dialog.close());
  dialog.addEventListener("close", () => {
    wakeLock?.release();
    wakeLock = null;
    if (document.fullscreenElement) {
      document.exitFullscreen();
    }
  });
  document.addEventListener("fullscreenchange", () => {
    if (!document.fullscreenElement && dialog.open) {
      dialog.close();
    }
  });
}
