import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { typescriptBackend } from '../../engine/backends/own-backends.ts';
import { trainInBackground } from '../../engine/background-runs/background-run.ts';
import { parseLink } from '../../experiment/link/link.ts';
import { editedOwl, edits } from '../../experiment/targets/edit.ts';

const FILE = join(import.meta.dirname, 'recorded.json');
const RUNS = [
  ['sunglasses', 3],
  ['hat', 3],
  ['sunglasses', 4],
] as const;

/** Four significant digits: a thousandth of what is visible. */
const short = (value: number) => Number(value.toPrecision(4));

it('records the adapters as the page trains them', async () => {
  const adapters = await Promise.all(
    RUNS.map(async ([edit, seed]) => {
      const { experiment, faults } = parseLink(
        `#v=1&target=edit&edit=${edit}&d=64&k=64&rank=8&alpha=16&steps=300&seed=${seed}`,
      );
      expect(faults).toEqual([]);
      const run = await trainInBackground(experiment, { backends: [typescriptBackend], observe: [300] });
      const made = editedOwl(edits.byName(edit).shade, 64, 64);
      if ('why' in made) throw new Error(made.why);
      const root = Math.sqrt(run.scalings[0] * made.sigma1);
      const [{ A, B }] = run.observed[0].factors;
      return {
        name: `${edit}, seed ${seed}`,
        B: Array.from(B, (value) => short(root * value)),
        A: Array.from(A, (value) => short(root * value)),
        base: Array.from(made.base.data, (value) => value * made.sigma1),
      };
    }),
  );
  // W₀ has lost its mean; greys begin at 0.
  const greys = adapters[0].base;
  const low = Math.min(...greys);
  const text = JSON.stringify({
    base: greys.map((grey) => Number((grey - low).toFixed(3))),
    adapters: adapters.map(({ name, B, A }) => ({ name, B, A })),
  });
  if (process.env.UPDATE_RECORDED) writeFileSync(FILE, `${text}\n`);
  expect(JSON.parse(readFileSync(FILE, 'utf8'))).toEqual(JSON.parse(text));
});
