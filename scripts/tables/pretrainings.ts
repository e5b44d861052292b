import { assetsInNode } from '../../src/engine/testing/assets-in-node.ts';
import type { AdaptationName } from '../../src/experiment/network/adaptations.ts';
import { readWeights, type WeightsName } from '../../src/experiment/network/weights.ts';
import { gain, type NetworkRun, trainSettings } from '../../src/experiment/recorded/testing/network-run.ts';
import type { Experiment } from '../../src/experiment/settings/params.ts';
import { encode } from '../pretrain/main.ts';
import { pretrain } from '../pretrain/recipes.ts';
import { FIVE, type NetworkTable, settings, spread, type TableRow } from './network-tables.ts';

const TASKS: readonly (readonly [WeightsName, Experiment['target'], readonly AdaptationName[]])[] = [
  ['digits', 'digits', ['rotate', 'mirror', 'invert', 'shuffle', 'relabel']],
  ['digits-low', 'digits', ['zero-to-nine', 'five-to-nine']],
  ['circles', 'classifier', ['circles-spirals']],
  ['moons', 'classifier', ['moons-rotated']],
  ['spirals', 'classifier', ['spirals-rotated', 'spirals-relabelled']],
  ['sort', 'transformer', ['sort-down']],
  ['copy', 'transformer', ['copy-reverse']],
  ['base-5', 'transformer', ['base-6']],
];

const METHODS: readonly Partial<Experiment>[] = [{ method: 'full' }, { rank: 8, alpha: 16 }, { rank: 1, alpha: 2 }];

/** Each network trained from five starts, rounded to float16 and adapted by the page's own runs, with the seed of its start. */
export async function pretrainings(): Promise<NetworkTable> {
  const found = new Map<string, NetworkRun[][]>();
  for (const [name, target, tasks] of TASKS)
    for (const seed of FIVE) {
      const own = readWeights(name, encode(pretrain(name, seed, () => {})));
      for (const adapt of tasks) {
        const shipped = await assetsInNode({ target, adapt }, '');
        if (!shipped) throw new Error(`no files of ${target}`);
        const assets = {
          get digits() {
            return shipped.digits;
          },
          weights: (set: WeightsName) => (set === name ? own : shipped.weights(set)),
        };
        const runs: NetworkRun[] = [];
        for (const changes of METHODS)
          runs.push(await trainSettings(settings(target, { adapt, seed, ...changes }), 100, assets));
        found.set(adapt, [...(found.get(adapt) ?? []), runs]);
      }
    }
  const rows = [...found].map(([name, seeds]): TableRow => {
    const share = (method: number) => spread(seeds.map((runs) => gain(runs[method], runs[0])));
    const of = (read: (run: NetworkRun) => number) => spread(seeds.map(([full]) => read(full)));
    return { name, cells: [of(({ points }) => points[0].old), of((run) => run.accuracy), share(1), share(2)] };
  });
  return {
    title: 'Five pretrainings',
    text: 'Each network trained from five starts (scripts/pretrain), rounded to float16, and adapted. Old task before, full fine-tuning, and the share of its gain that LoRA reaches.',
    head: ['task', 'old task, before', 'full', 'r = 8', 'r = 1'],
    rows,
  };
}
