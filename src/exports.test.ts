/** What is exported and imported by nobody is dead, or belongs inside its file. */

import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseSync } from 'vite';
import { describe, expect, it } from 'vitest';

const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..');
/** Path below the root → its text. */
type Sources = Readonly<Record<string, string>>;

function readSources(): Sources {
  const below = (folder: string) =>
    readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' }).map((path) =>
      posix.join(folder, path.replaceAll('\\', '/')),
    );
  const paths = [...['src', 'e2e', 'bench', 'scripts'].flatMap(below), 'vite.config.ts', 'playwright.config.ts'];
  const scripts = paths.filter((path) => /(?<!\.d)\.(tsx?|mjs)$/.test(path));
  return Object.fromEntries(scripts.map((path) => [path, readFileSync(join(ROOT, path), 'utf8')]));
}

/** Tests and what only they share. */
const isTest = (path: string) => /\.test\.tsx?$|(^|\/)(testing|gallery)\//.test(path);
const wordsOf = (text: string) => text.match(/[\w$]+/g) ?? [];
const count = (text: string, name: string) => wordsOf(text).filter((word) => word === name).length;

/** Stands for every name that a file exports. */
const EVERY = '*';

interface Exported {
  readonly path: string;
  /** Null for all that another file exports. */
  readonly name: string | null;
  readonly isType: boolean;
  /** Where it comes from, if it is only passed on: the file, and its name there. */
  readonly from: { readonly path: string; readonly name: string | null } | null;
}

/** One file takes a name from another. */
interface Use {
  readonly by: string;
  readonly path: string;
  readonly name: string;
}

const known = new WeakMap<Sources, ReturnType<typeof readAll>>();

function read(sources: Sources): ReturnType<typeof readAll> {
  const found = known.get(sources) ?? readAll(sources);
  known.set(sources, found);
  return found;
}

