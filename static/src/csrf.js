// Signing in rotates the CSRF token, so forms that were open before hold an old one. Copies the current token from the
// cookie when such a form is submitted.

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
