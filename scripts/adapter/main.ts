import {
  type DifferenceLora,
  differenceFile,
  differenceLora,
  foretoldErrors,
  measuredErrors,
} from '../../src/adapters/file/checkpoints/lora-file.ts';
import { compareConverted, convertedFile, convertPlan } from '../../src/adapters/file/convert/converted-file.ts';
import { safeName } from '../../src/adapters/file/faults.ts';
import type { Adapter, ResizePlan } from '../../src/adapters/file/model.ts';
import { mergeConflicts } from '../../src/adapters/file/pair/conflicts.ts';
import { mergeOf } from '../../src/adapters/file/pair/merged-file.ts';
import { compareGrown, grownFile } from '../../src/adapters/file/resize/grown-file.ts';
import { WriteError } from '../../src/adapters/file/resize/metadata.ts';
import { predictResize, spectraOf } from '../../src/adapters/file/resize/predict-resize.ts';
import { measureErrors, resizedFile } from '../../src/adapters/file/resize/resized-file.ts';
import { sizeOfFile } from '../../src/adapters/file/safetensors/write.ts';
import type { PairWork } from '../../src/adapters/file/work/pair-work.ts';
import { giveDenseLoops } from '../../src/math/dense/loops.ts';
import { inlineLoops } from '../../src/math/dense/wasm-loops.ts';
import { type Command, CommandError, readArguments, USAGE } from './arguments.ts';
import { besideJson, besideText, measureBeside } from './base.ts';
import { continueRun } from './continue.ts';
import {
  differencesOf,
  differenceText,
  listed,
  loraOf,
  loraText,
  type MeasuredDifferences,
  measureDifferences,
} from './differences.ts';
import { infoOf, infoText, measureModules, tableLines, withDigits } from './info.ts';
import { grownText, mergedJson, mergedText } from './merges.ts';
import { type OpenAdapter, openModel, openPath, valueOrThrow } from './open.ts';
import { withThreads } from './threads.ts';
import { checkOutputPlace, type OutputPlace, writeOutput } from './write.ts';

type CommandOf<D extends Command['does']> = Extract<Command, { readonly does: D }>;

interface CommandResult {
  readonly json: unknown;
  readonly text: string;
}

const info = (command: CommandOf<'info'>) =>
  withFiles(command, async ([opened], work): Promise<CommandResult> => {
    const { source, adapter } = opened;
    const base = command.base === null ? null : await openModel(command.base);
    try {
      const figures = await measureModules(source, adapter, work);
      const [json, text] = [infoOf(adapter, figures), infoText(adapter, figures)];
      if (base === null) return { json, text };
      const beside = await measureBeside(opened, base.checkpoint, command.leading);
      const found = besideJson(beside);
      const modules = json.modules.map((module, i) => ({ ...module, ...found.modules[i] }));
      return { json: { ...json, modules, base: found.base }, text: `${text}\n${besideText(adapter, beside)}` };
    } finally {
      await base?.close();
    }
  });

function resize(command: CommandOf<'resize'>): Promise<CommandResult> {
  const { files, way, dtype, split } = command;
  const plan: ResizePlan = { way, most: null, mostOfConvolutions: null, dtype, split };
  return withFiles(command, async ([before], work) => {
    const { source, adapter } = before;
    checkOutputPlace(command, adapter.naming === 'peft' || adapter.naming === 'mlx', files);
    const figures = await measureModules(source, adapter, work);
    const spectra = spectraOf(adapter, figures);
    const odd = adapter.modules.filter((_, i) => !figures[i].finite).map(({ name }) => safeName(name));
    if (spectra.every((one) => one === null))
      throw new CommandError(
        `${files[0]}: none of its modules can be cut: LoHa, LoKr, DoRA and whole updates are not, nor what is not finite.`,
      );
    const foretold = predictResize(adapter, spectra, plan);
    if (way.by === 'bytes' && foretold.bytes > way.bytes)
      throw new CommandError(
        `--bytes ${way.bytes}: with one direction in each module the file has ${foretold.bytes} bytes; it cannot be smaller.`,
      );
    const made = valueOrThrow(resizedFile(source, adapter, spectra, plan, foretold.ranks, work));
    const ahead = () => 2 * work.ahead();
    return writeOutput({ ...command, ahead }, made, async (after) => {
      const { errors, error } = valueOrThrow(await measureErrors(before, after, {}, work));
      const modules = adapter.modules.map(({ name, rank }, i) => ({
        name,
        before: rank,
        after: foretold.ranks[i],
        error: spectra[i] ? foretold.errors[i] : 0,
        measured: errors[i],
      }));
      const { json, text } = written(command.out, after, { modules, error: foretold.error, measured: error });
      return { json, text: odd.length === 0 ? text : `${text}\nNot finite, and copied: ${listed(odd)}.` };
    });
  });
}

