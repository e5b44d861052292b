import react from '@vitejs/plugin-react';
import { defineConfig } from 'vitest/config';
import packageJson from './package.json' with { type: 'json' };
import { contentSecurityPolicy } from './scripts/build/content-security-policy.ts';
import { d3Parts } from './scripts/build/d3-parts.ts';
import { firstChunk } from './scripts/build/first-chunk.ts';
import { noteLicenses, writeLicenses } from './scripts/build/licenses.ts';
import { offline } from './scripts/build/offline.ts';
import { tfjsEntries } from './scripts/build/tfjs-entries.ts';

const first = firstChunk();
/** A hash never holds the hyphen that separates it from the file's name. */
const HASH = 'base36';

const PURE = [
  'src/{math,experiment,charts,engine,state}/**/*.test.ts',
  'src/{adapters,class,lessons}/{file,worker,model,state,charts,one-step}/**/*.test.ts',
];
const IMPURE = [
  '{src,scripts,scripts/adapter}/*.test.ts',
  'src/!(math|experiment|charts|engine|state|adapters|class|lessons)/**/*.test.{ts,tsx}',
  'src/{adapters,class,lessons}/*.test.{ts,tsx}',
  'src/{adapters,class,lessons}/!(file|worker|model|state|charts|one-step)/**/*.test.{ts,tsx}',
];
/** In the folders of the pure ones, but with a module or a global replaced. */
const APART = [
  'src/experiment/layer/cache.test.ts',
  'src/experiment/link/drawing.test.ts',
  'src/engine/steppers/wasm/missing.test.ts',
  'src/engine/backends/{chunk,graphics,guard}.test.ts',
];

export default defineConfig({
  // Relative addresses: dist/ works at any path of any static server.
  base: './',
  plugins: [react(), d3Parts(), contentSecurityPolicy(), noteLicenses(), writeLicenses(), offline(), first.plugin],
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
      hostType === 'js' && /\.wasm$|\/\w+-chunk-/.test(filename) ? { runtime: JSON.stringify(filename) } : undefined,
  },
  optimizeDeps: { include: tfjsEntries(new URL('src/engine/', import.meta.url)) },
  test: {
    environment: 'node',
    maxWorkers: 2,
    // Tests call what makes matrices by itself, without layer/problem.ts, which brings what that takes.
    setupFiles: ['src/engine/testing/wasm-in-node.ts', 'src/experiment/layer/provide-factorisations.ts'],
    testTimeout: 60_000,
    // Files of pure functions share the modules of their process; those that replace a module or a global have theirs alone.
    projects: [
      { extends: true, test: { name: 'pure', include: PURE, exclude: APART, isolate: false } },
      // A thread for each starts in half the time of a process.
      { extends: true, test: { name: 'apart', include: [...IMPURE, ...APART], pool: 'threads' } },
    ],
  },
});
