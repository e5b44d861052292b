/** Output of npm start and npm run build, as docs and other pages rely on it. */

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { gzipSync } from 'node:zlib';
import { trainRun, waitUntilReady } from './explorer.ts';
import { recordFetches, totalSize } from './first-load.ts';
import { expect, test } from './fixtures.ts';

const DIST = fileURLToPath(new URL('../dist/', import.meta.url));
const CSP =
  "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self' blob:; connect-src 'self'; " +
  "img-src 'self' data: blob:; style-src 'self'; font-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'none'";
// Scripts, styles and the page itself.
const FIRST_LOAD_LIMIT_KB = 190.5;
// All requests until the first training is over and the page is idle.
const TOGETHER_LIMIT_KB = 310;
const LARGEST_LIMIT_KB = 145;
// Fonts of the first view, and with all other glyphs.
const FIRST_FONTS_LIMIT_KB = 41;
const FONTS_LIMIT_KB = 66;

const dist = (file: string) => readFileSync(join(DIST, file));
const html = () => dist('index.html').toString();

/** Scripts and stylesheets of index.html, and the static imports of those scripts. */
function firstLoad(): string[] {
  const files = new Set<string>();
  const add = (file: string) => {
    if (files.has(file)) return;
    files.add(file);
    if (!file.endsWith('.js')) return;
    for (const [, name] of dist(file)
      .toString()
      .matchAll(/(?:^|[;\s}])(?:import|from)\s*["'`]\.\/([\w.-]+)["'`]/g)) {
      add(`assets/${name}`);
    }
  };
  for (const [tag] of html().matchAll(/<(?:script|link)\b[^>]*>/g)) {
    const address = /(?:src|href)="\.?\/?([^"]+\.(?:js|css))"/.exec(tag)?.[1];
    if (address) add(address);
  }
  return [...files];
}

// Files are fetched as on a first visit.
test.use({ reuseContext: false });

test.describe('the server', () => {
  test('sends the headers of the contract', async ({ request }) => {
    for (const path of ['', 'manifest.webmanifest', ...firstLoad(), 'sw.js']) {
      const headers = (await request.get(path)).headers();
      expect(headers['content-security-policy'], path).toBe(CSP);
      expect(headers['access-control-allow-origin'], path).toBe('*');
      expect(headers['x-content-type-options'], path).toBe('nosniff');
      expect(headers['referrer-policy'], path).toBe('no-referrer');
      expect(headers['cache-control'], path).toBe(
        path.startsWith('assets/') ? 'public, max-age=31536000, immutable' : 'no-cache',
      );
    }
  });

  test('names the type of every kind of file', async ({ request }) => {
    const types: Record<string, string> = {
      '': 'text/html; charset=utf-8',
      'sw.js': 'text/javascript; charset=utf-8',
      'shell.css': 'text/css; charset=utf-8',
      'icon.svg': 'image/svg+xml',
      'icon-192.png': 'image/png',
      'manifest.webmanifest': 'application/manifest+json',
    };
    for (const [path, type] of Object.entries(types)) {
      expect((await request.get(path)).headers()['content-type']).toBe(type);
    }
  });

  test('answers HEAD without a body', async ({ request }) => {
    const response = await request.head('');
    expect(response.status()).toBe(200);
    expect(response.headers()['content-security-policy']).toBe(CSP);
    expect(Number(response.headers()['content-length'])).toBe(dist('index.html').length);
    expect((await response.body()).length).toBe(0);
  });

  test('has nothing outside dist/', async ({ request }) => {
    for (const path of [
      'nothing-here',
      'assets/',
      '%2e%2e/package.json',
      '..%2fpackage.json',
      '%00',
      '%',
      '_headers',
    ]) {
      const response = await request.get(path);
      expect(response.status(), path).toBe(404);
      expect(response.headers()['content-security-policy'], path).toBe(CSP);
    }
    expect((await request.post('')).status()).toBe(405);
  });
});

