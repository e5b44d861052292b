import { escaped } from '../../src/charts/sheet/sheet.ts';
import type { CaseChart, CaseLook, ClinicCase, Evidence } from '../../src/clinic/cases/case.ts';
import { quoted } from './pages.ts';

export interface CardText {
  readonly complaint: string;
  readonly cause: string;
  readonly control: string;
  readonly off: string;
  readonly on: string;
  readonly headline: string;
}

/** The words of a card, which say what its case says. */
export const cardText = ({ complaint, cause, remedy }: ClinicCase, { headline }: Evidence): CardText => ({
  ...{ complaint: quoted(complaint), cause, headline },
  ...{ control: remedy.control, off: remedy.off, on: remedy.on },
});

/** Bars that a card has room for. */
const MOST_BARS = 4;

/** The chart that a card shows: the first that has both symptom and cure, or else the first. */
export function cardChart({ charts }: Evidence): CaseChart {
  const has = ({ lines, bars = [] }: CaseChart, look: CaseLook) => [...lines, ...bars].some((one) => one.look === look);
  const chart = charts.find((one) => has(one, 'symptom') && has(one, 'cure')) ?? charts[0];
  return chart.bars ? { ...chart, bars: chart.bars.slice(0, MOST_BARS) } : chart;
}

/** px of a card's chart. */
export const CARD_CHART = { width: 700, height: 326, font: 20, short: false } as const;

const FOOT = (mark: string, words: string) =>
  `<footer>${mark}<i>LoRA Explorer</i><span>${escaped(words)}</span></footer>`;

/** The body of a complaint's card: symptom and cure, and the switch between them. `title`: of the chart; `mark`: the page's, as SVG. */
export function cardMarkup(text: CardText, title: string, chart: string, mark: string): string {
  return `<h1>${escaped(text.complaint)}</h1>
<div class="card-row">
<div><p>${escaped(text.cause)}</p><p class="card-switch"><b>${escaped(text.control)}</b><br>${escaped(text.off)} → <span class="on">${escaped(text.on)}</span></p></div>
<div><p class="card-caption">${escaped(title)}</p>${chart}</div>
</div>
<p class="card-headline">${escaped(text.headline)}</p>
${FOOT(mark, 'clinic: twelve complaints, each with its cure')}`;
}

/** The card of the list: every complaint as a small chart. */
export const listCardMarkup = (title: string, charts: readonly string[], mark: string): string =>
  `<h1>${escaped(title)}</h1><div class="card-charts">${charts.join('')}</div>${FOOT(mark, 'clinic: twelve complaints, each with its cure')}`;

/** In addition to the pages' style sheet. */
export const CARD_STYLE = `:root { --line: 3px; --line-main: 5px; --line-ref: 2px }
body { position: relative; width: 1200px; height: 630px; max-width: none; margin: 0; padding: 44px 56px 0; overflow: hidden }
h1 { font-size: 60px; line-height: 1.12; text-wrap: balance }
.card-row { display: grid; grid-template-columns: 350px 700px; gap: 38px; margin-top: 22px }
.card-row p { font-size: 27px; line-height: 1.34 }
.card-row .card-caption { margin-bottom: 4px; font: bold 20px/1.2 var(--sans) }
.card-row .card-switch { margin-top: 20px; font: 22px/1.4 var(--sans) }
.card-switch .on { font-weight: 700 }
.card-headline { position: absolute; left: 56px; right: 56px; bottom: 68px; font-size: 25px; line-height: 1.25 }
footer { position: absolute; left: 56px; right: 56px; bottom: 18px; display: flex; align-items: center; gap: 10px; padding: 0; border: 0; color: var(--ink-2); font-size: 20px }
footer svg { width: 30px; height: 30px }
footer i { font: italic 25px/1 var(--serif); color: var(--ink) }
.card-charts { display: grid; grid-template-columns: repeat(6, 1fr); gap: 26px 20px; margin-top: 40px }
.card-charts svg { width: 100%; height: auto }`;
