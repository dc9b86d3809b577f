// What pages gain where scripts run: GOV.UK's own components, drafts saved while typing, and one submit per form.
// Every page works without it. No markup is built from strings, so Trusted Types have nothing to object to.
import { initAll } from "./govuk-frontend.min.js";

document.body.classList.add("js-enabled", "govuk-frontend-supported");
initAll();

const PAUSE = 800; // milliseconds after the last key
const AT_LATEST = 1200; // milliseconds after the first key that is not yet kept, however long somebody types on
const RETRY = [2000, 5000, 15000];

// ---- The token with which forms are sent ------------------------------------------------------------------------

const sessionLine = document.querySelector("[data-session-seconds]");
const whose = (token) => token.slice(token.indexOf(":"));

// Whoever signs in again in another tab goes on here with the new session; somebody else does not.
function takeToken(token) {
  const old = sessionLine.dataset.sessionToken;
  if (!token || token === old || whose(token) !== whose(old)) return false;
  sessionLine.dataset.sessionToken = token;
  for (const field of document.querySelectorAll("input[name=csrf]")) field.value = token;
  return true;
}
async function asked(url, options) {
  const answer = await fetch(url, { credentials: "same-origin", cache: "no-store", redirect: "error", ...options });
  if (!answer.ok) throw answer;
  return answer.json();
}
async function renewToken() {
  if (!sessionLine) return false;
  try {
    return takeToken((await asked(sessionLine.dataset.sessionLeftUrl)).token);
  } catch {
    return false;
  }
}

// ---- Drafts -----------------------------------------------------------------------------------------------------

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
  let since = 0; // when the first key was pressed that is not yet kept

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
    const typed = since;
    since = 0;
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
      since = typed;
      if (problem.status === 403 && (await renewToken())) {
        sending = false;
        return save();
      }
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
    since ||= Date.now();
    if (!failures) later(Math.max(0, Math.min(PAUSE, since + AT_LATEST - Date.now())));
  };
  form.addEventListener("input", touched);
  form.addEventListener("change", touched);
  form.addEventListener("submit", () => {
    clearTimeout(timer);
    changed = false;
  });
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") save(true);
    else if (failures) save();
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

// ---- The session's end ------------------------------------------------------------------------------------------

// The line at the foot of a page says when the session ends. Before that a dialog asks whether to stay; what was done in
// another tab counts, so the server is asked first. When it is over the page stays as it is: nothing typed is lost.
function watchSession(line) {
  const extendUrl = line.dataset.sessionExtendUrl;
  const warn = Number(line.dataset.sessionWarn);
  let ends = Date.now() + Number(line.dataset.sessionSeconds) * 1000;
  let extends_ = line.dataset.sessionExtends === "yes";
  let timer = 0;

  const element = (tag, className, text) => {
    const made = document.createElement(tag);
    if (className) made.className = className;
    if (text) made.textContent = text;
    return made;
  };
  const dialog = element("dialog", "waymark-session-dialog");
  const title = element("h2", "govuk-heading-m", "You will soon be signed out");
  const words = element("p", "govuk-body");
  const stay = element("button", "govuk-button", "Stay signed in");
  title.id = "waymark-session-title";
  dialog.setAttribute("aria-labelledby", title.id);
  words.setAttribute("role", "timer");
  stay.type = "button";
  dialog.append(title, words, stay);
  document.body.append(dialog);

  const left = () => Math.max(0, Math.round((ends - Date.now()) / 1000));
  const told = (answer) => {
    ends = Date.now() + answer.seconds * 1000;
    extends_ = answer.extends;
    takeToken(answer.token);
  };
  const say = () => {
    const minutes = Math.ceil(left() / 60);
    const text =
      left() === 0
        ? "You are signed out. What you typed is still on this page: sign in again in another tab, then carry on here."
        : `You will be signed out in ${minutes} ${minutes === 1 ? "minute" : "minutes"}. What you type is kept.`;
    if (words.textContent !== text) words.textContent = text;
    title.textContent = left() === 0 ? "You are signed out" : "You will soon be signed out";
    stay.textContent = left() === 0 ? "Close" : "Stay signed in";
  };
  const later = (seconds) => {
    clearTimeout(timer);
    timer = setTimeout(look, Math.max(1, seconds) * 1000);
  };
  async function look() {
    if (left() > 0 && !dialog.open) {
      try {
        told(await asked(line.dataset.sessionLeftUrl));
      } catch {
        // The server cannot be asked: what was known stands.
      }
    }
    if (left() > warn) {
      later(left() - warn);
      return;
    }
    // What cannot be put off is said at the foot of the page and interrupts nobody until it is near.
    if (!extends_ && left() > 120) {
      later(left() - 120);
      return;
    }
    say();
    if (!dialog.open) dialog.showModal();
    if (left() > 0) later(15);
  }
  stay.addEventListener("click", async () => {
    if (left() === 0 || !extends_) {
      dialog.close();
      return;
    }
    try {
      const answer = await asked(extendUrl, {
        method: "POST",
        body: new URLSearchParams({ csrf: line.dataset.sessionToken }),
        headers: { "Waymark-Script": "1" },
      });
      told(answer);
      dialog.close();
      later(left() - warn);
    } catch {
      ends = Date.now();
      say();
    }
  });
  later(left() - warn);
}

if (sessionLine) watchSession(sessionLine);
