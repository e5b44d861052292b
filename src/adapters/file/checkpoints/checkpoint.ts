import { bytesText, megabytesText, ReadError, safeName, twice } from '../faults.ts';
import type { ByteSource, Fault, TensorEntry } from '../model.ts';
import { readHeader, Scanner } from '../safetensors/header.ts';
import { isFloatType } from '../safetensors/numbers.ts';

/** The files of one model: a single one, several, or the shards that an index names. */
export interface CheckpointFiles {
  /** Of the file or folder, for a person. */
  readonly name: string;
  /** The text of model.safetensors.index.json; null: there is none. */
  readonly index: string | null;
  readonly files: readonly ByteSource[];
}

export interface CheckpointTensor extends TensorEntry {
  readonly source: ByteSource;
}

/** A model's tensors by name, in the order of its files. Only headers are read. */
export interface Checkpoint {
  readonly name: string;
  /** Of all files together. */
  readonly bytes: number;
  readonly tensors: ReadonlyMap<string, CheckpointTensor>;
}

/** In bytes. */
export const LONGEST_INDEX = 50_000_000;
const MOST_ENTRIES = 1_000_000;

const AGAIN = 'Download the model again, or open another one.';
const damaged = (fault: string, what: string): Fault => ({ fault, details: `${what} ${AGAIN}` });

/** An index: the file of each tensor. A Fault if it is no index, has a name twice or a path that leaves its folder. */
export function readIndex(text: string): ReadonlyMap<string, string> | Fault {
  if (text.length > LONGEST_INDEX)
    return damaged(
      'The index is too long.',
      `It has ${bytesText(text.length)}; the limit is ${megabytesText(LONGEST_INDEX)}.`,
    );
  const shards = new Map<string, string>();
  let has = false;
  try {
    const scanner = new Scanner(text.replace(/^\uFEFF/, ''));
    scanner.object('the index', (key) => {
      if (key !== 'weight_map') return scanner.skip('the index');
      has = true;
      scanner.object('weight_map', (tensor) => {
        if (shards.size === MOST_ENTRIES) throw new ReadError(`weight_map has more than ${MOST_ENTRIES} entries`);
        const file = scanner.string(`the file of ${safeName(tensor)}`);
        if (!isPlainName(file))
          throw new ReadError(
            `${safeName(tensor)} is in ${safeName(file)}, which is not the name of a .safetensors file in the index’s own folder`,
          );
        shards.set(tensor, file);
      });
    });
    scanner.end();
  } catch (error) {
    if (!(error instanceof ReadError)) throw error;
    return damaged('The index is damaged.', error.sentence);
  }
  if (!has || shards.size === 0) return damaged('The index is damaged.', 'It has no weight_map with names of tensors.');
  return shards;
}

/** No folders, nothing hidden, nothing that a system reads as something else. */
const isPlainName = (file: string) => /^[^./\\:\p{C}][^/\\:\p{C}]*\.safetensors$/u.test(file) && file.length <= 255;

/** Opens a model: reads the headers of its files and holds them against the index, if any. Nothing else is read. */
export async function openCheckpoint({ name, index, files }: CheckpointFiles): Promise<Checkpoint | Fault> {
  const shards = index === null ? null : readIndex(index);
  if (shards !== null && 'fault' in shards) return shards;
  if (files.length === 0)
    return { fault: 'There is no model.', details: `${safeName(name)} has no .safetensors file.` };
  const doubled = twice(files.map((file) => file.name));
  if (doubled !== null)
    return damaged('A file is there twice.', `${safeName(doubled)} is among the files of ${safeName(name)} twice.`);
  const missing = shards && missingFile(shards, files);
  if (missing) return missing;

  const tensors = new Map<string, CheckpointTensor>();
  const wanted = shards && new Set(shards.values());
  let bytes = 0;
  for (const source of files) {
    // A folder may hold the same weights once more under another name, which the index does not list.
    if (wanted && !wanted.has(source.name)) continue;
    const header = await readHeader(source);
    if ('fault' in header) return { ...header, details: `${safeName(source.name)}: ${header.details}` };
    bytes += source.size;
    for (const tensor of header.tensors) {
      const wrong = shards ? strayTensor(shards, tensor.name, source.name) : null;
      if (wrong) return wrong;
      const other = tensors.get(tensor.name);
      if (other)
        return damaged(
          'A tensor is there twice.',
          `${safeName(tensor.name)} is in ${safeName(other.source.name)} and in ${safeName(source.name)}.`,
        );
      tensors.set(tensor.name, { ...tensor, source });
    }
  }
  for (const [tensor, file] of shards ?? []) {
    if (!tensors.has(tensor))
      return damaged(
        'A shard lies.',
        `The index puts ${safeName(tensor)} into ${safeName(file)}, which does not have it.`,
      );
  }
  return scaledFloat8(tensors) ?? { name, bytes, tensors };
}

function missingFile(shards: ReadonlyMap<string, string>, files: readonly ByteSource[]): Fault | null {
  const there = new Set(files.map((file) => file.name));
  const missing = [...new Set(shards.values())].filter((file) => !there.has(file));
  if (missing.length === 0) return null;
  const named = `${safeName(missing[0])}${missing.length > 1 ? ` and ${missing.length - 1} more` : ''}`;
  return {
    fault: 'A shard is missing.',
    details: `The index names ${named}, which ${missing.length > 1 ? 'are' : 'is'} not among the files. Add ${missing.length > 1 ? 'them' : 'it'}.`,
  };
}

function strayTensor(shards: ReadonlyMap<string, string>, tensor: string, file: string): Fault | null {
  const said = shards.get(tensor);
  if (said === file) return null;
  const where = said === undefined ? 'does not list it' : `puts it into ${safeName(said)}`;
  return damaged('A shard lies.', `${safeName(tensor)} is in ${safeName(file)}, but the index ${where}.`);
}

/** Ends of the names of scales that stand beside float8 weights, by tool; each has its own convention. */
const SCALE = /(?:^|[._])(?:weight_scale(?:_inv)?|scale_weight|scale_inv|scale|input_scale|scale_input|scaled_fp8)$/;

/** Float8 numbers with scales are no weights by themselves, and tools differ in whether to multiply or divide, and by what. */
function scaledFloat8(tensors: ReadonlyMap<string, CheckpointTensor>): Fault | null {
  const eights = new Set([...tensors.values()].filter(({ dtype }) => dtype.startsWith('F8_E')).map(({ name }) => name));
  if (eights.size === 0) return null;
  for (const name of tensors.keys()) {
    if (!SCALE.test(name)) continue;
    const stem = name.replace(SCALE, '');
    const weight = [`${stem}.weight`, stem, `${stem}_weight`].find((one) => eights.has(one));
    if (weight === undefined && !name.endsWith('scaled_fp8')) continue;
    const [first] = eights;
    return {
      fault: 'float8 with scales is not read.',
      details: `${safeName(weight ?? first)} is float8 and ${safeName(name)} scales it, by a convention that the file does not say. Save the model as bfloat16 first.`,
    };
  }
  return null;
}

/** A model’s tensor that holds numbers: of any type that is decoded exactly. */
export const hasNumbers = ({ dtype }: TensorEntry): boolean => isFloatType(dtype);
