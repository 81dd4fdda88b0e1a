// Signing in rotates the CSRF token, so forms that were open before hold an old one. Copies the current token from the
// cookie when such a form is submitted.

const COOKIES = [/(?:^|; )__Host-csrftoken=([^;]+)/, /(?:^|; )csrftoken=([^;]+)/]; // the second in local work

export function refreshCsrfTokens() {
  for (const form of document.querySelectorAll("form[data-token-of-today]")) {
    form.addEventListener("submit", () => freshCsrfToken(form));
  }
}

export function freshCsrfToken(form) {
  const field = form.elements.namedItem("csrfmiddlewaretoken");
  const found = COOKIES.map((cookie) => cookie.exec(document.cookie)).find(Boolean);
  if (field && found) {
    field.value = found[1];
  }
}
