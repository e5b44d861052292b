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
  const differing = shapesOf(byLength.filter((name) => wanted.get(name) !== usual));
  const taken = takenBySeveral(byLength);
  const pattern: [string, number][] = [];
  for (const name of byLength) {
    const value = wanted.get(name) ?? usual;
    // One that has the usual value needs a pattern too where a shorter one would take it.
    if (value !== usual || endsOf(name).some((end) => isTaken(differing, end))) {
      pattern.push([escaped(name, taken.has(name)), value]);
    }
  }
  return { usual, pattern: Object.fromEntries(pattern) };
}

/** Keys by their length, then by where they have dots: those of one shape are looked up at once. */
type Shapes = ReadonlyMap<number, ReadonlyMap<string, ReadonlySet<string>>>;

/** Of a length with more shapes than that, every name counts as taken: at worst it gets a pattern that it did not need. */
const MOST = 32;

function shapesOf(keys: readonly string[]): Shapes {
  const shapes = new Map<number, Map<string, Set<string>>>();
  for (const key of keys) {
    const ofLength = shapes.get(key.length) ?? new Map<string, Set<string>>();
    shapes.set(key.length, ofLength);
    const shape = dotsOf(key).join();
    const alike = ofLength.get(shape) ?? new Set<string>();
    ofLength.set(shape, alike.add(key));
  }
  return shapes;
}

/** Whether a key with its dots as wildcards reads the whole of a text. */
function isTaken(shapes: Shapes, text: string): boolean {
  const ofLength = shapes.get(text.length);
  if (!ofLength) return false;
  if (ofLength.size > MOST) return true;
  for (const [shape, keys] of ofLength) if (keys.has(withDots(text, shape))) return true;
  return false;
}

/** The names that, as keys, read another name of their length too. */
function takenBySeveral(names: readonly string[]): ReadonlySet<string> {
  const shapes = shapesOf(names);
  const several = new Set<string>();
  for (const name of names) {
    const ofLength = shapes.get(name.length) ?? new Map<string, ReadonlySet<string>>();
    if (ofLength.size > MOST) several.add(name);
    else {
      for (const [shape, keys] of ofLength) {
        const key = withDots(name, shape);
        if (key !== name && keys.has(key)) several.add(key);
      }
    }
  }
  return several;
}

const dotsOf = (name: string): readonly number[] => [...name.matchAll(/\./g)].map(({ index }) => index);

/** What follows each dot of a name. */
const endsOf = (name: string): readonly string[] => dotsOf(name).map((dot) => name.slice(dot + 1));

/** The text with dots at the places of a shape. */
function withDots(text: string, shape: string): string {
  if (shape === '') return text;
  const letters = text.split('');
  for (const place of shape.split(',')) letters[Number(place)] = '.';
  return letters.join('');
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
