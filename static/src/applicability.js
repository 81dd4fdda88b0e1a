// Shows a question while the answers on its page call for it, and hides it otherwise. What is written in it is kept.
// Without scripts the server does the same when the page is saved.

export function startApplicability() {
  for (const form of document.querySelectorAll("form")) {
    const questions = [...form.querySelectorAll("[data-applies]")];
    if (questions.length) {
      const update = () => showApplicable(form, questions);
      form.append(Object.assign(document.createElement("input"), { type: "hidden", name: "_scripts", value: "yes" }));
      form.addEventListener("change", update);
      addEventListener("pageshow", update);
      update();
    }
  }
  openForAddress();
  addEventListener("hashchange", openForAddress);
}

function showApplicable(form, questions) {
  const written = new FormData(form);
  for (const question of questions) {
    const hasError = question.querySelector(".govuk-form-group--error");
    question.hidden = !hasError && !holds(JSON.parse(question.dataset.applies), form, written);
  }
  for (const count of form.querySelectorAll("[data-count]")) {
    const inside = count.closest("details").querySelectorAll(".sw-question:not([hidden])");
    count.textContent = inside.length;
  }
}

function holds({ all = [], any = [] }, form, written) {
  const answer = (question) =>
    question === "direction" ? [form.dataset.direction] : written.getAll(question).filter((value) => value.trim());
  const clauseHolds = (clause) => {
    const values = answer(clause.question);
    if (clause.answered || clause.unanswered) {
      return values.length > 0 === Boolean(clause.answered);
    }
    if (clause.is) {
      return values.length === 1 && values[0] === clause.is;
    }
    if (clause.is_not) {
      return values.length > 0 && values[0] !== clause.is_not;
    }
    return values.includes(clause.includes);
  };
  return all.every(clauseHolds) && (!any.length || any.some(clauseHolds));
}

// A link to a folded question opens what it is in.
function openForAddress() {
  const target = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
  for (let around = target && target.closest("details"); around; around = around.parentElement.closest("details")) {
    around.open = true;
  }
  if (target && target.closest("details")) {
    target.scrollIntoView();
    target.focus();
  }
}
