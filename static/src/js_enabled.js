// Runs before the first paint to avoid layout shifts: GOV.UK Frontend styles components that its scripts enhance.
document.body.classList.add("js-enabled");
if ("noModule" in HTMLScriptElement.prototype) {
  document.body.classList.add("govuk-frontend-supported");
}
