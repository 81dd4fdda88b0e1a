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
import { copyLinks } from "./copy_link.js";
import { keepTheGuide } from "./offline.js";

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
keepTheGuide();
