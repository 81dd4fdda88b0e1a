// Before the page is drawn, so that nothing jumps: GOV.UK Frontend styles what its scripts will enhance.
document.body.classList.add("js-enabled");
if ("noModule" in HTMLScriptElement.prototype) {
  document.body.classList.add("govuk-frontend-supported");
}
