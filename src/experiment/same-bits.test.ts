import { expect, it } from 'vitest';

/** Exact in every browser: correctly rounded, or no rounding at all. Math.exp, e.g., differs in the last bit. */
const EXACT = ['PI', 'abs', 'ceil', 'clz32', 'floor', 'fround', 'imul', 'max', 'min', 'round', 'sign', 'sqrt', 'trunc'];

// numbers.ts writes texts, and what is predicted is drawn as a line: no matrix comes from them, but from dials.ts.
const files = {
  ...import.meta.glob<string>(['./**/*.ts', '!./**/*.test.ts', '!./numbers.ts', '!./prediction/**'], {
    query: '?raw',
    import: 'default',
    eager: true,
  }),
  ...import.meta.glob<string>('./prediction/dials.ts', { query: '?raw', import: 'default', eager: true }),
};

it('a link’s matrices need no function whose bits depend on the browser', () => {
  expect(Object.keys(files)).toEqual(
    expect.arrayContaining([
      './targets/low-rank.ts',
      './targets/draws.ts',
      './methods/starts.ts',
      './prediction/dials.ts',
    ]),
  );
  for (const [file, text] of Object.entries(files)) {
    const code = text.replace(/\/\*[\s\S]*?\*\/|\/\/.*/g, '');
    const used = Array.from(code.matchAll(/Math\.(\w+)/g), ([, name]) => name);
    const powers = Array.from(code.matchAll(/\w \*\* /g), ([power]) => power);
    expect({ file, others: [...used.filter((name) => !EXACT.includes(name)), ...powers] }).toEqual({
      file,
      others: [],
    });
  }
});
