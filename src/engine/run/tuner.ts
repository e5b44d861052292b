import type { LayerModule } from '../../experiment/layer/module.ts';
import type { Problem } from '../../experiment/layer/problem.ts';
import { methods } from '../../experiment/methods/index.ts';
import { type OptimiserName, ratioOf, USUAL_EPSILON } from '../../experiment/optimisers.ts';
import { type Change, type Experiment, TUNED_KEYS, type Tuning } from '../../experiment/settings/params.ts';
import { innerScaling, type RatedModule, rateFor, ratesOf, scalingOf } from '../../experiment/settings/rate.ts';
import type { Settings } from '../steppers/stepper.ts';
import type { Outbox } from './outbox.ts';
import type { TaskQueue } from './task-queue.ts';
import type { Trainer } from './trainer.ts';

/** The tune parameters of an experiment. */
export function tuningOf(e: Experiment, modules: readonly RatedModule[]): Tuning {
  const { alpha, scaling, opt, ratio, steps } = e;
  const epsilon = e.epsilon ?? USUAL_EPSILON;
  return { alpha, scaling, opt, ratio, steps, epsilon, lr: e.lr ?? rateFor(e, modules) };
}

export function settingsOf(
  tuning: Tuning,
  modules: readonly Pick<LayerModule, 'rank' | 'full' | 'method'>[],
): readonly Settings[] {
  const { opt, epsilon } = tuning;
  const rates = ratesOf(tuning.lr, modules.length);
  const scalingAt = (rank: number) => scalingOf({ ...tuning, rank });
  return modules.map(({ rank, full, method }, i) => {
    const { params = ['alpha', 'ratio'] } = method ? methods.byName(method.name) : {};
    return {
      ...{ scaling: full ? 1 : scalingAt(rank), opt, lr: rates[i], epsilon },
      // What a method or a rule does not use may have been set for another one.
      ratio: params.includes('ratio') ? ratioOf(tuning) : 1,
      ...(method && { inner: params.includes('alpha') ? innerScaling({ ...tuning, rank: method.settings.rank }) : 1 }),
    };
  });
}

function changesBetween(before: Tuning, after: Tuning, step: number): Change[] {
  return TUNED_KEYS.filter((key) => before[key] !== after[key]).map((key) => ({ step, key, value: after[key] }));
}

/** Its value was checked on arrival. */
function changed(tuning: Tuning, { key, value }: Change): Tuning {
  return { ...tuning, [key]: value };
}

export type Tuner = Readonly<ReturnType<typeof tuner>>;

/** The settings of a run: those in force, and requested ones that wait for the end of a pack. */
export function tuner(
  first: Tuning,
  { modules }: Problem,
  trainer: Trainer,
  outbox: Outbox,
  alone: TaskQueue,
  fit: (opt: OptimiserName) => Promise<void>,
) {
  let present = first;
  let asked: Tuning | null = null;

  async function set(next: Tuning): Promise<void> {
    const changes = changesBetween(present, next, trainer.step);
    if (changes.length === 0) return;
    present = next;
    if (changes.some(({ key }) => key === 'opt')) await fit(next.opt);
    // A stepper knows nothing of budgets.
    if (changes.some(({ key }) => key !== 'steps')) await alone(() => trainer.tune(settingsOf(next, modules)));
    outbox.note(changes);
    trainer.again();
  }

  return {
    get present() {
      return present;
    },
    get isAsked() {
      return asked !== null;
    },
    ask(tuning: Tuning) {
      asked = tuning;
    },
    takeOver() {
      const next = asked ?? present;
      asked = null;
      return set(next);
    },
    /** Applies known changes at the current step; requested ones go on waiting. */
    apply: (changes: readonly Change[]) => set(changes.reduce(changed, present)),
  };
}
