import type { Bout, Contestant } from './contestant.ts';
import { type Counts, counted } from './counts.ts';
import type { Size } from './start.ts';

/** Milliseconds of one call: the whole, and the part before it gives the page's thread back. */
export interface Timed {
  readonly all: number;
  readonly script: number;
}

export function corner<Start, Case = Size>(
  contestants: readonly Contestant<Start>[],
  startOf: (size: Case) => Start | Promise<Start>,
) {
  const open = new Map<string, Bout>();
  const named = (name: string) => {
    const found = contestants.find((one) => one.name === name);
    if (!found) throw new Error(`There is no contestant ${name}.`);
    return found;
  };
  const bout = (name: string): Bout => {
    const found = open.get(name);
    if (!found) throw new Error(`${name} is not open.`);
    return found;
  };

  return {
    names: contestants.map(({ name }) => name),
    async open(name: string, size: Case): Promise<void> {
      open.set(name, await named(name).open(await startOf(size)));
    },
    async time(name: string, n: number): Promise<Timed> {
      const before = performance.now();
      const made = bout(name).steps(n);
      const between = performance.now();
      await made;
      return { all: performance.now() - before, script: between - before };
    },
    count: (name: string, n: number): Promise<Counts> => counted(() => bout(name).steps(n)),
    async lossAfter(name: string, size: Case, n: number): Promise<number> {
      const contestant = named(name);
      const run = await contestant.open(await startOf(size));
      try {
        return await run.steps(n + contestant.lag);
      } finally {
        run.dispose();
      }
    },
    close(name: string): void {
      open.get(name)?.dispose();
      open.delete(name);
    },
  };
}

export type Corner<Case = Size> = ReturnType<typeof corner<unknown, Case>>;
