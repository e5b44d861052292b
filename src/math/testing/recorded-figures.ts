import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { expect } from 'vitest';

/**
 * A figure of each of many runs, as recorded under `name` in a JSON file in the folder testing/ beside the test. The runs with the lowest and
 * the highest figure are made again and compared; ALL_SEEDS=1 makes all of them, UPDATE_RECORDED=1 does so and writes.
 */
export async function recordedFigures<Case>(
  file: URL,
  name: string,
  cases: readonly Case[],
  run: (one: Case) => Promise<number>,
): Promise<readonly number[]> {
  const all: Record<string, readonly number[]> = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {};
  if (process.env.UPDATE_RECORDED) {
    const found: number[] = [];
    for (const one of cases) found.push(Number((await run(one)).toPrecision(7)));
    const lines = Object.entries({ ...all, [name]: found }).map((entry) =>
      entry.map((it) => JSON.stringify(it)).join(': '),
    );
    writeFileSync(file, `{\n${lines.map((line) => `  ${line}`).join(',\n')}\n}\n`);
    return found;
  }
  const recorded = all[name] ?? [];
  expect(recorded).toHaveLength(cases.length);
  const ends = [Math.min, Math.max].map((of) => recorded.indexOf(of(...recorded)));
  for (const [i, one] of cases.entries())
    if (process.env.ALL_SEEDS || ends.includes(i))
      expect((await run(one)) / recorded[i], `${name}, run ${i + 1} of ${cases.length}`).toBeCloseTo(1, 5);
  return recorded;
}
