// Autosaves a draft form: posts it to its own URL, as its button does, and shows the status beside the button.
// Without scripts, or when autosave fails, the button does the same.

import { onSignIn } from "./signed_in.js";
import { freshCsrfToken } from "./csrf.js";

const SAVE_DELAY = 2000; // milliseconds since the last input
const CHOICE_DELAY = 300; // a choice is made at once; what it brings up is shown beside it
const RETRY_DELAYS = [5000, 15000, 30000]; // milliseconds; the last one repeats
const NOT_LOST = "Your words are still on this page.";

export function startAutosave() {
  for (const form of document.querySelectorAll("form[data-autosave]")) {
    const status = form.querySelector("[data-saving]");
    if (status && window.fetch && window.AbortController) {
      new Autosave(form, status).start();
    }
  }
}

class Autosave {
  constructor(form, status) {
    this.form = form;
    this.statusElement = status;
    this.saved = this.serialise();
    this.failures = 0;
    this.isUnloading = false;
  }

  start() {
    const { form } = this;
    form.addEventListener("input", () => this.schedule(SAVE_DELAY));
    form.addEventListener("change", ({ target }) => this.schedule(isChoice(target) ? CHOICE_DELAY : SAVE_DELAY));
    form.addEventListener("focusout", () => this.isChanged && !this.isWaitingForRetry && this.schedule(0));
    form.addEventListener("submit", (event) => this.submitByButton(event));
    addEventListener("online", () => this.schedule(0));
    addEventListener("focus", () => this.isSignedOut && this.schedule(0));
    onSignIn(() => this.isSignedOut && this.schedule(0));
    document.addEventListener("visibilitychange", () => document.visibilityState === "hidden" && this.saveOnUnload());
    addEventListener("pagehide", () => this.saveOnUnload());
    addEventListener("pageshow", () => (this.isUnloading = false));
    addEventListener("beforeunload", (event) => {
      if (this.failures && this.isChanged && !this.isUnloading) {
        event.preventDefault();
      }
    });
  }

  get isChanged() {
    return this.serialise() !== this.saved;
  }

  get isWaitingForRetry() {
    return this.failures > 0;
  }

  // The form's values, without the CSRF token and the page's own fields (`_…`).
  serialise() {
    const written = [...new FormData(this.form)].filter(([name]) => !/^(_|csrfmiddlewaretoken$)/.test(name));
    return JSON.stringify(written);
  }

  schedule(wait) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.save(), wait);
  }

  async save({ keepalive = false } = {}) {
    clearTimeout(this.timer);
    if (this.isUnloading || !this.isChanged) {
      return;
    }
    if (this.isSaving && !keepalive) {
      this.isSaveQueued = true;
      return;
    }
    this.isSaving = true;
    const words = this.serialise();
    try {
      this.handleResponse(await this.send(keepalive), words);
      this.isOffline = false;
    } catch {
      this.isOffline = true;
      this.failAndRetry("Not saved: no network.");
    }
    this.isSaving = false;
    this.resumeSubmit();
    if (this.isSaveQueued) {
      this.isSaveQueued = false;
      this.schedule(0);
    }
  }

  async send(keepalive) {
    this.incrementRevision();
    freshCsrfToken(this.form);
    const response = await fetch(this.form.action, {
      method: "POST",
      body: new URLSearchParams([...new FormData(this.form)]),
      headers: { Accept: "application/json" },
      redirect: "error",
      keepalive,
    });
    return { status: response.status, answer: response.ok ? await response.json() : null };
  }

  handleResponse({ status, answer }, words) {
    this.isSignedOut = status === 401;
    if (answer) {
      this.saved = words;
      this.failures = 0;
      this.form.elements.namedItem("_seen").value = answer.seen;
      this.setStatus(answer.message);
      this.showConsidered(answer.considered || {});
    } else if (this.isSignedOut) {
      this.showSignInLink();
    } else if (status === 409) {
      this.setStatus(`Not saved: this round has been recorded. ${NOT_LOST} Press Save to see what you can do with them.`);
    } else if (status === 403 || status === 404) {
      this.setStatus(`Not saved. ${NOT_LOST} Press Save to see why.`);
    } else {
      this.failAndRetry("Not saved: something went wrong.");
    }
  }

  // What the answers bring up. A region is changed, and read out, only where something else is in it.
  showConsidered(considered) {
    for (const region of this.form.querySelectorAll("[data-considered]")) {
      const found = document.createElement("template");
      found.innerHTML = considered[region.dataset.considered] || "";
      if (keysIn(found.content) !== keysIn(region)) {
        region.replaceChildren(found.content);
      }
    }
  }

  failAndRetry(why) {
    const wait = RETRY_DELAYS[Math.min(this.failures, RETRY_DELAYS.length - 1)];
    this.failures += 1;
    this.setStatus(`${why} ${NOT_LOST}`);
    this.schedule(wait);
  }

  setStatus(words) {
    this.statusElement.classList.toggle("sw-saving--failed", words.startsWith("Not saved"));
    if (this.statusElement.textContent !== words) {
      this.statusElement.textContent = words;
    }
  }

  showSignInLink() {
    if (this.statusElement.querySelector("a")) {
      return;
    }
    this.setStatus(`Not saved: you are signed out. ${NOT_LOST} `);
    const link = document.createElement("a");
    link.className = "govuk-link";
    link.href = this.statusElement.dataset.signIn;
    link.target = "_blank";
    link.rel = "noopener";
    link.textContent = "Sign in (opens in a new tab)";
    this.statusElement.append(link, ", then come back here: they are saved as soon as you do.");
  }

  // Saves when the page is hidden or unloaded. Browsers limit keepalive requests to 64 KB.
  saveOnUnload() {
    this.save({ keepalive: true });
  }

  // The button saves everything, so pending autosaves are cancelled. Offline, the submission is postponed until the
  // network is back: otherwise the browser's error page would replace the input.
  submitByButton(event) {
    if (event.defaultPrevented) {
      return;
    }
    if (this.isOffline && this.isChanged) {
      event.preventDefault();
      this.pendingSubmitter = event.submitter;
      this.schedule(0);
      return;
    }
    this.incrementRevision();
    clearTimeout(this.timer);
    this.isUnloading = true;
  }

  resumeSubmit() {
    const { pendingSubmitter } = this;
    if (pendingSubmitter && !this.isOffline) {
      this.pendingSubmitter = null;
      this.form.requestSubmit(pendingSubmitter);
    }
  }

  incrementRevision() {
    const revision = this.form.elements.namedItem("_turn");
    revision.value = Number(revision.value) + 1;
  }
}

function isChoice(control) {
  return control.type === "radio" || control.type === "checkbox";
}

function keysIn(region) {
  return [...region.querySelectorAll("[data-consideration]")].map((each) => each.dataset.consideration).join();
}
