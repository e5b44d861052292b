import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { traceCsv } from '../../app/saving/trace-csv.ts';
import { RunFileFault } from '../../experiment/run-file/json-checks.ts';
import { readRunFile } from '../../experiment/run-file/read-run-file.ts';
import type { NetworkFileLayer, NetworkRunFile, NumberRows } from '../../experiment/run-file/run-file.ts';
import { change, defaults } from '../../experiment/settings/experiment.ts';
import type { Experiment } from '../../experiment/settings/params.ts';
import { partOf, quarterOf } from '../../math/testing/part-of.ts';
import type { State } from '../state.ts';
import { fileSizesOf } from './exported-run.ts';
import { runFileOf } from './run-file.ts';
import { isTooLong, runTextOf } from './run-text.ts';
import { openedState } from './testing/opened-state.ts';
import { trainedState } from './testing/trained-state.ts';

const STEPS = 12;

const trained = (changes: Partial<Experiment>) =>
  trainedState(change(defaults(), { target: 'digits', rank: 12, steps: STEPS, ...changes }));

const textOf = async (state: State, all = true) =>
  (await runTextOf(state.run, '1', all, async () => {}))?.pieces.join('') ?? '';

const product = (B: NumberRows, A: NumberRows) =>
  B.map((row) => A[0].map((_, j) => row.reduce((sum, b, r) => sum + b * A[r][j], 0)));

/** The matrix at the end, in float64: W, W₀ + s·B·A, or W₀. */
function merged({ base, final, initial, scaling = 1 }: NetworkFileLayer, moves: boolean): NumberRows {
  const { W, A, B, dW } = final;
  if (W) return W;
  if (!base) throw new Error('no base');
  if (dW) return base.map((row, i) => row.map((w, j) => w + dW[i][j]));
  if (!A || !B) return base;
  const now = product(B, A);
  const before = moves && initial.A && initial.B ? product(initial.B, initial.A) : null;
  return base.map((row, i) => row.map((w, j) => w + scaling * (now[i][j] - (before?.[i][j] ?? 0))));
}

/** Answers and mean cross-entropy of the network of a file for the columns of X. */
function read(layers: readonly NumberRows[], X: NumberRows, labels: readonly number[]) {
  let loss = 0;
  const answers = labels.map((label, n) => {
    let h = X.map((row) => row[n]);
    for (const [i, W] of layers.entries()) {
      const out = W.map((row) => row.reduce((sum, w, j) => sum + w * h[j], 0));
      h = i < layers.length - 1 ? out.map((v) => Math.max(0, v)) : out;
    }
    const most = Math.max(...h);
    loss += Math.log(h.reduce((sum, v) => sum + Math.exp(v - most), 0)) + most - h[label];
    return h.indexOf(most);
  });
  const right = answers.filter((answer, n) => answer === labels[n]).length;
  return { answers, accuracy: right / labels.length, loss: loss / labels.length };
}

const CASES: readonly (readonly [string, Partial<Experiment>])[] = [
  ['all three matrices, the last with a rank of its own', {}],
  ['two of three', { modules: 'in,out', adapt: 'relabel' }],
  ['PiSSA', { init: 'pissa', adapt: 'five-to-nine' }],
  ['whole matrices', { method: 'full', modules: 'hidden,out' }],
  ['A alone', { train: 'A' }],
  ['DoRA, the last with a rank of its own', { method: 'dora' }],
  ['SHiRA', { method: 'shira', entries: 200, modules: 'hidden,out' }],
  ['blocks that turn, of another size in the last matrix', { method: 'oft', block: 16 }],
];

const KEYS: Readonly<Record<string, readonly string[]>> = {
  lora: ['A', 'B'],
  dora: ['A', 'B', 'm'],
  shira: ['theta'],
  oft: ['Q'],
};

