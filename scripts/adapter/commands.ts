import { compareConverted, convertedFile } from '../../src/adapters/file/convert/converted-file.ts';
import { readFactors } from '../../src/adapters/file/factors.ts';
import type { Adapter, MergePlan, ResizePlan } from '../../src/adapters/file/model.ts';
import { matchModules, pairFigures } from '../../src/adapters/file/pair/compare.ts';
import { mergeForetold } from '../../src/adapters/file/pair/foretold.ts';
import { measureMerged, mergedFile } from '../../src/adapters/file/pair/merged-file.ts';
import { foretell, spectraOf } from '../../src/adapters/file/resize/foretell.ts';
import { measureAgainst, resizedFile } from '../../src/adapters/file/resize/resized-file.ts';
import { type Command, Unusable } from './arguments.ts';
import { infoOf, infoText, measured, table } from './info.ts';
import { type Opened, openPath, usable } from './open.ts';
import { checkPlace, writePlaced } from './write.ts';

type Of<D extends Command['does']> = Extract<Command, { readonly does: D }>;

/** What a command has found: a value for --json, and the same for a person. */
export interface Answer {
  readonly json: unknown;
  readonly text: string;
}

export async function info({ files: [path], config, alpha }: Of<'info'>): Promise<Answer> {
  const opened = await openPath(path, config, alpha);
  return closing([opened], async () => {
    const { source, adapter } = opened;
    const figures = await measured(source, adapter);
    return { json: infoOf(adapter, figures), text: infoText(adapter, figures) };
  });
}

export async function resize(command: Of<'resize'>): Promise<Answer> {
  const { files, config, alpha, way, dtype, split } = command;
  const before = await openPath(files[0], config, alpha);
  const plan: ResizePlan = { way, most: null, mostOfConvolutions: null, dtype, split };
  return closing([before], async () => {
    const { source, adapter } = before;
    checkPlace(command, adapter.naming === 'peft' || adapter.naming === 'mlx', files);
    const spectra = spectraOf(adapter, await measured(source, adapter));
    if (spectra.every((one) => one === null))
      throw new Unusable(
        `${files[0]}: none of its modules can be cut: LoHa, LoKr, DoRA and whole updates are not, nor what is not finite.`,
      );
    const foretold = foretell(adapter, spectra, plan);
    if (way.by === 'bytes' && foretold.bytes > way.bytes)
      throw new Unusable(
        `--bytes ${way.bytes}: with one direction in each module the file has ${foretold.bytes} bytes; it cannot be smaller.`,
      );
    const made = usable(resizedFile(source, adapter, spectra, plan, foretold.ranks));
    return writePlaced(command, made, async (after) => {
      const { errors, error } = usable(await measureAgainst(before, after));
      const modules = adapter.modules.map(({ name, rank }, i) => ({
        name,
        before: rank,
        after: foretold.ranks[i],
        error: spectra[i] ? foretold.errors[i] : 0,
        measured: errors[i],
      }));
      return written(command.out, after, { modules, error: foretold.error, measured: error });
    });
  });
}

export async function merge(command: Of<'merge'>): Promise<Answer> {
  const { files, config, alpha, weights, rank, dtype } = command;
  const a = await openPath(files[0], config, alpha);
  return closing([a], async () => {
    const b = await openPath(files[1], null, alpha);
    return closing([b], async () => {
      checkPlace(command, a.adapter.naming === 'peft' || a.adapter.naming === 'mlx', files);
      const plan: MergePlan = { weights, rank, others: 'carried', dtype };
      const made = usable(mergedFile(a, b, plan));
      const foretold = await foretoldMerge(a, b, plan);
      return writePlaced(command, made, async (after) => {
        const { errors, error } = usable(await measureMerged(a, b, plan, after));
        const ranks = new Map(a.adapter.modules.map((module) => [module.canonical, module.rank]));
        const modules = after.adapter.modules.map(({ name, canonical, rank: now }, i) => ({
          name,
          before: ranks.get(canonical) ?? 0,
          after: now,
          measured: errors[i] ?? null,
        }));
        const { error: said, linear } = foretold;
        return written(command.out, after, { modules, error: said, measured: error, linear });
      });
    });
  });
}

async function foretoldMerge(a: Opened, b: Opened, plan: MergePlan) {
  const matched = matchModules(a.adapter, b.adapter);
  const pairs = [];
  for (const [i, j] of matched.pairs) {
    const [first, second] = [a.adapter.modules[i], b.adapter.modules[j]];
    const [fa, fb] = [usable(await readFactors(a.source, first)), usable(await readFactors(b.source, second))];
    pairs.push(pairFigures(fa, first.scaling, fb, second.scaling, plan.weights));
  }
  const [first, second] = [await measured(a.source, a.adapter), await measured(b.source, b.adapter)];
  return mergeForetold({ matched, pairs, first, second }, plan);
}

export async function convert(command: Of<'convert'>): Promise<Answer> {
  const { files, config, alpha, to } = command;
  if (command.dtype) throw new Unusable('convert takes no --dtype: numbers are copied bit for bit.');
  const before = await openPath(files[0], config, alpha);
  return closing([before], async () => {
    checkPlace(command, to === 'peft', files);
    const made = usable(convertedFile(before.source, before.adapter, to));
    return writePlaced(command, made, async (after) => {
      const off = await compareConverted(before, after, to);
      if (typeof off !== 'number') throw new Unusable(`${off.fault} ${off.details}`);
      const modules = after.adapter.modules.map(({ name, rank }) => {
        return { name, before: rank, after: rank, error: 0, measured: off };
      });
      return written(command.out, after, { modules, error: 0, measured: off });
    });
  });
}

interface Found {
  readonly modules: readonly { readonly name: string; readonly before: number; readonly after: number }[];
  readonly error: number;
  readonly measured: number;
  readonly linear?: number | null;
}

/** "file" and "bytes" first, then what was found. */
function written(file: string, { adapter }: { readonly adapter: Adapter }, found: Found): Answer {
  const rows = found.modules.map(({ name, before, after }) => [name, `${before} → ${after}`]);
  const text = [
    ...table([['module', 'rank'], ...rows]),
    `${file}: ${adapter.bytes} bytes. Read back: error ${short(found.measured)}, predicted ${short(found.error)}.`,
  ].join('\n');
  return { json: { file, bytes: adapter.bytes, ...found }, text };
}

const short = (value: number) => String(Number(value.toPrecision(3)));

async function closing<T>(opened: readonly Opened[], work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } finally {
    for (const { close } of opened) await close();
  }
}
