/** Reads the imports of every file and holds them against the map in src/README.md: who may know whom. */

import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseSync } from 'vite';
import { describe, expect, it } from 'vitest';

/** Folder → the folders that it may import from, beside itself. */
const ARROWS: Readonly<Record<string, readonly string[]>> = {
  math: [],
  experiment: ['math'],
  protocol: ['experiment'],
  engine: ['math', 'experiment', 'protocol'],
  bridge: ['protocol', 'experiment'],
  state: ['experiment', 'protocol'],
  charts: ['math', 'experiment'],
  ui: ['state', 'charts', 'experiment'],
  lessons: ['ui', 'charts', 'experiment', 'math'],
  app: ['math', 'experiment', 'protocol', 'engine', 'bridge', 'state', 'charts', 'ui', 'lessons'],
  offline: [],
};

/** Package → the folders that may import it: one each, so that it can be replaced. */
const PACKAGES: ReadonlyArray<readonly [RegExp, readonly string[]]> = [
  [/^react(-dom)?(\/|$)/, ['ui', 'app']],
  [/^d3(-\w+)*(\/|$)/, ['charts']],
  [/^@tensorflow\//, ['engine']],
  [/^idb-keyval$/, ['app']],
];

/** Path below src/ → its text. */
type Sources = Readonly<Record<string, string>>;

const SRC = dirname(fileURLToPath(import.meta.url));
/** Tests may import anything, and so may what only they share: folders named "testing", and the gallery of charts. */
const isTest = (path: string) => /\.test\.tsx?$|(^|\/)(testing|gallery)\//.test(path);

function readSources(): Sources {
  const paths = readdirSync(SRC, { recursive: true, encoding: 'utf8' })
    .map((path) => path.replaceAll('\\', '/'))
    .filter((path) => /(?<!\.d)\.tsx?$/.test(path) && !isTest(path));
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

const folderOf = (path: string) => (path.includes('/') ? (path.split('/', 1)[0] ?? '') : '');
/** A relative import as a path below src/; "../package.json" and the like lead out of it and start with "..". */
const target = (from: string, name: string) => posix.join(posix.dirname(from), name);

function wrongArrows(sources: Sources): string[] {
  return Object.entries(sources).flatMap(([path, text]) => {
    const folder = folderOf(path);
    const allowed = ARROWS[folder];
    if (!allowed) return [`${path} lies in no folder of the map`];
    return importsOf(path, text).flatMap((name) => {
      if (name.startsWith('.')) {
        const to = target(path, name);
        const toFolder = folderOf(to);
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

describe('the map of src/', () => {
  const sources = readSources();

  it('reads the files that are there', () => {
    expect(Object.keys(sources)).toContain('app/offline.ts');
  });

  it('has no arrow that it does not show', () => {
    expect(wrongArrows(sources)).toEqual([]);
  });

  it('has no cycle between files', () => {
    expect(cycle(sources)).toBeNull();
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
    ['ui/a.ts', "import type { Frame } from '../protocol/messages.ts';"],
    ['bridge/a.ts', "type T = import('../engine/loop.ts').T;"],
    ['state/a.ts', "const later = import('../bridge/b.ts');"],
    ['bridge/a.ts', "import '@tensorflow/tfjs-core/dist/register_all_gradients';"],
    ['offline/a.ts', "import '../app/b.ts';"],
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

  it('finds a cycle', () => {
    const sources = {
      'math/a.ts': "import { b } from './b.ts';",
      'math/b.ts': "import { c } from './deep/c.ts';",
      'math/deep/c.ts': "import { b } from '../b.ts';",
    };
    expect(cycle(sources)).toEqual(['math/b.ts', 'math/deep/c.ts', 'math/b.ts']);
  });
});
