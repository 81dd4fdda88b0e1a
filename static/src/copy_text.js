// Adds a button that copies a page's plain-text version, beside the link to it. Without scripts, or without access to
// the clipboard, the link remains.

const MESSAGE_DURATION = 5000; // milliseconds

export function copyTexts() {
  if (!navigator.clipboard) {
    return;
  }
  for (const place of document.querySelectorAll("[data-copy-text]")) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "govuk-button govuk-button--secondary govuk-!-margin-bottom-0";
    button.textContent = "Copy as text";
    const status = document.createElement("span");
    status.className = "govuk-body sw-said";
    status.setAttribute("role", "status");
    place.append(button, status);
    button.addEventListener("click", () => copy(new URL(place.dataset.copyText, location), status));
  }
}

async function copy(address, status) {
  try {
    await write(address);
    setStatus(status, "Copied");
  } catch {
    setStatus(status, "Not copied. Open the plain text instead.");
  }
}

// Some browsers allow writing only during the click event, but accept a promise for the content.
async function write(address) {
  const text = fetchText(address);
  if (window.ClipboardItem) {
    const blob = text.then((words) => new Blob([words], { type: "text/plain" }));
    await navigator.clipboard.write([new ClipboardItem({ "text/plain": blob })]);
  } else {
    await navigator.clipboard.writeText(await text);
  }
}

async function fetchText(address) {
  const response = await fetch(address, { redirect: "error" });
  if (!response.ok) {
    throw new Error(`${response.status}`);
  }
  return response.text();
}

function setStatus(place, words) {
  place.textContent = words;
  clearTimeout(place.timer);
  place.timer = setTimeout(() => (place.textContent = ""), MESSAGE_DURATION);
}
