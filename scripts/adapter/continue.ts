import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { matchBase, tunedUpdate } from '../../src/adapters/file/base/base-weights.ts';
import { readFactors } from '../../src/adapters/file/factors.ts';
import { fileFigures } from '../../src/adapters/file/figures/file-figures.ts';
import type { AdapterSource, Module } from '../../src/adapters/file/model.ts';
import { matchModules } from '../../src/adapters/file/pair/compare.ts';
import { type TrainedFactors, writtenBackFile } from '../../src/adapters/file/resize/written-back-file.ts';
import type { PairWork } from '../../src/adapters/file/work/pair-work.ts';
import { labObstacle, labSettings, towardsObstacle } from '../../src/adapters/state/lab-module.ts';
import { startWasmBackend, typescriptBackend } from '../../src/engine/backends/own-backends.ts';
import { trainInBackground } from '../../src/engine/background-runs/background-run.ts';
import { takeBuild } from '../../src/engine/steppers/wasm/instance.ts';
import { change, defaults } from '../../src/experiment/settings/experiment.ts';
import { type DataMatrix, type FactoredStart, isFactored } from '../../src/experiment/targets/factored-matrix.ts';
import { toFloat32, toFloat64 } from '../../src/math/matrix.ts';
import { PROJECT } from '../command.mjs';
import { type Command, CommandError } from './arguments.ts';
import { showProgress, tableLines, withDigits } from './info.ts';
import { type OpenAdapter, openModel, openPath, valueOrThrow } from './open.ts';
import { writeOutput } from './write.ts';

type ContinueCommand = Extract<Command, { readonly does: 'continue' }>;

/** ΔW that a module is trained towards, without a start, and its σ₁; or why there is none. */
type Aim = { readonly target: DataMatrix; readonly sigma1: number } | string;

interface TrainedModule {
  readonly name: string;
  readonly rank: number;
  readonly steps: number;
  /** ‖ΔW − ΔW*‖/‖ΔW*‖ of the file, after the last step, and at best at this rank. */
  readonly before: number | null;
  readonly after: number | null;
  readonly floor: number | null;
  readonly trained: TrainedFactors;
}

/** Trains module after module from the file's A and B, with the settings of the Lab, and writes the file that has them. */
export async function continueRun(command: ContinueCommand, before: OpenAdapter, work: PairWork) {
  const { adapter, source } = before;
  await takeBuild('plain', async () => readFileSync(join(PROJECT, 'src/engine/steppers/wasm/plain.wasm')));
  const kernels = startWasmBackend('plain');
  const backends = 'missing' in kernels ? [typescriptBackend] : [kernels];
  const chosen = adapter.modules.filter(({ name }) => command.module === null || name === command.module);
  if (chosen.length === 0) throw new CommandError(`--module ${command.module}: the file has no such module.`);
  const [made, left]: [Map<number, TrainedModule>, string[]] = [new Map(), []];
  const opened: OpenTarget[] = [];
  try {
    const aimOf = await aimsOf(command, before, work, opened);
    for (const module of chosen) {
      const figures = await fileFigures(source, module, work);
      const aim = towardsObstacle([module, figures]) ?? (await aimOf(module));
      const found = typeof aim === 'string' ? aim : await trainedModule(before, module, aim, command.steps, backends);
      if (typeof found === 'string') left.push(`${module.name}: ${found}.`);
      else made.set(module.index, found);
      showProgress(`${made.size + left.length} of ${chosen.length} modules`);
    }
  } finally {
    showProgress(null);
    for (const { close } of opened) await close();
  }
  if (made.size === 0) throw new CommandError(`No module can be trained: ${left[0]}`);
  const file = valueOrThrow(writtenBackFile(before, new Map([...made].map(([i, { trained }]) => [i, trained]))));
  const modules = [...made.values()].map(({ trained: _, ...rest }) => rest);
  return writeOutput(command, file, async (after) => {
    const measured = await file.measure(after, {});
    if (typeof measured !== 'number') throw new CommandError(`${measured.fault} ${measured.details}`);
    const { bytes } = after.adapter;
    const { foretold } = file;
    const rows = modules.map((of) => [of.name, String(of.rank), ...[of.before, of.after, of.floor].map(percent)]);
    const text = [
      ...tableLines([['module', 'rank', 'error', `after ${modules[0].steps} steps`, 'at best'], ...rows]),
      ...left.slice(0, MOST_NAMED).map((line) => `Left as it is: ${line}`),
      ...(left.length > MOST_NAMED ? [`${left.length - MOST_NAMED} more modules are left as they are.`] : []),
      `${command.out}: ${bytes} bytes. Read back: rounding ${short(measured)}, predicted ${short(foretold)}.`,
    ].join('\n');
    return { json: { file: command.out, bytes, modules, left, rounding: foretold, measured }, text };
  });
}

