// Whoever was signed out while writing signs in in another tab: that tab says so to those that wait with words.

const NAME = "signed-in";

export function whenSignedIn(act) {
  if (window.BroadcastChannel) {
    new BroadcastChannel(NAME).addEventListener("message", act);
  }
}

export function sayWhenSignedIn() {
  if (window.BroadcastChannel && document.querySelector("[data-signed-in]")) {
    new BroadcastChannel(NAME).postMessage("");
  }
}
