/** The clinic as pages of plain HTML: one for each complaint, and the list of them. They need no script. */

import { escaped } from '../../src/charts/sheet/sheet.ts';
import {
  CASE_GROUPS,
  type CaseChart,
  type CaseName,
  type ClinicCase,
  type Evidence,
} from '../../src/clinic/cases/case.ts';
import { attributes, proseMarkup } from './markup.ts';

export interface PageParts {
  readonly cases: readonly ClinicCase[];
  /** What the recorded runs of a case show, with its remedy switched on. */
  readonly evidence: (name: CaseName) => Evidence;
  /** A chart as markup for wide pages and for phones. */
  readonly chart: (chart: CaseChart, large: boolean) => string;
  /** The small chart of a list, as markup. */
  readonly small: (name: CaseName) => string;
  /** What the app's page of adapters finds in a file, if it is this. */
  readonly inFile: { readonly [name in CaseName]?: string };
  readonly policy: string;
  /** The address that the site is published at, with a slash at its end; '' if it is not known. */
  readonly site: string;
}

export const CARD = { width: 1200, height: 630 } as const;

export const quoted = (complaint: string): string => `“${complaint}”`;

/** From a page of the clinic to the same complaint in the app. */
const inApp = (name?: CaseName): string => `../#view=clinic${name === undefined ? '' : `&case=${name}`}`;

export const LIST_TITLE = 'LoRA clinic: twelve complaints, each with its cause and its cure';
const LIST_ABOUT =
  'My LoRA does nothing, the loss is NaN, rank 64 is worse than rank 8, the merged model forgot everything: what causes it, the one switch that cures it, and what to set in PEFT and kohya.';

interface Head {
  readonly title: string;
  readonly about: string;
  /** File name of the page without its ending. */
  readonly file: string;
  /** The card for link previews, beside the page, and what it shows. */
  readonly card: { readonly file: string; readonly alt: string };
  readonly type: 'article' | 'website';
}

/** Sites that read the tags want whole addresses; without the site's own, they are relative to the page. */
function headMarkup({ title, about, file, card, type }: Head, { policy, site }: PageParts): string {
  const beside = site === '' ? './' : `${site}clinic/`;
  const named: readonly (readonly [name: string, content: string | number])[] = [
    ['og:type', type],
    ['og:site_name', 'LoRA Explorer'],
    ['og:title', title],
    ['og:description', about],
    ['og:image', `${beside}${card.file}`],
    ['og:image:type', 'image/png'],
    ['og:image:width', CARD.width],
    ['og:image:height', CARD.height],
    ['og:image:alt', card.alt],
  ];
  const forCards: readonly (readonly [name: string, content: string])[] = [
    ['twitter:card', 'summary_large_image'],
    ['twitter:title', title],
    ['twitter:description', about],
    ['twitter:image', `${beside}${card.file}`],
    ['twitter:image:alt', card.alt],
  ];
  return [
    `<meta${attributes({ 'http-equiv': 'Content-Security-Policy', content: policy })}>`,
    '<meta charset="utf-8">',
    `<title>${escaped(title)} · LoRA Explorer</title>`,
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    `<meta${attributes({ name: 'description', content: about })}>`,
    '<meta name="color-scheme" content="light dark">',
    '<meta name="theme-color" content="#fbfaf6" media="(prefers-color-scheme: light)">',
    '<meta name="theme-color" content="#14171a" media="(prefers-color-scheme: dark)">',
    '<meta name="referrer" content="no-referrer">',
    ...(site === '' ? [] : [`<link${attributes({ rel: 'canonical', href: `${site}clinic/${file}.html` })}>`]),
    ...(site === '' ? named : [...named, ['og:url', `${site}clinic/${file}.html`] as const]).map(
      ([property, content]) => `<meta${attributes({ property, content })}>`,
    ),
    ...forCards.map(([name, content]) => `<meta${attributes({ name, content })}>`),
    '<link rel="icon" href="../icon.svg" type="image/svg+xml">',
    '<link rel="stylesheet" href="./clinic.css">',
  ].join('\n    ');
}

function documentOf(head: Head, main: string, parts: PageParts): string {
  return `<!doctype html>
<html lang="en">
  <head>
    ${headMarkup(head, parts)}
  </head>
  <body>
    <header>
      <a class="logo" href="../">LoRA Explorer</a>
      <nav aria-label="Site">${head.file === 'index' ? '' : '<a href="./index.html">All twelve complaints</a>'}<a href="${escaped(inApp())}">Clinic in the app</a></nav>
    </header>
    <main>
${main}
    </main>
    <footer>
      <p><a href="../">LoRA Explorer</a> trains LoRA in your browser and measures it. Each figure here comes from a run that anyone can repeat there. Nothing is sent from your device.</p>
    </footer>
  </body>
</html>
`;
}

/** In words of the colours themselves: ink is dark on paper and light at night. */
const LEGEND = '<p class="note">In the charts: <b class="ink">the symptom</b>, <b class="on">after the switch</b>.</p>';

const SMALL_RUNS =
  'The runs train small matrices and networks, so that they take seconds. Your figures will differ; the cause is the same.';
const ERROR =
  'Error: how far the learned update ΔW = s·B·A is from its target, relative to the size of the target. It is 1 at the start and 0 if everything is learned; the floor is the least that the rank allows.';

/** For readers who do not know the app: what its quantities are, as far as the charts have them. */
const terms = (charts: readonly CaseChart[]): string =>
  [...(charts.some(({ y }) => y.label === 'error') ? [ERROR] : []), SMALL_RUNS]
    .map((text) => `<p class="note">${text}</p>`)
    .join('\n      ');

