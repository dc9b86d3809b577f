// A page that is used by the keyboard alone: the steps of a test are the same, but each goes as Tab, Shift+Tab, arrows, Space,
// Enter and letters would. What the keyboard does not reach, or what does not answer to it, fails the step.
const able = "a[href],button,input:not([type=hidden]),select,textarea,summary,[tabindex]";
const giveLocators = new Set(["locator", "first", "last", "nth", "filter", "and", "or"]);
const MOST_TABS = 400;
const LONG_TEXT = 400;

// `page` as the tests know it; what it gives away goes by the keyboard too.
export function byKeyboard(page) {
  return new Proxy(page, {
    get(target, name) {
      const value = target[name];
      if (typeof value !== "function") return value;
      if (isOfLocators(name)) return (...given) => locatorByKeyboard(target, value.apply(target, given.map(plain)));
      return value.bind(target);
    },
  });
}

const inner = Symbol("locator");
const isOfLocators = (name) => typeof name === "string" && (name.startsWith("getBy") || giveLocators.has(name));
// Locators that are given as options: { has: …, hasNot: … }, and(…).
const plain = (given) => {
  if (given?.[inner]) return given[inner];
  if (given?.has?.[inner] || given?.hasNot?.[inner]) return { ...given, ...(given.has && { has: plain(given.has) }), ...(given.hasNot && { hasNot: plain(given.hasNot) }) };
  return given;
};

function locatorByKeyboard(page, locator) {
  const acts = {
    click: () => press(page, locator),
    check: () => tick(page, locator, true),
    uncheck: () => tick(page, locator, false),
    fill: (text) => write(page, locator, text),
    selectOption: (wanted) => choose(page, locator, wanted),
  };
  return new Proxy(locator, {
    get(target, name) {
      if (name === inner) return target;
      if (Object.hasOwn(acts, name)) return acts[name];
      const value = target[name];
      if (typeof value !== "function") return value;
      if (isOfLocators(name)) return (...given) => locatorByKeyboard(page, value.apply(target, given.map(plain)));
      if (name === "all") return async () => (await target.all()).map((one) => locatorByKeyboard(page, one));
      return value.bind(target);
    },
  });
}

// ---- Steps --------------------------------------------------------------------------------------------------------
async function press(page, words) {
  // What the keyboard presses is the link, button or summary around the words.
  const around = words.locator("xpath=ancestor-or-self::*[self::a or self::button or self::summary or self::input][1]");
  const locator = (await around.count()) === 1 ? around : words;
  const kind = await locator.evaluate((e) => (e.matches("a[href],button,summary") ? "Enter" : e.matches("input[type=radio],input[type=checkbox]") ? "Space" : ""));
  if (!kind) throw new Error(`the keyboard cannot press ${await told(locator)}`);
  await reach(page, locator);
  await locator.press(kind);
}

async function tick(page, locator, wanted) {
  if ((await locator.isChecked()) === wanted) return;
  await reach(page, locator);
  // The keyboard is at the radio of the group that is chosen, or at its first: arrows lead to the others.
  const steps = await locator.evaluate((e) => {
    if (e.type !== "radio" || document.activeElement === e) return 0;
    const group = [...document.querySelectorAll("input[type=radio]")].filter((r) => r.name === e.name && r.form === e.form && !r.disabled);
    return group.indexOf(e) - group.indexOf(document.activeElement);
  });
  for (let n = 0; n < Math.abs(steps); n += 1) await page.keyboard.press(steps > 0 ? "ArrowDown" : "ArrowUp");
  if ((await locator.isChecked()) !== wanted) await locator.press("Space");
  if ((await locator.isChecked()) !== wanted) throw new Error(`the keyboard does not choose ${await told(locator)}`);
}

async function write(page, locator, text) {
  await reach(page, locator);
  await page.keyboard.press("Control+a");
  await page.keyboard.press("Delete");
  if (text.length > LONG_TEXT) await page.keyboard.insertText(text);
  else await page.keyboard.type(text);
  const typed = await locator.inputValue();
  if (typed !== text.replaceAll("\r\n", "\n")) throw new Error(`"${typed.slice(0, 80)}" was written in ${await told(locator)}`);
}

async function choose(page, locator, wanted) {
  await reach(page, locator);
  const steps = await locator.evaluate((select, want) => {
    const options = [...select.options];
    const isIt = (o) => (typeof want === "string" ? o.value === want || o.label === want : want.label === undefined ? o.index === want.index : o.label === want.label);
    const found = options.find(isIt);
    return found ? found.index - select.selectedIndex : null;
  }, wanted);
  if (steps === null) throw new Error(`${await told(locator)} does not offer ${JSON.stringify(wanted)}`);
  for (let n = 0; n < Math.abs(steps); n += 1) await page.keyboard.press(steps > 0 ? "ArrowDown" : "ArrowUp");
}

const told = (locator) => locator.evaluate((e) => e.outerHTML.slice(0, 160));

// ---- The way there --------------------------------------------------------------------------------------------------
// Tab or Shift+Tab, as often as the page's own order asks; then once more each time until it is reached.
async function reach(page, locator) {
  await locator.waitFor({ state: "attached" });
  const steps = await locator.evaluate(stepsTo, able);
  if (steps === null) throw new Error(`the keyboard does not reach ${await told(locator)}`);
  const key = steps < 0 ? "Shift+Tab" : "Tab";
  for (let n = 0; n < Math.abs(steps); n += 1) await page.keyboard.press(key);
  for (let n = 0; n < MOST_TABS; n += 1) {
    if (await locator.evaluate(isReached)) return;
    await page.keyboard.press(key);
  }
  throw new Error(`the keyboard does not reach ${await told(locator)} in ${MOST_TABS} presses`);
}

function isReached(e) {
  const at = document.activeElement;
  return at === e || (e.type === "radio" && at?.type === "radio" && at.name === e.name && at.form === e.form);
}

// How many stops lie between where the keyboard is and `e`: below zero before it, null where there is no way.
function stepsTo(e, able) {
  const isOfGroup = (r) => (o) => o.type === "radio" && o.name === r.name && o.form === r.form && !o.disabled;
  const within = document.querySelector("dialog[open]") ?? document;
  const seen = [...within.querySelectorAll(able)].filter((o) => o.tabIndex >= 0 && !o.disabled && o.checkVisibility({ checkVisibilityCSS: true }));
  const stops = seen.filter((o) => {
    if (o.type !== "radio") return true;
    const group = seen.filter(isOfGroup(o));
    return o === (group.find((r) => r.checked) ?? group[0]);
  });
  const stop = (o) => stops.indexOf(o.type === "radio" ? stops.find(isOfGroup(o)) : o);
  const target = stop(e);
  if (target < 0 || !seen.includes(e)) return null;
  const at = document.activeElement;
  if (!at || at === document.body) return target + 1;
  const here = stop(at);
  if (here >= 0) return target - here;
  const next = stops.findIndex((o) => at.compareDocumentPosition(o) & Node.DOCUMENT_POSITION_FOLLOWING);
  const after = next < 0 ? stops.length : next;
  return target >= after ? target - after + 1 : target - after;
}
