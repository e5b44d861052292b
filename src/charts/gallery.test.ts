// @vitest-environment happy-dom
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { chartNamed } from './all.ts';
import type { Chart } from './chart.ts';
import { type State, states } from './testing/states.ts';
import { timeline } from './timeline/timeline.ts';

const FOLDER = 'src/charts/gallery';
/** GALLERY=write npx vitest run src/charts/gallery.test.ts draws the pictures anew; look at them before they are kept. */
const WRITE = process.env.GALLERY === 'write';

/** A chart as a file that a browser shows, with the page's own style sheets; a line break after each element for the diff. */
function file(chart: Chart, { scene, size }: State): string {
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  chart.draw(svg, scene, size);
  const theme = size.font > 18 ? ' data-theme="projector" data-view="present"' : '';
  const attributes = [...svg.attributes].map(({ name, value }) => ` ${name}="${value}"`).join('');
  const sheets = ['../../../ui/looks/tokens.css', '../../charts.css'].map(
    (href) => `<?xml-stylesheet type="text/css" href="${href}"?>`,
  );
  const start = `<svg xmlns="http://www.w3.org/2000/svg" class="chart"${theme}${attributes} style="background: var(--paper)">`;
  const title = `<title>${chart.title}</title>\n<desc>${chart.describe(scene)}</desc>`;
  const body = svg.innerHTML.replaceAll(/(<\/\w+>)(?=<)/g, '$1\n');
  return [...sheets, start, title, body, '</svg>', ''].join('\n');
}

describe('gallery', () => {
  for (const [name, list] of Object.entries(states())) {
    const chart = name === timeline.name ? timeline : chartNamed(name);
    it.each(list.map((state) => [state.name, state] as const))(`${name}, %s`, (place, state) => {
      const path = `${FOLDER}/${name}/${place}.svg`;
      const drawn = file(chart, state);
      if (WRITE) {
        mkdirSync(`${FOLDER}/${name}`, { recursive: true });
        writeFileSync(path, drawn);
      }
      expect(existsSync(path), `${path} is missing`).toBe(true);
      expect(drawn).toBe(readFileSync(path, 'utf8'));
    });

    it(`${name}: no picture that nothing draws`, () => {
      const drawn = list.map((state) => `${state.name}.svg`).sort();
      expect(readdirSync(`${FOLDER}/${name}`).sort()).toEqual(drawn);
    });
  }
});
