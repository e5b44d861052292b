import { describe, expect, it } from 'vitest';
import { CHARTS } from '../charts.ts';
import { effectiveRank } from '../effective-rank/effective-rank.ts';
import { error } from '../error/error.ts';
import { timeline } from '../error/timeline.ts';
import { EXPLANATIONS } from '../explanations.ts';
import { gradients } from '../gradients/gradients.ts';
import { losses } from '../losses/losses.ts';
import { spectrum } from '../spectrum/spectrum.ts';
import { madeUpScene, withSampleLosses } from '../testing/made-up-scene.ts';

const ALL = [...CHARTS, timeline];
const scene = madeUpScene({ rank: 8, step: 96 });

describe.each(ALL)('$name in words', (chart) => {
  it('describes what is there, and says something else when that changes', () => {
    const texts = [0, 40, 96].map((step) => chart.describe(madeUpScene({ rank: 8, step })));
    expect(new Set(texts).size).toBe(3);
    expect(texts[2]).toContain('Training, step 96 of 300.');
    expect(chart.describe({ ...scene, empty: 'Nothing is open.' })).toBe('Nothing is open.');
  });

  it('has a table as wide as its head, with finite numbers', () => {
    for (const others of [[], [4], [4, 8, 2, 16]]) {
      const { columns, rows } = chart.table(madeUpScene({ rank: 8, step: 60, others }));
      expect(rows.length).toBeGreaterThan(10);
      for (const row of rows) {
        expect(row).toHaveLength(columns.length);
        for (const value of row) if (typeof value === 'number') expect(Number.isFinite(value)).toBe(true);
      }
    }
  });

  it('explains itself with the numbers of this run, without e-notation or undefined', () => {
    for (const step of [0, 96]) {
      const now = madeUpScene({ rank: 8, step });
      const { paragraphs, formulas, numbers } = EXPLANATIONS[chart.name](now);
      const text = [...paragraphs, ...formulas, numbers, chart.help(now), chart.describe(now)].join('\n');
      expect(paragraphs.length).toBeGreaterThan(1);
      expect(text).not.toMatch(/undefined|NaN|\de[-+]?\d|null/);
    }
  });
});

it('reads out exact values at the cursor', () => {
  const alignment = {
    left: Float64Array.from({ length: 8 }, (_, i) => (i === 4 ? Number.NaN : 0.98)),
    right: new Float64Array(8),
  };
  const now = { ...scene, alignment };
  expect(spectrum.readout(now, 3)).toMatch(
    /^direction 3: ΔW 0\.\d{3}, ΔW\* 0\.299, subspace match 0\.980 \(left singular vectors\)$/,
  );
  expect(spectrum.readout(now, 5)).not.toContain('match');
  expect(spectrum.readout(now, 16)).toBe('direction 16: ΔW –, ΔW* 0.0474');
  expect(error.readout(now, 16)).toMatch(/^rank 16: lowest possible 0\.\d{3}, trains 2,048 numbers$/);
  expect(error.readout(now, 8)).toMatch(/^rank 8: this run 0\.\d{3}, lowest possible 0\.\d{3}, trains 1,024 numbers$/);
  expect(gradients.readout(now, 0)).toBe('step 0: A 0, B 0.600');
  expect(effectiveRank.readout(now, 0)).toBe('step 0: 0');
});

it('puts the numbers of the run into the formula of the error', () => {
  const { numbers } = EXPLANATIONS.error(scene);
  const [, left, norm, ratio] = /= ([\d.]+)\/([\d.]+) = ([\d.]+);/.exec(numbers) ?? [];
  expect(Number(left) / Number(norm)).toBeCloseTo(Number(ratio), 2);
});

it('says how far above the floor a run is', () => {
  expect(error.describe(scene)).toMatch(/Relative error 0\.\d+ at rank 8, 0\.0\d+ above the floor of 0\.\d+/);
  const there = {
    ...scene,
    curves: { ...scene.curves, relativeError: [...Array(97)].map(() => scene.target?.floor[8] ?? 0) },
  };
  expect(error.describe(there)).toContain('at the floor of');
});

it('says why a gradient is 0', () => {
  const at = (zeroAtStart: 'A' | 'B' | 'both') => gradients.describe(madeUpScene({ rank: 8, step: 0, zeroAtStart }));
  expect(at('B')).toContain('The gradient of A was exactly 0 at step 0, because B = 0.');
  expect(at('A')).toContain('The gradient of B was exactly 0 at step 0, because A = 0.');
  expect(at('both')).toContain('nothing can move');
});

