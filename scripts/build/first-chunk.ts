import type { Plugin } from 'vite';

/** Where the page begins. */
const ENTRY = /\/src\/app\/main\.tsx$/;
/** What the lab fetches next: its charts. */
const CHARTS = /\/src\/(charts\/charts\.ts|ui\/figures\/chart-grid\.tsx)$/;

/**
 * What the page imports before anything else, and what its charts import beside that, as two groups of modules: in one file
 * a group compresses better (7 kB, 3 kB) than in the dozen into which it falls where later scripts need parts of it too.
 */
export function firstChunk() {
  const first = new Set<string>();
  const charts = new Set<string>();
  const plugin: Plugin = {
    name: 'first-chunk',
    buildEnd() {
      const gather = (entry: RegExp, into: Set<string>) => {
        const left = [...this.getModuleIds()].filter((id) => entry.test(id));
        for (let id = left.pop(); id; id = left.pop()) {
          if (first.has(id) || into.has(id)) continue;
          into.add(id);
          left.push(...(this.getModuleInfo(id)?.importedIds ?? []));
        }
      };
      gather(ENTRY, first);
      gather(CHARTS, charts);
    },
  };
  const named = (debugName: string, ids: ReadonlySet<string>, priority: number) => ({
    ...{ debugName, priority },
    name: (id: string) => (ids.has(id) ? debugName : null),
  });
  // React is the same from one version of the page to the next: a browser that has it fetches the rest alone.
  const react = { name: 'react', test: /\/node_modules\/(react|react-dom|scheduler)\//, priority: 3 };
  // What the page begins with is gathered first: nothing of it waits in the file of the charts.
  return { plugin, groups: [react, named('first', first, 2), named('charts', charts, 1)] };
}
