/** The losses in the made-up logs are runs of the engine: one is trained again, with ALL_SEEDS=1 all of them. */

import { writeFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { typescriptBackend } from '../../engine/backends/own-backends.ts';
import { trainInBackground } from '../../engine/background-runs/background-run.ts';
import { parseLink } from '../../experiment/link/link.ts';
import { CURVE_LINKS, CURVES_FILE, type CurveName, type RecordedCurve, readCurves } from './testing/curves.ts';

const update = Boolean(process.env.UPDATE_RECORDED);
const names = Object.keys(CURVE_LINKS) as readonly CurveName[];
const checked = update || process.env.ALL_SEEDS ? names : ['nan 1' as const];

const MOST = 150;
const short = (value: number) => (Number.isFinite(value) ? Number(value.toPrecision(4)) : null);

async function record(name: CurveName): Promise<RecordedCurve> {
  const { experiment, faults } = parseLink(CURVE_LINKS[name]);
  expect(faults).toEqual([]);
  const observe = Array.from({ length: 30 }, (_, i) => 10 * i);
  const run = await trainInBackground(experiment, { backends: [typescriptBackend], observe });
  const all = [...run.points.series.loss];
  const every = name.startsWith('staircase') ? 1 : Math.ceil(all.length / MOST);
  const heldOut = run.observed
    .filter(({ losses }) => losses !== null && Number.isFinite(losses.heldOut))
    .map(({ step, losses }) => [step, short(losses?.heldOut ?? 0) ?? 0] as const);
  return { every, losses: all.filter((_, i) => i % every === 0).map(short), heldOut };
}

it('are those of the recorded links', async () => {
  const curves = new Map<string, RecordedCurve>();
  for (const name of checked) curves.set(name, await record(name));
  if (update) writeFileSync(CURVES_FILE, `${JSON.stringify(Object.fromEntries(curves))}\n`);
  const recorded = readCurves();
  expect(Object.keys(recorded).sort()).toEqual([...names].sort());
  for (const [name, curve] of curves) expect(curve).toEqual(recorded[name as CurveName]);
});
