import {
  Button,
  CharacterCount,
  Checkboxes,
  ErrorSummary,
  Radios,
  ServiceNavigation,
  SkipLink,
  createAll,
} from "govuk-frontend";
import { saveWhileWriting } from "./autosave.js";
import { copyLinks } from "./copy_link.js";
import { copyTexts } from "./copy_text.js";
import { keepTheGuide } from "./offline.js";
import { sayWhenSignedIn } from "./signed_in.js";
import { refreshCsrfTokens } from "./csrf.js";

// A radio button may not carry aria-expanded (WAI-ARIA 1.2); what it reveals follows it in the reading order.
class RevealingRadios extends Radios {
  syncConditionalRevealWithInputState(input) {
    super.syncConditionalRevealWithInputState(input);
    input.removeAttribute("aria-expanded");
  }
}

const components = [Button, CharacterCount, Checkboxes, ErrorSummary, RevealingRadios, ServiceNavigation, SkipLink];
for (const component of components) {
  createAll(component);
}

copyLinks();
copyTexts();
keepTheGuide();
saveWhileWriting();
sayWhenSignedIn();
refreshCsrfTokens();
