// Signing in, in this tab or another, gives the browser a new token against forged requests; a form that was open
// before still holds the one from before. It takes the new one along when it is sent, so that nothing is sent twice.

const COOKIE = /(?:^|; )csrftoken=([^;]+)/;

export function refreshCsrfTokens() {
  for (const form of document.querySelectorAll("form[data-token-of-today]")) {
    form.addEventListener("submit", () => freshCsrfToken(form));
  }
}

export function freshCsrfToken(form) {
  const field = form.elements.namedItem("csrfmiddlewaretoken");
  const found = COOKIE.exec(document.cookie);
  if (field && found) {
    field.value = found[1];
  }
}
