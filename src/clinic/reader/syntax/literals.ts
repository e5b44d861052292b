import { MAX_DEPTH, type NodeEntry, numberOf, plainScalar, TooDeep, type ValueNode } from './node.ts';

/** Reads values as JSON, Python, TOML and YAML's flow style write them: one reader, because a paste mixes them. */
export interface Literals {
  /** The value at an offset; the position after it is `node.end`. */
  readonly value: (at: number) => ValueNode;
  /** Arguments of a call: the offset is that of the opening bracket, or of the first argument if `open` is ''. */
  readonly entries: (at: number, close: string, call: string) => Extract<ValueNode, { kind: 'map' }>;
  /** The first offset that is neither white space nor comment. */
  readonly skip: (at: number) => number;
}

const WORD = /[A-Za-z_][\w.-]*/y;
const PYTHON_WORD = /[A-Za-z_][\w.]*/y;
const NUMBER =
  /[+-]?(?:0x[\da-f]{1,16}|\d[\d_]*(?:\.[\d_]*)?(?:e[+-]?\d+)?|\.\d+(?:e[+-]?\d+)?|\.?inf(?:inity)?\b|\.?nan\b)/iy;

/** `names`: assigned before, by name. `hyphens`: a bare word may hold them (YAML, not Python: there it is a minus). */
export function literals(text: string, names: ReadonlyMap<string, ValueNode> = new Map(), hyphens = false): Literals {
  const stringAt = quotedTexts(text);
  const skip = (at: number): number => {
    let i = at;
    for (; i < text.length; i++) {
      const c = text.charCodeAt(i);
      if (c === 35 /* # */) {
        while (i < text.length && text.charCodeAt(i) !== 10) i++;
        i--;
      } else if (c > 32 && c !== 0xa0 && c !== 0xfeff) break;
    }
    return i;
  };

  const match = (pattern: RegExp, at: number): string => {
    pattern.lastIndex = at;
    return pattern.exec(text)?.[0] ?? '';
  };

  const value = (at: number, depth = 0): ValueNode => {
    if (depth > MAX_DEPTH) throw new TooDeep();
    const left = single(skip(at), depth);
    return product(left, depth);
  };

  /** `2*r`, `64 / 2`: the only arithmetic that is carried out. */
  const product = (left: ValueNode, depth: number): ValueNode => {
    const at = skipBlanks(left.end);
    const sign = text[at];
    if ((sign !== '*' && sign !== '/') || text[at + 1] === sign) return left;
    const right = single(skip(at + 1), depth + 1);
    const [a, b] = [factor(left), factor(right)];
    if (a === null || b === null) return { kind: 'other', start: left.start, end: expressionEnd(left.start) };
    return { kind: 'scalar', value: sign === '*' ? a * b : a / b, start: left.start, end: right.end };
  };

  const skipBlanks = (at: number): number => {
    let i = at;
    while (text[i] === ' ' || text[i] === '\t') i++;
    return i;
  };

  const single = (start: number, depth: number): ValueNode => {
    const c = text[start];
    if (c === undefined) return { kind: 'other', start, end: start };
    if (c === '[' || c === '(') return list(start, c === '[' ? ']' : ')', depth);
    if (c === '{') return entries(start, '}', '', depth);
    const quoted = stringAt(start);
    if (quoted) return { kind: 'scalar', value: quoted.value, start, end: quoted.end };
    const word = match(hyphens ? WORD : PYTHON_WORD, start);
    if (word) return bare(word, start, depth);
    const digits = match(NUMBER, start);
    const number = digits ? (digits.startsWith('0x') ? Number(digits) : numberOf(digits)) : null;
    if (number !== null && !/[\w]/.test(text[start + digits.length] ?? ''))
      return { kind: 'scalar', value: number, start, end: start + digits.length };
    return { kind: 'other', start, end: expressionEnd(start) };
  };

  const bare = (word: string, start: number, depth: number): ValueNode => {
    const end = start + word.length;
    const plain = plainScalar(word);
    if (typeof plain !== 'string') return { kind: 'scalar', value: plain, start, end };
    if (text[end] === '(') return entries(end, ')', word, depth);
    if (text[end] === '[') return { kind: 'other', start, end: expressionEnd(start) };
    const known = names.get(word);
    return known ? { ...known, start, end } : { kind: 'name', name: word, start, end };
  };

  const list = (start: number, close: string, depth: number): ValueNode => {
    const items: ValueNode[] = [];
    let at = skip(start + 1);
    while (at < text.length && text[at] !== close) {
      const item = value(at, depth + 1);
      items.push(item);
      at = next(item.end, at, close);
    }
    return { kind: 'list', items, start, end: Math.min(at + 1, text.length) };
  };

  const entries = (start: number, close: string, call: string, depth = 0): Extract<ValueNode, { kind: 'map' }> => {
    const found: NodeEntry[] = [];
    let at = skip(close === '' ? start : start + 1);
    let place = 0;
    while (at < text.length && text[at] !== close) {
      const key = keyAt(at);
      const node = value(key ? key.end : at, depth + 1);
      found.push({ key: key ? key.name : String(place++), start: at, node });
      at = next(node.end, at, close);
    }
    return { kind: 'map', call, entries: found, start, end: Math.min(at + 1, text.length) };
  };

  /** `"r":`, `r =`, `'r' :`; the end is after the sign. */
  const keyAt = (at: number): { readonly name: string; readonly end: number } | null => {
    const quoted = stringAt(at);
    const word = quoted ? quoted.value : match(WORD, at);
    if (!quoted && !word) return null;
    const sign = skip(quoted ? quoted.end : at + word.length);
    if (text[sign] !== ':' && (text[sign] !== '=' || text[sign + 1] === '=')) return null;
    return { name: word, end: sign + 1 };
  };

  /** After a value: what does not belong to it is passed over, up to the next comma or the closing bracket. */
  const next = (end: number, from: number, close: string): number => {
    let at = skip(end);
    if (at < text.length && text[at] !== ',' && text[at] !== close) at = skip(expressionEnd(at));
    if (text[at] === ',') at = skip(at + 1);
    else if (at < text.length && text[at] !== close && /[\])}]/.test(text[at])) return text.length;
    return Math.max(at, from + 1);
  };

  /** The comma, line or bracket that ends an expression. */
  const expressionEnd = (start: number): number => {
    let open = 0;
    for (let i = start; i < text.length; i++) {
      const c = text[i];
      const quoted = c === '"' || c === "'" ? stringAt(i) : null;
      if (quoted) i = quoted.end - 1;
      else if (c === '(' || c === '[' || c === '{') open++;
      else if ((c === ')' || c === ']' || c === '}') && open-- === 0) return i;
      else if ((c === ',' || c === '\n') && open === 0) return i;
    }
    return text.length;
  };

  return { value: (at) => value(at), entries: (at, close, call) => entries(at, close, call), skip };
}

