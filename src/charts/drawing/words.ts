import { count, number } from '../../experiment/numbers.ts';
import { newestStep, type OtherRun, type Scene, shownStep } from '../chart.ts';

type SceneTarget = NonNullable<Scene['target']>;

/** "leading 64, error 2.0·10⁻⁴·σ₁"; null if every value is computed. */
export function knowledgeShort({ values, how, error }: SceneTarget): string | null {
  switch (how) {
    case 'computed':
      return null;
    case 'constructed':
      return `exact by construction, error below ${number(error, 2)}·σ₁`;
    case 'leading':
      return `leading ${count(values.length)}, error ${number(error, 2)}·σ₁`;
  }
}

/** A sentence with a leading space; empty if every value is computed. */
export function knowledgeSentence(target: Scene['target']): string {
  switch (target?.how) {
    case 'constructed':
      return ` The singular values of ΔW* are known from its construction; rounding to float32 moves none by more than ${number(target.error, 2)}·σ₁.`;
    case 'leading':
      return ` Of ΔW* only the leading ${count(target.values.length)} singular values are known, found by iteration with an error of about ${number(target.error, 2)}·σ₁.`;
    default:
      return '';
  }
}

/** Why there is no floor at the rank of the run; empty if there is one. */
export function missingFloorReason({ target, rank, ownFloor }: Pick<Scene, 'target' | 'rank' | 'ownFloor'>): string {
  if (ownFloor.by === 'method' && target && ownFloor.value === null)
    return ownFloor.found === undefined
      ? ` No floor of ${ownFloor.of} is known: the dashed line is LoRA’s.`
      : ` ${ownFloor.of} has no floor in closed form. A search from several starts found ${number(ownFloor.found)}, the short dotted line: no bound, training may pass it.`;
  return !target || ownFloor.value !== null ? '' : ` The floor at rank ${count(rank)} is not known.`;
}

const WORDS: Readonly<Record<Scene['status'], string>> = {
  preparing: 'Preparing',
  idle: 'Ready',
  training: 'Training',
  paused: 'Paused',
  finished: 'Finished',
  converged: 'Converged',
  diverged: 'Diverged',
  stopped: 'Stopped',
  'device-lost': 'Stopped, the graphics device was lost',
};

/** "Training, step 96 of 300.", with the step shown if it is an earlier one. */
export function runState(scene: Scene): string {
  const newest = newestStep(scene);
  const state = `${WORDS[scene.status]}, step ${count(newest)} of ${count(scene.budget)}`;
  return scene.lookingBack ? `${state}; viewing step ${count(shownStep(scene))}.` : `${state}.`;
}

/** Why gradients do not vanish under such rules, and why those of two back ends then diverge. */
export const FLOOR_NOTE =
  'Adam and AdamW divide each step by the recent size of the gradients, and Muon, its exact step and signSGD make steps of one size: at a fixed learning rate A and B keep moving even when nothing is left to learn.';

/** The results of the pinned runs: " Pinned: PiSSA 0.843, r = 2 0.514."; if none, empty. */
export function pinnedWords({ others }: Pick<Scene, 'others'>, ofPin: (other: OtherRun) => string | null): string {
  const named = others.flatMap((other) => {
    const value = other.pin ? ofPin(other) : null;
    return value === null ? [] : [`${other.name} ${value}`];
  });
  return named.length === 0 ? '' : ` Pinned beside it: ${named.join('; ')}.`;
}
