import { quote } from '../../experiment/link/faults.ts';
import { MAX_SHARED, writeLink } from '../../experiment/link/link.ts';
import { encodeModule, factorsFault } from '../../experiment/matrix-file/factored-data.ts';
import { count, percent } from '../../experiment/numbers.ts';
import { maxRank } from '../../experiment/settings/bounds.ts';
import { isNamedMatrix } from '../../experiment/settings/data-kind.ts';
import { change } from '../../experiment/settings/experiment.ts';
import type { Experiment } from '../../experiment/settings/params.ts';
import { scalingOf } from '../../experiment/settings/rate.ts';
import { type DataMatrix, type FactoredStart, isFactored } from '../../experiment/targets/factored-matrix.ts';
import { frobenius, type Matrix32, type Matrix64, multiply, scale, subtract, toFloat64 } from '../../math/matrix.ts';
import { noticeEvent } from '../../state/notices.ts';
import { goTo } from '../../state/places.ts';
import type { Store } from '../../state/state.ts';
import { distanceOf } from '../file/resize/cut-factors.ts';
import { type LabModuleFacts, labSettings } from '../state/lab-module.ts';

/** B and A of a module in a file. */
export interface LabFactors extends Omit<LabModuleFacts, 'd' | 'k' | 'sigma1'> {
  readonly name: string;
  /** As the page shows it: "up 2·2 · cross-attention out". */
  readonly module: string;
  /** d × r and r × k, without s. Numbers of a file in float64 are rounded once to float32. */
  readonly B: Factor;
  readonly A: Factor;
}

/** ΔW of two models in a module: `name` is that of the fine-tuned one. */
interface LabDifference {
  readonly name: string;
  readonly module: string;
  readonly matrix: Matrix32;
}

export type LabModule = (LabFactors | LabDifference) & {
  /** Of ΔW. */
  readonly sigma1: number;
  /** The same module in a file: the run starts from its B and A, with its rank, α and rule. */
  readonly start?: LabFactors;
  /** null: no base is open. */
  readonly base: LabBase | null;
};

/** W₀ of the module, null if it is too large for a run, and the name of its model; or why the base has none. */
export type LabBase = { readonly matrix: Matrix32 | null; readonly name: string } | { readonly why: string };

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
  const target = 'matrix' in of ? entries(of) : { rows: of.B.rows, cols: of.A.cols, ...factored(of) };
  const start = of.start && factored(of.start);
  const { name, rows, cols } = target;
  const rank = 'matrix' in of ? 0 : of.B.cols;
  const { base, words } = baseWords(of.base, factorsFault(rows, cols, rank, start?.B.cols ?? 0, true));
  const beside = { ...(start && { start }), ...(base && { base }) };
  // Alone it is a matrix like any other, which has no name.
  const drawing: DataMatrix = 'matrix' in of && !start && !base ? toFloat64(of.matrix) : { ...target, ...beside };
  const data = await encodeModule(drawing);
  if (typeof data !== 'string') return { why: `The Lab cannot take this module: ${data.fault}.` };
  const { experiment } = lab.state();
  // Rank, α and rule are those of the factors that train.
  const own = of.start ?? ('matrix' in of ? labFactors(experiment, rows, cols) : of);
  const facts = { ...own, sigma1: of.sigma1, d: rows, k: cols };
  const settings = labSettings(facts, start ? { ...experiment, init: 'kaiming-uniform' } : experiment);
  const { remarks } = settings;
  const changes = { ...settings.changes, ...(start && ({ method: 'lora', init: 'file' } as const)) };
  const length = shownInLab(lab, data, drawing, changes);
  const texts = [
    // Differences from the file come first: the rest may be folded.
    ...remarks,
    words,
    travelWords(data, length, 'matrix' in of ? 'numbers' : 'factors'),
    ...('matrix' in of ? [] : ['Its singular values come from the factors, so the floor is exact.']),
    ...(start ? [startWords(drawing, start, changes.normalise === true)] : []),
  ];
  const back = ['Back to Adapters', goTo(start && !('matrix' in of) ? 'two' : 'adapters')] as const;
  const title = start
    ? `The run continues from B and A of ${start.name}, towards ΔW of ${name}.`
    : `Opened as the target: ΔW of ${name}.`;
  lab.dispatch(noticeEvent('file', 'plain', title, texts, [back]));
  return { data };
}

/** Rank, α and rule of the Lab as it is, for a ΔW that has none of its own. */
function labFactors(experiment: Experiment, d: number, k: number) {
  const { alpha, scaling } = experiment;
  const rank = Math.min(experiment.rank, maxRank(change(experiment, { target: 'matrix', d, k })));
  return { rank, alpha, rule: scaling === 'rslora' ? 'α/√r' : 'α/r', s: scalingOf(experiment) } as const;
}

/** Whether a link holds the data. */
function travelWords(data: string, length: number, what: 'numbers' | 'factors'): string {
  if (isNamedMatrix(data)) return 'It is too large for a link and a run file: both only name it.';
  if (length <= MAX_SHARED) return `Its ${what} fit in a link.`;
  return `Its ${what} are too large for a link (${count(length)} of ${count(MAX_SHARED)} characters). A run file holds them.`;
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

/** W₀ if it is there and not too large, and the sentence about it. */
function baseWords(given: LabBase | null, fault: string | null) {
  if (given === null) return { base: null, words: 'W₀ is random, since an adapter file does not hold it.' };
  if ('why' in given) return { base: null, words: `W₀ is random: ${given.why}` };
  const name = quote(given.name, LONGEST_FILE);
  if (fault !== null || given.matrix === null)
    return { base: null, words: `W₀ is random, since that of ${name} is too large for a run: ${fault}.` };
  return { base: { matrix: given.matrix, name }, words: `W₀ is that of ${name}.` };
}

const nameOf = ({ name, module }: Pick<LabModule, 'name' | 'module'>, before: string, after: string) =>
  `${quote(module, LONGEST_MODULE)}, ${before}${quote(name, LONGEST_FILE)}${after}`;

function factored(of: LabFactors): FactoredStart {
  const [B, A] = [of.B, of.A].map(({ rows, cols, data }) => ({ rows, cols, data: Float32Array.from(data) }));
  return { B, A, scaling: of.s, name: nameOf(of, 'from ', '') };
}

const entries = (of: LabDifference) => ({ ...toFloat64(of.matrix), name: nameOf(of, 'as ', ' has changed it') });

/** ‖ΔW of the start − ΔW‖/‖ΔW‖: the error at step 0. */
function startWords(target: DataMatrix, start: FactoredStart, scaled: boolean): string {
  const found = isFactored(target)
    ? distanceOf(float64Factors(target), target.scaling, float64Factors(start), start.scaling)
    : distanceFrom(target, start);
  const error =
    found === null
      ? ''
      : ` The difference of the two ΔW is ${percent(found.distance / found.norm)} of the target: the error at step 0.`;
  const place = isFactored(target) ? 'on the page of the two adapters' : 'on the page of its module';
  return `The run starts from the file’s own B and A${scaled ? ', scaled as the target is' : ''}.${error} Trained, they can be written back ${place}.`;
}

const float64Factors = ({ B, A }: FactoredStart) => ({ B: toFloat64(B), A: toFloat64(A) });

/** From a ΔW entry by entry. */
function distanceFrom(target: Matrix64, start: FactoredStart) {
  const { B, A } = float64Factors(start);
  const distance = frobenius(subtract(target, scale(multiply(B, A), start.scaling)));
  return { distance, norm: frobenius(target) };
}
