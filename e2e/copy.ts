/** A copy of dist/ on another server, for tests that change files, stop the server, or need other headers. */

import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import type { Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { HEADERS } from '../scripts/policy.mjs';
import { listen, staticServer } from '../scripts/serve.mjs';

const DIST = fileURLToPath(new URL('../dist/', import.meta.url));
const FIRST_PORT = 4300;
/** For `allow`: the copy has another port than the page under test. */
export const OTHER_PORT = /^request to another origin: http:\/\/localhost:/;

export interface BuildCopy {
  readonly address: string;
  /** Makes the copy look like a newer build, with the same files. */
  publishNewBuild(id: string): void;
  build(): string;
  /** From now on the copy answers 404 instead of the page. */
  losePage(): void;
  stop(): Promise<void>;
  remove(): Promise<void>;
}

export async function serveCopy(headers: Record<string, string> = HEADERS): Promise<BuildCopy> {
  const folder = mkdtempSync(join(tmpdir(), 'lora-explorer-'));
  cpSync(DIST, folder, { recursive: true });
  const server: Server = staticServer(folder, headers);
  const port = await listen(server, FIRST_PORT);
  const build = () => /name="build" content="(\w+)"/.exec(readFileSync(join(folder, 'index.html'), 'utf8'))?.[1] ?? '';
  const stop = () =>
    new Promise<void>((done) => {
      server.close(() => done());
      server.closeAllConnections();
    });
  return {
    address: `http://localhost:${port}/`,
    build,
    publishNewBuild(id) {
      const old = build();
      for (const file of ['index.html', 'sw.js']) {
        const path = join(folder, file);
        writeFileSync(path, readFileSync(path, 'utf8').replaceAll(old, id));
      }
    },
    losePage: () => rmSync(join(folder, 'index.html')),
    stop,
    async remove() {
      await stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
