import { cut, type Fault } from './limits.ts';

/** What the header of an .npy file says; the format: https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html */
export interface NpyHeader {
  readonly descr: string;
  readonly fortranOrder: boolean;
  readonly shape: readonly number[];
}

/** Strings without escapes, whole numbers (Python 2 wrote 3L), names, and the marks of a dict and a tuple. */
const TOKEN = /\s*(?:'([^'\\\n]*)'|"([^"\\\n]*)"|(\d{1,15})L?(?![\w.])|(True|False)(?!\w)|([{}()[\]:,]))/y;

type Token =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'whole'; readonly whole: number }
  | { readonly kind: 'truth'; readonly truth: boolean }
  | { readonly kind: 'mark'; readonly text: string };

type Value = string | boolean | readonly number[];

const isMark = (token: Token | undefined, text: string) => token?.kind === 'mark' && token.text === text;

/** The tokens of the header, the rest of it blank; or the place where it is none of those. */
function tokens(header: string): readonly Token[] | Fault {
  const list: Token[] = [];
  TOKEN.lastIndex = 0;
  for (let at = 0; at < header.trimEnd().length; at = TOKEN.lastIndex) {
    TOKEN.lastIndex = at;
    const found = TOKEN.exec(header);
    if (!found)
      return { fault: `its header has ${JSON.stringify(cut(header.slice(at).trim()))} where a value is needed` };
    const [, single, double, whole, truth, mark] = found;
    if (mark !== undefined) list.push({ kind: 'mark', text: mark });
    else if (whole !== undefined) list.push({ kind: 'whole', whole: Number(whole) });
    else if (truth !== undefined) list.push({ kind: 'truth', truth: truth === 'True' });
    else list.push({ kind: 'text', text: single ?? double ?? '' });
  }
  return list;
}

/** One value and the index behind it: text, True or False, or a tuple of whole numbers; null where it is none of these. */
function valueAt(list: readonly Token[], at: number): { readonly value: Value; readonly next: number } | null {
  const token = list[at];
  if (token?.kind === 'text') return { value: token.text, next: at + 1 };
  if (token?.kind === 'truth') return { value: token.truth, next: at + 1 };
  if (!isMark(token, '(')) return null;
  const numbers: number[] = [];
  let next = at + 1;
  for (let entry = list[next]; entry?.kind === 'whole'; entry = list[next]) {
    numbers.push(entry.whole);
    next++;
    if (!isMark(list[next], ',')) break;
    next++;
  }
  return isMark(list[next], ')') ? { value: numbers, next: next + 1 } : null;
}

/**
 * Reads the header's text, a Python dict such as {'descr': '<f4', 'fortran_order': False, 'shape': (3, 4), }, by its
 * grammar: exactly the three keys, each once, nothing evaluated. The fault is half a sentence.
 */
export function readHeader(text: string): NpyHeader | Fault {
  const list = tokens(text);
  if ('fault' in list) return list;
  if (!isMark(list[0], '{')) return { fault: 'its header does not begin with {' };
  const entries = new Map<string, Value>();
  let at = 1;
  while (!isMark(list[at], '}')) {
    const key = list[at];
    if (key?.kind !== 'text' || !isMark(list[at + 1], ':')) return { fault: 'its header is damaged or cut off' };
    const read = valueAt(list, at + 2);
    if (!read || entries.has(key.text))
      return { fault: `its header has something else than one simple value for "${cut(key.text)}"` };
    entries.set(key.text, read.value);
    at = read.next;
    if (isMark(list[at], ',')) at++;
    else if (!isMark(list[at], '}')) return { fault: 'its header is damaged or cut off' };
  }
  if (at + 1 < list.length) return { fault: 'its header goes on after its }' };
  const [descr, fortranOrder, shape] = ['descr', 'fortran_order', 'shape'].map((key) => entries.get(key));
  if (entries.size !== 3 || typeof descr !== 'string' || typeof fortranOrder !== 'boolean' || typeof shape !== 'object')
    return { fault: 'its header does not say descr, fortran_order and shape, and nothing else' };
  return { descr, fortranOrder, shape };
}
