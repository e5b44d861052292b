/** A test that sleeps is slow on a fast machine and fails on a slow one: it waits for a message or moves a clock of its own. */

import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const SRC = dirname(fileURLToPath(import.meta.url));
const SLEEPS = /new Promise\b[^;]*?\bsetTimeout\b|timers\/promises|Atomics\.wait\b|\bsleep\(/;
/** A timer that vi.useFakeTimers has taken over passes at once. */
const FAKE = /vi\.useFakeTimers\(/;

const sleeps = (text: string) => SLEEPS.test(text) && !FAKE.test(text);

it('no unit test sleeps', () => {
  const paths = readdirSync(SRC, { recursive: true, encoding: 'utf8' }).filter(
    (path) => /\.test\.tsx?$|[\\/]testing[\\/].*\.tsx?$/.test(path) && !path.startsWith('no-sleep'),
  );
  expect(paths.length).toBeGreaterThan(100);
  expect(paths.filter((path) => sleeps(readFileSync(join(SRC, path), 'utf8')))).toEqual([]);
});

it.each([
  'await new Promise((resolve) => setTimeout(resolve, 400));',
  'const pause = (ms: number) =>\n  new Promise<void>((resolve) => {\n    setTimeout(resolve, ms)\n  });',
  "import { setTimeout as later } from 'node:timers/promises';",
])('finds %s', (text) => expect(sleeps(text)).toBe(true));

it.each(['vi.useFakeTimers(); new Promise((r) => setTimeout(r, 5));', 'setTimeout(() => fake.lose(), 20);'])(
  'lets pass %s',
  (text) => expect(sleeps(text)).toBe(false),
);
