// Where a page links to a plain-text copy of itself, a button beside the link copies that text. Without scripts, or
// where the clipboard is closed to us, the link does it.

const SAID_FOR = 5000; // milliseconds

export function copyTexts() {
  if (!navigator.clipboard) {
    return;
  }
  for (const place of document.querySelectorAll("[data-copy-text]")) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "govuk-button govuk-button--secondary govuk-!-margin-bottom-0";
    button.textContent = "Copy as text";
    const said = document.createElement("span");
    said.className = "govuk-body sw-said";
    said.setAttribute("role", "status");
    place.append(button, said);
    button.addEventListener("click", () => copy(new URL(place.dataset.copyText, location), said));
  }
}

async function copy(address, said) {
  try {
    await write(address);
    say(said, "Copied");
  } catch {
    say(said, "Not copied. Open the plain text instead.");
  }
}

// Some browsers let a page write only while the press that asked for it lasts, but wait for what is promised then.
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

function say(place, words) {
  place.textContent = words;
  clearTimeout(place.timer);
  place.timer = setTimeout(() => (place.textContent = ""), SAID_FOR);
}
