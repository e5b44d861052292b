import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { writeLink } from '../link/link.ts';
import { defaults } from '../settings/experiment.ts';
import { defaultView } from '../settings/view.ts';
import { RunFileFault } from './json-checks.ts';
import { readRunFile } from './read-run-file.ts';

const rows = (n: number, m: number, value = 0.5) => Array.from({ length: n }, () => Array(m).fill(value));

function file() {
  const experiment = { ...defaults(), d: 4, k: 3, rank: 2, truerank: 2 };
  return {
    format: 'lora-explorer/run',
    version: 1,
    app: '0.1.0',
    backend: 'cpu',
    device: 'processor',
    link: writeLink(experiment, defaultView(), 0.02),
    config: {},
    scaling: 8,
    layers: [
      {
        name: 'W',
        d: 4,
        k: 3,
        rank: 2,
        base: rows(4, 3),
        target: rows(4, 3),
        initial: { A: rows(2, 3), B: rows(4, 2, 0) },
        final: { A: rows(2, 3), B: rows(4, 2) },
        trace: {
          gradNormA: [0, 1, 0.5],
          gradNormB: [2, 1, 0.5],
          effectiveRank: { step: [0, 2], values: [0, 1] },
          spectrum: [
            { step: 0, values: [0, 0] },
            { step: 2, values: [1, 0.5] },
          ],
        },
      },
    ],
    trace: { step: [0, 1, 2], loss: [3, 2, 1], relativeError: [1, 0.8, 0.5] },
    changes: [{ step: 1, key: 'lr', value: 0.01 }],
    status: 'paused',
  };
}

type File = ReturnType<typeof file>;
const read = (change: (f: File) => unknown) => {
  const f = file();
  change(f);
  return () => readRunFile(JSON.stringify(f));
};

it('keeps the names of several devices whole', () => {
  const device = 'processor 0–40, ANGLE (NVIDIA, NVIDIA GeForce RTX 4090 Laptop GPU Direct3D11 vs_5_0) 41–300';
  const text = JSON.stringify({ ...file(), device });
  expect(readRunFile(text).computed[0].device).toBe(device);
});

describe('reading a run file', () => {
  it('gives what was written', () => {
    const run = readRunFile(JSON.stringify(file()));
    expect(Array.from(run.trace.series.loss)).toEqual([3, 2, 1]);
    expect(run.frames.at(-1)?.modules.map(({ B }) => B.length)).toEqual([8]);
    expect(run.experiment).toMatchObject({ d: 4, k: 3, rank: 2, lr: 0.02 });
    expect(run.changes).toEqual([{ step: 1, key: 'lr', value: 0.01 }]);
    expect(run.status).toBe('paused');
  });

  it.each<[string, (f: File) => unknown, RegExp]>([
    ['another format', (f) => Object.assign(f, { format: 'x' }), /format: found "x", expected "lora-explorer\/run"/],
    ['a wrong version', (f) => Object.assign(f, { version: 2 }), /version: found 2, expected 1/],
    ['ragged matrices', (f) => f.layers[0].final.A[1].pop(), /layers\[0\]\.final\.A, row 2: 2 entries, expected 3/],
    ['a missing row', (f) => f.layers[0].final.B.pop(), /final\.B: 3 rows, expected 4/],
    [
      'strings for numbers',
      (f) => Object.assign(f.layers[0].final.A, { 0: ['1', 2, 3] }),
      /row 1, entry 0: expected a finite number, found "1"/,
    ],
    [
      'NaN (written as null)',
      (f) => Object.assign(f.trace.loss, { 1: Number.NaN }),
      /loss, entry 1: expected a finite number, found null/,
    ],
    [
      'entries too large for float32',
      (f) => Object.assign(f.layers[0].final.A[0], { 0: 1e200 }),
      /too large for float32/,
    ],
    [
      'negative singular values',
      (f) => Object.assign(f.layers[0].trace.spectrum[0].values, { 1: -1 }),
      /spectrum\[0\]\.values, entry 1: found -1, expected 0 to 10¹⁰⁰/,
    ],
    [
      'singular values without a square',
      (f) => Object.assign(f.layers[0].trace.spectrum[0].values, { 0: 1e308 }),
      /spectrum\[0\]\.values, entry 0: found 1e\+308, expected 0 to 10¹⁰⁰/,
    ],
    ['sizes that are not the link’s', (f) => Object.assign(f.layers[0], { rank: 3 }), /rank: found 3, the link says 2/],
    ['lists of another length', (f) => f.trace.loss.pop(), /loss: 2 entries, expected 3/],
    ['steps out of order', (f) => Object.assign(f.trace.step, { 1: 7 }), /step, entry 1: found 7, expected 1/],
    ['a link with faults', (f) => Object.assign(f, { link: `${f.link}&rank=900` }), /link: rank: given more than once/],
    ['an unknown status', (f) => Object.assign(f, { status: 'great' }), /status: found "great"/],
    ['changes of other keys', (f) => Object.assign(f.changes[0], { key: 'rank' }), /changes\[0\]\.key: found "rank"/],
    ['two layers', (f) => f.layers.push(f.layers[0]), /layers: 2 entries; the limit is 1/],
  ])('refuses %s with a sentence that names it', (_, change, sentence) => {
    expect(read(change)).toThrow(sentence);
    expect(read(change)).toThrow(RunFileFault);
  });

  it('refuses anything that is not a run file with a sentence, never with another error', () => {
    for (const text of ['', 'not json', '[]', 'null', '{"__proto__":{"format":"lora-explorer/run"}}'])
      expect(() => readRunFile(text)).toThrow(RunFileFault);
    fc.assert(
      fc.property(fc.json(), (text) => {
        try {
          readRunFile(text);
          return false;
        } catch (error) {
          return error instanceof RunFileFault && error.message.length > 10;
        }
      }),
    );
  });

  it('survives any one value being replaced by any other', () => {
    const paths = (value: unknown, path: (string | number)[] = []): (string | number)[][] =>
      typeof value === 'object' && value !== null
        ? [path, ...Object.entries(value).flatMap(([k, v]) => paths(v, [...path, k]))]
        : [path];
    const all = paths(file()).filter((p) => p.length > 0);
    fc.assert(
      fc.property(fc.constantFrom(...all), fc.jsonValue(), (path, value) => {
        const f = file();
        const at = path.slice(0, -1).reduce<Record<string, unknown>>((o, k) => o[k] as Record<string, unknown>, f);
        at[path[path.length - 1]] = value;
        try {
          readRunFile(JSON.stringify(f));
        } catch (error) {
          expect(error).toBeInstanceOf(RunFileFault);
        }
      }),
      { numRuns: 500 },
    );
  });
});
