import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { typescriptBackend } from '../../engine/backends/own-backends.ts';
import { trainInBackground } from '../../engine/background-runs/background-run.ts';
import { editShade } from '../../experiment/targets/edit.ts';
import { editedOwl } from '../../experiment/targets/edited-owl.ts';
import { adapterExperiments, adapterOfRun, sigma1 } from './adapters.ts';

const FILE = join(import.meta.dirname, 'recorded.json');
/** Four significant digits: a thousandth of what is visible. */
const short = (value: number) => Number(value.toPrecision(4));

it('records the adapters as the page trains them', async () => {
  const owls = adapterExperiments().map(({ edit }) => {
    const made = editedOwl(editShade(edit), 64, 64);
    if ('why' in made) throw new Error(made.why);
    return made;
  });
  expect(owls.map(({ sigma1 }) => sigma1)).toEqual(sigma1);
  const adapters = await Promise.all(
    adapterExperiments().map(async (experiment, i) => {
      const run = await trainInBackground(experiment, { backends: [typescriptBackend], observe: [300] });
      const { name, A, B } = adapterOfRun({ ...run.observed[0].factors[0], scaling: run.scalings[0] }, i);
      return { name, B: B.map(short), A: A.map(short) };
    }),
  );
  // W₀ has lost its mean; greys begin at 0.
  const greys = Array.from(owls[0].base.data, (value) => value * sigma1[0]);
  const low = Math.min(...greys);
  const text = JSON.stringify({
    base: greys.map((grey) => Number((grey - low).toFixed(3))),
    sigma1,
    adapters,
  });
  if (process.env.UPDATE_RECORDED) writeFileSync(FILE, `${text}\n`);
  expect(JSON.parse(readFileSync(FILE, 'utf8'))).toEqual(JSON.parse(text));
});
