// Adds a button that copies a page's plain-text version, beside the link to it, and one that copies what stands in a field.
// Without scripts, or without access to the clipboard, the link and the field remain.

const MESSAGE_DURATION = 5000; // milliseconds

export function copyTexts() {
  if (!navigator.clipboard) {
    return;
  }
  for (const place of document.querySelectorAll("[data-copy-text]")) {
    addButton(place, "Copy as text", (status) => copy(new URL(place.dataset.copyText, location), status));
  }
  for (const place of document.querySelectorAll("[data-copy-field]")) {
    addButton(place, "Copy the message", (status) => copyField(place.dataset.copyField, status));
  }
}

function addButton(place, words, whenClicked) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "govuk-button govuk-!-margin-bottom-0";
  button.classList.toggle("govuk-button--secondary", "copyText" in place.dataset);
  button.textContent = words;
  const status = document.createElement("span");
  status.className = "govuk-body sw-said";
  status.setAttribute("role", "status");
  place.append(button, status);
  button.addEventListener("click", () => whenClicked(status));
}

async function copyField(id, status) {
  try {
    await navigator.clipboard.writeText(document.getElementById(id).value);
    setStatus(status, "Copied");
  } catch {
    setStatus(status, "Not copied. Select the text and copy it instead.");
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
