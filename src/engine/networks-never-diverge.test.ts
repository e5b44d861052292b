import { describe, expect, it } from 'vitest';
import { inits } from '../experiment/inits/index.ts';
import type { NetworkProblem } from '../experiment/layer/problem.ts';
import { adaptationsOf } from '../experiment/network/adaptations.ts';
import { isPairRule } from '../experiment/optimisers.ts';
import { initSettingsOf } from '../experiment/settings/availability.ts';
import { partOf } from '../math/testing/part-of.ts';
import { startWasmBackend } from './backends/own-backends.ts';
import { trainInBackground } from './background-runs/background-run.ts';
import { assetsInNode } from './testing/assets-in-node.ts';
import { INITS, isDeadInit, OPTIMISERS, RATIOS, RULES } from './testing/derived-grid.ts';
import { digits } from './testing/network-start.ts';
import { cartesianProduct, missedBy, pairwiseCover } from './testing/pairwise-cover.ts';

// A hand has no drawings here.
const TASKS = adaptationsOf('digits').filter((name) => name !== 'shuffle' && name !== 'hand');
const network = await assetsInNode({ target: 'digits' }, '');
const backend = startWasmBackend('plain');
if ('missing' in backend) throw new Error(backend.missing);

async function courseOf(changes: Parameters<typeof digits>[0]) {
  const options = { backends: [backend as Exclude<typeof backend, { missing: string }>], network };
  const { points, summary } = await trainInBackground<NetworkProblem>(digits(changes), options);
  const { loss } = points.series;
  return { status: summary.status, first: loss[0], last: loss[loss.length - 1], losses: summary.losses };
}

describe('on digits, at the derived rate', () => {
  const all = { init: INITS, opt: OPTIMISERS };
  const rotating = { rank: [1, 4, 16, 64], scaling: RULES, ratio: RATIOS, adapt: TASKS };
  type Wanted = ReturnType<typeof pairwiseCover<typeof all, typeof rotating>>[number];
  const offered = (wanted: Wanted) => {
    const e = digits(wanted);
    // Its last matrix has 10 rows, which LoRA-GA halves.
    return !inits.byName(e.init).unavailable?.(initSettingsOf(e)) && !(wanted.init === 'lora-ga' && wanted.rank > 5);
  };
  const cells = pairwiseCover(all, rotating, 1, offered);

  it('every pair of settings that is possible is looked at', () => {
    expect(missedBy(cells, { ...all, ...rotating }, offered)).toEqual([]);
    expect(cells.filter((cell) => !offered(cell))).toEqual([]);
  });

  it.each(OPTIMISERS)('no run of LoRA diverges, and all end below their start that are not dead: %s', async (opt) => {
    for (const cell of partOf(
      cells.filter((one) => one.opt === opt),
      16,
      3 * OPTIMISERS.indexOf(opt),
    )) {
      const { status, first, last } = await courseOf(cell);
      expect(status, JSON.stringify(cell)).toBe('finished');
      if (isDeadInit(cell.init)) expect(last / first).toBeCloseTo(1, 0);
      else expect(last, JSON.stringify(cell)).toBeLessThan(first);
    }
  });

  it.each(OPTIMISERS)('nor does one from a start of almost nothing: %s', async (opt) => {
    const starts = cartesianProduct({ init: ['gaussian', 'symmetric'], scaling: ['standard', 'none'] } as const);
    for (const { init, scaling } of partOf(starts, 3, OPTIMISERS.indexOf(opt))) {
      const { status, first, last } = await courseOf({ init, sigma: 1e-6, scaling, opt });
      expect(status, `${init} ${scaling}`).toBe('finished');
      expect(last, `${init} ${scaling}`).toBeLessThan(1.05 * first);
    }
  });

  it.each(OPTIMISERS)('the usual start learns, LoRA from rank 4 on and full fine-tuning: %s', async (opt) => {
    const runs = cartesianProduct({
      adapt: ['rotate', 'invert', 'relabel'],
      changes: [{ rank: 4 }, { method: 'full' }],
    } as const);
    // Full fine-tuning has no pairs of factors; Polar's steps of whole matrices take seconds.
    const own = runs.filter(({ changes }) => !('method' in changes && (isPairRule(opt) || opt === 'polar')));
    for (const { adapt, changes } of partOf(own, own.length, OPTIMISERS.indexOf(opt))) {
      const { losses } = await courseOf({ ...changes, adapt, opt });
      expect(losses?.accuracy, `${adapt} ${JSON.stringify(changes)}`).toBeGreaterThan(0.6);
    }
  });
});
