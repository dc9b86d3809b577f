// What pages gain where scripts run: GOV.UK's own components, drafts saved while typing, and one submit per form.
// Every page works without it. No markup is built from strings, so Trusted Types have nothing to object to.
import { initAll } from "./govuk-frontend.min.js";

document.body.classList.add("js-enabled", "govuk-frontend-supported");
initAll();

const PAUSE = 2000; // milliseconds after the last key
const RETRY = [5000, 15000, 60000];

// A form with data-draft-url posts itself there when typing pauses, and again when the page is left. The words come
// from the form (data-draft-saved="Saved {time}" …) so that a translated page is translated throughout.
function keepDraft(form) {
  const words = (name, otherwise) => form.dataset[name] || otherwise;
  let status = form.querySelector("[data-draft-status]");
  if (!status) {
    status = document.createElement("p");
    status.className = "waymark-saved";
    status.setAttribute("role", "status");
    form.append(status);
  }
  let timer = 0;
  let failures = 0;
  let sending = false;
  let changed = false;

  // Said only when it differs: a reader hears "Saved 14:03" once a minute at most.
  const say = (text, failed) => {
    if (status.textContent !== text) status.textContent = text;
    status.classList.toggle("waymark-saved--failed", failed);
  };
  const later = (wait) => {
    clearTimeout(timer);
    timer = setTimeout(save, wait);
  };
  const body = () => {
    const fields = new URLSearchParams();
    for (const [name, value] of new FormData(form)) if (typeof value === "string") fields.append(name, value);
    return fields;
  };
  async function save(leaving) {
    clearTimeout(timer);
    if (!changed || (sending && leaving !== true)) return;
    changed = false;
    sending = true;
    try {
      const answer = await fetch(form.dataset.draftUrl, {
        method: "POST",
        body: body(),
        headers: { "Waymark-Draft": "1" },
        credentials: "same-origin",
        redirect: "manual",
        cache: "no-store",
        keepalive: leaving === true,
        signal: AbortSignal.timeout ? AbortSignal.timeout(20000) : undefined,
      });
      if (!answer.ok) throw answer;
      failures = 0;
      const time = new Date().toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" });
      say(words("draftSaved", "Saved {time}").replace("{time}", time), false);
    } catch (problem) {
      changed = true;
      const signedOut = problem.type === "opaqueredirect" || problem.status === 401 || problem.status === 403;
      say(
        signedOut
          ? words("draftSignedOut", "Not saved: you are signed out. Sign in again in another tab, then carry on here.")
          : words("draftFailed", "Not saved yet. We will keep trying."),
        true,
      );
      later(RETRY[Math.min(failures++, RETRY.length - 1)]);
    } finally {
      sending = false;
    }
    if (changed && !failures) later(PAUSE);
  }
  const touched = () => {
    changed = true;
    later(PAUSE);
  };
  form.addEventListener("input", touched);
  form.addEventListener("change", touched);
  form.addEventListener("submit", () => {
    clearTimeout(timer);
    changed = false;
  });
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") save(true);
  });
}

// The second submit of a form that has been sent does nothing; coming back to the page makes it usable again.
function sendOnce(form) {
  let sent = false;
  form.addEventListener("submit", (event) => {
    if (sent) event.preventDefault();
    sent = true;
  });
  addEventListener("pageshow", () => {
    sent = false;
  });
}

for (const form of document.forms) {
  if (form.method === "post") sendOnce(form);
  if (form.dataset.draftUrl) keepDraft(form);
}
for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => print());
}