function merge(command: CommandOf<'merge'>): Promise<CommandResult> {
  const { files, plan, out } = command;
  return withFiles(command, async (opened) => {
    const [{ adapter }] = opened;
    const withConfig = adapter.naming === 'peft' || adapter.naming === 'mlx';
    if (out !== null) checkOutputPlace({ ...command, out }, withConfig, files);
    const made = valueOrThrow(mergeOf(opened, plan));
    const conflicts = await mergeConflicts(opened, made);
    const foretold = valueOrThrow(await made.foretell());
    const ends =
      out === null
        ? { measured: null, bytes: sizeOfFile(made.file) }
        : await writeOutput({ ...command, out }, made, async (after) => ({
            measured: valueOrThrow(await made.measure(after)),
            bytes: after.adapter.bytes,
          }));
    const found = { modules: made.modules, conflicts, foretold, ...ends };
    return { json: mergedJson(adapter, found, out), text: mergedText(adapter, found, out) };
  });
}

function grow(command: CommandOf<'grow'>): Promise<CommandResult> {
  const { files, plan } = command;
  return withFiles(command, async ([before]) => {
    const { source, adapter } = before;
    checkOutputPlace(command, adapter.naming === 'peft' || adapter.naming === 'mlx', files);
    const made = valueOrThrow(grownFile(source, adapter, plan));
    return writeOutput(command, made, async (after) => {
      const measured = await compareGrown(before, after);
      if (typeof measured !== 'number') throw new CommandError(`${measured.fault} ${measured.details}`);
      const { modules, error } = made;
      const { bytes } = after.adapter;
      return {
        json: { file: command.out, bytes, modules, error, measured },
        text: grownText(made, command.out, bytes),
      };
    });
  });
}

function continueFile(command: CommandOf<'continue'>): Promise<CommandResult> {
  return withFiles({ ...command, files: [command.files[0]] }, async ([before], work) => {
    const { naming } = before.adapter;
    checkOutputPlace(command, naming === 'peft' || naming === 'mlx', command.files);
    return continueRun(command, before, work);
  });
}

async function convert(command: CommandOf<'convert'>): Promise<CommandResult> {
  const { files, to } = command;
  if (command.dtype) throw new CommandError('convert takes no --dtype: numbers are copied bit for bit.');
  return withFiles(command, async ([before]) => {
    checkOutputPlace(command, to === 'peft', files);
    const { oneWay, arranged, rule } = valueOrThrow(convertPlan(before.adapter, to));
    const made = valueOrThrow(await convertedFile(before.source, before.adapter, to));
    return writeOutput(command, made, async (after) => {
      const off = await compareConverted(before, after, to);
      if (typeof off !== 'number') throw new CommandError(`${off.fault} ${off.details}`);
      const modules = after.adapter.modules.map(({ name, rank }) => {
        return { name, before: rank, after: rank, error: 0, measured: off };
      });
      const { json, text } = written(command.out, after, { modules, error: 0, measured: off, oneWay });
      return { json, text: [arranged ? rule : null, oneWay, text].filter((line) => line !== null).join('\n') };
    });
  });
}

interface RankChanges {
  readonly modules: readonly { readonly name: string; readonly before: number; readonly after: number }[];
  readonly error: number;
  readonly measured: number;
  readonly oneWay?: string | null;
}

/** "file" and "bytes" first, then the results. */
function written(file: string, { adapter }: { readonly adapter: Adapter }, found: RankChanges): CommandResult {
  const rows = found.modules.map(({ name, before, after }) => [name, `${before} → ${after}`]);
  const text = [
    ...tableLines([['module', 'rank'], ...rows]),
    `${file}: ${adapter.bytes} bytes. Read back: error ${short(found.measured)}, predicted ${short(found.error)}.`,
  ].join('\n');
  return { json: { file, bytes: adapter.bytes, ...found }, text };
}

const short = withDigits(3);

