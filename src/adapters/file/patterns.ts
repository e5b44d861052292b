type Fits = (char: string) => boolean;
type Holds = (name: string, at: number) => boolean;

/** Takes a character that fits; without `fits` it is passed without one, if it holds at this place of the name. */
interface PatternStep {
  readonly id: number;
  readonly fits?: Fits;
  readonly holds?: Holds;
  next: readonly PatternStep[];
}

/**
 * A regular expression as a graph of steps (Ken Thompson 1968): matching takes time in proportion to steps × text, where
 * the engine of a browser may take forever ("(a+)+b").
 */
interface Program {
  readonly first: PatternStep;
  readonly accept: PatternStep;
  readonly count: number;
}

/** A part of a pattern: its first step, given the one that follows it. */
type PatternPart = (next: PatternStep) => PatternStep;

/** Steps of a program, groups within groups, and repetitions of a part. */
const MOST_STEPS = 4000;
const DEEPEST = 40;
const MOST_TIMES = 200;

const isWord = (c: string) => /[\p{L}\p{N}_]/u.test(c);
const isDigit = (c: string) => c >= '0' && c <= '9';
const isSpace = (c: string) => /\s/.test(c);
const CLASSES: Readonly<Record<string, Fits>> = {
  d: isDigit,
  D: (c) => !isDigit(c),
  w: isWord,
  W: (c) => !isWord(c),
  s: isSpace,
  S: (c) => !isSpace(c),
};
const CONTROL: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', f: '\f', v: '\v' };

const isStart: Holds = (_, at) => at === 0;
const isEnd: Holds = (name, at) => at === name.length;
const isBoundary: Holds = (name, at) => isWord(name[at - 1] ?? '') !== isWord(name[at] ?? '');
const ASSERTIONS: Readonly<Record<string, Holds>> = {
  '^': isStart,
  $: isEnd,
  '\\A': isStart,
  '\\Z': isEnd,
  '\\z': isEnd,
  '\\b': isBoundary,
  '\\B': (name, at) => !isBoundary(name, at),
};

/** Throws SyntaxError at unsupported parts: back references, looking ahead or behind, flags. */
function compile(text: string): Program {
  let at = 0;
  let depth = 0;
  let count = 0;
  const no = (): never => {
    throw new SyntaxError(text);
  };
  const take = (char: string) => {
    const is = text.startsWith(char, at);
    if (is) at += char.length;
    return is;
  };
  const step = (next: readonly PatternStep[], does: Pick<PatternStep, 'fits' | 'holds'> = {}): PatternStep =>
    count < MOST_STEPS ? { id: count++, next, ...does } : no();
  const fitting =
    (fits: Fits): PatternPart =>
    (next) =>
      step([next], { fits });

  function alternatives(): PatternPart {
    if (++depth > DEEPEST) no();
    const parts = [sequence()];
    while (take('|')) parts.push(sequence());
    depth--;
    return parts.length === 1 ? parts[0] : (next) => step(parts.map((part) => part(next)));
  }

  function sequence(): PatternPart {
    const parts: PatternPart[] = [];
    while (at < text.length && text[at] !== '|' && text[at] !== ')') parts.push(repeated());
    return (next) => parts.reduceRight((after, part) => part(after), next);
  }

  function repeated(): PatternPart {
    const holds = assertion();
    const part: PatternPart = holds ? (next) => step([next], { holds }) : atom();
    const times = bounds();
    if (!times) return part;
    take('?');
    if (holds || bounds()) no();
    const [min, max] = times;
    return (next) => {
      let first = next;
      if (max === Infinity) {
        first = step([]);
        first.next = [part(first), next];
      } else for (let i = min; i < max; i++) first = step([part(first), next]);
      for (let i = 0; i < min; i++) first = part(first);
      return first;
    };
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

  function assertion(): Holds | null {
    const sign = text.slice(at, at + (text[at] === '\\' ? 2 : 1));
    if (!Object.hasOwn(ASSERTIONS, sign)) return null;
    at += sign.length;
    return ASSERTIONS[sign];
  }

  function atom(): PatternPart {
    const char = text[at++];
    if (char === '(') {
      if (take('?P<')) at = text.indexOf('>', at) + 1 || no();
      else if (take('?') && !take(':')) no();
      const inner = alternatives();
      if (!take(')')) no();
      return inner;
    }
    if (char === '[') return fitting(set());
    if (char === '.') return fitting((c) => c !== '\n');
    if (char === '*' || char === '+' || char === '?') no();
    if (char === '\\') return fitting(escaped());
    return fitting((c) => c === char);
  }

  function escaped(): Fits {
    const char = text[at++];
    if (char === undefined || isDigit(char)) no();
    if (Object.hasOwn(CLASSES, char)) return CLASSES[char];
    const literal = Object.hasOwn(CONTROL, char) ? CONTROL[char] : char;
    if (literal === char && /[a-zA-Z]/.test(char)) no();
    return (c) => c === literal;
  }

  function set(): Fits {
    const not = take('^');
    const tests: Fits[] = [];
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

  function member(): string | Fits {
    const char = text[at++];
    if (char !== '\\') return char;
    const next = text[at++] ?? no();
    if (Object.hasOwn(CLASSES, next)) return CLASSES[next];
    return Object.hasOwn(CONTROL, next) ? CONTROL[next] : next;
  }

  const whole = alternatives();
  if (at < text.length) no();
  const accept = step([], { fits: () => false });
  return { first: whole(accept), accept, count };
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
  if (pattern.length > LONGEST) return () => null;
  try {
    const program = compile(pattern);
    return (name, work) => run(program, name, work);
  } catch (error) {
    if (error instanceof SyntaxError) return () => null;
    throw error;
  }
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
function run({ first, accept, count }: Program, name: string, work: { left: number }): boolean {
  const seen = new Int32Array(count).fill(-1);
  let now: PatternStep[] = [];
  let next: PatternStep[] = [];
  const follow = (from: readonly PatternStep[], at: number, into: PatternStep[]) => {
    const open = [...from];
    for (let step = open.pop(); step; step = open.pop()) {
      if (seen[step.id] === at) continue;
      seen[step.id] = at;
      work.left--;
      if (step.fits) into.push(step);
      else if (step.holds?.(name, at) !== false) open.push(...step.next);
    }
  };
  for (let at = 0; at <= name.length; at++) {
    if (at === 0 || name[at - 1] === '.') follow([first], at, now);
    if (at === name.length || work.left < 0) break;
    for (const step of now) if (step.fits?.(name[at])) follow(step.next, at + 1, next);
    [now, next] = [next, []];
  }
  return work.left >= 0 && now.includes(accept);
}