function readAll(sources: Sources): { exported: Exported[]; uses: Use[] } {
  const exported: Exported[] = [];
  const uses: Use[] = [];
  for (const [path, text] of Object.entries(sources)) {
    const target = (name: string) => posix.join(posix.dirname(path), name.replace(/\?.*$/, ''));
    const { module, errors } = parseSync(path, text);
    if (errors[0]) throw new Error(`${path}: ${errors[0].message}`);
    const words = ['default', ...new Set(wordsOf(text))];
    // Of a module as a whole (import * as …, import('…')) it is the words of the file that tell what is taken.
    const takeAny = (from: string) => uses.push(...words.map((name) => ({ by: path, path: from, name })));
    for (const { moduleRequest, entries } of module.staticImports) {
      for (const { importName, localName } of entries) {
        const from = target(moduleRequest.value);
        // A list of what a file exports, Object.values(all), takes every name of it.
        if (
          importName.kind === 'NamespaceObject' &&
          new RegExp(`\\b${localName.value}\\b(?!\\.\\w)`).test(text.slice(moduleRequest.end))
        )
          uses.push({ by: path, path: from, name: EVERY });
        else if (importName.kind === 'NamespaceObject') takeAny(from);
        else uses.push({ by: path, path: from, name: importName.name ?? 'default' });
      }
    }
    for (const match of text.matchAll(/\bimport\(\s*(['"`])([^'"`]+)\1/g)) if (match[2]) takeAny(target(match[2]));
    for (const entry of module.staticExports.flatMap((one) => one.entries)) {
      const name = entry.exportName.kind === 'Default' ? 'default' : entry.exportName.name;
      const from = entry.moduleRequest && { path: target(entry.moduleRequest.value), name: entry.importName.name };
      exported.push({ path, name, isType: entry.isType, from });
    }
  }
  return { exported, uses };
}

/** What is taken from each file ("path: name"), also through files that only pass it on, by those for whom `counts` holds. */
function taken(exported: readonly Exported[], uses: readonly Use[], counts: (by: string) => boolean): Set<string> {
  const found = new Set<string>();
  const passedOn = exported.filter((one) => one.from);
  const take = (path: string, name: string): void => {
    if (found.has(`${path}: ${name}`)) return;
    found.add(`${path}: ${name}`);
    for (const one of passedOn) {
      if (one.path !== path || !one.from || (one.name !== null && name !== EVERY && one.name !== name)) continue;
      take(one.from.path, one.name === null ? name : (one.from.name ?? EVERY));
    }
  };
  for (const use of uses) if (counts(use.by)) take(use.path, use.name);
  for (const { path, name } of exported) if (found.has(`${path}: ${EVERY}`)) found.add(`${path}: ${name}`);
  return found;
}

/** What no file imports; a type may be part of what another export of its file says of itself. */
function unused(sources: Sources): string[] {
  const { exported, uses } = read(sources);
  const found = taken(exported, uses, () => true);
  return exported.flatMap(({ path, name, isType, from }) => {
    if (!path.startsWith('src') || name === null || found.has(`${path}: ${name}`)) return [];
    return isType && !from && count(sources[path] ?? '', name) > 1 ? [] : [`${path}: ${name}`];
  });
}

/** What a file of the page exports, does not use itself, and only tests import: code that the page does not need. */
function onlyTested(sources: Sources): string[] {
  const { exported, uses } = read(sources);
  const found = taken(exported, uses, (by) => !isTest(by));
  const anywhere = taken(exported, uses, () => true);
  return exported.flatMap(({ path, name, from }) => {
    if (!path.startsWith('src') || isTest(path) || name === null) return [];
    const key = `${path}: ${name}`;
    return found.has(key) || !anywhere.has(key) || (!from && count(sources[path] ?? '', name) > 1) ? [] : [key];
  });
}

describe('everything that is exported', () => {
  const sources = readSources();
  /** What is still to move to testing/. */
  const KNOWN = /^src\/(charts\/matrices|state\/state)/;

  /** What a script loads through Vite, what pages are being built on, and with which links the runs of a lesson were recorded. */
  const AWAITED =
    /^src\/adapters\/file\/testing\/models\.ts: |^src\/experiment\/recorded\/|^src\/lessons\/[\w-]+\/links\.ts: /;

  it('is imported somewhere', () => {
    expect(unused(sources).filter((name) => !AWAITED.test(name))).toEqual([]);
  });

  it('is needed by more than tests', () => {
    expect(onlyTested(sources).filter((name) => !KNOWN.test(name) && !AWAITED.test(name))).toEqual([]);
  });
});

describe('the check itself', () => {
  it('finds what nobody imports, though others have the word', () => {
    const sources = {
      'src/a.ts':
        'export const used = 1; export const dead = 2; export interface Part {} export function f(p: Part) {}\n' +
        'export const whole = 3; export const later = 4; export default 5; export type Shape = 1;',
      'src/b.ts':
        "import five, { used, f, type Shape } from './a.ts'; import * as a from './a.ts'; a.whole;\n" +
        "const dead = 6; export type Lost = 1; const { later } = await import('./a.ts');",
      'src/c.ts': 'const dead = 7; export const elsewhere = 1;',
      'src/d.ts': "import { elsewhere } from './e.ts';",
    };
    expect(unused(sources)).toEqual(['src/b.ts: Lost', 'src/c.ts: elsewhere']);
    const apart = { ...sources, 'src/b.ts': sources['src/b.ts'].replace('const dead = 6;', '') };
    expect(unused({ ...apart, 'src/e.ts': 'export const elsewhere = 2;' })).toContain('src/a.ts: dead');
  });

  it('follows names that are passed on', () => {
    const sources = {
      'src/a.ts': 'export const one = 1; export const two = 2; export const three = 3;',
      'src/b.ts': "export { one, two as second } from './a.ts'; export * from './a.ts';",
      'src/c.ts': "import { second, three } from './b.ts';",
    };
    expect(unused(sources)).toEqual(['src/a.ts: one', 'src/b.ts: one']);
  });

  it('counts every name where a file is taken as a list', () => {
    const sources = {
      'src/a.ts': 'export const one = 1;',
      'src/all.ts': "export { one } from './a.ts'; export const two = 2;",
      'src/b.ts': "import * as all from './all.ts'; Object.values(all);",
    };
    expect(unused(sources)).toEqual([]);
  });

  it('tells what only tests import from what its own file uses too', () => {
    const sources = {
      'src/a.ts': 'export const inner = 1; export const sum = inner + 1; export const dead = 2;',
      'src/a.test.ts': "import { inner, sum, dead } from './a.ts';",
      'src/b.ts': "import { sum } from './a.ts';",
    };
    expect(unused(sources)).toEqual([]);
    expect(onlyTested(sources)).toEqual(['src/a.ts: dead']);
  });
});
