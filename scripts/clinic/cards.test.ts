import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { CASE_NAMES } from '../../src/clinic/cases/case.ts';
import DRAWN from './cards.json' with { type: 'json' };
import { cardBodies, digest } from './cards.ts';
import { CARD } from './pages.ts';

const MOST_BYTES = 40_000;
const drawn: Readonly<Record<string, { readonly drawn: string; readonly file: string }>> = DRAWN;
const bodies = cardBodies(readFileSync('public/icon.svg', 'utf8'));

it.each([...CASE_NAMES, 'index'])('%s has its card, drawn with the words and figures of now', (name) => {
  const path = `public/clinic/${name}.png`;
  expect(existsSync(path)).toBe(true);
  const png = readFileSync(path);
  expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([CARD.width, CARD.height]);
  expect(png.length).toBeLessThan(MOST_BYTES);
  const help = 'run node scripts/clinic-cards.mjs, and look at the card';
  expect(drawn[name]?.drawn, help).toBe(digest(bodies.get(name) ?? ''));
  expect(drawn[name]?.file, help).toBe(digest(png));
});

it('there are no others', () => {
  const files = readdirSync('public/clinic').map((file) => file.replace('.png', ''));
  expect(files.sort()).toEqual([...CASE_NAMES, 'index'].sort());
});
