import { inits } from '../../experiment/inits/index.ts';
import { exactText, percent, round } from '../../experiment/numbers.ts';
import { optimisers } from '../../experiment/optimisers.ts';
import { isFull } from '../../experiment/settings/bounds.ts';
import { defaults, isActive } from '../../experiment/settings/experiment.ts';
import { type Experiment, SETTINGS } from '../../experiment/settings/params.ts';
import { leastOf } from '../../experiment/settings/rate.ts';
import type { NewNotice } from '../events.ts';
import { newNotice } from '../notices.ts';
import { proposedRate } from '../select.ts';
import type { State } from '../state.ts';
import { isComplete, lastStep, traceList } from './run.ts';

/** A share of the accuracy that full fine-tuning reaches. */
const POOR = 0.5;
/** A rate further from the automatic one than this factor is named first. */
const OFF = 3;
const FEW_STEPS = 150;

type Cause = readonly [words: string, way: string, changes: Partial<Experiment>];

/** Names the setting of a finished run of a network that ends no lower than it began, or far below full fine-tuning. */
export function badTrainingNotice(state: Pick<State, 'run'>): NewNotice | null {
  const { run } = state;
  if (!run.ready?.network || run.recorded || !isComplete(run) || lastStep(run) < 1) return null;
  const loss = traceList(run.trace, run.trace.series.loss);
  const [first, last] = [loss[0], loss[loss.length - 1]];
  const own = run.losses.accuracy?.at(-1) ?? Number.NaN;
  const full = run.full?.record.losses.accuracy?.at(-1) ?? Number.NaN;
  const poor = own < POOR * full;
  if (last < first && !poor) return null;
  const result = poor
    ? `It reads ${percent(own)} of the new task’s held-out examples right; full fine-tuning reaches ${percent(full)}.`
    : `The loss began at ${round(first, 3)} and ended at ${round(last, 3)}.`;
  const [words, way, changes] = causeOf(state);
  return newNotice('run', 'bad', `This setting trains badly: ${words}.`, [result], [[way, { type: 'retry', changes }]]);
}

function causeOf({ run }: Pick<State, 'run'>): Cause {
  const e = run.experiment;
  const usual = defaults();
  const modules = run.ready?.modules ?? [];
  const init = inits.byName(e.init).label;
  const better = inits.byName(usual.init);
  const start: Cause = [`a start by ${init} at rank ${e.rank}`, `Use ${better.label}`, { init: usual.init }];
  const adapts = e.method === 'lora';
  if (adapts && modules.every(({ facts }) => facts.a === 0 && facts.b === 0))
    return ['A and B both begin at 0, so neither has a gradient', start[1], start[2]];
  const derived = proposedRate({ run, experiment: { ...e, lr: null } });
  const off = e.lr !== null && derived !== null ? leastOf(e.lr) / leastOf(derived) : 1;
  if (off > OFF || off < 1 / OFF)
    return [
      `the learning rate ${exactText(leastOf(e.lr ?? 0))} is ${round(off > 1 ? off : 1 / off, 2)} times ${off > 1 ? 'higher' : 'lower'} than the automatic one`,
      'Use the automatic rate',
      { lr: null },
    ];
  if (e.steps < FEW_STEPS)
    return [`${e.steps} steps are too few`, `Train ${usual.steps} steps`, { steps: usual.steps }];
  if (adapts && e.init !== usual.init) return start;
  if (e.opt !== usual.opt)
    return [
      `${optimisers.byName(e.opt).label}${isActive('rank', e) ? ` at rank ${e.rank}` : ''}`,
      `Use ${optimisers.byName(usual.opt).label}`,
      { opt: usual.opt },
    ];
  if (!isFull(e) && e.modules !== '') return [`an adapter on ${e.modules} alone`, 'Adapt every layer', { modules: '' }];
  if (adapts) return [`rank ${e.rank}`, 'Use rank 8', { rank: 8 }];
  return [`${SETTINGS.method.names[e.method]} at this size`, 'Use LoRA at rank 8', { method: 'lora', rank: 8 }];
}
