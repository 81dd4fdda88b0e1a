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
import { startApplicability } from "./applicability.js";
import { startAutosave } from "./autosave.js";
import { copyLinks } from "./copy_link.js";
import { copyTexts } from "./copy_text.js";
import { registerOfflineGuide } from "./offline.js";
import { announceSignIn } from "./signed_in.js";
import { refreshCsrfTokens } from "./csrf.js";

// Removes aria-expanded, which WAI-ARIA 1.2 does not allow on radio buttons.
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
registerOfflineGuide();
startApplicability();
startAutosave();
announceSignIn();
refreshCsrfTokens();
