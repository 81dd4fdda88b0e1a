// Tells other tabs about a sign-in, so that tabs with unsaved input retry autosave.

const NAME = "signed-in";

export function onSignIn(act) {
  if (window.BroadcastChannel) {
    new BroadcastChannel(NAME).addEventListener("message", act);
  }
}

export function announceSignIn() {
  if (window.BroadcastChannel && document.querySelector("[data-signed-in]")) {
    new BroadcastChannel(NAME).postMessage("");
  }
}
