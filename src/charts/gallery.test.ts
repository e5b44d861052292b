// @vitest-environment happy-dom
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Chart } from './chart.ts';
import { CHARTS } from './charts.ts';
import { effectiveRank } from './effective-rank/effective-rank.ts';
import { error } from './error/error.ts';
import { losses } from './losses/losses.ts';
import { spectrum } from './spectrum/spectrum.ts';
import { flatStates, floorStates, measuredStates, movedStates } from './testing/crowded-states.ts';
import { boundStates, regressionStates, type State, states } from './testing/states.ts';
import { PAGE_TOKENS, PROJECTOR_TOKENS } from './testing/tokens.ts';
import { timeline } from './timeline/timeline.ts';

const looks = readFileSync('src/charts/charts.css', 'utf8');

/** A chart as a file that any viewer shows: looks and tokens inside, a line break after each element for the diff. */
function file(chart: Chart, { scene, size }: State): string {
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  svg.setAttribute('class', 'chart');
  chart.draw(svg, scene, chart !== timeline ? size : { ...size, height: size.font > 18 ? 92 : 46 });
  const tokens = size.font > 18 ? PROJECTOR_TOKENS : PAGE_TOKENS;
  const style = `<style>\n${tokens}\n${looks}svg { background: var(--paper); }\n</style>`;
  const body = svg.innerHTML.replaceAll(/(<\/\w+>)(?=<)/g, '$1\n');
  const attributes = [...svg.attributes].map(({ name: n, value }) => ` ${n}="${value}"`).join('');
  const title = `<title>${chart.title}</title>\n<desc>${chart.describe(scene)}</desc>`;
  return `<svg xmlns="http://www.w3.org/2000/svg"${attributes}>\n${title}\n${style}\n${body}\n</svg>\n`;
}

it('the tokens in the pictures are those of the page', () => {
  const page = readFileSync('src/ui/looks/tokens.css', 'utf8').replace(/\/\*[\s\S]*?\*\//g, '');
  const pairs = (css: string) =>
    [...css.matchAll(/(--[\w-]+):\s*(#\w+|[\d.]+(?:px|%))/g)].map(([, name, value]) => `${name}: ${value}`);
  const known = new Set(pairs(page));
  for (const tokens of [PAGE_TOKENS, PROJECTOR_TOKENS]) {
    expect(pairs(tokens).length).toBeGreaterThan(15);
    expect(pairs(tokens).filter((pair) => !known.has(pair))).toEqual([]);
  }
});

describe('gallery', () => {
  const all = states();
  const shown: readonly (readonly [Chart, readonly State[]])[] = [
    ...[...CHARTS, timeline].map((chart) => [chart, all] as const),
    [losses, regressionStates()],
    [error, boundStates()],
    [spectrum, [...measuredStates(), ...flatStates()]],
    [losses, floorStates()],
    [error, movedStates()],
    [effectiveRank, measuredStates()],
  ];
  for (const [chart, states] of shown) {
    for (const state of states) {
      it(`${chart.name}, ${state.name}`, async () => {
        await expect(file(chart, state)).toMatchFileSnapshot(`./gallery/${chart.name}-${state.name}.svg`);
      });
    }
  }
});