/** Two models: what changed, and a LoRA cut from it, if one is asked for. */
async function extract(command: CommandOf<'extract'>): Promise<CommandResult> {
  const { files, plan, out, intruders } = command;
  if (out !== null) checkOutputPlace({ ...command, out }, plan?.names === 'peft', files);
  const base = await openModel(files[0]);
  try {
    const fine = await openModel(files[1]);
    try {
      const { checkpoint: first } = base;
      const { checkpoint: second } = fine;
      const measured = await measureDifferences(first, second, { intruders, way: plan?.way ?? null });
      return await withLora(measured, command);
    } finally {
      await fine.close();
    }
  } finally {
    await base.close();
  }
}

async function withLora(measured: MeasuredDifferences, command: CommandOf<'extract'>): Promise<CommandResult> {
  const { plan, out, force } = command;
  const found = { json: differencesOf(measured), text: differenceText(measured) };
  if (plan === null) return found;
  const lora = valueOrThrow(differenceLora(measured.matches.pairs, measured.figures, plan));
  if (plan.way.by === 'bytes' && lora.bytes > plan.way.bytes)
    throw new CommandError(
      `--bytes ${plan.way.bytes}: with one direction in each module the file has ${lora.bytes} bytes; it cannot be smaller.`,
    );
  const ends =
    out === null
      ? { foretold: await foretoldErrors(lora), measured: null, bytes: lora.bytes }
      : await writeLora(lora, { out, force });
  const cut = loraOf(lora, ends, out);
  return { json: { ...found.json, lora: cut }, text: `${found.text}\n${loraText(lora, ends, out)}` };
}

async function writeLora(lora: DifferenceLora, place: OutputPlace) {
  const made = differenceFile(lora);
  return writeOutput(place, made, async (after) => ({
    foretold: made.foretold(),
    measured: valueOrThrow(await measuredErrors(lora, after)),
    bytes: after.adapter.bytes,
  }));
}

type FileCommand = Exclude<Command, { readonly does: 'help' }>;

/** Opens the files of a command, the first with its config, and closes them after the work. */
async function withFiles<T>(
  { does, files, config, alpha }: Pick<FileCommand, 'does' | 'files' | 'config' | 'alpha'>,
  use: (opened: readonly OpenAdapter[], work: PairWork) => Promise<T>,
): Promise<T> {
  const opened: OpenAdapter[] = [];
  try {
    for (const path of files) opened.push(await openPath(path, opened.length === 0 ? config : null, alpha));
    const threaded = does === 'info' || does === 'resize' || does === 'continue';
    const bytes = !threaded ? 0 : opened.reduce((sum, { adapter }) => sum + adapter.bytes, 0);
    return await withThreads(bytes, (work) => use(opened, work));
  } finally {
    for (const { close } of opened) await close();
  }
}

/** Resolves also if the reader has closed the pipe, as in "… | head". */
function print(stream: NodeJS.WriteStream, text: string): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      stream.off('error', done);
      resolve();
    };
    stream.once('error', done);
    stream.write(`${text}\n`, done);
  });
}

/** Carries out a command; returns its exit code: 0 done, 2 not usable. */
export async function main(args: readonly string[]): Promise<number> {
  try {
    const command = readArguments(args);
    if (command.does === 'help') {
      await print(process.stdout, USAGE);
      return 0;
    }
    // Whole matrices: the same bits in less time.
    giveDenseLoops(inlineLoops);
    const { json, text } = await answer(command);
    await print(process.stdout, command.json ? JSON.stringify(json, null, 2) : text);
    return 0;
  } catch (error) {
    const known = error instanceof CommandError || error instanceof WriteError || isOfSystem(error);
    if (!known) throw error;
    // One line, whatever a name in the file contains.
    await print(process.stderr, error.message.replaceAll(/\s+/g, ' '));
    return 2;
  }
}

function answer(command: FileCommand): Promise<CommandResult> {
  switch (command.does) {
    case 'info':
      return info(command);
    case 'resize':
      return resize(command);
    case 'merge':
      return merge(command);
    case 'grow':
      return grow(command);
    case 'continue':
      return continueFile(command);
    case 'extract':
      return extract(command);
    default:
      return convert(command);
  }
}

/** Errors of the operating system: a file that may not be read, a disk that is full. */
const isOfSystem = (error: unknown): error is Error => error instanceof Error && 'code' in error && 'syscall' in error;
