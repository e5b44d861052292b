import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ENTRY = /from '(@tensorflow\/[^'?]+)'/g;
const isTest = (path: string) => /\.test\.ts$|(^|[\\/])testing[\\/]/.test(path);

/** Every import of TensorFlow.js in a folder, to be pre-bundled: a missing one makes the first run reload or fail. */
export function tfjsEntries(folder: URL): string[] {
  const sources = fileURLToPath(folder);
  const paths = readdirSync(sources, { recursive: true, encoding: 'utf8' });
  const found = paths
    .filter((path) => path.endsWith('.ts') && !isTest(path))
    .flatMap((path) => [...readFileSync(join(sources, path), 'utf8').matchAll(ENTRY)].map(([, entry]) => entry));
  return [...new Set(found)].sort();
}
