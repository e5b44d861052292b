// Writes docs/ways.md: the ways in and out of every screen, found by pressing what is on it. Run it by hand (node
// scripts/ways.mjs) after a build; npm start and npm test never do. It ends with an error if a screen has no way out, is
// reached from nowhere, or is not come back to by Back. Names of screens as arguments press only those, and write nothing.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { chromium } from '@playwright/test';
import { findChromium } from './browser.mjs';
import { PROJECT } from './command.mjs';
import { listen, staticServer } from './serve.mjs';

/** @typedef {import('@playwright/test').Page} Page */
/** @typedef {{ readonly view: string, readonly lesson: string, readonly draws: boolean, readonly exercise: boolean, readonly complaint: boolean }} Place */

const SMALL = 'v=1&target=edit&d=32&k=32&rank=2&steps=20';
const CLASS = 'target=low-rank&d=16&k=16&rank=2&steps=20&lock=target&goal=error:0.5&title=Exercise';

/** Screens by name, with their addresses; a name that begins as another one is that screen in another state.
 * @type {Readonly<Record<string, string>>} */
const SCREENS = {
  'First visit': 'view=first',
  'This run': '',
  'All runs': 'view=runs',
  'Compare, empty': 'view=compare',
  Compare: 'view=compare&compare=rank:1',
  'Sweep, empty': 'view=sweep',
  Sweep: 'view=sweep&sweep=rank:1,2',
  Draw: '',
  Lessons: 'lesson=contents',
  Lesson: 'lesson=rank&step=3',
  'Lesson, its end': 'lesson=rank&step=20',
  Glossary: 'lesson=glossary',
  'Notes for teachers': 'lesson=notes-rank',
  Handout: 'lesson=handout-rank',
  'Answer key': 'lesson=key-rank',
  Experiments: 'view=experiments',
  'Which adapter': 'view=which',
  Clinic: 'view=clinic',
  Complaint: 'view=clinic&case=rank64',
  Adapters: 'view=adapters',
  'Make it smaller': 'view=smaller',
  Resize: 'view=resize',
  'Two adapters': 'view=two',
  Convert: 'view=convert',
  'All modules': 'view=modules',
  'Plan a run': 'view=plan',
  Plans: 'view=teach',
  'Class link': 'view=class',
  Wall: 'view=wall',
  Answers: 'view=answers',
  'Handouts and keys': 'view=handouts',
  Exercise: CLASS,
  Present: 'view=present',
  Embed: 'view=embed',
};

/** Names of views and of what is read, as they are in a link. @type {Readonly<Record<string, string>>} */
const NAMES = {
  ...Object.fromEntries(
    Object.entries(SCREENS).flatMap(([name, link]) => (/^view=\w+$/.test(link) ? [[link.slice(5), name]] : [])),
  ),
  ...{ first: 'First visit', lab: 'This run', compare: 'Compare', sweep: 'Sweep', contents: 'Lessons' },
  ...{ glossary: 'Glossary', notes: 'Notes for teachers', handout: 'Handout', key: 'Answer key' },
};

/** @param {Place} place @returns {string} */
function nameOf({ view, lesson, draws, exercise, complaint }) {
  if (draws) return 'Draw';
  if (view === 'present') return 'Present';
  if (view === 'clinic' && complaint) return 'Complaint';
  if (lesson !== '') return NAMES[lesson.replace(/-.*/, '')] ?? 'Lesson';
  return exercise && view === 'lab' ? 'Exercise' : (NAMES[view] ?? view);
}

/** The end of a name: a state of the screen that the name begins with. */
const STATE = /, (empty|its end)$/;

/** Keys that lead to another screen. */
const KEYS = ['h', 'v', 'w', 'o', 'b', 'f', 'Escape'];
/** What saves, prints or leaves nothing to see. */
const NO_WAY = /save|export|csv|svg|png|download|print|copy|file|folder|forget|undo|redo|dismiss|^(train|pause|step)$/i;
/** Exits of one kind that are pressed: the first of a list of experiments, of steps. */
const OF_A_KIND = 2;

