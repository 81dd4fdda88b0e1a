// Whoever visits the guide keeps a copy of it, for when there is no network: see service_worker.js.

export function keepTheGuide() {
  if (!("serviceWorker" in navigator) || !location.pathname.startsWith("/guide/")) {
    return;
  }
  addEventListener("load", () => {
    navigator.serviceWorker
      .register("/guide/service-worker.js", { scope: "/", updateViaCache: "none" })
      .catch(() => {}); // the guide reads as well without a copy
  });
}