describe.each(partOf(CASES, 2, 1))('the run file of a network with %s', (_, changes) => {
  let state: State;
  let file: NetworkRunFile;
  beforeAll(async () => {
    state = await trained(changes);
    file = JSON.parse(JSON.stringify(runFileOf(state.run, '1')));
  });

  it('has a layer a matrix, with A and B, with W, or with neither', () => {
    const { rank, modules, method } = state.experiment;
    expect(file.layers.map(({ name, d, k }) => [name, d, k])).toEqual([
      ['in', 64, 64],
      ['hidden', 64, 64],
      ['out', 10, 64],
    ]);
    for (const layer of file.layers) {
      const isTrained = modules === '' || modules.split(',').includes(layer.name);
      const adapted = isTrained && method === 'lora';
      const own = adapted || method === 'dora' ? Math.min(rank, layer.d, layer.k) : 0;
      expect([layer.rank, layer.scaling, layer.target]).toEqual([own, own > 0 ? (2 * rank) / own : 1, null]);
      const keys = isTrained ? (KEYS[method] ?? []) : [];
      const [initial, final] = [Object.keys(layer.initial), Object.keys(layer.final)];
      expect(initial).toEqual(method === 'shira' && isTrained ? [...keys, 'places'] : keys);
      expect(final).toEqual(adapted || !isTrained ? keys : [...keys, method === 'full' ? 'W' : 'dW']);
      expect(layer.base).toHaveLength(layer.d);
      expect(layer.trace?.gradNormB?.length).toBe(isTrained ? STEPS + 1 : undefined);
    }
  });

  it('has the accuracies that its own matrices have on its own examples', () => {
    const layers = file.layers.map((layer) => merged(layer, state.experiment.init === 'pissa'));
    const { trace, samples } = file;
    for (const [of, name] of [
      ['heldOut', 'accuracy'],
      ['old', 'oldAccuracy'],
    ] as const) {
      const set = samples?.[of];
      const own = read(layers, set?.X ?? [], set?.labels ?? []);
      expect([trace[name]?.step[0], trace[name]?.step.at(-1)]).toEqual([0, STEPS]);
      expect(Math.abs((trace[name]?.values.at(-1) ?? 0) - own.accuracy)).toBeLessThan(2 / own.answers.length);
      const other = own.answers.filter((answer, n) => answer !== set?.answers.values.at(-1)?.[n]);
      expect(other.length).toBeLessThan(3);
      if (of === 'heldOut') expect((trace.heldOutLoss?.values.at(-1) ?? 0) / own.loss).toBeCloseTo(1, 3);
    }
    expect(trace.trainingLoss).toBeUndefined();
    expect(new Set(trace.relativeError)).toEqual(new Set([null]));
  });

  it('is read as what was written, whole or as it is stored over a reload', async () => {
    for (const all of [true, false]) {
      const text = await textOf(state, all);
      if (all) expect(JSON.parse(text)).toEqual(file);
      const again = readRunFile(text);
      expect(again.losses).toEqual(state.run.losses);
      expect(Array.from(again.trace.series.loss)).toEqual(file.trace.loss);
      expect(again.frames.map(({ answers }) => answers)).toEqual(
        [state.run.frames[0], state.run.frames.at(-1)].map((frame) => frame?.answers),
      );
      const [end, known] = [again.frames.at(-1), state.run.frames.at(-1)];
      expect(end?.modules).toHaveLength(state.run.modules.length);
      // A whole matrix is written as W₀ + ΔW: ΔW is known up to its rounding.
      for (const [i, { A, B }] of (known?.modules ?? []).entries())
        for (const [found, factor] of [
          [end?.modules[i].A, A],
          [end?.modules[i].B, B],
        ])
          for (const [n, value] of (factor ?? []).entries())
            expect(Math.abs((found?.[n] ?? 9) - value)).toBeLessThan(2e-7);
    }
    expect(isTooLong(state.run)).toBe(false);
  });

  it('is about as large as is said, and its curves are', async () => {
    const said = fileSizesOf(state.run);
    for (const [size, text] of [
      [said?.run, JSON.stringify(file)],
      [said?.csv, traceCsv(state.run, '#v=1')],
    ] as const) {
      expect((size ?? 0) / text.length).toBeGreaterThan(0.7);
      expect((size ?? 0) / text.length).toBeLessThan(1.5);
    }
  });

  it('opens with its curves and answers, contradicts nothing, and is written again as it was', async () => {
    const opened = await openedState(await textOf(state));
    expect(opened.notices.map(({ title }) => title)).toEqual([]);
    expect(opened.run.frames[0].answers).toEqual(state.run.frames[0].answers);
    const { layers, trace, samples } = JSON.parse(await textOf(opened));
    const exact = state.experiment.method !== 'full';
    if (exact) expect(layers).toEqual(file.layers);
    expect({ trace, samples }).toEqual({ trace: file.trace, samples: file.samples });
  });
});

