import { fileURLToPath } from 'node:url';
import type { Page } from '@playwright/test';
import { build, type Rolldown } from 'vite';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
/** Below the page's own address, where the server has nothing: the test answers every request. */
const PATH = 'workbench/';
const HTML = `<!doctype html><meta charset="utf-8"><title>Workbench</title><link rel="icon" href="data:,">
<script type="module" src="./entry.js"></script>`;
const TYPES: Readonly<Record<string, string>> = {
  js: 'text/javascript',
  wasm: 'application/wasm',
  json: 'application/json',
  css: 'text/css',
};

type Files = ReadonlyMap<string, string | Uint8Array>;
const bundles = new Map<string, Promise<Files>>();

/**
 * Opens a blank page that runs a TypeScript module of this repository: parts of the engine in a real browser, without the
 * application. The module may import from src/ and from packages, and exposes functions to a test:
 *
 *     // e2e/workbench/sum.ts
 *     const workbench = { sum: (x: number, y: number) => x + y };
 *     export type Workbench = typeof workbench;
 *     Object.assign(globalThis, { workbench });
 *
 *     // a test
 *     await openWorkbench(page, 'e2e/workbench/sum.ts');
 *     await page.evaluate(() => (globalThis as unknown as { workbench: Workbench }).workbench.sum(1, 2));
 *
 * The page has the test server's origin, a secure context, so `navigator.gpu` exists; it has no content security policy.
 * A module is bundled once per process, in memory. Needs `baseURL` in the test's settings.
 * @param entry path of the module from the repository's root
 */
export async function openWorkbench(page: Page, entry: string): Promise<void> {
  const bundle = bundles.get(entry) ?? bundled(entry);
  bundles.set(entry, bundle);
  const files = await bundle;
  await page.route(`**/${PATH}**`, (route) => {
    const name = new URL(route.request().url()).pathname.split(`/${PATH}`)[1];
    if (name === '') return route.fulfill({ contentType: 'text/html', body: HTML });
    const body = files.get(name);
    if (body === undefined) return route.fulfill({ status: 404 });
    const contentType = TYPES[name.slice(name.lastIndexOf('.') + 1)] ?? 'application/octet-stream';
    return route.fulfill({ contentType, body: typeof body === 'string' ? body : Buffer.from(body) });
  });
  await page.goto(PATH);
  await page.waitForFunction(() => 'workbench' in globalThis);
}

async function bundled(entry: string): Promise<Files> {
  const result = await build({
    root: ROOT,
    configFile: false,
    base: './',
    logLevel: 'error',
    build: {
      write: false,
      target: 'es2022',
      minify: false,
      modulePreload: { polyfill: false },
      assetsInlineLimit: 0,
      chunkSizeWarningLimit: 10_000,
      rolldownOptions: {
        input: fileURLToPath(new URL(`../../${entry}`, import.meta.url)),
        output: { entryFileNames: 'entry.js' },
      },
    },
    // As for the page: reason in vite.config.ts.
    worker: { format: 'iife', rolldownOptions: { output: { codeSplitting: false } } },
    experimental: {
      renderBuiltUrl: (filename, { hostType }) =>
        hostType === 'js' && /\.wasm$|\/tfjs-chunk-/.test(filename) ? { runtime: JSON.stringify(filename) } : undefined,
    },
  });
  const { output } = (Array.isArray(result) ? result[0] : result) as Rolldown.RolldownOutput;
  return new Map(output.map((file) => [file.fileName, file.type === 'chunk' ? file.code : file.source]));
}
