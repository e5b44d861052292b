import { safeName } from '../faults.ts';
import type { Fault } from '../model.ts';
import { countOf } from '../safetensors/numbers.ts';
import { type Checkpoint, type CheckpointTensor, hasNumbers } from './checkpoint.ts';

/** A tensor of both models, of one shape. */
export interface TensorPair {
  /** As in the model with the longer names. */
  readonly name: string;
  readonly base: CheckpointTensor;
  readonly fine: CheckpointTensor;
  readonly shape: readonly number[];
  /** Rows and columns: of a convolution out × in·height·width. null: a bias, a norm, a single number, or more than 65,536 columns. */
  readonly matrix: { readonly d: number; readonly k: number } | null;
}

/** The tensors of a base and a fine-tuned model, by name. */
export interface TensorMatches {
  readonly pairs: readonly TensorPair[];
  readonly onlyBase: readonly CheckpointTensor[];
  readonly onlyFine: readonly CheckpointTensor[];
  /** Of one name and different shapes. */
  readonly unlike: readonly (readonly [base: CheckpointTensor, fine: CheckpointTensor])[];
  /** Integers, quantised numbers: no difference is formed. */
  readonly notFloat: readonly (readonly [base: CheckpointTensor, fine: CheckpointTensor])[];
  /** Stands before every name of one model, and of the other not: "transformer."; '' if names are the same. */
  readonly prefix: string;
}

/** Lists by name. A Fault if the two have no tensor in common. */
export function matchTensors(base: Checkpoint, fine: Checkpoint): TensorMatches | Fault {
  const { prefix, of } = commonPrefix(base, fine);
  const prefixed = of === 'base' ? base : fine;
  const nameIn = ({ name }: CheckpointTensor, model: 'base' | 'fine') => {
    const short = of === model && name.startsWith(prefix) ? name.slice(prefix.length) : name;
    return short !== name && prefixed.tensors.has(short) ? name : short;
  };
  const others = new Map([...fine.tensors.values()].map((tensor) => [nameIn(tensor, 'fine'), tensor]));
  const [pairs, onlyBase, unlike, notFloat] = [
    [] as TensorPair[],
    [] as CheckpointTensor[],
    [] as TensorMatches['unlike'][number][],
    [] as TensorMatches['notFloat'][number][],
  ];
  for (const tensor of base.tensors.values()) {
    const name = nameIn(tensor, 'base');
    const other = others.get(name);
    if (!other) {
      onlyBase.push(tensor);
      continue;
    }
    others.delete(name);
    if (String(tensor.shape) !== String(other.shape)) unlike.push([tensor, other]);
    else if (!hasNumbers(tensor) || !hasNumbers(other)) notFloat.push([tensor, other]);
    else {
      const { shape } = tensor;
      const longer = tensor.name.length > other.name.length ? tensor.name : other.name;
      pairs.push({ name: longer, base: tensor, fine: other, shape, matrix: matrixShape(shape) });
    }
  }
  if (pairs.length + unlike.length + notFloat.length === 0) return strangers(base, fine);
  return { pairs, onlyBase, onlyFine: [...others.values()], unlike, notFloat, prefix };
}

/** Columns of a matrix whose directions are looked for, at most: each takes as much memory as 138 of its rows, some times. */
const MOST_COLUMNS = 65_536;

/** Whether a shape is that of a matrix with too many columns. */
export const isTooWide = (shape: readonly number[]): boolean => shape[0] > 1 && countOf(shape.slice(1)) > MOST_COLUMNS;

/** null for one row or column, which has one direction at most, for tensors without numbers, and if it is too wide. */
function matrixShape(shape: readonly number[]): TensorPair['matrix'] {
  if (shape.length < 2) return null;
  const [d, k] = [shape[0], countOf(shape.slice(1))];
  return d > 1 && k > 1 && !isTooWide(shape) ? { d, k } : null;
}

const WORDS = 2;

/** The first words of the names of one model without which most tensors of both match: "transformer.", "bert.". */
function commonPrefix(base: Checkpoint, fine: Checkpoint): { prefix: string; of: 'base' | 'fine' } {
  const names = { base: [...base.tensors.keys()], fine: [...fine.tensors.keys()] };
  let best = { prefix: '', of: 'fine' as 'base' | 'fine' };
  let most = names.base.filter((name) => fine.tensors.has(name)).length;
  for (const of of ['base', 'fine'] as const) {
    const other = of === 'base' ? fine : base;
    for (const prefix of firstWords(names[of])) {
      const hits = names[of].filter((name) =>
        other.tensors.has(name.startsWith(prefix) ? name.slice(prefix.length) : name),
      ).length;
      if (hits > most) {
        most = hits;
        best = { prefix, of };
      }
    }
  }
  return best;
}

function firstWords(names: readonly string[]): ReadonlySet<string> {
  const found = new Set<string>();
  for (const name of names) {
    const words = name.split('.');
    for (let n = 1; n <= WORDS && n < words.length && found.size < 100; n++)
      found.add(`${words.slice(0, n).join('.')}.`);
  }
  return found;
}

function strangers(base: Checkpoint, fine: Checkpoint): Fault {
  const adapter = [...base.tensors.keys(), ...fine.tensors.keys()].find((name) =>
    /lora_(?:A|B|down|up|embedding)/.test(name),
  );
  if (adapter)
    return {
      fault: 'One of the two is an adapter.',
      details: `${safeName(adapter)} is a factor of a LoRA. Two whole models are compared here; open an adapter by itself.`,
    };
  const [first] = base.tensors.keys();
  const [second] = fine.tensors.keys();
  return {
    fault: 'The two models have no tensor in common.',
    details: `${safeName(base.name)} has names such as ${safeName(first ?? '')}, ${safeName(fine.name)} such as ${safeName(second ?? '')}.`,
  };
}
