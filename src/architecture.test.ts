/** Reads the imports of every file and holds them against the map in src/README.md: who may know whom. */

import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, posix, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseSync } from 'vite';
import { describe, expect, it } from 'vitest';

const SRC = dirname(fileURLToPath(import.meta.url));

/** Folder → the folders that it may import from, beside itself. */
type Arrows = Readonly<Record<string, readonly string[]>>;

/** The table of the map: a folder in the first column of a row, what it imports in the last. */
function arrowsIn(map: string): Arrows {
  const rows = [...map.matchAll(/^\| `([\w/-]+)\/` \|.*\| ([^|]+) \|$/gm)].map(
    ([, folder, names]) => [folder, names] as const,
  );
  const folders = rows.map(([folder]) => folder);
  return Object.fromEntries(
    rows.map(([folder, names]) => {
      if (names === 'nothing') return [folder, []];
      if (names === 'everything') return [folder, folders];
      const listed = names.split(', ');
      const unknown = listed.filter((name) => !folders.includes(name));
      if (unknown.length > 0) throw new Error(`${folder} imports ${unknown.join(', ')}, which the map does not have`);
      return [folder, listed];
    }),
  );
}

const MAP = readFileSync(join(SRC, 'README.md'), 'utf8');
const ARROWS = arrowsIn(MAP);

