// Registers the service worker that caches the guide for offline reading: see service_worker.js.

export function registerOfflineGuide() {
  if (!("serviceWorker" in navigator) || !location.pathname.startsWith("/guide/")) {
    return;
  }
  addEventListener("load", () => {
    navigator.serviceWorker
      .register("/guide/service-worker.js", { scope: "/", updateViaCache: "none" })
      .catch(() => {}); // offline reading is optional
  });
}
