/**
 * Ranks and α of many modules as PEFT's config has them: one default, and patterns for the modules that differ. PEFT takes the
 * first pattern with re.match("(.*\.)?(pattern)$", name), older versions only ".*\.pattern$" or the very name: so a
 * module's whole name, with its dots as they are, is what all of them read.
 */
export interface Patterned {
  readonly usual: number;
  readonly pattern: Readonly<Record<string, number>>;
}

/** The default is the commonest value, the largest of several. Every name gets its own value back by PEFT's rule. */
export function patternsFor(names: readonly string[], values: readonly number[]): Patterned {
  const usual = commonest(values);
  const wanted = new Map(names.map((name, index) => [name, values[index]]));
  // The longest name first: it may end with another one.
  const byLength = [...wanted.keys()].sort((a, b) => b.length - a.length || (a < b ? -1 : 1));
  const differing = byLength.filter((name) => wanted.get(name) !== usual);
  const pattern: [string, number][] = [];
  for (const name of byLength) {
    const value = wanted.get(name) ?? usual;
    // One that has the usual value needs a pattern too where a shorter one would take it.
    if (value !== usual || differing.some((key) => key.length < name.length && isRead(key, name))) {
      const ambiguous = byLength.some((other) => other.length === name.length && other !== name && isRead(name, other));
      pattern.push([escaped(name, ambiguous), value]);
    }
  }
  return { usual, pattern: Object.fromEntries(pattern) };
}

/** Whether a name with its dots as wildcards is taken for the end of another one. */
function isRead(key: string, name: string): boolean {
  const start = name.length - key.length;
  if (start < 0 || (start > 0 && name[start - 1] !== '.')) return false;
  for (let i = key.length - 1; i >= 0; i--) if (key[i] !== '.' && key[i] !== name[start + i]) return false;
  return true;
}

function escaped(name: string, dots: boolean): string {
  // As keys of an object, names that are numbers would come before all others.
  if (/^\d+$/.test(name)) return `(?:${name})`;
  const safe = name.replace(/[\\^$*+?()[\]{}|]/g, '\\$&');
  return dots ? safe.replaceAll('.', '\\.') : safe;
}

function commonest(values: readonly number[]): number {
  const counts = new Map<number, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts].reduce(
    (best, of) => (of[1] > best[1] || (of[1] === best[1] && of[0] > best[0]) ? of : best),
    [0, 0],
  )[0];
}
