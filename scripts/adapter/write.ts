import { existsSync, realpathSync } from 'node:fs';
import { rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type OutFile, writeSafetensors } from '../../src/adapter/safetensors/write.ts';
import { createFile } from '../adapter-files.mjs';
import { Unusable } from './arguments.ts';
import { type Opened, openPath } from './open.ts';

export interface Place {
  readonly out: string;
  readonly force: boolean;
}

const configBeside = (out: string) => join(dirname(out), 'adapter_config.json');

/** Throws Unusable where an output is there already, or the folder for it is not; before anything is worked out. */
export function checkPlace({ out, force }: Place, withConfig: boolean, inputs: readonly string[]): void {
  if (!existsSync(dirname(out))) throw new Unusable(`--out ${out}: there is no folder ${dirname(out)}.`);
  const files = [out, ...(withConfig ? [configBeside(out)] : [])].filter((file) => existsSync(file));
  const same = files.find((file) =>
    inputs.some((input) => existsSync(input) && realpathSync(input) === realpathSync(file)),
  );
  if (same) throw new Unusable(`${same} is the input; choose another name for the output.`);
  if (files.length > 0 && !force)
    throw new Unusable(
      `${files.join(' and ')} ${files.length === 1 ? 'exists' : 'exist'}; --force writes over ${files.length === 1 ? 'it' : 'them'}.`,
    );
}

/** Writes both files under temporary names, renames them, and opens what was written as any other file. */
export async function writePlaced({ out }: Place, file: OutFile, config: string | null): Promise<Opened> {
  const part = `${configBeside(out)}.${process.pid}.part`;
  try {
    if (config !== null) await writeFile(part, config);
    await writeSafetensors(file, await createFile(out));
    if (config !== null) await rename(part, configBeside(out));
  } finally {
    await rm(part, { force: true });
  }
  return openPath(out, config === null ? null : configBeside(out), null);
}
