import { quote } from '../../experiment/link/faults.ts';
import { MAX_SHARED, writeLink } from '../../experiment/link/link.ts';
import { encodeFactored, factorsFault } from '../../experiment/matrix-file/factored-data.ts';
import { encodeMatrix } from '../../experiment/matrix-file/matrix-data.ts';
import { count, percent } from '../../experiment/numbers.ts';
import { maxRank } from '../../experiment/settings/bounds.ts';
import { isNamedMatrix } from '../../experiment/settings/data-kind.ts';
import { change } from '../../experiment/settings/experiment.ts';
import type { Experiment } from '../../experiment/settings/params.ts';
import { scalingOf } from '../../experiment/settings/rate.ts';
import type { DataMatrix, FactoredMatrix, FactoredStart } from '../../experiment/targets/factored-matrix.ts';
import { type Matrix32, toFloat64 } from '../../math/matrix.ts';
import { noticeEvent } from '../../state/notices.ts';
import { goTo } from '../../state/places.ts';
import type { Store } from '../../state/store.ts';
import { distanceOf } from '../file/resize/cut-factors.ts';
import { type LabModuleFacts, labSettings } from '../state/lab-module.ts';

export interface LabModule extends Omit<LabModuleFacts, 'd' | 'k'> {
  readonly name: string;
  /** As the page shows it: "up 2·2 · cross-attention out". */
  readonly module: string;
  /** d × r and r × k, without s. Numbers of a file in float64 are rounded once to float32. */
  readonly B: Factor;
  readonly A: Factor;
  /** The same module of another file: the run starts from its B and A, with its rank, α and rule. */
  readonly start?: Omit<LabModule, 'sigma1' | 'start' | 'base'>;
  /** null: no base is open. */
  readonly base: LabBase | null;
}

/** W₀ of the module and the name of its model, or why the base has none. */
export type LabBase = { readonly matrix: Matrix32; readonly name: string } | { readonly why: string };

interface Factor {
  readonly rows: number;
  readonly cols: number;
  readonly data: Float32Array | Float64Array;
}

const LONGEST_MODULE = 80;
const LONGEST_FILE = 60;

/**
 * Makes the module's ΔW the target of the Lab, and `start` what a run starts from; one step of undo. Shows the Lab.
 * Returns the `data` of the experiment, or why it is impossible.
 */
export async function openInLab(lab: Store, of: LabModule): Promise<{ readonly data: string } | { why: string }> {
  const target = factored(of);
  const start = of.start && factored(of.start);
  const { name, B, A } = target;
  const { base, words } = baseWords(of.base, [B.rows, A.cols], B.cols + (start?.B.cols ?? 0));
  const drawing: FactoredMatrix = {
    rows: B.rows,
    cols: A.cols,
    ...target,
    ...(start && { start }),
    ...(base && { base }),
  };
  const data = await encodeFactored(drawing);
  if (typeof data !== 'string') return { why: `The Lab cannot take this module: ${data.fault}.` };
  const { experiment } = lab.state();
  // Rank, α and rule are those of the factors that train.
  const facts = { ...of, ...of.start, sigma1: of.sigma1, d: B.rows, k: A.cols };
  const settings = labSettings(facts, start ? { ...experiment, init: 'kaiming-uniform' } : experiment);
  const { remarks } = settings;
  const changes = { ...settings.changes, ...(start && ({ method: 'lora', init: 'file' } as const)) };
  const length = shownInLab(lab, data, drawing, changes);
  const travels =
    length <= MAX_SHARED
      ? 'Its factors fit in a link.'
      : `Its factors are too large for a link (${count(length)} of ${count(MAX_SHARED)} characters). A run file holds them.`;
  const texts = [
    // Differences from the file come first: the rest may be folded.
    ...remarks,
    words,
    travels,
    'Its singular values come from the factors, so the floor is exact.',
    ...(start ? [startWords(target, start, changes.normalise === true)] : []),
  ];
  const back = ['Back to Adapters', goTo(start ? 'two' : 'adapters')] as const;
  const title = start
    ? `The run continues from B and A of ${start.name}, towards ΔW of ${name}.`
    : `Opened as the target: ΔW of ${name}.`;
  lab.dispatch(noticeEvent('file', 'plain', title, texts, [back]));
  return { data };
}

