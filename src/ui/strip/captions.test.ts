import { describe, expect, it } from 'vitest';
import { blockReadOut, type CaptionFacts, captions, placeWords, readOut, valueWords } from './captions.ts';

const facts: CaptionFacts = {
  d: 64,
  k: 64,
  rank: 8,
  about: 'a picture',
  sigma1: 1,
  error: 0.2269,
  floor: 0.1691,
  floorRank: 8,
  blocks: { rows: 1, columns: 1 },
  drawn: 'means',
  shown: 'plain',
  moved: null,
  frozenFactor: null,
};

describe('captions', () => {
  it('give the true numbers of the experiment', () => {
    expect(captions(facts, false)).toEqual({
      W: { first: '64 × 64, not stored:', second: 'only W₀, B and A are' },
      W0: { first: '64 × 64 = 4,096 numbers,', second: 'none of them trained' },
      dW: { first: '8·(64 + 64) = 1,024 numbers,', second: '25 % of those in W₀' },
      target: { first: '64 × 64, a picture', second: 'scaled to σ₁ = 1' },
      E: { first: 'relative error ', value: '0.227', second: 'best possible at rank 8: 0.169' },
    });
  });

  it('never call more numbers a part of W₀', () => {
    expect(captions({ ...facts, rank: 64 }, false).dW.second).toBe('200 % of those in W₀');
    expect(captions({ ...facts, d: 16, k: 96, rank: 8 }, false).dW).toEqual({
      first: '8·(16 + 96) = 896 numbers,',
      second: '58.3 % of those in W₀',
    });
  });

  it('are one line on a phone', () => {
    const short = captions(facts, true);
    expect(short.dW.first).toBe('1,024 numbers, 25 %');
    expect(short.E.first).toBe('error 0.227, floor 0.169');
    expect(Object.values(short).every((caption) => caption.second === '')).toBe(true);
  });

  it('say that large matrices are drawn in blocks, and as what', () => {
    const large = { ...facts, d: 1024, k: 512, blocks: { rows: 4, columns: 2 } };
    expect(captions(large, false).target.second).toBe('drawn as means of 4 × 2 blocks');
    expect(captions({ ...large, drawn: 'extremes' }, false).target.second).toBe('largest in each 4 × 2 block');
  });

  it('leave out what is not known', () => {
    const unknown = captions({ ...facts, sigma1: null, error: null, floor: null }, false);
    expect([unknown.E.first, unknown.E.second, unknown.target.second]).toEqual(['', '', '']);
  });

  it('do not claim σ₁ = 1 where noise has moved it', () => {
    expect(captions({ ...facts, sigma1: 1.0123 }, false).target.second).toBe('σ₁ = 1.01');
  });
});

describe('captions of a start that has moved a part of W₀', () => {
  const moved = { ...facts, shown: 'frozen', moved: 0.614 } as const;

  it('say how much, and that not W₀ itself is stored', () => {
    const { W, W0 } = captions(moved, false);
    expect(W.second).toBe('only what is frozen, B and A are');
    expect([W0.first, W0.second]).toEqual(['W₀ less what B and A took:', '‖s₀·B₀·A₀‖ = 61 % of ‖W₀‖']);
    expect(captions(moved, false).dW).toEqual({
      first: '1,024 numbers, 25 % of W₀’s',
      second: 'ΔW is this − s₀·B₀·A₀',
    });
    expect(captions({ ...moved, shown: 'update' }, false).W0.second).toBe('before B and A took a part');
    expect(captions({ ...moved, moved: null }, false).W0.second).toBe('s₀·B₀·A₀');
    expect(captions(moved, true).W0.first).toBe('61 % of ‖W₀‖ moved');
  });

  it('and the read-out adds up what is shown', () => {
    const at = { rows: [0, 0], columns: [0, 0] } as const;
    const values = { W: 0.5, W0: 0.2, dW: 0.3, target: 0.1, E: -0.1 };
    const none = { W: 0, W0: 0, dW: 0, target: 0, E: 0, A: 0, B: 0 };
    const frozen = readOut(at, values, 2, none, false, 'frozen');
    expect(frozen.W.second).toBe('= W frozen + s·B·A');
    expect(frozen.dW.second).toBe('= 2·(B row 1 · A column 1)');
    const update = readOut(at, values, 2, none, false, 'update');
    expect(update.W.second).toBe('= W₀ + ΔW');
    expect(update.dW.second).toBe('= 2·(B row 1 · A column 1) − start');
    expect(valueWords(values, null, 'frozen')).toBe('s·B·A 0.300, ΔW* 0.100, still missing −0.100');
  });
});