function factor(node: ValueNode): number | null {
  return node.kind === 'scalar' && typeof node.value === 'number' ? node.value : null;
}

export interface QuotedText {
  readonly value: string;
  readonly end: number;
}

/**
 * Strings in quotes at an offset, with Python's prefixes and three quotes; null if there is none, or no end. A mark
 * that is never closed is looked for once: text of escaped quotes would take time that grows with its square.
 */
export function quotedTexts(text: string): (start: number) => QuotedText | null {
  const unclosed = new Map<string, number>();
  return (start) => {
    const at = start + prefixLength(text, start);
    const quote = text[at];
    if (quote !== '"' && quote !== "'") return null;
    const long = text[at + 1] === quote && text[at + 2] === quote;
    const mark = long ? quote.repeat(3) : quote;
    if (at < (unclosed.get(mark) ?? 0)) return null;
    const parts: string[] = [];
    let from = at + mark.length;
    let i = from;
    for (; i < text.length; i++) {
      if (text[i] === quote && (!long || text.startsWith(mark, i)))
        return { value: parts.join('') + text.slice(from, i), end: i + mark.length };
      if (text[i] === '\n' && !long) break;
      if (text[i] === '\\' && i + 1 < text.length) {
        parts.push(text.slice(from, i), escaped(text[++i]));
        from = i + 1;
      }
    }
    unclosed.set(mark, i);
    return null;
  };
}

/** One string; see `quotedTexts`. */
export const quotedTextAt = (text: string, start: number) => quotedTexts(text)(start);

function prefixLength(text: string, start: number): number {
  const [word] = /^[rbfu]{1,2}(?=["'])/i.exec(text.slice(start, start + 3)) ?? [''];
  return word.length;
}

const escaped = (c: string) => (c === 'n' ? '\n' : c === 't' ? '\t' : c);

export function endOfLine(text: string, at: number): number {
  const end = text.indexOf('\n', at);
  return end < 0 ? text.length : end;
}
