// @vitest-environment happy-dom
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, it, vi } from 'vitest';
import { OWN, PARTS, storedWords } from './forget.tsx';

afterEach(() => {
  localStorage.clear();
  vi.resetModules();
});

/** The keys and databases that the code stores under, read from the code. */
function stored(): { readonly keys: readonly string[]; readonly databases: readonly string[] } {
  const texts = readdirSync('src', { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /(?<!\.test)\.tsx?$/.test(entry.name) && entry.name !== 'forget.tsx')
    .map(({ parentPath, name }) => readFileSync(join(parentPath, name), 'utf8'));
  const all = (pattern: RegExp) => texts.flatMap((text) => [...text.matchAll(pattern)].map(([, name]) => name));
  const keyed = texts.filter((text) => text.includes('SHELF.set('));
  const shelved = keyed.flatMap((text) => [...text.matchAll(/const KEY = '([^']+)'/g)].map(([, name]) => name));
  expect(shelved).toHaveLength(keyed.length);
  // Nothing else may store: no other way to the storage of a browser.
  const direct = texts.filter((text) => /\b(localStorage|sessionStorage|indexedDB)\b/.test(text));
  expect(direct).toHaveLength(1);
  return { keys: [...shelved, ...all(/storedText\('([^']+)'[,)]/g)], databases: all(/openShelf\('([^']+)'/g) };
}

it('every key of the page is forgotten, and has its words in the question', () => {
  const { keys, databases } = stored();
  expect(keys.length).toBeGreaterThanOrEqual(6);
  for (const key of keys) expect(key.startsWith(OWN), key).toBe(true);
  expect([...new Set(databases)].sort()).toEqual(['keyval-store', 'lora-explorer-sweeps']);
  expect(storedWords([keys, [], ['a sweep']])).not.toContain('other settings');
  expect(storedWords([keys, keys, ['a sweep']])).toContain('the results of your sweeps');
  expect(storedWords([['lora-explorer/kept-run'], ['lora-explorer/left-run'], []])).toEqual(['your last run']);
  expect(PARTS).toHaveLength(3);
});

it('deletes what is the page’s own and nothing else, and then stores nothing more', async () => {
  const { forgetAll, storedNames, storedText, storedTexts } = await import('../../kit/storage.ts');
  const deleted: string[] = [];
  const names = ['lora-explorer/kept-run', 'of another page'];
  const shelf = { names: async () => names, del: async (name: string) => void deleted.push(name) };
  localStorage.setItem('of another page', 'stays');
  const nickname = storedText('lora-explorer/nickname');
  nickname.set('Ada');
  const parts = [{ shelf, prefix: OWN }, storedTexts(OWN)];
  sessionStorage.setItem('lora-explorer/teaching', 'owl:2');
  expect(await storedNames(parts[1])).toEqual(['lora-explorer/nickname', 'lora-explorer/teaching']);
  await forgetAll(parts);
  expect(deleted).toEqual(['lora-explorer/kept-run']);
  expect(sessionStorage.getItem('lora-explorer/teaching')).toBeNull();
  expect([nickname.get(), localStorage.getItem('of another page')]).toEqual([null, 'stays']);
  // A page that is left stores its run: not now.
  nickname.set('Ada');
  expect(nickname.get()).toBeNull();
});
