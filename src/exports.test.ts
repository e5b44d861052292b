/** What is exported and used by nobody is dead, or belongs inside its file. */

import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseSync } from 'vite';
import { expect, it } from 'vitest';

const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..');
type Sources = Readonly<Record<string, string>>;

/** The files of these folders; tests, browser tests and the bench use too. */
function readSources(): Sources {
  const paths = ['src', 'e2e', 'bench'].flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' }).map((path) => join(folder, path)),
  );
  const scripts = paths.filter((path) => /(?<!\.d)\.(tsx?|mjs)$/.test(path));
  return Object.fromEntries(scripts.map((path) => [path, readFileSync(join(ROOT, path), 'utf8')]));
}

/** Every word of a text, as often as it stands there. */
const wordsOf = (text: string) => text.match(/[\w$]+/g) ?? [];

/** Names that a file exports and no other file has; a type may be part of what another export says of itself. */
function unused(sources: Sources): string[] {
  const files = Object.entries(sources).map(([path, text]) => ({ path, text, words: new Set(wordsOf(text)) }));
  const isLost = (path: string, text: string, name: string, isType: boolean) =>
    !files.some((other) => other.path !== path && other.words.has(name)) &&
    !(isType && wordsOf(text).filter((word) => word === name).length > 1);
  return files.flatMap(({ path, text }) => {
    if (!path.startsWith('src') || /\.test\.tsx?$/.test(path)) return [];
    const entries = parseSync(path, text).module.staticExports.flatMap((one) => one.entries);
    return entries.flatMap(({ exportName: { name }, isType }) =>
      name !== null && isLost(path, text, name, isType) ? [`${path}: ${name}`] : [],
    );
  });
}

it('everything that is exported is used elsewhere', () => {
  expect(unused(readSources())).toEqual([]);
});

it('finds what nobody uses', () => {
  const sources = {
    'src/a.ts': 'export const used = 1; export const dead = 2; export interface Part {} export function f(p: Part) {}',
    'src/b.ts': "import { used, f } from './a.ts'; export type Lost = 1;",
  };
  expect(unused(sources)).toEqual(['src/a.ts: dead', 'src/b.ts: Lost']);
});
