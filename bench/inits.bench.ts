/** Every initialisation on five problems, at the derived rate and at its own best one. */

import { cpus } from 'node:os';
import { test } from '@playwright/test';
import { type InitName, inits } from '../src/experiment/inits/index.ts';
import { type LayerCache, layerCache } from '../src/experiment/layer/problem.ts';
import { prepareModule } from '../src/experiment/layer/testing/one-module.ts';
import { type OptimiserName, optimisers } from '../src/experiment/optimisers.ts';
import { editRows } from './inits/edits.ts';
import { type Floors, floorsOf } from './inits/floors.ts';
import type { Measured } from './inits/measured.ts';
import { experimentOf, PROBLEMS, type Problem } from './inits/problems.ts';
import { rowOf } from './inits/rows.ts';
import { type Losses, train } from './inits/train.ts';
import { type Machine, processorWords, QUICK } from './machine.ts';
import { report, say } from './report.ts';

const SEEDS = QUICK ? [1, 2, 3] : [1, 2, 3, 4, 5];
const STEPS = QUICK ? [10, 100] : [10, 100, 1000];
/** Multiples of the derived rate. */
const FACTORS = [1 / 9, 1 / 3, 1, 3, 9];
/** Timeout of one table on a busy machine; alone it takes a minute or two. */
const PATIENCE = 1_800_000;
const OPTIMISERS: readonly OptimiserName[] = QUICK ? ['adam'] : ['adam', 'sgd'];

/** No browser takes part and nothing is timed: the same numbers come out on any machine with float32. */
const machine: Machine = {
  processor: processorWords(),
  fused: null,
  cores: cpus().length,
  device: 'not used',
  browser: `Node ${process.version}`,
  date: new Date().toISOString().slice(0, 10),
  quick: QUICK,
};

/** null if the initialisation is not offered on this target. */
async function measured(
  problem: Problem,
  init: InitName,
  opt: OptimiserName,
  caches: readonly LayerCache[],
): Promise<Measured | null> {
  const losses: Losses[][] = [];
  const floors: Floors[] = [];
  for (const [i, seed] of SEEDS.entries()) {
    const e = experimentOf(problem, init, opt, seed);
    const layer = prepareModule(e, null, { cache: caches[i], vectors: false });
    if ('why' in layer) return null;
    const runs: Losses[] = [];
    for (const factor of FACTORS) runs.push(await train(e, layer, factor, STEPS));
    losses.push(runs);
    floors.push(floorsOf(layer));
  }
  return { losses, floors };
}

test('edits', async () => {
  test.setTimeout(PATIENCE);
  const rows = await editRows(SEEDS, say);
  report('inits-edits', 'Steps to the floor of each edit', machine, rows, [], { SEEDS });
});

for (const problem of PROBLEMS) {
  for (const opt of OPTIMISERS) {
    test(`${problem.key}, ${opt}`, async () => {
      test.setTimeout(PATIENCE);
      const caches = SEEDS.map(() => layerCache());
      const rows = [];
      const data: Record<string, Measured> = {};
      for (const init of inits.all) {
        say(`${problem.key}, ${opt}: ${init.name}`);
        const found = await measured(problem, init.name, opt, caches);
        if (!found) continue;
        data[init.name] = found;
        rows.push(rowOf(`${init.label}${init.moves ? ' †' : ''}`, found, FACTORS, STEPS));
      }
      const title = `${problem.title}: ${optimisers.byName(opt).label}`;
      report(`inits-${problem.key}-${opt}`, title, machine, rows, [], { FACTORS, STEPS, SEEDS, starts: data });
    });
  }
}
