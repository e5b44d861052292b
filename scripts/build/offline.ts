import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { build, type Plugin } from 'vite';

/** Served, but not needed by the page: settings of hosts, notes, the picture for link previews. */
const NOT_KEPT = new Set(['_headers', 'robots.txt', 'sitemap.xml', 'licenses.md', 'social.png', 'index.html']);
/**
 * The pages of the clinic are for those who come from elsewhere: the app itself has their words. Some hosts answer NAME.html
 * with a redirect, and a redirect from a cache is an error if a person follows a link to it.
 */
const ELSEWHERE = /^clinic\//;
const PLACEHOLDER = '%BUILD%';
const LIST = 'files.json';

function builtFiles(dist: string): string[] {
  return readdirSync(dist, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) =>
      join(entry.parentPath, entry.name)
        .slice(dist.length + 1)
        .replaceAll('\\', '/'),
    )
    .filter((file) => file !== LIST)
    .sort();
}

/** The id of a build: a hash of its content, so that an identical build is no new version. */
function buildId(dist: string, files: readonly string[]): string {
  const hash = createHash('sha256');
  for (const file of ['index.html', ...files]) hash.update(`${file}\n`).update(readFileSync(join(dist, file)));
  return hash.digest('hex').slice(0, 16);
}

/** Writes the finished build's id into index.html and, with the list of files, dist/files.json and dist/sw.js. */
export function offline(): Plugin {
  let dist = '';
  return {
    name: 'offline',
    apply: 'build',
    configResolved(config) {
      dist = resolve(config.root, config.build.outDir);
    },
    transformIndexHtml: () => [{ tag: 'meta', attrs: { name: 'build', content: PLACEHOLDER }, injectTo: 'head' }],
    // Not closeBundle: that runs after a failed build too, and would hide the failure.
    async writeBundle() {
      const page = join(dist, 'index.html');
      // Hosts read their settings from _headers and do not serve it.
      const all = builtFiles(dist).filter((file) => file !== 'sw.js' && file !== '_headers');
      // The service worker's files in addition to the page itself.
      const files = all.filter((file) => !NOT_KEPT.has(file) && !ELSEWHERE.test(file));
      const id = buildId(dist, files);
      writeFileSync(join(dist, LIST), JSON.stringify({ build: id, files: [...all, LIST, 'sw.js'] }));
      writeFileSync(page, readFileSync(page, 'utf8').replace(PLACEHOLDER, id));
      await build({
        configFile: false,
        logLevel: 'warn',
        publicDir: false,
        define: { __BUILD__: JSON.stringify(id), __FILES__: JSON.stringify([...files, LIST]) },
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