describe('the learning rates of a network in its file', () => {
  let state: State;
  let file: ReturnType<typeof JSON.parse>;
  beforeAll(async () => {
    state = await trained({ modules: 'in,out' });
    file = JSON.parse(await textOf(state));
  });
  const edited = (edit: (file: ReturnType<typeof JSON.parse>) => void) => {
    const copy = structuredClone(file);
    edit(copy);
    return JSON.stringify(copy);
  };

  it('are one a matrix in link and config, and are read as they are', () => {
    expect(String(state.run.rate).split(',')).toHaveLength(2);
    expect(file.link).toContain(`&lr=${state.run.rate}&auto=lr,alpha&`);
    expect(file.config).toMatchObject({ lr: state.run.rate, auto: 'lr,alpha' });
    const { rate, experiment } = readRunFile(JSON.stringify(file));
    expect([rate, experiment.lr]).toEqual([state.run.rate, state.run.rate]);
  });

  it('of before, one number, are that number for all matrices: nothing is contradicted', async () => {
    const one = await trained({ modules: 'in,out', lr: 0.004 });
    const text = await textOf(one);
    expect(text).toContain('&lr=0.004&');
    const opened = await openedState(text);
    expect(opened.notices).toEqual([]);
    const losses = ({ run }: State) => [...run.trace.series.loss.slice(0, STEPS + 1)];
    expect([opened.run.rate, losses(opened)]).toEqual([0.004, losses(one)]);
  });

  it('that do not fit its matrices are named, in the link and in what was changed', () => {
    const other = (list: string) => edited((f) => (f.link = f.link.replace(/lr=[\d.,]+/, `lr=${list}`)));
    const allowed = 'a number from 10⁻²⁰ to 10¹², or 2 with commas between, one a matrix';
    for (const list of ['0.1,0.2,0.3', '0.1,-0.2', '0.1,NaN'])
      expect(() => readRunFile(other(list)), list).toThrow(
        `link: lr=${list}: must be ${allowed}; using the automatic rate.`,
      );
    const changed = (value: unknown) => edited((f) => (f.changes = [{ step: 3, key: 'lr', value }]));
    expect(readRunFile(changed('0.1,0.2')).changes).toEqual([{ step: 3, key: 'lr', value: '0.1,0.2' }]);
    expect(readRunFile(changed(0.1)).changes).toHaveLength(1);
    expect(() => readRunFile(changed('0.1,0.2,0.3'))).toThrow(
      `changes[0].value: found "0.1,0.2,0.3", expected ${allowed}.`,
    );
  });
});

describe('a file that claims other numbers', () => {
  let text = '';
  beforeAll(async () => {
    text = await textOf(await trained({}));
  });
  const claims = async (edit: (file: ReturnType<typeof JSON.parse>) => void) => {
    const file = JSON.parse(text);
    edit(file);
    const { notices } = await openedState(JSON.stringify(file));
    return notices.flatMap(({ title, texts }) => [title, ...texts]).join(' ');
  };

  it('than its link gives is reported', async () => {
    expect(await claims((f) => (f.layers[1].initial.A[3][4] = 1))).toContain('Its A at step 0 does not match.');
    expect(await claims((f) => (f.trace.loss[0] *= 1.1))).toContain('Its loss at step 0');
    expect(await claims((f) => (f.trace.accuracy.values[0] = 0.9))).toContain(
      'Its accuracy at step 0 is 0.9; the link',
    );
    const last = (f: NetworkRunFile) => (f.trace.accuracy?.step.length ?? 0) - 1;
    expect(await claims((f) => (f.trace.accuracy.values[last(f)] = 1))).toContain(
      `Its accuracy at step ${STEPS} is 1;`,
    );
  });

  it('of answers that are not those of its network shows none', async () => {
    const file = JSON.parse(text);
    for (const set of [file.samples.heldOut, file.samples.old]) {
      set.labels = [1, 2];
      set.X = null;
      set.answers.values = [
        [1, 2],
        [1, 2],
      ];
    }
    const { run } = await openedState(JSON.stringify(file));
    expect(run.frames.map(({ answers }) => answers)).toEqual([undefined, undefined]);
  });
});