const section = (title: string, content: string): string => `      <h2>${title}</h2>\n      ${content}`;
const paragraph = (markup: string): string => `<p>${markup}</p>`;
const listOf = (items: readonly string[]): string => `<ul>${items.join('')}</ul>`;

const linkTo = ({ name, complaint }: ClinicCase): string =>
  `<a href="./${name}.html">${escaped(quoted(complaint))}</a>`;

function descriptionOf({ cause, remedy }: ClinicCase): string {
  return `${cause} The switch: ${remedy.control}, ${remedy.off} → ${remedy.on}.`;
}

/** `clinic/NAME.html`. */
export function casePage(of: ClinicCase, parts: PageParts): string {
  const { cases, evidence, chart } = parts;
  const { headline, charts } = evidence(of.name);
  const at = cases.findIndex(({ name }) => name === of.name);
  const byName = (name: CaseName) => cases.filter((one) => one.name === name);
  const [before, after] = [-1, 1].map((by) => cases[(at + by + cases.length) % cases.length]);
  const { control, off, on, effect } = of.remedy;
  const figures = charts.map(
    (one, i) =>
      `<figure${i === 0 ? ' class="large"' : ''}><figcaption><b>${escaped(one.title)}</b> <span>${escaped(one.about)}</span></figcaption>${chart(one, i === 0)}</figure>`,
  );
  const inFile = parts.inFile[of.name];
  const tried = of.wrong.map((one) => `<li><b>${escaped(one.label)}</b>: ${escaped(one.effect)}</li>`);
  const others = of.otherwise.cases
    .flatMap(byName)
    .map((one) => `<li>${linkTo(one)} <span class="note">${escaped(one.cause)}</span></li>`);
  const main = `      <div class="case">
      <div>
      <p class="note">${escaped(CASE_GROUPS[of.group])} · ${at + 1} of ${cases.length}</p>
      <h1>${escaped(quoted(of.complaint))}</h1>
      <h2>What you see</h2>
      <p class="lead">${proseMarkup(of.see)}</p>
      <p class="cause">${escaped(of.cause)}</p>
      <p><a class="go" href="${escaped(inApp(of.name))}">Watch it happen</a> <span class="note">It trains in your browser, in seconds.</span></p>
      <p class="note"><a href="${escaped(inApp())}">Paste your own</a> config, command or losses: the app says which complaints fit. Nothing leaves your device.</p>
      </div>
      <section class="figures" aria-label="What was measured">
      <p class="headline">${escaped(headline)}</p>
      ${figures.join('\n      ')}
      ${LEGEND}
      ${terms(charts)}
      </section>
      <div class="text">
${[
  section('Look here', paragraph(proseMarkup(of.look))),
  section('Why', paragraph(proseMarkup(of.why))),
  section(
    'The switch',
    `<p class="switch"><b>${escaped(control)}</b> ${escaped(off)} → <span class="on">${escaped(on)}</span></p>\n      ${paragraph(escaped(effect))}`,
  ),
  ...(tried.length === 0 ? [] : [section('What people try first', listOf(tried))]),
  section('In PEFT', paragraph(proseMarkup(of.peft))),
  section('In kohya', paragraph(proseMarkup(of.kohya))),
  section(
    'When it is not this',
    `${paragraph(proseMarkup(of.otherwise.text))}${others.length === 0 ? '' : `\n      ${listOf(others)}`}`,
  ),
  ...(inFile
    ? [
        section(
          'In your file',
          paragraph(
            `<a href="../#view=adapters">Drop your adapter in Adapters</a>: ${escaped(inFile)}. Nothing leaves your device.`,
          ),
        ),
      ]
    : []),
].join('\n')}
      </div>
      </div>
      <nav class="neighbours" aria-label="Other complaints"><a rel="prev" href="./${before.name}.html">← ${escaped(quoted(before.complaint))}</a><a rel="next" href="./${after.name}.html">${escaped(quoted(after.complaint))} →</a></nav>`;
  const head: Head = {
    title: quoted(of.complaint),
    about: descriptionOf(of),
    file: of.name,
    card: { file: `${of.name}.png`, alt: `${quoted(of.complaint)} ${headline}` },
    type: 'article',
  };
  return documentOf(head, main, parts);
}

/** `clinic/index.html`: every complaint with its cause. */
export function listPage(parts: PageParts): string {
  const { cases, small } = parts;
  const groups = (Object.keys(CASE_GROUPS) as (keyof typeof CASE_GROUPS)[]).map((group) => {
    const items = cases
      .filter((of) => of.group === group)
      .map((of) => `<li>${small(of.name)}<div><h3>${linkTo(of)}</h3><p>${escaped(of.cause)}</p></div></li>`);
    return `      <h2>${escaped(CASE_GROUPS[group])}</h2>\n      <ul class="cases">\n        ${items.join('\n        ')}\n      </ul>`;
  });
  const main = [
    '      <h1>What is wrong with my LoRA?</h1>',
    '      <p class="lead">Twelve complaints, each with its cause, the one switch that cures it, and what to set in PEFT and kohya. Every curve is a run that you can repeat in your browser.</p>',
    ...groups,
    `      ${LEGEND}`,
    `      <p><a class="go" href="${escaped(inApp())}">Open the clinic</a> <span class="note">It also reads your config, your losses or your adapter, on your device.</span></p>`,
  ].join('\n');
  const head: Head = {
    title: LIST_TITLE,
    about: LIST_ABOUT,
    file: 'index',
    card: { file: 'index.png', alt: 'Twelve small charts: each a symptom in black and its cure in green' },
    type: 'website',
  };
  return documentOf(head, main, parts);
}
