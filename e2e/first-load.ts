import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import type { Page } from '@playwright/test';

const DIST = fileURLToPath(new URL('../dist/', import.meta.url));

export interface FetchedFile {
  readonly file: string;
  readonly kB: number;
}

/**
 * Records the requests of a page and its workers under `base`, each file once, in order. The context must block service
 * workers: ours fetches every file.
 */
export function recordFetches(page: Page, base: string): () => readonly FetchedFile[] {
  const files = new Set<string>();
  page.on('request', (request) => {
    if (!request.url().startsWith(base)) return;
    const { pathname } = new URL(request.url());
    files.add(pathname.slice(new URL(base).pathname.length) || 'index.html');
  });
  return () => [...files].map((file) => ({ file, kB: sent(file) / 1000 }));
}

/** Bytes on the wire: a font is compressed already. */
function sent(file: string): number {
  const bytes = readFileSync(join(DIST, file));
  return (file.endsWith('.woff2') ? bytes : gzipSync(bytes)).length;
}

export function totalSize(files: readonly FetchedFile[]): number {
  return files.reduce((sum, { kB }) => sum + kB, 0);
}
