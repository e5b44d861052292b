import { visibleText } from './faults.ts';
import type { TensorEntry } from './model.ts';

/** Two tensors that make up a module, in a file whose names no tool here writes. */
interface EndPair {
  readonly name: string;
  readonly down: TensorEntry;
  readonly up: TensorEntry;
  /** A is [k, r] and B [r, d]. */
  readonly transposed: boolean;
}

/** Words for A and B, in names with any signs between words: "unet:0:down", "w_a_000", "blocks.3.lora_A". */
const HALVES: readonly (readonly [down: RegExp, up: RegExp])[] = [
  [/(^|[^a-z0-9])(lora_?)?down(?![a-z])/gi, /(^|[^a-z0-9])(lora_?)?up(?![a-z])/gi],
  [/(^|[^a-z0-9])(lora_?)?a(?![a-z])/gi, /(^|[^a-z0-9])(lora_?)?b(?![a-z])/gi],
];

/** The name around the last match, and what the match leaves of the module's name; null without one. */
function around(name: string, word: RegExp): readonly [key: string, module: string] | null {
  const last = [...name.matchAll(word)].at(-1);
  if (!last) return null;
  const [before, after] = [name.slice(0, last.index), name.slice(last.index + last[0].length)];
  const module = (before + after.replace(/\.weight$/, '')).replace(/^[^A-Za-z0-9]+/, '');
  return [`${before}\0${last[1] ?? ''}${after}`, visibleText(module)];
}

const numbers = ({ shape }: TensorEntry) => shape.reduce((of, n) => of * n, 1);
const isMatrix = ({ shape }: TensorEntry) => shape.length >= 2 && shape.every((n) => n > 0);

/**
 * Pairs by the ends of their names and by shapes [r, k] and [d, r], with r at most half of both sides. null unless every
 * matrix of the file is in one pair: a whole model has matrices that are in none.
 */
export function pairsByEnds(tensors: readonly TensorEntry[]): readonly EndPair[] | null {
  const matrices = tensors.filter(isMatrix);
  if (matrices.length === 0 || tensors.some((of) => !isMatrix(of) && numbers(of) > 1)) return null;
  for (const [downs, ups] of HALVES) {
    const halves = new Map<string, { down?: TensorEntry; up?: TensorEntry; readonly name: string }>();
    const fits = matrices.every((tensor) => {
      const [down, up] = [around(tensor.name, downs), around(tensor.name, ups)];
      const found = down ?? up;
      if (!found || (down && up)) return false;
      const half = halves.get(found[0]) ?? { name: found[1] };
      if (half[down ? 'down' : 'up']) return false;
      halves.set(found[0], { ...half, [down ? 'down' : 'up']: tensor });
      return true;
    });
    const pairs = [...halves.values()].map(({ name, down, up }) => (down && up ? pairOf(name, down, up) : null));
    const found = pairs.filter((pair) => pair !== null);
    if (fits && found.length === pairs.length) return found;
  }
  return null;
}

function pairOf(name: string, down: TensorEntry, up: TensorEntry): EndPair | null {
  const isLow = (r: number, d: number, k: number) => 2 * r <= Math.min(d, k);
  const wide = numbers(down) / down.shape[0];
  if (
    down.shape[0] === up.shape[1] &&
    numbers(up) === up.shape[0] * up.shape[1] &&
    isLow(down.shape[0], up.shape[0], wide)
  )
    return { name, down, up, transposed: false };
  const flat = down.shape.length === 2 && up.shape.length === 2;
  if (flat && down.shape[1] === up.shape[0] && isLow(up.shape[0], up.shape[1], down.shape[0]))
    return { name, down, up, transposed: true };
  return null;
}