type OpenTarget = Pick<OpenAdapter, 'close'>;

/** The target of each module: of another adapter, or of a fine-tuned model less its base. The files go into `opened`. */
async function aimsOf(
  { files, base, alpha }: ContinueCommand,
  { adapter }: AdapterSource,
  work: PairWork,
  opened: OpenTarget[],
): Promise<(module: Module) => Promise<Aim>> {
  if (base === null) {
    const other = await openPath(files[1], null, alpha);
    opened.push(other);
    const pairs = new Map(matchModules(adapter, other.adapter).pairs);
    return async (module) => {
      const index = pairs.get(module.index);
      if (index === undefined) return 'the target has no module of this name and size';
      const target = other.adapter.modules[index];
      const theirs = await fileFigures(other.source, target, work);
      const why = labObstacle(target, theirs);
      if (why !== null || target.scaling === null) return `of the target: ${why}`;
      const read = valueOrThrow(await readFactors(other.source, target));
      const factors = { B: toFloat32(read.B), A: toFloat32(read.A), scaling: target.scaling, name: '' };
      return { target: { rows: target.d, cols: target.k, ...factors }, sigma1: theirs.sigma[0] };
    };
  }
  const matchesOf = async (path: string) => {
    const model = await openModel(path);
    opened.push(model);
    return valueOrThrow(matchBase(adapter, model.checkpoint));
  };
  const [weights, tuned] = [await matchesOf(base), await matchesOf(files[1])];
  return async (module) => {
    const [mine, theirs] = [weights[module.index], tuned[module.index]];
    if (typeof mine === 'string' || typeof theirs === 'string')
      return `${typeof mine === 'string' ? mine : theirs}`.replace(/\.$/, '');
    const update = await tunedUpdate(mine, theirs);
    if (update === null) return 'both models have the same numbers there';
    const { matrix, sigma1 } = valueOrThrow(update);
    return { target: toFloat64(matrix), sigma1 };
  };
}

async function trainedModule(
  { source, adapter }: AdapterSource,
  module: Module,
  { target, sigma1 }: Exclude<Aim, string>,
  steps: number | null,
  backends: Parameters<typeof trainInBackground>[1]['backends'],
): Promise<TrainedModule | string> {
  const { name, rank, alpha, rule, d, k, scaling: s } = module;
  const own = valueOrThrow(await readFactors(source, module));
  const start: FactoredStart = { B: toFloat32(own.B), A: toFloat32(own.A), scaling: s ?? 1, name: adapter.name };
  const drawing: DataMatrix = { ...target, start };
  // Its kind is enough: the numbers travel beside the settings.
  const data = isFactored(drawing) ? 'Lw' : 'Tw';
  const usual = change(defaults(), { init: 'kaiming-uniform' });
  const { changes } = labSettings({ d, k, s: s ?? 1, rank, alpha, rule, sigma1 }, usual);
  const experiment = change(usual, {
    ...changes,
    data,
    method: 'lora',
    init: 'file',
    ...(steps !== null && { steps }),
  });
  const { points, summary, observed, scalings } = await trainInBackground(experiment, { backends, drawing });
  if (summary.status === 'diverged') return `the loss grew without bound by step ${summary.steps}`;
  const [{ A, B }] = observed[observed.length - 1].factors;
  return {
    ...{ name, rank, steps: summary.steps, before: points.series.relativeError?.[0] ?? null },
    ...{ after: summary.relativeError, floor: summary.floor },
    trained: {
      B: { rows: d, cols: rank, data: B },
      A: { rows: rank, cols: k, data: A },
      s: scalings[0] * (experiment.normalise ? sigma1 : 1),
    },
  };
}

const MOST_NAMED = 5;
const short = withDigits(3);
const percent = (value: number | null) => (value === null ? '–' : `${short(100 * value)}%`);