describe('what is wrong with the file of a network', () => {
  let good = '';
  beforeAll(async () => {
    good = await textOf(await trained({ steps: 2, method: 'full', modules: 'out' }));
  });
  const broken = (edit: (file: ReturnType<typeof JSON.parse>) => void) => {
    const file = JSON.parse(good);
    edit(file);
    return () => readRunFile(JSON.stringify(file));
  };

  it('is named', () => {
    expect(broken((f) => f.layers.pop())).toThrow('layers: 2 entries, expected 3 layers.');
    expect(broken((f) => f.layers.push(f.layers[0]))).toThrow('layers: 4 entries; the limit is 3.');
    expect(broken((f) => f.layers.reverse())).toThrow('layers[0].name: found "out", the link says "in".');
    expect(broken((f) => (f.layers[2].rank = 4))).toThrow('layers[2].rank: found 4, the link says 0.');
    expect(broken((f) => (f.layers[2].base = null))).toThrow('layers[2].base: expected a list, found null.');
    expect(broken((f) => delete f.layers[2].final.W)).toThrow('layers[2].final.W: expected a list, found nothing.');
    expect(broken((f) => delete f.layers[2].trace)).toThrow('layers[2].trace: expected an object, found nothing.');
    expect(broken((f) => f.layers[2].trace.gradNormA.pop())).toThrow(
      'layers[2].trace.gradNormA: 2 entries, expected 3.',
    );
    expect(broken((f) => (f.trace.accuracy.values[0] = 1.5))).toThrow(
      'trace.accuracy.values, entry 0: found 1.5, expected 0 to 1.',
    );
    expect(broken((f) => delete f.trace.oldAccuracy)).toThrow('trace.oldAccuracy: expected an object');
    expect(broken((f) => f.trace.oldAccuracy.step.pop())).toThrow(/trace.oldAccuracy.(values|step)/);
    expect(broken((f) => f.samples.old.labels.push('3'))).toThrow(
      'samples.old.labels: found "3", expected whole numbers',
    );
    expect(broken((f) => f.samples.old.X[1].pop())).toThrow('samples.old.X, row 2: 596 entries, expected 597.');
    expect(broken((f) => (f.samples.heldOut.answers.values[0][5] = 700))).toThrow(
      'samples.heldOut.answers.values[0]: found 700',
    );
    expect(broken((f) => (f.samples.heldOut.answers.step[0] = 9))).toThrow('samples.heldOut.answers.step: found 9');
  });

  it('is a sentence, whatever replaces any one value', () => {
    const file = JSON.parse(good);
    // Long lists are looked into at their first entries alone.
    const paths = (value: unknown, path: (string | number)[] = []): (string | number)[][] =>
      typeof value === 'object' && value !== null
        ? [
            path,
            ...Object.entries(value)
              .slice(0, 12)
              .flatMap(([k, v]) => paths(v, [...path, k])),
          ]
        : [path];
    const all = paths(file).filter((path) => path.length > 0);
    fc.assert(
      fc.property(fc.constantFrom(...all), fc.jsonValue(), (path, value) => {
        const f = JSON.parse(good);
        const at = path.slice(0, -1).reduce<Record<string, unknown>>((o, k) => o[k] as Record<string, unknown>, f);
        at[path[path.length - 1]] = value;
        try {
          readRunFile(JSON.stringify(f));
        } catch (error) {
          expect(error).toBeInstanceOf(RunFileFault);
        }
      }),
      { numRuns: quarterOf(60) },
    );
  });
});