const port = await listen(staticServer(join(PROJECT, 'dist')), 4191);
const browser = await chromium.launch({ executablePath: await findChromium(), args: ['--no-sandbox'] });
const page = await browser.newPage({ viewport: { width: 1440, height: 900 }, reducedMotion: 'reduce' });
page.on('dialog', (dialog) => void dialog.dismiss());
await page.addInitScript(() => {
  window.print = () => {};
  // Each screen begins without a plan of a lesson that another one began.
  sessionStorage.clear();
});

/** @param {string} name */
async function open(name) {
  await page.goto('about:blank');
  await page.goto(`http://localhost:${port}/?backend=cpu#${name === 'Exercise' ? 'v=1' : SMALL}&${SCREENS[name]}`);
  await page.locator('main').first().waitFor();
  await page.waitForTimeout(600);
  if (name !== 'Draw') return;
  await page.keyboard.press('b');
  await page.locator('.editor').waitFor();
}

/** @returns {Promise<string>} */
async function screen() {
  await page.waitForTimeout(300);
  // An address that was followed is opened after a moment.
  await page.waitForFunction(() => history.state !== null, undefined, { timeout: 3000 }).catch(() => {});
  // A layer that is loaded with its first use.
  const layer = page.locator('dialog[open], .editor, [data-view="present"]').first();
  if (await page.evaluate(() => history.state?.layers > 0)) await layer.waitFor({ timeout: 2000 }).catch(() => {});
  return nameOf(
    await page.evaluate(() => {
      const { view, lesson } = history.state?.at ?? { view: 'lab', lesson: '' };
      const draws = document.querySelector('.editor') !== null;
      const [exercise, complaint] = ['lock', 'case'].map((key) => new RegExp(`[#&]${key}=`).test(location.hash));
      return { view, lesson, draws, exercise, complaint };
    }),
  );
}

/** Marks what can be pressed with its index; names, and the kind of each. */
const exits = () =>
  page.evaluate(() => {
    const all = [...document.querySelectorAll('button, a[href]')].filter(
      (one) => one.checkVisibility() && !one.matches(':disabled, .skip') && !one.closest('dialog'),
    );
    return all.map((one, i) => {
      one.setAttribute('data-way', `${i}`);
      const by = one.getAttribute('aria-labelledby');
      const title = by ? document.getElementById(by) : one.querySelector('b, strong, h3');
      const text = one.getAttribute('aria-label') ?? (title ?? one).textContent ?? '';
      const above = [one, one.parentElement, one.parentElement?.parentElement];
      const bar = one.closest('header, .second-row') !== null;
      const kind = bar ? text : above.map((it) => `${it?.tagName}.${it?.className}`).join('<');
      return { name: text.replace(/\s+/g, ' ').trim().slice(0, 48), kind, opens: one.hasAttribute('popovertarget') };
    });
  });

/** @type {string[]} */
const faults = [];
/** Ways by screen, then by the screen they lead to. @type {Map<string, Map<string, string[]>>} */
const ways = new Map();

/** Presses an exit, notes where it leads, and goes back.
 * @param {string} from @param {string} by @param {() => Promise<unknown>} act */
async function follow(from, by, act) {
  const here = from.replace(STATE, '');
  try {
    await act();
  } catch {
    return open(from);
  }
  const to = await screen();
  if (to === here) {
    if (!(await page.locator('dialog[open]').count())) return;
    await page.keyboard.press('Escape');
    await page.waitForTimeout(250);
    if (!(await page.locator('dialog[open]').count())) return;
    faults.push(`${from}: Esc does not close what “${by}” opens.`);
    return open(from);
  }
  const out = ways.get(from);
  out?.set(to, [...(out.get(to) ?? []), by]);
  if (by === 'Esc' || here === 'Draw' || here === 'Present') return open(from);
  await page.goBack();
  const back = await screen();
  if (back === here) return;
  faults.push(`${from}: Back from ${to} (“${by}”) leads to ${back}.`);
  return open(from);
}

