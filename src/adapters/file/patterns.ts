/**
 * A regular expression as a list of instructions (Ken Thompson 1968): matching takes time in proportion to program ×
 * text, where the engine of a browser may take forever ("(a+)+b").
 */
type PatternStep =
  /** One character; continues with the next step. */
  | { readonly does: 'take'; readonly fits: (char: string) => boolean }
  | { readonly does: 'split'; readonly to: readonly number[] }
  | { readonly does: 'assert'; readonly what: Assertion }
  | { readonly does: 'accept' };

type Assertion = 'start' | 'end' | 'boundary' | 'inside';

/** Steps of a program, groups within groups, and repetitions of a part. */
const MOST_STEPS = 4000;
const DEEPEST = 40;
const MOST_TIMES = 200;

type Node =
  | { readonly is: 'char'; readonly fits: (char: string) => boolean }
  | { readonly is: 'assert'; readonly what: Assertion }
  | { readonly is: 'all' | 'any'; readonly parts: readonly Node[] }
  | { readonly is: 'repeat'; readonly part: Node; readonly min: number; readonly max: number };

/** null if it has unsupported parts: back references, looking ahead or behind, flags. */
function parsePattern(pattern: string): readonly PatternStep[] | null {
  try {
    const steps: PatternStep[] = [];
    write(readPattern(pattern), steps);
    return [...steps, { does: 'accept' }];
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

const isWord = (c: string) => /[\p{L}\p{N}_]/u.test(c);
const isDigit = (c: string) => c >= '0' && c <= '9';
const isSpace = (c: string) => /\s/.test(c);
const CLASSES: Readonly<Record<string, (c: string) => boolean>> = {
  d: isDigit,
  D: (c) => !isDigit(c),
  w: isWord,
  W: (c) => !isWord(c),
  s: isSpace,
  S: (c) => !isSpace(c),
};
const ASSERTIONS = { A: 'start', Z: 'end', z: 'end', b: 'boundary', B: 'inside' } as const;
const CONTROL: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', f: '\f', v: '\v' };

function readPattern(text: string): Node {
  let at = 0;
  let depth = 0;
  const no = (): never => {
    throw new SyntaxError(text);
  };
  const take = (char: string) => {
    const is = text.startsWith(char, at);
    if (is) at += char.length;
    return is;
  };

  function alternatives(): Node {
    if (++depth > DEEPEST) no();
    const parts = [sequence()];
    while (take('|')) parts.push(sequence());
    depth--;
    return parts.length === 1 ? parts[0] : { is: 'any', parts };
  }

  function sequence(): Node {
    const parts: Node[] = [];
    while (at < text.length && text[at] !== '|' && text[at] !== ')') parts.push(repeated());
    return { is: 'all', parts };
  }

  function repeated(): Node {
    let part = atom();
    for (let times = bounds(); times; times = bounds()) {
      if (part.is === 'repeat' || part.is === 'assert') no();
      part = { is: 'repeat', part, min: times[0], max: times[1] };
      take('?');
    }
    return part;
  }

  function bounds(): readonly [number, number] | null {
    if (take('*')) return [0, Infinity];
    if (take('+')) return [1, Infinity];
    if (take('?')) return [0, 1];
    const braces = /^\{(\d{0,4})(,?)(\d{0,4})\}/.exec(text.slice(at, at + 12));
    if (!braces || (braces[1] === '' && braces[3] === '')) return null;
    at += braces[0].length;
    const min = Number(braces[1]);
    const max = braces[2] === '' ? min : braces[3] === '' ? Infinity : Number(braces[3]);
    if (min > MOST_TIMES || (max !== Infinity && max > MOST_TIMES) || min > max) no();
    return [min, max];
  }

  function atom(): Node {
    const char = text[at++];
    if (char === '(') {
      if (take('?') && !take(':') && !take('P<')) no();
      if (text.startsWith('P<', at - 2)) {
        const end = text.indexOf('>', at);
        if (end < 0) no();
        at = end + 1;
      }
      const inner = alternatives();
      if (!take(')')) no();
      return { is: 'all', parts: [inner] };
    }
    if (char === '[') return { is: 'char', fits: set() };
    if (char === '.') return { is: 'char', fits: (c) => c !== '\n' };
    if (char === '^') return { is: 'assert', what: 'start' };
    if (char === '$') return { is: 'assert', what: 'end' };
    if (char === '*' || char === '+' || char === '?') no();
    if (char === '\\') return escaped();
    return { is: 'char', fits: (c) => c === char };
  }

  function escaped(): Node {
    const char = text[at++];
    if (char === undefined || isDigit(char)) no();
    if (Object.hasOwn(CLASSES, char)) return { is: 'char', fits: CLASSES[char] };
    if (Object.hasOwn(ASSERTIONS, char)) return { is: 'assert', what: ASSERTIONS[char as keyof typeof ASSERTIONS] };
    const literal = Object.hasOwn(CONTROL, char) ? CONTROL[char] : char;
    if (literal === char && /[a-zA-Z]/.test(char)) no();
    return { is: 'char', fits: (c) => c === literal };
  }

  function set(): (char: string) => boolean {
    const not = take('^');
    const tests: ((char: string) => boolean)[] = [];
    for (let first = true; first || text[at] !== ']'; first = false) {
      if (at >= text.length) no();
      const from = member();
      if (typeof from === 'function') tests.push(from);
      else if (text[at] === '-' && text[at + 1] !== ']' && at + 1 < text.length) {
        at++;
        const to = member();
        if (typeof to === 'function' || to < from) return no();
        tests.push((c) => c >= from && c <= to);
      } else tests.push((c) => c === from);
    }
    at++;
    return (c) => tests.some((test) => test(c)) !== not;
  }

  function member(): string | ((char: string) => boolean) {
    const char = text[at++];
    if (char !== '\\') return char;
    const next = text[at++] ?? no();
    if (Object.hasOwn(CLASSES, next)) return CLASSES[next];
    return Object.hasOwn(CONTROL, next) ? CONTROL[next] : next;
  }

  const node = alternatives();
  return at === text.length ? node : no();
}

function write(node: Node, steps: PatternStep[]): void {
  if (steps.length > MOST_STEPS) throw new SyntaxError('too long');
  switch (node.is) {
    case 'char':
      steps.push({ does: 'take', fits: node.fits });
      return;
    case 'assert':
      steps.push({ does: 'assert', what: node.what });
      return;
    case 'all':
      for (const part of node.parts) write(part, steps);
      return;
    case 'any': {
      const to: number[] = [];
      const split = steps.push({ does: 'split', to }) - 1;
      const ends: number[][] = [];
      for (const part of node.parts) {
        to.push(steps.length);
        write(part, steps);
        const end: number[] = [];
        ends.push(end);
        steps.push({ does: 'split', to: end });
      }
      for (const end of ends) end.push(steps.length);
      steps[split] = { does: 'split', to };
      return;
    }
    case 'repeat': {
      const { part, min, max } = node;
      for (let i = 0; i < min; i++) write(part, steps);
      if (max === Infinity) {
        const to: number[] = [];
        const loop = steps.push({ does: 'split', to }) - 1;
        to.push(steps.length);
        write(part, steps);
        steps.push({ does: 'split', to: [loop] });
        to.push(steps.length);
        return;
      }
      const outs: number[][] = [];
      for (let i = min; i < max; i++) {
        const to: number[] = [];
        steps.push({ does: 'split', to });
        to.push(steps.length);
        write(part, steps);
        outs.push(to);
      }
      for (const to of outs) to.push(steps.length);
      return;
    }
    default:
      node satisfies never;
  }
}

/** PEFT's patterns for ranks and α: the first counts with re.match("(.*\.)?(pattern)$", name), peft/utils/other.py. */

/** Characters of a pattern. */
const LONGEST = 2000;
/** Steps for all patterns and names of a file: about a second. */
const MOST_WORK = 2e7;

/** The value that patterns give a name; 'unknown' if an earlier one is not understood, or all is too much work. */
export type Lookup = (name: string) => number | 'unknown' | null;

export function lookupOf(patterns: readonly (readonly [pattern: string, value: number])[]): Lookup {
  const matchers = patterns.map(([pattern, value]) => [matcherOf(pattern), value] as const);
  const work = { left: MOST_WORK };
  return (name) => {
    for (const [matches, value] of matchers) {
      const found = matches(name, work);
      if (found === null || work.left < 0) return 'unknown';
      if (found) return value;
    }
    return null;
  };
}

type Matcher = (name: string, work: { left: number }) => boolean | null;

function matcherOf(pattern: string): Matcher {
  // The pattern of nearly every file is a name, whose dots fit any character.
  if (!/[\\^$*+?()[\]{}|]/.test(pattern)) return (name, work) => endsWith(name, pattern, work);
  const steps = pattern.length > LONGEST ? null : parsePattern(pattern);
  return steps ? (name, work) => run(steps, name, work) : () => null;
}

function endsWith(name: string, pattern: string, work: { left: number }): boolean {
  const start = name.length - pattern.length;
  work.left--;
  if (start < 0 || (start > 0 && name[start - 1] !== '.')) return false;
  for (let i = pattern.length - 1; i >= 0; i--) {
    work.left--;
    if (pattern[i] !== '.' && pattern[i] !== name[start + i]) return false;
  }
  return true;
}

/** Whether the steps fit the end of a name, from its beginning or after a dot: all ways at once, by character. */
function run(steps: readonly PatternStep[], name: string, work: { left: number }): boolean {
  const seen = new Int32Array(steps.length).fill(-1);
  let now: number[] = [];
  let next: number[] = [];
  const follow = (from: number, at: number, into: number[]) => {
    const open = [from];
    for (let step = open.pop(); step !== undefined; step = open.pop()) {
      if (seen[step] === at) continue;
      seen[step] = at;
      work.left--;
      const what = steps[step];
      if (what.does === 'split') open.push(...what.to);
      else if (what.does !== 'assert') into.push(step);
      else if (holds(what.what, name, at)) open.push(step + 1);
    }
  };
  for (let at = 0; at <= name.length; at++) {
    if (at === 0 || name[at - 1] === '.') follow(0, at, now);
    if (at === name.length || work.left < 0) break;
    for (const step of now) {
      const what = steps[step];
      if (what.does === 'take' && what.fits(name[at])) follow(step + 1, at + 1, next);
    }
    [now, next] = [next, []];
  }
  return work.left >= 0 && now.some((step) => steps[step].does === 'accept');
}

function holds(what: Assertion, name: string, at: number): boolean {
  if (what === 'start') return at === 0;
  if (what === 'end') return at === name.length;
  return (isWord(name[at - 1] ?? '') !== isWord(name[at] ?? '')) === (what === 'boundary');
}
