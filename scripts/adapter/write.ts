import { existsSync, realpathSync, renameSync, rmSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { AdapterSource } from '../../src/adapters/file/model.ts';
import { openAdapter } from '../../src/adapters/file/open.ts';
import { type OutputAdapter, writeSafetensors } from '../../src/adapters/file/safetensors/write.ts';
import { createFile, openFile, partOf } from '../adapter-files.mjs';
import { CommandError } from './arguments.ts';
import { valueOrThrow } from './open.ts';

export interface OutputPlace {
  readonly out: string;
  readonly force: boolean;
  /** Tensors that are made before their turn. */
  readonly ahead?: () => number;
}

const configBeside = (out: string) => join(dirname(out), 'adapter_config.json');

/** Throws CommandError if an output exists already, or its folder does not; before anything is computed. */
export function checkOutputPlace({ out, force }: OutputPlace, withConfig: boolean, inputs: readonly string[]): void {
  if (!existsSync(dirname(out))) throw new CommandError(`--out ${out}: there is no folder ${dirname(out)}.`);
  const files = [out, ...(withConfig ? [configBeside(out)] : [])].filter((file) => existsSync(file));
  const same = files.find((file) =>
    inputs.some((input) => existsSync(input) && realpathSync(input) === realpathSync(file)),
  );
  if (same) throw new CommandError(`${same} is the input; choose another name for the output.`);
  if (files.length > 0 && !force)
    throw new CommandError(
      `${files.join(' and ')} ${files.length === 1 ? 'exists' : 'exist'}; --force writes over ${files.length === 1 ? 'it' : 'them'}.`,
    );
}

/**
 * Writes both files under temporary names, opens them like any other file, and has them checked. They get their names
 * only then: if anything fails, or Ctrl-C ends it, nothing stays, and existing files are untouched.
 */
export async function writeOutput<T>(
  { out, ahead }: OutputPlace,
  { file, config }: OutputAdapter,
  check: (after: AdapterSource) => Promise<T>,
): Promise<T> {
  const [newFile, newConfig] = [out, configBeside(out)].map((path) => `${path}.${process.pid}.new`);
  const clear = () => {
    for (const path of [partOf(newFile), newFile, newConfig]) rmSync(path, { force: true });
  };
  const end = (signal: NodeJS.Signals) => {
    clear();
    // Once more, now without this listener.
    process.kill(process.pid, signal);
  };
  process.once('SIGINT', end).once('SIGTERM', end);
  try {
    if (config !== null) await writeFile(newConfig, config);
    await writeSafetensors(file, await createFile(newFile), {}, ahead);
    const disk = await openFile(newFile);
    let found: T;
    try {
      const source = { ...disk, name: basename(out) };
      found = await check({ source, adapter: valueOrThrow(await openAdapter(source, config, null)) });
    } catch (error) {
      throw error instanceof CommandError ? new CommandError(`${out} is not written: ${error.message}`) : error;
    } finally {
      await disk.close();
    }
    // Both in one task, between which no signal is heard.
    renameSync(newFile, out);
    if (config !== null) renameSync(newConfig, configBeside(out));
    return found;
  } finally {
    process.off('SIGINT', end).off('SIGTERM', end);
    clear();
  }
}
