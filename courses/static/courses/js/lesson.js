// After a practice answer the question is drawn anew: focus stays with it, so that keyboard and reader go on there.
document.body.addEventListener("htmx:afterSwap", (event) => {
  const question = document.getElementById(event.detail.target.id);
  if (question) question.focus({ preventScroll: true });
});

// A refusal comes back as a page, which htmx leaves alone: then the plain form is sent instead.
document.body.addEventListener("htmx:responseError", (event) => {
  const form = event.detail.elt.closest("form");
  if (form) HTMLFormElement.prototype.submit.call(form);
});

// On a narrow screen the list of lessons starts folded.
const menu = document.querySelector(".lesson-menu");
if (menu && window.matchMedia("(max-width: 59.99rem)").matches) menu.removeAttribute("open");
