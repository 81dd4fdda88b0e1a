// Saves a draft while it is written: the form as it is, to its own address, as its button would. It says so beside
// the button and does nothing else to the page. Without scripts, or where this fails, the button does the same.

import { whenSignedIn } from "./signed_in.js";
import { freshCsrfToken } from "./csrf.js";

const WAIT = 2000; // milliseconds without a key pressed
const TRY_AGAIN = [5000, 15000, 30000]; // and the last of them from then on
const STILL_HERE = "Your words are still on this page.";

export function saveWhileWriting() {
  for (const form of document.querySelectorAll("form[data-autosave]")) {
    const place = form.querySelector("[data-saving]");
    if (place && window.fetch && window.AbortController) {
      new Autosave(form, place).start();
    }
  }
}

class Autosave {
  constructor(form, place) {
    this.form = form;
    this.place = place;
    this.saved = this.words();
    this.failures = 0;
    this.isLeaving = false;
  }

  start() {
    const { form } = this;
    form.addEventListener("input", () => this.soon(WAIT));
    form.addEventListener("change", () => this.soon(WAIT));
    form.addEventListener("focusout", () => this.isChanged && !this.isWaitingForRetry && this.soon(0));
    form.addEventListener("submit", (event) => this.leaveByTheButton(event));
    addEventListener("online", () => this.soon(0));
    addEventListener("focus", () => this.isSignedOut && this.soon(0));
    whenSignedIn(() => this.isSignedOut && this.soon(0));
    document.addEventListener("visibilitychange", () => document.visibilityState === "hidden" && this.leave());
    addEventListener("pagehide", () => this.leave());
    addEventListener("pageshow", () => (this.isLeaving = false));
    addEventListener("beforeunload", (event) => {
      if (this.failures && this.isChanged && !this.isLeaving) {
        event.preventDefault();
      }
    });
  }

  get isChanged() {
    return this.words() !== this.saved;
  }

  get isWaitingForRetry() {
    return this.failures > 0;
  }

  // What is written, without what the page says of itself.
  words() {
    const written = [...new FormData(this.form)].filter(([name]) => !/^(_|csrfmiddlewaretoken$)/.test(name));
    return JSON.stringify(written);
  }

  soon(wait) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.save(), wait);
  }

  async save({ keepalive = false } = {}) {
    clearTimeout(this.timer);
    if (this.isLeaving || !this.isChanged) {
      return;
    }
    if (this.isSaving && !keepalive) {
      this.isDueAgain = true;
      return;
    }
    this.isSaving = true;
    const words = this.words();
    try {
      this.hear(await this.send(keepalive), words);
      this.isOffline = false;
    } catch {
      this.isOffline = true;
      this.fail("Not saved: no network.");
    }
    this.isSaving = false;
    this.goOn();
    if (this.isDueAgain) {
      this.isDueAgain = false;
      this.soon(0);
    }
  }

  async send(keepalive) {
    this.nextTurn();
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

  hear({ status, answer }, words) {
    this.isSignedOut = status === 401;
    if (answer) {
      this.saved = words;
      this.failures = 0;
      this.form.elements.namedItem("_seen").value = answer.seen;
      this.say(answer.said);
    } else if (this.isSignedOut) {
      this.sayHowToSignIn();
    } else if (status === 409) {
      this.say(`Not saved: this round has been recorded. ${STILL_HERE} Press Save to see what you can do with them.`);
    } else if (status === 403 || status === 404) {
      this.say(`Not saved. ${STILL_HERE} Press Save to see why.`);
    } else {
      this.fail("Not saved: something went wrong.");
    }
  }

  fail(why) {
    const wait = TRY_AGAIN[Math.min(this.failures, TRY_AGAIN.length - 1)];
    this.failures += 1;
    this.say(`${why} ${STILL_HERE}`);
    this.soon(wait);
  }

  say(words) {
    this.place.classList.toggle("sw-saving--failed", words.startsWith("Not saved"));
    if (this.place.textContent !== words) {
      this.place.textContent = words;
    }
  }

  sayHowToSignIn() {
    if (this.place.querySelector("a")) {
      return;
    }
    this.say(`Not saved: you are signed out. ${STILL_HERE} `);
    const link = document.createElement("a");
    link.className = "govuk-link";
    link.href = this.place.dataset.signIn;
    link.target = "_blank";
    link.rel = "noopener";
    link.textContent = "Sign in (opens in a new tab)";
    this.place.append(link, ", then come back here: they are saved as soon as you do.");
  }

  // The page goes, or the phone is put away: a request that may outlive it. The browser takes 64 KB at most.
  leave() {
    this.save({ keepalive: true });
  }

  // The button saves all of it: what is on its way must not come in after it. Without a network the page stays, since
  // the browser would put its own in the place of the words; what was pressed is done when the network is back.
  leaveByTheButton(event) {
    if (event.defaultPrevented) {
      return;
    }
    if (this.isOffline && this.isChanged) {
      event.preventDefault();
      this.pressed = event.submitter;
      this.soon(0);
      return;
    }
    this.nextTurn();
    clearTimeout(this.timer);
    this.isLeaving = true;
  }

  goOn() {
    const { pressed } = this;
    if (pressed && !this.isOffline) {
      this.pressed = null;
      this.form.requestSubmit(pressed);
    }
  }

  nextTurn() {
    const turn = this.form.elements.namedItem("_turn");
    turn.value = Number(turn.value) + 1;
  }
}