/** Package → the folders that may import it: one each, so that it can be replaced. */
const PACKAGES: ReadonlyArray<readonly [RegExp, readonly string[]]> = [
  [
    /^react(-dom)?(\/|$)/,
    ['kit', 'kit/modules', 'ui', 'lessons', 'app', 'adapters/view', 'adapters/app', 'class/ui', 'clinic/ui', 'plan/ui'],
  ],
  [
    /^d3(-\w+)*(\/|$)/,
    ['charts', 'adapters/charts', 'class/charts', 'kit', 'lessons/charts', 'plan/charts', 'clinic/charts'],
  ],
  [/^@tensorflow\//, ['engine']],
  [/^idb-keyval$/, ['kit']],
  [/^uqr$/, ['class/ui']],
];

/** Path below src/ → its text. */
type Sources = Readonly<Record<string, string>>;

/** Tests may import anything, and so may what only they share: folders named "testing", and the gallery of charts. */
const isTest = (path: string) => /\.test\.tsx?$|(^|\/)(testing|gallery)\//.test(path);

function readPaths(): string[] {
  const entries = readdirSync(SRC, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return entries.map(({ parentPath, name }) => relative(SRC, join(parentPath, name)).replaceAll('\\', '/'));
}

const isProduction = (path: string) => /(?<!\.d)\.tsx?$/.test(path) && !isTest(path);

function readSources(): Sources {
  const paths = readPaths().filter(isProduction);
  return Object.fromEntries(paths.map((path) => [path, readFileSync(join(SRC, path), 'utf8')]));
}

/** What a file imports, types included, without queries such as "?url". */
function importsOf(path: string, text: string): string[] {
  const { module, errors } = parseSync(path, text);
  if (errors[0]) throw new Error(`${path}: ${errors[0].message}`);
  const fixed = module.staticImports.map((entry) => entry.moduleRequest.value);
  const passedOn = module.staticExports.flatMap((entry) => entry.entries.map((one) => one.moduleRequest?.value));
  // import('…') as an expression and as a type
  const inPlace = [...text.matchAll(/\bimport\(\s*(['"`])([^'"`]+)\1/g)].map((match) => match[2]);
  const all = [...fixed, ...passedOn, ...inPlace].filter((name) => name !== undefined);
  return [...new Set(all.map((name) => name.replace(/\?.*$/, '')))];
}

/** The folder of the map that a file lies in: the innermost of those that hold it, '' if none does. */
function folderOf(path: string, arrows: Arrows): string {
  const holding = Object.keys(arrows).filter((folder) => path.startsWith(`${folder}/`));
  return holding.reduce((inner, folder) => (folder.length > inner.length ? folder : inner), '');
}
/** A relative import as a path below src/; "../package.json" and the like lead out of it and start with "..". */
const target = (from: string, name: string) => posix.join(posix.dirname(from), name);

function wrongArrows(sources: Sources, arrows = ARROWS): string[] {
  return Object.entries(sources).flatMap(([path, text]) => {
    const folder = folderOf(path, arrows);
    const allowed = arrows[folder];
    if (!allowed) return [`${path} lies in no folder of the map`];
    return importsOf(path, text).flatMap((name) => {
      if (name.startsWith('.')) {
        const to = target(path, name);
        const toFolder = folderOf(to, arrows);
        const shown = toFolder === folder || allowed.includes(toFolder);
        return shown && !isTest(to) ? [] : [`${path} → ${to}`];
      }
      const users = PACKAGES.find(([pattern]) => pattern.test(name))?.[1] ?? [];
      return users.includes(folder) ? [] : [`${path} → package ${name}`];
    });
  });
}

/** The first cycle between files that is found, as a list that ends where it begins, or null. */
function cycle(sources: Sources): string[] | null {
  const done = new Set<string>();
  const visit = (path: string, trail: readonly string[]): string[] | null => {
    if (trail.includes(path)) return [...trail.slice(trail.indexOf(path)), path];
    const text = sources[path];
    if (text === undefined || done.has(path)) return null;
    for (const name of importsOf(path, text)) {
      const found = name.startsWith('.') ? visit(target(path, name), [...trail, path]) : null;
      if (found) return found;
    }
    done.add(path);
    return null;
  };
  for (const path of Object.keys(sources)) {
    const found = visit(path, []);
    if (found) return found;
  }
  return null;
}

/** Folders with more files directly in them than anybody reads through. */
function crowded(paths: readonly string[], max: number): string[] {
  const counts = new Map<string, number>();
  const files = paths.filter((path) => !path.endsWith('.md'));
  for (const path of files) counts.set(posix.dirname(path), (counts.get(posix.dirname(path)) ?? 0) + 1);
  return [...counts].flatMap(([folder, count]) => (count > max ? [`${folder}: ${count}`] : []));
}

/**
 * Two files of one name in folders that belong together: a folder and one inside it (but for x.ts beside x/, and the
 * list of a folder), or the chart and the component that shows it.
 */
function namesakes(paths: readonly string[]): string[] {
  const files = paths.map((path) => ({
    path,
    folder: posix.dirname(path),
    name: posix.basename(path).replace(/\..*$/, ''),
  }));
  const inside = (folder: string, outer: string) => folder.startsWith(`${outer}/`);
  const shown = (folder: string, other: string) =>
    /(^|\/)charts\//.test(`${folder}/`) && /(^|\/)(ui|view)\//.test(`${other}/`);
  return files.flatMap(({ path, folder, name }) =>
    files.flatMap((other) => {
      if (name !== other.name || /^(all|index)$/.test(name)) return [];
      return inside(other.folder, folder) || shown(folder, other.folder) ? [`${path} and ${other.path}`] : [];
    }),
  );
}

describe('the map of src/', () => {
  const sources = readSources();

  it('reads the files that are there', () => {
    expect(Object.keys(sources)).toContain('app/offline.ts');
  });

  it('has at most 45 lines', () => {
    expect(MAP.split('\n').length - 1).toBeLessThanOrEqual(45);
  });

  it('has no arrow that it does not show', () => {
    expect(wrongArrows(sources)).toEqual([]);
  });

  it('has no cycle between files', () => {
    expect(cycle(sources)).toBeNull();
  });

  it('has fewer than 1,000 files of the page', () => {
    expect(Object.keys(sources).length).toBeLessThan(1000);
  });

  it('has no folder with more than 25 files', () => {
    expect(crowded(readPaths(), 25)).toEqual([]);
  });

  it('has no two files of one name in folders that belong together', () => {
    expect(namesakes(readPaths().filter(isProduction))).toEqual([]);
  });
});

describe('the check itself', () => {
  it.each([
    ['math/a.ts', "import { b } from '../experiment/b.ts';"],
    ['math/a.ts', "import { svd } from 'svd-js';"],
    ['charts/a.ts', "export { b } from '../ui/b.tsx';"],
    ['charts/a.ts', "import { memo } from 'react';"],
    ['ui/a.tsx', "import { select } from 'd3';\nexport const view = <p>{select.name}</p>;"],
    ['ui/a.tsx', "import { select } from 'd3-selection';"],
    ['ui/a.ts', "import type { Frame } from '../engine/protocol/messages.ts';"],
    ['engine/bridge/a.ts', "type T = import('../loop.ts').T;"],
    ['state/a.ts', "const later = import('../engine/bridge/b.ts');"],
    ['engine/bridge/a.ts', "import '@tensorflow/tfjs-core/dist/register_all_gradients';"],
    ['offline/a.ts', "import '../app/b.ts';"],
    ['adapters/file/a.ts', "import { numbers } from '../../experiment/numbers.ts';"],
    ['ui/a.tsx', "import { open } from '../adapters/view/b.tsx';"],
    ['engine/a.ts', "import { readFileSync } from 'node:fs';"],
    ['engine/a.ts', "import { backEnds } from './testing/back-ends.ts';"],
    ['elsewhere/a.ts', ''],
    ['a.ts', ''],
  ])('refuses in %s: %s', (path, text) => {
    expect(wrongArrows({ [path]: text })).toHaveLength(1);
  });

  it.each([
    ['engine/a.ts', "import url from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm.wasm?url';"],
    ['app/a.ts', "import url from '../engine/worker.ts?worker&url';\nimport { createRoot } from 'react-dom/client';"],
    ['ui/parts/a.tsx', "import { b } from '../b.tsx';\nimport { useId } from 'react';"],
  ])('lets pass in %s: %s', (path, text) => {
    expect(wrongArrows({ [path]: text })).toEqual([]);
  });

  it('reads the arrows from the table', () => {
    const map =
      '| folder | what | imports |\n| --- | --- | --- |\n| `a/` | the `b` of it | nothing |\n| `b/` | x | a |\n| `c/` | y | everything |\n';
    expect(arrowsIn(map)).toEqual({ a: [], b: ['a'], c: ['a', 'b', 'c'] });
    expect(() => arrowsIn(map.replace('| a |', '| a, d |'))).toThrow('b imports d');
    const sources = { 'a/x.ts': "import { y } from '../b/y.ts';", 'b/y.ts': "import { x } from '../a/z.ts';" };
    expect(wrongArrows(sources, arrowsIn(map))).toEqual(['a/x.ts → b/y.ts']);
  });

  it('counts the files directly in a folder', () => {
    const paths = ['a/1.ts', 'a/2.svg', 'a/b/3.ts', 'a/b/4.ts', 'a/b/5.test.ts'];
    expect(crowded(paths, 2)).toEqual(['a/b: 3']);
  });

  it('finds two files of one name', () => {
    const paths = [
      'charts/x/strip.ts',
      'ui/strip/strip.tsx',
      'ui/keys.ts',
      'ui/panels/keys.tsx',
      'math/keys.ts',
      'a/all.ts',
      'a/b/all.ts',
    ];
    expect(namesakes(paths)).toEqual(['charts/x/strip.ts and ui/strip/strip.tsx', 'ui/keys.ts and ui/panels/keys.tsx']);
  });

  it('finds a cycle', () => {
    const sources = {
      'math/a.ts': "import { b } from './b.ts';",
      'math/b.ts': "import { c } from './deep/c.ts';",
      'math/deep/c.ts': "import { b } from '../b.ts';",
    };
    expect(cycle(sources)).toEqual(['math/b.ts', 'math/deep/c.ts', 'math/b.ts']);
  });
});
