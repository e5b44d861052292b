/** Counts that may only fall: how large the code is, and how often it makes anew what one piece of the kit could be. */

import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, posix, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const SRC = dirname(fileURLToPath(import.meta.url));
const paths = readdirSync(SRC, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile())
  .map(({ parentPath, name }) => relative(SRC, join(parentPath, name)).replaceAll('\\', '/'));
const textOf = (path: string) => readFileSync(join(SRC, path), 'utf8');
const read = (pattern: RegExp) =>
  new Map(
    paths
      .filter((path) => pattern.test(path) && !/\.test\.tsx?$|(^|\/)(testing|gallery)\/|\.d\.ts$/.test(path))
      .map((path) => [path, textOf(path)]),
  );

const code = read(/\.tsx?$/);
const styles = read(/\.css$/);
const outside = new Map([...code].filter(([path]) => !path.startsWith('kit/')));

const lineCount = (text: string) => text.split('\n').length - 1;
const sum = (numbers: Iterable<number>) => [...numbers].reduce((all, one) => all + one, 0);
const linesIn = (files: ReadonlyMap<string, string>) => sum([...files.values()].map(lineCount));
const hits = (pattern: RegExp, files: ReadonlyMap<string, string> = code) =>
  sum([...files.values()].map((text) => text.match(pattern)?.length ?? 0));
const filesWith = (pattern: RegExp) => [...code.values()].filter((text) => pattern.test(text)).length;

/** Files and folders directly in a folder, style sheets left out. */
function rooms(folder: string): number {
  const inside = [...code.keys()].filter((path) => path.startsWith(`${folder}/`));
  return new Set(inside.map((path) => path.slice(folder.length + 1).split('/', 1)[0])).size;
}

function importsOf(text: string): string[] {
  return [...text.matchAll(/(?:from|import)\s*\(?\s*['"](\.[^'"?]+)['"]/g)].map(([, name]) => name);
}

/** Files of at most 40 lines that a single file imports; an entry of a chunk (`?worker&url`) has one by nature. */
function small(): number {
  const users = new Map<string, number>();
  for (const [path, text] of code)
    for (const name of new Set(importsOf(text).map((it) => posix.join(posix.dirname(path), it))))
      users.set(name, (users.get(name) ?? 0) + 1);
  return [...code].filter(([path, text]) => lineCount(text) <= 40 && users.get(path) === 1).length;
}

/** Names of types and interfaces that two files or more define. */
function namesDefinedTwice(): number {
  const counts = new Map<string, number>();
  for (const text of code.values())
    for (const name of new Set([...text.matchAll(/^(?:export )?(?:type|interface) (\w+)/gm)].map(([, it]) => it)))
      counts.set(name, (counts.get(name) ?? 0) + 1);
  return [...counts.values()].filter((count) => count > 1).length;
}

const mediaConditions = () =>
  new Set([...styles.values()].flatMap((text) => text.match(/@media[^{]+/g) ?? []).map((it) => it.replace(/\s+/g, ' ')))
    .size;

it.each<readonly [string, () => number, number]>([
  ['lines of code', () => linesIn(code), 129219],
  ['files of code', () => code.size, 906],
  ['lines of style sheets', () => linesIn(styles), 9464],
  ['different media conditions', () => mediaConditions(), 10],
  ['files of at most 40 lines that one file imports', () => small(), 18],
  ['type names that two files define', () => namesDefinedTwice(), 0],
  ['figures outside the kit', () => hits(/<figure[\s>]/g, outside), 4],
  ['groups of buttons outside the kit', () => hits(/role="group"/g, outside), 0],
  ['lists of tabs outside the kit', () => hits(/role="tablist"/g, outside), 1],
  ['canvas painters', () => hits(/getContext\('2d'/g), 4],
  [
    'key handlers outside the kit',
    () => hits(/onKeyDown(Capture)?=(?!\{arrowKeys\()|addEventListener\('keydown'/g, outside),
    8,
  ],
  ['files that measure text', () => filesWith(/\btextWidth\b/), 5],
  ['searches for a free place', () => hits(/\bplaceLabels\b/g), 0],
  ['lines that take the first module for granted', () => hits(/^.*(\bSHOWN\b|modules\[0\]|\[module\] =).*$/gm), 0],
  ['rooms of charts', () => rooms('charts'), 14],
  ['rooms of ui', () => rooms('ui'), 22],
  ['rooms of experiment', () => rooms('experiment'), 18],
  ['rooms of engine', () => rooms('engine'), 15],
])('%s', (_what, count, ceiling) => {
  expect(count()).toBeLessThanOrEqual(ceiling);
});
