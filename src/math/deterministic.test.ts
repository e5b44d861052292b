import { describe, expect, it } from 'vitest';

const sources = import.meta.glob<string>(['./**/*.ts', '!./**/*.test.ts', '!./testing/*'], {
  query: '?raw',
  import: 'default',
  eager: true,
});

/** Code that makes steps on the processor: WebAssembly, whose module has no such functions, and plain JavaScript. */
const steps = import.meta.glob<string>(
  [
    '../engine/steppers/{stepper,typescript}.ts',
    '../engine/steppers/wasm/*.ts',
    '../engine/tasks/*.ts',
    '!../**/*.test.ts',
  ],
  { query: '?raw', import: 'default', eager: true },
);

/** Functions whose last bit differs between engines, and a power that is one of them in disguise. */
const UNSTABLE =
  /Math\.(a?cosh?|a?sinh?|a?tanh?|atan2|cbrt|exp|expm1|hypot|log|log1p|log2|log10|pow|random)\b|[^\d] \*\* |\*\* (?!-?\d)/g;
/** The effective rank is shown and decides no bits, so it may use the engine's logarithm. */
const ALLOWED: Readonly<Record<string, readonly string[]>> = { './spectral/spectra.ts': ['Math.exp', 'Math.log'] };

describe('from a seed to a matrix, and on the processor to the end of a run', () => {
  it('reads every file of the folder', () => {
    expect(Object.keys(sources)).toEqual(
      expect.arrayContaining(['./random.ts', './factor/svd.ts', './factor/qr.ts', './elementary.ts']),
    );
    expect(Object.keys(steps)).toEqual(
      expect.arrayContaining([
        '../engine/steppers/typescript.ts',
        '../engine/steppers/wasm/instance.ts',
        '../engine/tasks/regression.ts',
      ]),
    );
  });

  it.each(Object.entries({ ...sources, ...steps }))(
    '%s uses only what gives the same bits in every browser',
    (file, text) => {
      const code = text.replace(/\/\*[\s\S]*?\*\/|\/\/.*/g, '');
      const used = new Set(code.match(UNSTABLE) ?? []);
      expect([...used].sort()).toEqual(ALLOWED[file] ?? []);
    },
  );
});
