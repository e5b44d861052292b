// @vitest-environment happy-dom
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { flushSync } from 'react-dom';
import { createRoot } from 'react-dom/client';
import { describe, expect, it, vi } from 'vitest';
import { partOf } from '../math/testing/part-of.ts';
import { CHART_ENTRIES } from './charts.tsx';
import type { Appearance } from './entry.tsx';
import { HAND_ENTRIES } from './hand.tsx';
import { KIT_ENTRIES } from './kit.tsx';
import { NETWORK_ENTRIES } from './network.tsx';

const ENTRIES = [...KIT_ENTRIES, ...CHART_ENTRIES, ...HAND_ENTRIES];

const read = (path: string) => readFileSync(path, 'utf8');
const below = (folder: string) =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((path) => `${folder}/${path.replaceAll('\\', '/')}`)
    .filter((path) => /\.tsx?$/.test(path) && !/\.test\.|\/(testing|gallery)\//.test(path));

/** Entries with pictures on file are checked by the tests that draw these. */
const DRAWN = ENTRIES.filter(({ name }) => !existsSync(`src/charts/gallery/${name}`));

const APPEARANCES: Appearance[] = ['light', 'phone', 'projector'];

describe.each(APPEARANCES)('in the look %s', (appearance) => {
  it.each(partOf(DRAWN, 3, APPEARANCES.indexOf(appearance)).map((entry) => [entry.name, entry] as const))(
    '%s: every state shows something',
    (_, { group, states }) => {
      const all = Object.entries(states(appearance));
      expect(all.length).toBeGreaterThan(0);
      for (const [state, shown] of all) {
        const place = document.createElement('div');
        const root = createRoot(place);
        flushSync(() => root.render(shown));
        // A figure of the kit draws after measuring its container, which has no size here.
        const pictures = group === 'kit' ? [] : [...place.querySelectorAll('svg.chart')];
        const size =
          pictures.length > 0 ? Math.max(...pictures.map((svg) => svg.childNodes.length)) : place.innerHTML.length;
        expect(size, state).toBeGreaterThan(0);
        expect(place.innerHTML, state).not.toMatch(/NaN|Infinity|undefined/);
        root.unmount();
      }
    },
  );
});

it('a run of twelve matrices shows the one that is chosen', async () => {
  const place = document.createElement('div');
  const root = createRoot(place);
  flushSync(() => root.render(NETWORK_ENTRIES[0].states('light').lab));
  const select = () => place.querySelector<HTMLSelectElement>('select[aria-label="Matrix"]');
  await vi.waitFor(() => expect(select()?.options).toHaveLength(12), { timeout: 20_000 });
  expect(select()?.value).toBe('layers.0.q');
  expect(place.textContent).toContain('16 × 16');
  const choice = select();
  if (choice) choice.value = 'layers.1.down';
  flushSync(() => choice?.dispatchEvent(new Event('change', { bubbles: true })));
  expect(select()?.value).toBe('layers.1.down');
  root.unmount();
});

it('no two entries have one name', () => {
  const names = ENTRIES.map(({ name }) => name);
  expect(names.filter((name, i) => names.indexOf(name) !== i)).toEqual([]);
});

it('every chart is here: with pictures that a test keeps, or drawn', () => {
  const charts = ['adapters/charts', 'class/charts', 'lessons/charts'].flatMap((folder) => below(`src/${folder}`));
  const drawing = charts.filter((path) => /\b(drawing|render)\(/.test(read(path)));
  expect(drawing.length).toBeGreaterThan(10);
  const text = read('src/gallery/charts.tsx');
  expect(drawing.filter((path) => !text.includes(path.replace('src/', '../')))).toEqual([]);
  const kept = readdirSync('src/charts/gallery').filter((name) => !ENTRIES.some((entry) => entry.name === name));
  expect(kept).toEqual([]);
});

/** Components without a picture: one measures the space for others, one is for a screen reader alone. */
const UNSEEN = ['src/kit/media.tsx', 'src/kit/announced.tsx'];

it('every component of the kit is here: add a new one to src/gallery/kit.tsx', () => {
  const rooms = below('src/kit').filter((path) => /^export function [A-Z]/m.test(read(path)));
  expect(rooms).toContain('src/kit/menu.tsx');
  const text = read('src/gallery/kit.tsx');
  expect(rooms.filter((path) => !UNSEEN.includes(path) && !text.includes(path.replace('src/', '../')))).toEqual([]);
});
