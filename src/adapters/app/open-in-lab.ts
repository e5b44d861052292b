import { workerAnswer } from '../../app/opening/one-answer.ts';
import { quote } from '../../experiment/link/faults.ts';
import { MAX_SHARED, writeLink } from '../../experiment/link/link.ts';
import type { MatrixFault } from '../../experiment/matrix-file/limits.ts';
import { count, percent } from '../../experiment/numbers.ts';
import { maxRank } from '../../experiment/settings/bounds.ts';
import { isNamedMatrix } from '../../experiment/settings/data-kind.ts';
import { change } from '../../experiment/settings/experiment.ts';
import type { Experiment } from '../../experiment/settings/params.ts';
import { scalingOf } from '../../experiment/settings/rate.ts';
import type { ReadyDrawing } from '../../experiment/targets/factored-matrix.ts';
import { buffersOf } from '../../math/buffers.ts';
import type { Matrix32 } from '../../math/matrix.ts';
import { noticeEvent } from '../../state/notices.ts';
import { goTo } from '../../state/places.ts';
import type { Store } from '../../state/state.ts';
import { type LabModuleFacts, labSettings } from '../state/lab-module.ts';
import type { FileFactor, PackedModule, PackRequest } from './pack-module.ts';
import packerUrl from './packer-worker.ts?worker&url';

/** B and A of a module in a file. */
export interface LabFactors extends Omit<LabModuleFacts, 'd' | 'k' | 'sigma1'> {
  readonly name: string;
  /** As the page shows it: "up 2·2 · cross-attention out". */
  readonly module: string;
  /** d × r and r × k, without s. Numbers of a file in float64 are rounded once to float32. */
  readonly B: FileFactor;
  readonly A: FileFactor;
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

/** W₀ of the module and the name of its model, or why the base has none. */
export type LabBase = { readonly matrix: Matrix32; readonly name: string } | { readonly why: string };

const LONGEST_MODULE = 80;
const LONGEST_FILE = 60;

/** A worker packs the module, which takes over its numbers. */
async function packedByWorker(question: PackRequest): Promise<PackedModule | MatrixFault> {
  const answer = await workerAnswer<PackedModule | MatrixFault>({
    ...{ script: packerUrl, name: 'module-packer', question, transfer: buffersOf(question) },
    wanted: new AbortController().signal,
  });
  return answer ?? { fault: 'the reader was stopped.' };
}

interface LabOptions {
  readonly pack?: (question: PackRequest) => Promise<PackedModule | MatrixFault>;
  /** Whether nobody wants it any more: the Lab stays as it is. */
  readonly isOff?: () => boolean;
}

/**
 * Makes the module's ΔW the target of the Lab, and `start` what a run starts from; one step of undo. Shows the Lab.
 * Returns the `data` of the experiment, or why it is impossible. The numbers of the module are gone afterwards.
 */
export async function openInLab(
  lab: Store,
  of: LabModule,
  { pack = packedByWorker, isOff = () => false }: LabOptions = {},
): Promise<{ readonly data: string } | { why: string }> {
  const name = 'matrix' in of ? nameOf(of, 'as ', ' has changed it') : nameOf(of, 'from ', '');
  const target = 'matrix' in of ? { matrix: of.matrix, name } : factored(of);
  const { rows, cols } = 'matrix' in of ? of.matrix : { rows: of.B.rows, cols: of.A.cols };
  const start = of.start && factored(of.start);
  const { base, words } = baseWords(of.base);
  const packed = await pack({ target, ...(start && { start }), ...(base && { base }) });
  if (isOff()) return { why: 'Cancelled.' };
  if ('fault' in packed) return { why: `The Lab cannot take this module: ${packed.fault.replace(/\.$/, '')}.` };
  const { data, drawing } = packed;
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
    ...(start ? [startWords(packed.error, 'matrix' in of, changes.normalise === true)] : []),
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
  return `Its ${what} are too large for a link (${count(length)} characters; the limit is ${count(MAX_SHARED)}). A run file holds them.`;
}

/** Makes the matrix the target and shows the Lab. Returns the length of the experiment's link. */
function shownInLab(lab: Store, data: string, drawing: ReadyDrawing, changes: Partial<Experiment>): number {
  const { experiment, editor, view } = lab.state();
  const { length } = writeLink(change(experiment, { ...changes, data }), { ...view, view: 'lab' }, null);
  // First, since a run keeps the view in which it began.
  lab.dispatch(goTo('lab'));
  if (editor !== null) lab.dispatch({ type: 'draw', on: null });
  lab.dispatch({ type: 'drawn', data, drawing, changes });
  return length;
}

/** W₀ if it is there, and the sentence about it. */
function baseWords(given: LabBase | null) {
  if (given === null) return { base: null, words: 'W₀ is random, since an adapter file does not hold it.' };
  if ('why' in given) return { base: null, words: `W₀ is random: ${given.why}` };
  const name = quote(given.name, LONGEST_FILE);
  return { base: { matrix: given.matrix, name }, words: `W₀ is that of ${name}.` };
}

const nameOf = ({ name, module }: Pick<LabModule, 'name' | 'module'>, before: string, after: string) =>
  `${quote(module, LONGEST_MODULE)}, ${before}${quote(name, LONGEST_FILE)}${after}`;

const factored = (of: LabFactors) => ({ B: of.B, A: of.A, scaling: of.s, name: nameOf(of, 'from ', '') });

/** `error` at step 0, if it is known. */
function startWords(error: number | null, ofModels: boolean, scaled: boolean): string {
  const said =
    error === null ? '' : ` The difference of the two ΔW is ${percent(error)} of the target: the error at step 0.`;
  const place = ofModels ? 'on the page of its module' : 'on the page of the two adapters';
  return `The run starts from the file’s own B and A${scaled ? ', scaled as the target is' : ''}.${said} Trained, they can be written back ${place}.`;
}
