import '../../src/engine/testing/wasm-in-node.ts';
import { startWasmBackend, typescriptBackend } from '../../src/engine/backends/own-backends.ts';
import { trainInBackground } from '../../src/engine/background-runs/background-run.ts';
import { floorOf } from '../../src/experiment/layer/floor.ts';
import { layerCache } from '../../src/experiment/layer/problem.ts';
import { optimisers } from '../../src/experiment/optimisers.ts';
import { decide, param } from '../../src/experiment/settings/experiment.ts';
import type { Experiment } from '../../src/experiment/settings/params.ts';
import { editWords } from '../../src/experiment/targets/names.ts';
import { median } from '../statistics.ts';
import type { Row } from '../table.mjs';

const RANKS = [1, 2, 3, 4, 6, 8, 12, 16];
/** Steps; a run that misses the floor starts again with the next budget. */
const BUDGETS = [500, 2000, 8000];
/** Within this factor of the floor, or below this error if the floor is smaller. */
const SHARE = 1.02;
const SMALL = 0.02;

const wasm = startWasmBackend('plain');
const backends = 'missing' in wasm ? [typescriptBackend] : [wasm, typescriptBackend];

/** Steps at the derived rate to the floor of each edit, by optimiser, at s = 2: median and worst of the seeds. */
export async function editRows(seeds: readonly number[], say: (words: string) => void): Promise<Row[]> {
  const rows: Row[] = [];
  for (const { name: edit } of editWords.all) {
    const cache = layerCache();
    for (const rank of RANKS) {
      say(`the ${edit} at rank ${rank}`);
      const row: Record<string, string | number> = { edit, rank };
      for (const { name: opt, label } of optimisers.all) {
        const steps: number[] = [];
        for (const seed of seeds) {
          const wanted: Partial<Experiment> = { target: 'edit', edit, rank, alpha: 2 * rank, opt, seed };
          const reached = await stepsToFloor(wanted, cache);
          row.floor = reached.floor.toFixed(4);
          row['counted at'] = reached.bound.toFixed(4);
          steps.push(reached.steps);
        }
        const worst = Math.max(...steps);
        row[label] = `${told(median(steps))} (${told(worst)})`;
      }
      rows.push(row);
    }
  }
  return rows;
}

async function stepsToFloor(wanted: Partial<Experiment>, cache: ReturnType<typeof layerCache>) {
  for (const steps of BUDGETS) {
    const e = decide((key, draft) => ({ ...wanted, steps })[key] ?? param(key).default(draft));
    const { problem, points } = await trainInBackground(e, { backends, cache });
    const floor = floorOf(problem.modules[0].wanted.spectrum.values)[e.rank];
    const bound = Math.max(SHARE * floor, SMALL);
    const at = (points.series.relativeError ?? new Float64Array()).findIndex((error) => error <= bound);
    if (at >= 0 || steps === BUDGETS[BUDGETS.length - 1])
      return { floor, bound, steps: at < 0 ? Number.POSITIVE_INFINITY : at };
  }
  throw new Error('no budget');
}

const told = (steps: number) => (Number.isFinite(steps) ? String(Math.round(steps)) : 'never');
