import { readdirSync, readFileSync } from 'node:fs';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vitest/config';
import packageJson from './package.json' with { type: 'json' };
import { clinicPages } from './scripts/build/clinic-pages.ts';
import { contentSecurityPolicy } from './scripts/build/content-security-policy.ts';
import { d3Parts } from './scripts/build/d3-parts.ts';
import { firstChunk } from './scripts/build/first-chunk.ts';
import { noteLicenses, writeLicenses } from './scripts/build/licenses.ts';
import { offline } from './scripts/build/offline.ts';
import { siteTags } from './scripts/build/site-address.ts';
import { tfjsEntries } from './scripts/build/tfjs-entries.ts';

const first = firstChunk();
/** A hash never holds the hyphen that separates it from the file's name. */
const HASH = 'base36';

/** In the folders of pure functions, but with a module or a global replaced. */
const APART = [
  'src/adapters/file/checkpoints/without-webassembly.test.ts',
  'src/experiment/layer/cache.test.ts',
  'src/experiment/link/drawing.test.ts',
  'src/engine/steppers/wasm/missing.test.ts',
  'src/engine/backends/chunk.test.ts',
  'src/engine/backends/graphics.test.ts',
  'src/engine/backends/guard.test.ts',
  'src/engine/backends/on-demand.test.ts',
];
const PURE =
  /^src\/(math|experiment|charts|engine|state|(adapters|class|clinic|lessons)\/(file|worker|model|state|charts|one-step|cases|reader))\//;
/** Elsewhere: a module, a global or the clock is replaced, or there is a document. */
const REPLACES = /\bvi\.(mock|doMock|resetModules|stubGlobal|spyOn|useFakeTimers)\b|@vitest-environment|\bglobalThis\b/;

/** They put back what they replace, or only name it. */
const RESTORED = ['src/app/drafts/measure-drafts.test.ts', 'src/app/wire.test.ts', 'src/no-sleep.test.ts'];

const textOf = (file: string) => readFileSync(new URL(file, import.meta.url), 'utf8');
const tests = ['src', 'scripts'].flatMap((folder) =>
  readdirSync(new URL(folder, import.meta.url), { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.test\.tsx?$/.test(file))
    .map((file) => `${folder}/${file.replaceAll('\\', '/')}`),
);
const apart = tests.filter(
  (file) => APART.includes(file) || (!PURE.test(file) && !RESTORED.includes(file) && REPLACES.test(textOf(file))),
);
const together = tests.filter((file) => !apart.includes(file));

export default defineConfig({
  // Relative addresses: dist/ works at any path of any static server.
  base: './',
  plugins: [
    react(),
    d3Parts(),
    contentSecurityPolicy(),
    noteLicenses(),
    writeLicenses(),
    clinicPages(),
    siteTags(),
    offline(),
    first.plugin,
  ],
  define: { 'import.meta.env.VITE_APP_VERSION': JSON.stringify(packageJson.version) },
  build: {
    target: 'es2022',
    sourcemap: false,
    modulePreload: { polyfill: false },
    // No data: addresses, so that every file is cached, counted and allowed by the policy in the same way.
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 1000,
    rolldownOptions: { output: { hashCharacters: HASH, codeSplitting: { groups: first.groups } } },
  },
  // One classic script: in a sandboxed frame only a classic worker from a blob starts.
  worker: {
    format: 'iife',
    plugins: () => [noteLicenses()],
    rolldownOptions: { output: { hashCharacters: HASH, codeSplitting: false } },
  },
  experimental: {
    // A worker that was started from a blob has no address that a relative one could be resolved against, so what the worker
    // fetches is named relative to the page ("assets/….wasm"), and the page tells the worker where it is.
    renderBuiltUrl: (filename, { hostType }) =>
      hostType === 'js' && /\.(wasm|f16|deflate)$|\/\w+-chunk-/.test(filename)
        ? { runtime: JSON.stringify(filename) }
        : undefined,
  },
  optimizeDeps: { include: tfjsEntries(new URL('src/engine/', import.meta.url)) },
  test: {
    environment: 'node',
    maxWorkers: 2,
    setupFiles: ['src/engine/testing/wasm-in-node.ts'],
    // No test asserts a time, and a busy machine takes more than the second that is the default.
    testTimeout: 240_000,
    expect: { poll: { timeout: 30_000 } },
    // The report marks a test that needed its second try.
    retry: 1,
    // Files of pure functions share the modules of their process; those that replace a module or a global have theirs alone.
    projects: [
      { extends: true, test: { name: 'pure', include: together.filter((file) => PURE.test(file)), isolate: false } },
      { extends: true, test: { name: 'plain', include: together.filter((file) => !PURE.test(file)), isolate: false } },
      // A thread for each starts in half the time of a process.
      { extends: true, test: { name: 'apart', include: apart, pool: 'threads' } },
    ],
  },
});