it('a frozen factor is not counted among what trains', () => {
  expect(captions({ ...facts, d: 32, frozenFactor: 'B' }, false).dW).toEqual({
    first: '8·64 = 512 numbers,',
    second: '25 % of those in W₀',
  });
  expect(captions({ ...facts, frozenFactor: 'B', floorRank: null }, false).E.second).toBe(
    'best possible with this B: 0.169',
  );
});

describe('the read-out', () => {
  const values = { W: 0.0110304, W0: 0.0268, dW: -0.0158, target: -0.0213, E: 0.0055 };
  const clipped = { W: 37, W0: 32, dW: 0, target: 41, E: 0, A: 0, B: 0 };

  it('counts rows and columns from one and shows where ΔW comes from', () => {
    const read = readOut({ rows: [26, 26], columns: [45, 45] }, values, 2, clipped, false, 'plain');
    expect(read.dW).toEqual({ first: 'row 27, column 46: −0.0158', second: '= 2·(B row 27 · A column 46)' });
    expect(read.W0.second).toBe('off the scale: W₀ 32, W 37');
    expect(read.target.second).toBe('off the scale: ΔW 0, ΔW* 41');
    expect(read.E.second).toBe('= ΔW − ΔW*');
  });

  it('leaves out the words where they do not fit', () => {
    const read = readOut(
      { rows: [1304, 1304], columns: [189, 189] },
      values,
      1,
      clipped,
      false,
      'plain',
      (t) => t.length < 20,
    );
    expect(read.dW.first).toBe('1,305, 190: −0.0158');
  });

  const largest = { W: 0.31, W0: 0.29, dW: -0.17, target: -0.21, E: 0.08 };

  it('of a block: its mean and its largest entry, and of which step where that is not the one on show', () => {
    const now = blockReadOut(values, { values: largest, step: null }, false);
    expect(now.E).toEqual({ first: 'mean 5.50·10⁻³', second: 'largest 0.0800' });
    expect(now.target.second).toBe('largest −0.210');
    const late = blockReadOut(values, { values: largest, step: 1200 }, false);
    expect(late.dW.second).toBe('largest at step 1,200 −0.170');
    // W₀ and ΔW* are the same at every step.
    expect([late.W0.second, late.target.second]).toEqual(['largest 0.290', 'largest −0.210']);
    expect(blockReadOut(values, null, false).W.second).toBe('');
  });

  it('of a block is one line on a phone', () => {
    const short = blockReadOut(values, { values: largest, step: null }, true);
    expect(short.dW).toEqual({ first: 'mean −0.0158, largest −0.170', second: '' });
  });

  it('is said in the same words', () => {
    expect(valueWords(values, null, 'plain')).toBe('ΔW −0.0158, ΔW* −0.0213, still missing 5.50·10⁻³');
    expect(valueWords(values, { values: largest, step: 7 }, 'plain')).toBe(
      'means ΔW −0.0158, ΔW* −0.0213, still missing 5.50·10⁻³; largest entries at step 7 −0.170, −0.210, 0.0800',
    );
  });

  it('names the rows and columns of a block', () => {
    expect(placeWords({ rows: [1020, 1023], columns: [0, 3] })).toBe('rows 1,021–1,024, columns 1–4');
  });
});
