import { expect, it } from 'vitest';

/** Exact in every browser: correctly rounded, or no rounding at all. Others, such as Math.exp, differ in the last place. */
const EXACT = ['abs', 'ceil', 'clz32', 'floor', 'fround', 'imul', 'max', 'min', 'round', 'sign', 'sqrt', 'trunc'];

/** All but test data, and spectra.ts, which measures and makes nothing. */
const files: Record<string, string> = {
  ...import.meta.glob<string>(['../math/*.ts', '!../math/*.test.ts', '!../math/hard-cases.ts', '!../math/spectra.ts'], {
    query: '?raw',
    import: 'default',
    eager: true,
  }),
  ...import.meta.glob<string>(['./**/*.ts', '!./**/*.test.ts'], { query: '?raw', import: 'default', eager: true }),
};

it('a link’s matrices need no function whose bits depend on the browser', () => {
  expect(Object.keys(files).length).toBeGreaterThan(40);
  for (const [file, text] of Object.entries(files)) {
    const code = text.replace(/\/\*[\s\S]*?\*\/|\/\/.*/g, '');
    const used = Array.from(code.matchAll(/Math\.(\w+)/g), ([, name]) => name);
    expect({ file, others: used.filter((name) => !EXACT.includes(name)) }).toEqual({ file, others: [] });
  }
});
