/** The page built once more with the names of its functions, which a profile shows. */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';
import { listen, staticServer } from '../../scripts/serve.mjs';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const FIRST_PORT = 4379;

export async function servePageWithNames(): Promise<{ readonly url: string; readonly close: () => void }> {
  const outDir = mkdtempSync(join(tmpdir(), 'page-with-names-'));
  await build({ root: ROOT, logLevel: 'error', build: { outDir, emptyOutDir: true, minify: false } });
  const server = staticServer(outDir);
  const port = await listen(server, FIRST_PORT);
  return {
    url: `http://localhost:${port}/`,
    close() {
      server.close();
      rmSync(outDir, { recursive: true });
    },
  };
}