it('changes axis and words with the definition of effective rank', () => {
  const kinds = ['entropy', 'entropy-squared', 'participation', 'stable'] as const;
  const helps = kinds.map((definition) => effectiveRank.help({ ...scene, definition }));
  const values = kinds.map((definition) => effectiveRank.readout({ ...scene, definition }, 96));
  expect(new Set(helps).size).toBe(4);
  expect(new Set(values).size).toBe(4);
});

describe('where only the leading singular values of ΔW* are known', () => {
  const large = { d: 4096, k: 4096, known: 64, step: 96 };
  const [within, beyond] = [madeUpScene({ ...large, rank: 16 }), madeUpScene({ ...large, rank: 128 })];

  it('says so, with the error, in description, table head and explanation', () => {
    for (const chart of [spectrum, error]) {
      for (const scene of [within, beyond]) {
        expect(chart.describe(scene)).toContain('only the leading 64 singular values');
        expect(chart.describe(scene)).toContain('error of about 2.0·10⁻⁴·σ₁');
        expect(chart.table(scene).columns.join()).toContain('leading 64, error 2.0·10⁻⁴·σ₁');
        expect(EXPLANATIONS[chart.name](scene).paragraphs.join()).toContain('leading 64');
      }
    }
    expect(effectiveRank.describe(within)).toContain('only the leading 64');
  });

  it('says by how much a floor may lie too high, where that shows', () => {
    const target = within.target ?? null;
    const open = Float64Array.from({ length: 65 }, (_, i) => (i === 64 ? 0.004 : i === 16 ? 0.002 : 1e-7));
    const scene = { ...within, target: target && { ...target, open } };
    const at = (index: number) => error.readout(scene, index);
    expect(at(64)).toMatch(/lowest possible 0\.\d+ \(at most 4·10⁻³ too high\), /);
    expect(at(63)).not.toContain('too high');
    expect(error.describe(scene)).toMatch(/ above the floor of 0\.\d+ \(at most 2·10⁻³ too high\)\./);
    const onIt = {
      ...scene,
      curves: { ...scene.curves, relativeError: new Float64Array(97).fill(scene.ownFloor.value ?? 0) },
    };
    expect(error.describe(onIt)).toContain(', not measurably above the floor of');
    expect(error.describe({ ...onIt, target: within.target })).toContain(', at the floor of');
    const { columns, rows } = error.table(scene);
    expect([columns[2], rows[63][2]]).toEqual(['floor may be lower by', 0.004]);
    expect(rows[64].slice(1, 3)).toEqual([null, null]);
    expect(rows[0]).toHaveLength(columns.length);
    expect(error.table(within).columns).toHaveLength(columns.length - 1);
  });

  it('has a floor up to the last of them and none beyond', () => {
    expect(error.describe(within)).toContain('above the floor of');
    expect(error.describe(beyond)).toContain('The floor at rank 128 is not known.');
    expect(EXPLANATIONS.error(beyond).numbers).not.toContain('floor');
    expect(error.readout(within, 64)).toMatch(/lowest possible 0\.\d+, /);
    expect(error.readout(within, 65)).toContain('floor not known, ');
    expect(spectrum.readout(within, 65)).toContain('ΔW* not known');
    expect(
      error
        .table(within)
        .rows.slice(63, 65)
        .map((row) => typeof row[1]),
    ).toEqual(['number', 'object']);
    expect(timeline.table(beyond).rows[0][2]).toBeNull();
  });

  it('has the stable rank of ΔW*, which needs only σ₁ and the norm, and no other', () => {
    const columns = (definition: typeof scene.definition) =>
      effectiveRank.table({ ...within, definition }).rows.map((row) => row[3]);
    expect(new Set(columns('entropy'))).toEqual(new Set([null]));
    const { values, norm } = within.target ?? { values: [0], norm: 0 };
    expect(columns('stable')[0]).toBeCloseTo((norm / values[0]) ** 2, 12);
  });
});

it('of a spectrum that is known by construction says so, and keeps its floor', () => {
  const made = scene.target && { ...scene.target, how: 'constructed' as const, error: 1.2e-6 };
  const now = { ...scene, target: made };
  for (const chart of [spectrum, error]) {
    expect(chart.describe(now)).toContain('known from its construction');
    expect(chart.table(now).columns.join()).toContain('exact by construction, error below 1.2·10⁻⁶·σ₁');
  }
  expect(error.readout(now, 64)).toContain('lowest possible 0,');
});

