import { parsePattern, type Step } from './parse.ts';

/**
 * PEFT's patterns for ranks and α. The first of them that matches the end of a module's name counts, from its beginning or
 * after a dot: re.match("(.*\.)?(pattern)$", name), peft/utils/other.py.
 */

/** Characters of a pattern. */
const LONGEST = 2000;
/** Steps for all patterns and names of a file: about a second. */
const MOST_WORK = 2e7;

/** What patterns say of a name; 'unknown' where one before is not understood, or all is too much work. */
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

/** Whether the steps fit the end of a name, from its beginning or after a dot: all ways at once, character by character. */
function run(steps: readonly Step[], name: string, work: { left: number }): boolean {
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

const isWord = (char: string | undefined) => char !== undefined && /[\p{L}\p{N}_]/u.test(char);

function holds(what: 'start' | 'end' | 'boundary' | 'inside', name: string, at: number): boolean {
  if (what === 'start') return at === 0;
  if (what === 'end') return at === name.length;
  return (isWord(name[at - 1]) !== isWord(name[at])) === (what === 'boundary');
}
