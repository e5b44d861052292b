import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { build, type Plugin } from 'vite';

/** Served, but of no use to the page: settings of hosts, notes for robots and for readers, the picture for link previews. */
const NOT_KEPT = new Set(['_headers', 'robots.txt', 'licenses.md', 'social.png', 'index.html']);
const PLACEHOLDER = '%BUILD%';

/** All files that the service worker keeps beside the page itself, relative to dist/, in a fixed order. */
function keptFiles(dist: string): string[] {
  return readdirSync(dist, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) =>
      join(entry.parentPath, entry.name)
        .slice(dist.length + 1)
        .replaceAll('\\', '/'),
    )
    .filter((file) => !NOT_KEPT.has(file))
    .sort();
}

/** The id of a build: a hash of what it consists of, so that building the same twice is no new version. */
function buildId(dist: string, files: readonly string[]): string {
  const hash = createHash('sha256');
  for (const file of ['index.html', ...files]) hash.update(`${file}\n`).update(readFileSync(join(dist, file)));
  return hash.digest('hex').slice(0, 16);
}

/** Writes the finished build's id into index.html, and dist/sw.js with that id and the list of files. */
export function offline(): Plugin {
  let dist = '';
  return {
    name: 'offline',
    apply: 'build',
    configResolved(config) {
      dist = resolve(config.root, config.build.outDir);
    },
    transformIndexHtml: () => [{ tag: 'meta', attrs: { name: 'build', content: PLACEHOLDER }, injectTo: 'head' }],
    // Not closeBundle: that runs after a failed build too, and would hide what failed.
    async writeBundle() {
      const page = join(dist, 'index.html');
      const files = keptFiles(dist);
      const id = buildId(dist, files);
      writeFileSync(page, readFileSync(page, 'utf8').replace(PLACEHOLDER, id));
      await build({
        configFile: false,
        logLevel: 'warn',
        publicDir: false,
        define: { __BUILD__: JSON.stringify(id), __FILES__: JSON.stringify(files) },
        build: {
          outDir: dist,
          emptyOutDir: false,
          target: 'es2022',
          rolldownOptions: {
            input: 'src/offline/service-worker.ts',
            output: { format: 'iife', entryFileNames: 'sw.js' },
          },
        },
      });
    },
  };
}
