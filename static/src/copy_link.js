// Makes the link of each heading in the guide copy the permanent URL of that passage in this version. Without access to
// the clipboard it remains a link.

const MESSAGE_DURATION = 5000; // milliseconds

export function copyLinks() {
  const text = document.querySelector(".sw-guide__text[data-address]");
  if (!text || !navigator.clipboard) {
    return;
  }
  for (const link of text.querySelectorAll(".sw-copy-link")) {
    const status = document.createElement("span");
    status.className = "govuk-body-s sw-copy-link__said";
    status.setAttribute("role", "status");
    link.after(status);
    link.querySelector("[data-copy-link-does]").textContent = "Copy a link";
    link.addEventListener("click", (event) => copy(event, new URL(text.dataset.address + link.hash, location), status));
  }
}

async function copy(event, address, status) {
  if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) {
    return; // opens a new tab or window
  }
  event.preventDefault();
  try {
    await navigator.clipboard.writeText(address.href);
  } catch {
    location.hash = address.hash;
    return;
  }
  history.replaceState(history.state, "", address.hash);
  status.textContent = "Copied";
  clearTimeout(status.timer);
  status.timer = setTimeout(() => (status.textContent = ""), MESSAGE_DURATION);
}