describe('where a factor is frozen', () => {
  const { floor } = scene.target ?? { floor: [] };
  const held = { ...scene, frozenFactor: 'B', ownFloor: { by: 'frozen', value: floor[8] } } as const;

  it('counts only what trains: r·k', () => {
    expect(error.readout(held, 16)).toContain(', trains 1,024 numbers');
    expect(error.describe(held)).toContain('Break-even rank 64.');
    const { paragraphs } = EXPLANATIONS.error(held);
    expect(paragraphs.join(' ')).toContain(
      'Rank 8 trains 512 numbers, 12.5% of the 4,096 in W₀. With one factor frozen',
    );
    expect(EXPLANATIONS.error({ ...held, curves: { ...held.curves, length: 0 } }).numbers).toBe(
      'r* = dk/k = 4,096/64 = 64',
    );
    expect(error.table(held).columns).toContain('trained parameters ik');
    expect(error.table(held).rows[7].slice(2, 4)).toEqual([512, 12.5]);
  });
});

describe('where the start has moved a part of W₀ into the adapter', () => {
  const moved = { ...scene, ownFloor: { by: 'moved', value: 0.1 } } as const;
  const said = (chart: (typeof ALL)[number], now: typeof scene = moved) => {
    const { paragraphs, formulas, numbers } = EXPLANATIONS[chart.name](now);
    return [...paragraphs, ...formulas, numbers].join('\n');
  };

  it('calls the spectrum that of the adapter, and ΔW what has up to 2r directions', () => {
    const alignment = { left: new Float64Array(8).fill(0.5), right: new Float64Array(8) };
    const words = said(spectrum);
    expect(words).toContain('‖s·B·A‖²_F = ');
    expect(words).not.toMatch(/‖ΔW‖|ΔW = s·B·A(?! −)|learned so far/);
    expect(words).toContain('s·B·A can have at most 8 directions');
    expect(words).toContain('ΔW = s·B·A − s₀·B₀·A₀ leaves out the part of W₀ and can have up to 16');
    expect(said(spectrum, { ...moved, rank: 40 })).toContain('up to 64');
    expect(spectrum.readout({ ...moved, alignment }, 3)).toContain('subspace match of ΔW 0.5');
    expect(spectrum.table(moved).columns).toContain('subspace match of ΔW (right singular vectors)');
    expect(said(spectrum, scene)).toContain('ΔW = s·B·A = Σ');
  });

  it('takes the residual of ΔW, not of the adapter', () => {
    expect(said(gradients)).toContain('E = s·B·A − s₀·B₀·A₀ − ΔW*');
    expect(said(gradients, scene)).toContain('E = s·B·A − ΔW*');
  });

  it('has the floors of what the adapter has to become', () => {
    const floors = { training: 0.09, heldOut: 0.3 };
    const words = said(losses, withSampleLosses(moved, [0.1, 0.6], floors));
    expect(words).toContain('Y′ = Y − W_frozen·X');
    expect(words).toContain('(ΔW* + s₀·B₀·A₀)·sqrt(C)');
    expect(words).not.toContain('W₀·X');
    expect(words).not.toContain('σᵢ²(ΔW*·sqrt(C))');
    const plain = said(losses, withSampleLosses(scene, [0.1, 0.6], floors));
    expect(plain).toContain('Y′ = Y − W₀·X');
    expect(plain).toContain('σᵢ²(ΔW*·sqrt(C))');
  });
});

describe('the course of the gradients', () => {
  const course = (changes: Partial<typeof scene>) =>
    EXPLANATIONS.gradients({ ...scene, ...changes }).paragraphs.join(' ');

  it('does not say that they die out under Adam, nor that those of a dead start fall', () => {
    expect(course({})).toContain('Both lines fall as less is left to learn. Adam');
    expect(course({})).toContain('can then rise again');
    expect(course({ zeroAtStart: 'both' })).not.toContain('fall');
  });

  it('tells the gradient of a frozen factor from one that is used', () => {
    const held = course({ frozenFactor: 'B', ownFloor: { by: 'frozen', value: 0.3 } });
    expect(held).toContain('The line of A falls');
    expect(held).toContain('B is frozen: its gradient is measured but not used.');
    expect(held).not.toContain('Both lines');
  });
});
