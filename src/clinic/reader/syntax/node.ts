/** What was written, with its place in the text: offsets in UTF-16 units, `end` excluded. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

export type Scalar = string | number | boolean | null;

/** A value of JSON, Python, TOML or YAML. `name` is a bare word, `other` an expression that is not evaluated. */
export type ValueNode = Span &
  (
    | { readonly kind: 'scalar'; readonly value: Scalar }
    | { readonly kind: 'name'; readonly name: string }
    | { readonly kind: 'list'; readonly items: readonly ValueNode[] }
    | { readonly kind: 'map'; readonly call: string; readonly entries: readonly NodeEntry[] }
    | { readonly kind: 'other' }
  );

export interface NodeEntry {
  readonly key: string;
  /** Offset of the key; of the value if it has none. */
  readonly start: number;
  readonly node: ValueNode;
}

/** A setting with its value: from its key to the end of its value. Lists of maps are taken apart, others are one leaf. */
export interface Leaf extends Span {
  readonly path: readonly string[];
  /** The call, program or table that it stands in: "LoraConfig", "merge_lora.py". */
  readonly place: string;
  readonly inList: boolean;
  readonly node: ValueNode;
}

/** Values inside more than this many others are refused: no tool writes them. */
export const MAX_DEPTH = 32;
/** Values of a log in JSON that are read: enough for 100,000 losses. */
const MAX_LEAVES = 500_000;
/** Settings that are read; no config has as many. */
export const MAX_SETTINGS = 10_000;

export class TooDeep extends Error {}

/** The leaves of a value, in order. */
export function leavesOf(node: ValueNode, path: readonly string[] = [], place = ''): readonly Leaf[] {
  const leaves: Leaf[] = [];
  collect(node, path, place, node.start, false, leaves, 0);
  return leaves;
}

function collect(
  node: ValueNode,
  path: readonly string[],
  place: string,
  start: number,
  inList: boolean,
  leaves: Leaf[],
  depth: number,
): void {
  if (depth > MAX_DEPTH) throw new TooDeep();
  if (leaves.length >= MAX_LEAVES) return;
  if (node.kind === 'map') {
    const here = node.call || place;
    for (const entry of node.entries)
      collect(entry.node, [...path, entry.key], here, entry.start, inList, leaves, depth + 1);
  } else if (node.kind === 'list' && node.items.some(({ kind }) => kind === 'map')) {
    for (const [i, item] of node.items.entries())
      collect(item, [...path, String(i)], place, item.start, true, leaves, depth + 1);
  } else leaves.push({ path, place, inList, node, start, end: node.end });
}

/** Of a plain word: true, yes, null, 1e-4, or itself. Words of YAML 1.1 and of Python. */
export function plainScalar(text: string): Scalar {
  if (/^(true|yes|on)$/i.test(text)) return true;
  if (/^(false|no|off)$/i.test(text)) return false;
  if (/^(null|none|~|)$/i.test(text)) return null;
  return numberOf(text) ?? text;
}

const NUMBER = /^[+-]?(\d[\d_]{0,40}(\.[\d_]{0,400})?|\.\d[\d_]{0,400})(e[+-]?\d{1,5})?$/i;
const NOT_FINITE = /^([+-]?)\.?(nan|inf|infinity)$/i;

/** Null if it is not a number; NaN and the infinities are. */
export function numberOf(text: string): number | null {
  if (NUMBER.test(text)) return Number(text.replaceAll('_', ''));
  const [, sign, word] = NOT_FINITE.exec(text) ?? [];
  if (!word) return null;
  if (word.toLowerCase() === 'nan') return Number.NaN;
  return sign === '-' ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
}