/** @param {string} from */
async function walk(from) {
  ways.set(from, new Map());
  await open(from);
  /** @type {Map<string, number>} */
  const kinds = new Map();
  for (const { name, kind, opens } of await exits()) {
    const before = kinds.get(kind) ?? 0;
    kinds.set(kind, before + 1);
    if (before >= OF_A_KIND || name === '' || NO_WAY.test(name)) continue;
    const press = async () => {
      const i = (await exits()).findIndex((one) => one.name === name && one.kind === kind);
      await page.locator(`[data-way="${i}"]`).click({ timeout: 4000 });
    };
    if (!opens) {
      await follow(from, name, press);
      continue;
    }
    await press().catch(() => {});
    const inside = await page.locator(':popover-open button, :popover-open a').allTextContents();
    await page.keyboard.press('Escape');
    for (const item of inside.filter((text) => !NO_WAY.test(text)))
      await follow(from, `${name}: ${item.trim().slice(0, 30)}`, async () => {
        await press();
        await page.locator(':popover-open').getByText(item, { exact: true }).first().click({ timeout: 4000 });
      });
  }
  const picker = page.getByRole('combobox', { name: 'Experiment' });
  if (await picker.isVisible())
    for (const label of ['Make a class link …', 'All experiments …'])
      await follow(from, label, () => picker.selectOption({ label }));
  for (const key of KEYS) {
    await page.evaluate(() => document.activeElement instanceof HTMLElement && document.activeElement.blur());
    await follow(from, key === 'Escape' ? 'Esc' : `key ${key}`, () => page.keyboard.press(key));
  }
  // Out of a frame into a tab of its own.
  const frame = page.getByRole('link', { name: 'Open in LoRA Explorer' });
  if (await frame.isVisible()) ways.get(from)?.set('This run', ['Open in LoRA Explorer']);
  const list = [...(ways.get(from) ?? [])].map(([to, by]) => `${to} (${by.join(', ')})`);
  console.log(`${from} → ${list.join('; ') || 'nothing'}`);
}

const only = process.argv.slice(2);
for (const name of Object.keys(SCREENS)) if (only.length === 0 || only.includes(name)) await walk(name);
await browser.close();

/** The exits that every screen with a bar has. */
const BAR =
  /^(LoRA Explorer|Lab|Lessons|Experiments|Adapters|Plan a run|Teach|More: Glossary|More: Clinic: what is wrong\?)$/;
/** @param {readonly string[]} by */
const ownExits = (by) => by.filter((one) => !BAR.test(one));

/** @param {string} from */
function outWords(from) {
  const out = [...(ways.get(from) ?? [])];
  const bar = out.some(([, by]) => by.includes('Teach') || by.includes('Lessons'));
  const own = out.flatMap(([to, by]) => {
    const exits = bar ? ownExits(by) : by;
    return exits.length > 0 ? [`${to} (${exits.slice(0, 3).join(', ')})`] : [];
  });
  return [...(bar ? ['bar'] : []), ...own].join(' · ');
}

/** @param {string} to */
function inWords(to) {
  const by = [...ways].flatMap(([from, out]) => (from === to ? [] : [{ from, exits: out.get(to) ?? [] }]));
  const own = by.filter(({ exits }) => ownExits(exits).length > 0).map(({ from }) => from.replace(STATE, ''));
  const bar = by.some(({ exits }) => exits.some((one) => BAR.test(one)));
  return ['address', ...(bar ? ['bar'] : []), ...new Set(own)].join(', ');
}

for (const [name, out] of ways) if (out.size === 0) faults.push(`${name} has no way out.`);
const reached = new Set([...ways.values()].flatMap((out) => [...out.keys()]));
for (const name of ways.keys())
  if (only.length === 0 && !STATE.test(name) && !reached.has(name) && !['Embed', 'Exercise'].includes(name))
    faults.push(`${name} is reached from nowhere.`);
const rows = [...ways.keys()].map((name) => `| ${name} | ${inWords(name)} | ${outWords(name)} |`);
const text = `# Ways in and out

Every screen, the screens that lead to it, and its exits. Written by \`node scripts/ways.mjs\`, which presses what is on each screen of the built page at
1440 × 900 and goes back from where it leads. *Bar*: the logo, the six places, the clinic and, under More, the glossary. Of a list, the first two are pressed; files
are not dropped.

| screen | ways in | ways out |
| --- | --- | --- |
${rows.join('\n')}
`;
if (only.length === 0) writeFileSync(join(PROJECT, 'docs/ways.md'), text);
else console.log(rows.join('\n'));
console.log(faults.join('\n') || 'Every screen is reached and left.');
process.exit(faults.length > 0 ? 1 : 0);