/** Makes the matrix the target and shows the Lab. Returns the length of the experiment's link. */
function shownInLab(lab: Store, data: string, drawing: DataMatrix, changes: Partial<Experiment>): number {
  const { experiment, editor, view } = lab.state();
  const { length } = writeLink(change(experiment, { ...changes, data }), { ...view, view: 'lab' }, null);
  // First, since a run keeps the view in which it began.
  lab.dispatch(goTo('lab'));
  if (editor !== null) lab.dispatch({ type: 'draw', on: null });
  lab.dispatch({ type: 'drawn', data, drawing, changes });
  return length;
}

export interface LabTensor {
  readonly name: string;
  readonly module: string;
  readonly matrix: Matrix32;
  readonly sigma1: number;
}

/** Makes ΔW of two models the target of the Lab, entry by entry, one step of undo, and shows the Lab. */
export async function openTensorInLab(lab: Store, { name: file, module, matrix, sigma1 }: LabTensor): Promise<void> {
  const data = await encodeMatrix(matrix);
  const { experiment } = lab.state();
  const { rows: d, cols: k } = matrix;
  const rank = Math.min(experiment.rank, maxRank(change(experiment, { target: 'matrix', d, k })));
  const { alpha, scaling } = experiment;
  const rule = scaling === 'rslora' ? 'α/√r' : 'α/r';
  const { changes, remarks } = labSettings({ d, k, rank, alpha, rule, s: scalingOf(experiment), sigma1 }, experiment);
  const length = shownInLab(lab, data, toFloat64(matrix), changes);
  const texts = [
    ...remarks,
    'W₀ is random: the Lab does not take the base’s.',
    isNamedMatrix(data)
      ? 'It is too large for a link and a run file: both only name it.'
      : length <= MAX_SHARED
        ? 'Its numbers fit in a link.'
        : 'Its numbers are too many for a link. A run file holds them.',
  ];
  const title = `Opened as the target: ΔW of ${quote(module, LONGEST_MODULE)}, as ${quote(file, LONGEST_FILE)} has changed it.`;
  lab.dispatch(noticeEvent('file', 'plain', title, texts, [['Back to Adapters', goTo('adapters')]]));
}

/** W₀ if it is there and not too large, and the sentence about it. */
function baseWords(given: LabBase | null, [rows, cols]: readonly [number, number], rank: number) {
  if (given === null) return { base: null, words: 'W₀ is random, since an adapter file does not hold it.' };
  if ('why' in given) return { base: null, words: `W₀ is random: ${given.why}` };
  const name = quote(given.name, LONGEST_FILE);
  const fault = factorsFault(rows, cols, rank, 0, true);
  if (fault !== null)
    return { base: null, words: `W₀ is random, since that of ${name} is too large for a run: ${fault}.` };
  return { base: { matrix: given.matrix, name }, words: `W₀ is that of ${name}.` };
}

function factored(of: Omit<LabModule, 'sigma1' | 'start' | 'base'>): FactoredStart {
  const name = `${quote(of.module, LONGEST_MODULE)}, from ${quote(of.name, LONGEST_FILE)}`;
  const [B, A] = [of.B, of.A].map(({ rows, cols, data }) => ({ rows, cols, data: Float32Array.from(data) }));
  return { B, A, scaling: of.s, name };
}

/** ‖ΔW_a − ΔW_b‖/‖ΔW_b‖, the error at step 0, from the factors. */
function startWords(target: FactoredStart, start: FactoredStart, scaled: boolean): string {
  const [to, from] = [target, start].map(({ B, A }) => ({ B: toFloat64(B), A: toFloat64(A) }));
  const found = distanceOf(to, target.scaling, from, start.scaling);
  const error =
    found === null
      ? ''
      : ` The difference of the two ΔW is ${percent(found.distance / found.norm)} of the target: the error at step 0.`;
  return `The run starts from the file’s own B and A${scaled ? ', scaled as the target is' : ''}.${error} Trained, they can be written back on the page of the two adapters.`;
}
