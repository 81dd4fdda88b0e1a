// Each heading of the guide has a link to itself. Here it copies the address of that passage in this version, which
// will read the same for ever, and says so. Where the clipboard is closed to us it stays the link it was.

const SAID_FOR = 5000; // milliseconds

export function copyLinks() {
  const text = document.querySelector(".sw-guide__text[data-address]");
  if (!text || !navigator.clipboard) {
    return;
  }
  for (const link of text.querySelectorAll(".sw-copy-link")) {
    const said = document.createElement("span");
    said.className = "govuk-body-s sw-copy-link__said";
    said.setAttribute("role", "status");
    link.after(said);
    link.querySelector("[data-copy-link-does]").textContent = "Copy a link";
    link.addEventListener("click", (event) => copy(event, new URL(text.dataset.address + link.hash, location), said));
  }
}

async function copy(event, address, said) {
  if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) {
    return; // the reader wants it opened elsewhere
  }
  event.preventDefault();
  try {
    await navigator.clipboard.writeText(address.href);
  } catch {
    location.hash = address.hash;
    return;
  }
  history.replaceState(history.state, "", address.hash);
  said.textContent = "Copied";
  clearTimeout(said.timer);
  said.timer = setTimeout(() => (said.textContent = ""), SAID_FOR);
}
