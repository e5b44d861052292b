import { count, display, round } from '../../experiment/numbers.ts';
import { initObstacle } from '../../experiment/settings/availability.ts';
import { maxRank } from '../../experiment/settings/bounds.ts';
import { change, defaults, param } from '../../experiment/settings/experiment.ts';
import type { Experiment } from '../../experiment/settings/params.ts';
import { scalingOf } from '../../experiment/settings/rate.ts';
import { unscaledFault } from '../../experiment/targets/own-matrix.ts';
import type { DifferenceFigures } from '../file/checkpoints/difference-figures.ts';
import type { Figures, Module } from '../file/model.ts';
import { isUpdate } from '../file/shapes.ts';
import type { ComparedTensor } from '../worker/protocol.ts';

/** Rows and columns that the Lab takes at most. */
const LARGEST = 4096;

const TOO_LARGE = `too large: the Lab takes up to ${count(LARGEST)} × ${count(LARGEST)}`;

const isLarge = ({ d, k }: Pick<Module, 'd' | 'k'>) => d > LARGEST || k > LARGEST;

/** A module with its figures, as far as they are read. */
type ReadModule = readonly [Module, Figures | null];

const notUpdate = ({ start }: Module) => `with ${start ?? 'DoRA'}, s·B·A is not ΔW`;

/** Why the Lab cannot take a module, in words without a full stop; null if it can. */
export function labObstacle(module: Module, figures: Figures | null): string | null {
  const { rank, kind, scaling, experts } = module;
  if (kind === 'experts') return `it has a pair B·A for each of ${count(experts ?? 0)} experts`;
  if (kind !== 'lora') return 'not a pair B·A';
  if (!isUpdate(module)) return notUpdate(module);
  if (isLarge(module)) return TOO_LARGE;
  if (rank > LARGEST) return `too large: the Lab takes ranks up to ${count(LARGEST)}`;
  if (figures === null) return 'not read yet';
  if (!figures.finite) return 'its numbers are not finite';
  if (figures.untrained || figures.frobenius === 0) return 'its ΔW is 0';
  return scaling === null ? 'α is not known, so ΔW is not' : null;
}

/** Why the Lab cannot take ΔW of a tensor of two models, in words without a full stop; null if it can. */
export function tensorObstacle({ matrix }: ComparedTensor, figures: DifferenceFigures | null): string | null {
  if (matrix === null) return 'not a matrix';
  if (isLarge(matrix)) return TOO_LARGE;
  if (figures === null) return 'not measured yet';
  if (figures.change === 'not finite') return 'its numbers are not finite';
  return figures.change === 'changed' ? null : 'its ΔW is 0, or rounding alone';
}

/** Why the Lab cannot continue from B and A of one module towards ΔW of another of its size; null if it can. */
export function goOnObstacle([one, mine]: ReadModule, [other, theirs]: ReadModule): string | null {
  const target = labObstacle(other, theirs);
  if (target !== null) return `ΔW of b: ${target}`;
  return startObstacle([one, mine], 'B and A of a');
}

/** The same towards ΔW of a fine-tuned model. */
export const towardsObstacle = (one: ReadModule): string | null => startObstacle(one, 'B and A');

function startObstacle([one, mine]: ReadModule, name: string): string | null {
  const { kind, scaling, d, k, rank } = one;
  const own = (why: string) => `${name}: ${why}`;
  if (kind !== 'lora') return own('not a pair B·A');
  if (!isUpdate(one)) return own(notUpdate(one));
  if (mine === null) return own('not read yet');
  if (!mine.finite) return own('the numbers are not finite');
  if (scaling === null) return own('α is not known, so ΔW is not');
  if (scaling <= 0) return own('s is not above 0, as it is in the Lab');
  const most = maxRank(change(defaults(), { target: 'matrix', d, k }));
  if (rank > most) return own(`rank ${count(rank)} is above ${count(most)}, which the Lab trains at this size`);
  return isLarge(one) ? TOO_LARGE : null;
}

export interface LabModuleFacts {
  readonly d: number;
  readonly k: number;
  readonly s: number;
  readonly rank: number;
  readonly alpha: number | null;
  readonly rule: Module['rule'];
  readonly sigma1: number;
}

export interface LabSettings {
  readonly changes: Partial<Experiment>;
  readonly remarks: readonly string[];
}

/** The settings of a lab whose target is this module: its size, rank, α and rule as far as the Lab takes them. */
export function labSettings(of: LabModuleFacts, lab: Experiment): LabSettings {
  const { d, k, s, sigma1 } = of;
  const remarks: string[] = [];
  const normalise = unscaledFault(sigma1) !== null;
  if (normalise) remarks.push(`Its σ₁ is ${round(sigma1, 3)}, so it is scaled to σ₁ = 1.`);
  const sized = change(lab, { target: 'matrix', d, k, normalise });
  const rank = Math.min(of.rank, maxRank(sized));
  const scaling = of.rule === 'α/√r' ? 'rslora' : 'standard';
  const perAlpha = scalingOf({ scaling, alpha: 1, rank });
  const wanted = rank === of.rank && of.rule !== 'scale' && of.alpha !== null ? of.alpha : Math.abs(s) / perAlpha;
  const fits = change(sized, { rank, scaling, alpha: wanted });
  if (rank < of.rank)
    remarks.push(
      `The file has rank ${count(of.rank)}. At this size the Lab trains up to rank ${count(rank)}, with α = ${display(fits.alpha, 6)} so that s stays the same. The target keeps its rank.`,
    );
  if (fits.alpha !== wanted) remarks.push(`α would be ${display(wanted, 6)}. The Lab uses ${display(fits.alpha, 6)}.`);
  const possible = initObstacle(lab.init, fits) === null;
  const init = possible ? lab.init : (param('init').default(fits) as Experiment['init']);
  if (!possible) remarks.push('The initialisation is the usual one: the one before is not possible at this size.');
  // A rate that was fixed for another target says nothing about this one.
  return { changes: { target: 'matrix', d, k, normalise, rank, scaling, alpha: fits.alpha, init, lr: null }, remarks };
}
