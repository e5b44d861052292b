import { describe, expect, it } from 'vitest';
import { areTooLong, type CaptionFacts, captions, symbolOf } from './captions.ts';

const facts: CaptionFacts = {
  d: 64,
  k: 64,
  rank: 8,
  about: 'a picture',
  sigma1: 1,
  error: 0.2269,
  floor: 0.1691,
  floorBy: 'at rank 8',
  blocks: { rows: 1, columns: 1 },
  drawn: 'means',
  shown: 'plain',
  moved: null,
  frozenFactor: null,
  blank: false,
  portrait: null,
  first: false,
  aside: 'target',
};

describe('captions', () => {
  it('give the true numbers of the experiment', () => {
    expect(captions(facts, false)).toEqual({
      W: { first: '64 × 64, computed on the fly;', second: 'only W₀, B and A are stored' },
      W0: { first: '64 × 64 = 4,096 numbers,', second: 'none of them trained' },
      dW: { first: '8·(64 + 64) = 1,024 numbers,', second: '25% as many as in W₀' },
      target: { first: '64 × 64, a picture', second: 'scaled to σ₁ = 1' },
      E: { first: 'relative error ', value: '0.227', second: 'lowest possible at rank 8: 0.169' },
    });
  });

  it('never call more numbers a part of W₀', () => {
    expect(captions({ ...facts, rank: 64 }, false).dW.second).toBe('200% as many as in W₀');
    expect(captions({ ...facts, d: 16, k: 96, rank: 8 }, false).dW).toEqual({
      first: '8·(16 + 96) = 896 numbers,',
      second: '58.3% as many as in W₀',
    });
  });

  it('are fewer words where there is little room', () => {
    const brief = captions(facts, true);
    expect(brief.dW.first).toBe('1,024 numbers, 25%');
    expect(brief.E.first).toBe('error 0.227, floor 0.169');
    expect(brief.W).toEqual({ first: '64 × 64; only W₀,', second: 'B and A are stored' });
    for (const { second } of [brief.W0, brief.dW, brief.target, brief.E]) expect(second).toBe('');
    expect(captions({ ...facts, floor: null }, true).E).toEqual({ first: 'error ', value: '0.227', second: '' });
  });

  it('say that large matrices are drawn in blocks, and as what', () => {
    const large = { ...facts, d: 1024, k: 512, blocks: { rows: 4, columns: 2 } };
    expect(captions(large, false).target.second).toBe('means of 4 × 2 blocks');
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

describe('captions of an initialisation that has moved a part of W₀', () => {
  const moved = { ...facts, shown: 'frozen', moved: 0.614 } as const;

  it('say how much, and that not W₀ itself is stored', () => {
    const { W, W0 } = captions(moved, false);
    expect(W.second).toBe('W frozen, B and A are stored');
    expect([W0.first, W0.second]).toEqual(['W₀ minus what B and A took over:', '‖s₀·B₀·A₀‖ = 61% of ‖W₀‖']);
    expect(captions(moved, false).dW).toEqual({
      first: '1,024 numbers, 25% of W₀’s',
      second: 'ΔW is this − s₀·B₀·A₀',
    });
    expect(captions({ ...moved, shown: 'update' }, false).W0.second).toBe('before B and A took over part of it');
    expect(captions({ ...moved, moved: null }, false).W0.second).toBe('s₀·B₀·A₀');
    expect(captions(moved, true).W0.first).toBe('61% of ‖W₀‖ moved');
  });
});

it('a frozen factor is not counted among what trains', () => {
  expect(captions({ ...facts, d: 32, frozenFactor: 'B' }, false).dW).toEqual({
    first: '8·64 = 512 numbers,',
    second: '25% as many as in W₀',
  });
  expect(captions({ ...facts, frozenFactor: 'B', floorBy: 'with this B' }, false).E.second).toBe(
    'lowest possible with this B: 0.169',
  );
});

it('one number is one', () => {
  const one = { ...facts, d: 1, k: 1, rank: 1 };
  expect(captions(one, false).W0.first).toBe('1 × 1 = 1 number,');
  expect(captions(one, true).W0.first).toBe('1 number');
  expect(captions({ ...one, frozenFactor: 'B' }, true).dW.first).toBe('1 number, 100%');
});

it('of a picture W says what is seen, and ΔW* how far off it is', () => {
  const portrait = {
    symbol: 'W₀' as const,
    base: 'an owl in grey',
    name: 'the owl',
    edit: 'the hat',
    worn: 'the owl with a hat',
  };
  const full = captions({ ...facts, portrait }, false);
  expect(full.W).toEqual({ first: '64 × 64, applied to every input:', second: 'the owl plus what ΔW has learned' });
  expect(full.target).toEqual({
    first: 'relative error ',
    value: '0.227',
    second: 'lowest possible at rank 8: 0.169',
  });
  const brief = captions({ ...facts, portrait, blank: true }, true);
  expect([brief.W.first, brief.W0.first]).toEqual(['so far the same as W₀', '4,096 numbers, frozen']);
  expect(brief.target.second).toBe('floor 0.169');
});

it('a symbol says what its matrix is the sum of, if there is room', () => {
  const text = (...of: Parameters<typeof symbolOf>) =>
    symbolOf(...of)
      .map(([part]) => part)
      .join('');
  expect(text('dW', 'plain', false)).toBe('ΔW = s·B·A');
  expect(text('dW', 'update', false)).toBe('ΔW = s·B·A − s₀·B₀·A₀');
  expect(text('dW', 'update', true)).toBe('ΔW');
  expect(text('W0', 'frozen', true)).toBe('Wfrozen');
  expect([text('W', 'plain', false), text('W', 'plain', false, true)]).toEqual(['W', 'W = W₀ + ΔW']);
});

describe('captions of a first visit', () => {
  const first: CaptionFacts = {
    ...facts,
    ...{ first: true, error: 0.644, floor: 0.6442, rank: 1, floorBy: 'at rank 1' },
    portrait: {
      symbol: 'W₀' as const,
      base: 'an owl in grey',
      name: 'the owl',
      edit: 'the sunglasses',
      worn: 'the owl with sunglasses',
    },
  };

  it('count numbers and name the least error, in few words', () => {
    expect(captions(first, false)).toMatchObject({
      W0: { first: '4,096 numbers,', second: 'none of them trained' },
      dW: { first: '128 numbers,', second: '3.13% as many as in W₀' },
      W: { first: 'the owl plus what ΔW has learned', second: '' },
      target: { first: 'relative error ', value: '0.644', second: 'lowest possible at rank 1: 0.644' },
    });
    expect(captions({ ...first, blank: true }, false).W.first).toBe('so far the same owl');
  });

  it('have the error below W on a phone', () => {
    expect(captions(first, true)).toMatchObject({
      W0: { first: '4,096 numbers', second: '' },
      dW: { first: '128 numbers, trained', second: '' },
      W: { first: 'error 0.644, lowest 0.644', second: '' },
    });
    expect(captions({ ...first, blank: true }, true).W.first).toBe('so far the same owl');
  });
});

it('a line that is too long for its matrix is found, whichever it is', () => {
  // The longest line of 64 × 64 is W’s second, "only W₀, B and A are stored", or its first: 29 letters.
  expect(areTooLong(facts, 32)).toBe(false);
  expect(areTooLong({ ...facts, d: 4096, k: 1024 }, 32)).toBe(true);
  expect(areTooLong({ ...facts, about: 'true rank 8 and noise, decaying' }, 32)).toBe(true);
  const short = captions({ ...facts, d: 4096, k: 1024, rank: 64 }, true);
  for (const { first, second } of [short.W, short.W0, short.dW]) {
    expect(Math.max(first.length, second.length)).toBeLessThanOrEqual(32);
  }
});