test.describe('the build', () => {
  test('has no inline script or style, and the policy in the page too', () => {
    expect(html()).not.toMatch(/<style|\sstyle=|\son\w+=|="javascript:/i);
    for (const [tag, text] of html().matchAll(/<script\b[^>]*>([^<]*)/g)) {
      expect(tag).toContain('src="./');
      expect(text).toBe('');
    }
    const meta = /http-equiv="Content-Security-Policy" content="([^"]+)"/.exec(html())?.[1];
    expect(meta?.replaceAll('&#39;', "'")).toBe(CSP);
  });

  test('names every address relative to the page', () => {
    for (const [, address] of html().matchAll(/\s(?:src|href)="([^"]*)"/g)) expect(address).toMatch(/^\.\//);
  });

  test('has a picture for link previews, of the size that it says', () => {
    const meta = (name: string) => new RegExp(`="${name}" content="([^"]*)"`).exec(html())?.[1] ?? '';
    // Whoever publishes a copy may have put its address in front: SITE_ADDRESS.
    const png = dist(meta('og:image').replace(/^.*\//, ''));
    expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([1200, 630]);
    expect([meta('og:image:width'), meta('og:image:height')]).toEqual(['1200', '630']);
    expect(png.length).toBeLessThan(150_000);
    expect(meta('og:image:alt')).toContain('rank 1, 2, 4 and 8');
    expect(meta('twitter:card')).toBe('summary_large_image');
    // Useless offline.
    expect(dist('sw.js').toString()).not.toMatch(/social\.png|clinic\//);
  });

  test('gives hosts the same headers', () => {
    const headers = dist('_headers').toString();
    for (const line of [
      `Content-Security-Policy: ${CSP}`,
      'Access-Control-Allow-Origin: *',
      'X-Content-Type-Options: nosniff',
      'Referrer-Policy: no-referrer',
    ]) {
      expect(headers).toContain(`\n  ${line}\n`);
    }
  });

  test(`loads less than ${FIRST_LOAD_LIMIT_KB} kB before it starts the worker`, () => {
    const files = ['index.html', ...firstLoad()];
    expect(files.some((file) => /^assets\/.*\.js$/.test(file))).toBe(true);
    const bytes = files.reduce((sum, file) => sum + gzipSync(dist(file)).length, 0);
    test
      .info()
      .annotations.push({ type: 'first load', description: `${(bytes / 1000).toFixed(1)} kB gz: ${files.join(', ')}` });
    expect(bytes / 1000).toBeLessThan(FIRST_LOAD_LIMIT_KB);
  });

  test.describe('until the first training is over', () => {
    test.use({ firstVisit: true });

    test(`all that is fetched is at most ${TOGETHER_LIMIT_KB} kB, no script larger than ${LARGEST_LIMIT_KB}, and nothing that needs a graphics device`, async ({
      page,
      baseURL,
    }) => {
      const fetched = recordFetches(page, baseURL ?? '');
      await page.goto('');
      await waitUntilReady(page);
      await expect(page.locator('.say')).toBeVisible();
      expect((await trainRun(page, 50)).status).not.toBe('stopped');
      const names = () => fetched().map(({ file }) => file);
      // Requests after the run: it is saved.
      for (const last of [/\/stored-work-/, /\/run-text-/, /\/offline-/])
        await expect.poll(() => names().some((name) => last.test(name)), { message: String(last) }).toBe(true);
      await page.waitForLoadState('networkidle');
      expect(names().filter((name) => /worker-.*\.js$/.test(name))).toHaveLength(1);
      expect(names().filter((name) => /\.wasm$/.test(name))).toHaveLength(1);
      expect(names().filter((name) => /tfjs|-chunk-|-rest-/.test(name))).toEqual([]);
      const all = fetched();
      const fonts = all.filter(({ file }) => file.endsWith('.woff2'));
      const list = all.map(({ file, kB }) => `${kB.toFixed(1)} ${file}`).join(', ');
      test.info().annotations.push({ type: 'first load', description: `${totalSize(all).toFixed(1)} kB gz: ${list}` });
      expect(totalSize(all)).toBeLessThan(TOGETHER_LIMIT_KB);
      expect(totalSize(fonts)).toBeLessThan(FIRST_FONTS_LIMIT_KB);
      expect(Math.max(...all.map(({ kB }) => kB))).toBeLessThan(LARGEST_LIMIT_KB);
    });
  });

  test.describe('opened as a file', () => {
    test.use({ allow: { complaints: [/file:/] } });

    test('says that it needs a server, and how', async ({ page }) => {
      await page.goto(pathToFileURL(join(DIST, 'index.html')).href);
      await expect(page.getByText('it needs a server. Run npm start')).toBeVisible();
    });
  });

  test('has nothing of the gallery, which is for those who work on the page', () => {
    const files = readdirSync(DIST, { recursive: true, encoding: 'utf8' });
    expect(files).toContain('index.html');
    expect(files.filter((file) => file.endsWith('.html') && !/^clinic\W/.test(file))).toEqual(['index.html']);
    const texts = files.filter((file) => /\.(html|js|css)$/.test(file));
    expect(texts.filter((file) => /gallery-(page|entry)/.test(dist(file).toString()))).toEqual([]);
  });

  test('carries the licenses of what it contains', () => {
    const licenses = dist('licenses.md').toString();
    expect(licenses).toMatch(/## react-dom .*\(MIT\)/);
    expect(licenses).toContain('## LoRA Explorer Serif (GUST Font License)');
    expect(licenses).toContain('## LoRA Explorer Sans (SIL Open Font License 1.1)');
  });

  test.describe('its fonts', () => {
    test.use({ allow: { complaints: [/woff2/] } });

    test(`are at most ${FONTS_LIMIT_KB} kB; without them the text is there, and no line breaks elsewhere`, async ({
      page,
    }) => {
      const fonts = readdirSync(join(DIST, 'assets')).filter((file) => file.endsWith('.woff2'));
      expect(fonts).toHaveLength(8);
      const bytes = fonts.reduce((sum, file) => sum + dist(`assets/${file}`).length, 0);
      expect(bytes / 1000).toBeLessThan(FONTS_LIMIT_KB);
      const line = page.getByText('LoRA fine-tunes a large matrix').first();
      const sizes: (readonly [number, number])[] = [];
      let standIn = false;
      for (const [blocked, status] of [
        [true, 'error'],
        [false, 'loaded'],
      ] as const) {
        await page.route('**/*.woff2', (route) => (blocked ? route.abort() : route.continue()));
        await page.goto('./#v=1&target=picture');
        await page.reload();
        await expect(line).toBeVisible();
        await page.waitForFunction(
          (wanted) =>
            [...document.fonts].some(({ family, status }) => /Explorer Serif/.test(family) && status === wanted),
          status,
        );
        sizes.push(
          await line.evaluate((element) => {
            const range = document.createRange();
            range.selectNodeContents(element);
            const { width, height } = range.getBoundingClientRect();
            return [width, height] as const;
          }),
        );
        standIn ||= await page.evaluate(() =>
          [...document.fonts].some(
            ({ family, status }) => /(Palatino|Times|Serif) until/.test(family) && status === 'loaded',
          ),
        );
        await page.unrouteAll();
      }
      // A machine without any of the fallback fonts has nothing to compare.
      if (!standIn) return;
      const [before, after] = sizes;
      expect(Math.abs(before[0] / after[0] - 1)).toBeLessThan(0.03);
      expect(Math.abs(before[1] - after[1])).toBeLessThan(3);
    });
  });
});
