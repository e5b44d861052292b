/** What is written beside the code: its links lead somewhere, and it names what the code saves, reads and publishes. */

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { posix } from 'node:path';
import { describe, expect, it } from 'vitest';
import packageJson from '../package.json' with { type: 'json' };

const below = (folder: string) =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((path) =>
    posix.join(folder, path.replaceAll('\\', '/')),
  );
const read = (path: string) => readFileSync(path, 'utf8');

const sources = below('src').filter((path) => /\.tsx?$/.test(path) && !/\.test\.|\/(testing|gallery)\//.test(path));
const maps = below('src').filter((path) => path.endsWith('/README.md'));
const pages = [...readdirSync('.'), ...below('docs'), ...maps].filter((path) => path.endsWith('.md'));

it('every link from one page to another file leads to one', () => {
  const lost = pages.flatMap((page) =>
    [...read(page).matchAll(/\]\(([^)\s:#]+)(?:#[^)]*)?\)/g)]
      .map(([, link]) => posix.join(posix.dirname(page), link))
      .filter((path) => !existsSync(path)),
  );
  expect(lost).toEqual([]);
});

it('every file of the code that a page names is there', () => {
  const files = ['src', 'scripts', 'e2e', 'bench', 'docs'].flatMap(below);
  const named = pages.flatMap((page) =>
    [...read(page).matchAll(/`([\w./-]+\.(?:tsx?|mjs|css))`/g)].map(([, name]) => ({ page, name })),
  );
  expect(named.length).toBeGreaterThan(50);
  const lost = named.filter(({ name }) => {
    const end = `/${name.replace(/^(\.\.\/)+/, '')}`;
    return !existsSync(name) && !files.some((path) => path.endsWith(end));
  });
  expect(lost.map(({ page, name }) => `${page}: ${name}`)).toEqual([]);
});

it('CONTRIBUTING.md leads to each folder that says how to add to it', () => {
  const text = read('CONTRIBUTING.md');
  expect(maps.length).toBeGreaterThan(5);
  expect(maps.filter((path) => !text.includes(`](${path})`))).toEqual([]);
});

describe('CHANGELOG.md', () => {
  const text = read('CHANGELOG.md');

  it('has a section for this version', () => {
    expect(text).toContain(`\n## ${packageJson.version}\n`);
  });

  it('names every format and every place where the page saves something', () => {
    const names = sources.flatMap((path) =>
      [...read(path).matchAll(/'(lora-explorer[/-][\w/-]+)'/g)].map(([, name]) => name),
    );
    expect(new Set(names).size).toBeGreaterThan(7);
    expect([...new Set(names)].filter((name) => !text.includes(name))).toEqual([]);
  });

  it('names every call of the page interface', () => {
    const [, body = ''] = /interface LoraExplorer \{(.*?)\n\}/s.exec(read('src/app/page-interface.ts')) ?? [];
    const calls = [...body.matchAll(/^ {2}(?:readonly )?(\w+)[(:]/gm)].map(([, name]) => name);
    expect(calls).toContain('sweep');
    expect(calls.filter((name) => !text.includes(`\`${name}\``))).toEqual([]);
  });
});

describe('the workflow that publishes', () => {
  const text = read('.github/workflows/pages.yml');
  const [before, after] = text.split('\n  publish:\n');

  it('publishes what has passed the tests, and nothing else', () => {
    expect(before.indexOf('run: npm test')).toBeGreaterThan(0);
    expect(before.indexOf('path: dist')).toBeGreaterThan(before.indexOf('run: npm test'));
    expect(after).toContain('needs: test');
  });

  it('may read the code, and write pages in its last job alone', () => {
    expect(before).toMatch(/^permissions:\n {2}contents: read\n\n/m);
    expect(before).not.toContain('write');
    expect(after.match(/\w[\w-]*: write/g)).toEqual(['pages: write', 'id-token: write']);
  });

  it('uses GitHub’s own actions, by major version', () => {
    const actions = [...text.matchAll(/uses: (\S+)/g)].map(([, name]) => name);
    expect(actions).toHaveLength(4);
    for (const action of actions) expect(action).toMatch(/^actions\/[\w-]+@v\d+$/);
  });
});
