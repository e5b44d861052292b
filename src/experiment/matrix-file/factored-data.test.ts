import { deflateRawSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseLink, writeLink } from '../link/link.ts';
import { dataKind, holdsBase, holdsStart, isModuleData, isNamedMatrix } from '../settings/data-kind.ts';
import { change, defaults } from '../settings/experiment.ts';
import { defaultView } from '../settings/view.ts';
import type { DataMatrix, FactoredMatrix } from '../targets/factored-matrix.ts';
import { decodeData } from './decode-data.ts';
import { decodeModule, encodeModule, type ModuleMatrix } from './factored-data.ts';
import { decodeMatrix } from './matrix-data.ts';
import { bitsOf, matrices } from './testing/arbitrary.ts';
import { anyFactors, makeFactors } from './testing/factors.ts';

async function encoded(factors: ModuleMatrix): Promise<string> {
  const text = await encodeModule(factors);
  if (typeof text !== 'string') throw new Error(text.fault);
  return text;
}

const bits = ({ rows, cols, scaling, B, A, name }: FactoredMatrix) => [
  ...[rows, cols, B.rows, B.cols, A.rows, A.cols, scaling, name],
  ...bitsOf(B.data as Float32Array),
  ...bitsOf(A.data as Float32Array),
];

const valuesOf = (read: DataMatrix) => ('B' in read ? [...read.B.data, ...read.A.data] : [...read.data]);

function packed(sizes: readonly [number, number, number], planes: Uint8Array, s = 1, name = 'a') {
  const head = Buffer.alloc(16);
  head.writeUInt8(39);
  for (const [i, size] of sizes.entries()) head.writeUInt16BE(size, 1 + 2 * i);
  head.writeDoubleBE(s, 7);
  head.writeUInt8(Buffer.byteLength(name), 15);
  return Buffer.concat([head, Buffer.from(name), deflateRawSync(planes)]).toString('base64url');
}
/** 1 in float32 is 3f800000. */
const ones = (n: number) => new Uint8Array(4 * n).fill(0x80, 2 * n).fill(0x3f, 3 * n);
const NaNs = (n: number) => new Uint8Array(4 * n).fill(0xff);

/** The first byte says what a text holds: factors, or entries. */
const SENTENCE = /^(the factors of )?a matrix of up to 4096 × 4096; ./;

/** Reads a text with one byte changed, cut anywhere: finite numbers, or a sentence. */
const endsWell = (good: Buffer, numRuns: number, numbersOf: (read: DataMatrix) => readonly number[] | Float64Array) =>
  fc.assert(
    fc.asyncProperty(fc.nat(good.length - 1), fc.nat(255), fc.nat(good.length), async (at, byte, end) => {
      const bytes = Buffer.from(good);
      bytes[at] = byte;
      const read = await decodeModule(bytes.subarray(0, end || undefined).toString('base64url'));
      if ('fault' in read) expect(read.fault).toMatch(SENTENCE);
      else expect(numbersOf(read).every(Number.isFinite)).toBe(true);
    }),
    { numRuns },
  );

describe('factors in a link', () => {
  it('come back bit for bit', async () => {
    await fc.assert(
      fc.asyncProperty(anyFactors(), async (factors) => {
        const text = await encoded(factors);
        expect([dataKind(text), isModuleData(text), isNamedMatrix(text)]).toEqual(['matrix', true, false]);
        const back = await decodeData(text);
        if ('fault' in back || !('B' in back.drawing)) throw new Error('no factors');
        expect(bits(back.drawing)).toEqual(bits(factors));
        expect(await decodeMatrix(text)).toHaveProperty('fault');
      }),
      { numRuns: 40 },
    );
  });

  it('have the format that is written down', async () => {
    const one = (rows: number, cols: number) => ({ rows, cols, data: new Float32Array(rows * cols).fill(1) });
    expect(await decodeModule(packed([3, 2, 1], ones(5), -0.5, 'σ'))).toEqual({
      ...{ rows: 3, cols: 2, scaling: -0.5, name: 'σ' },
      ...{ B: one(3, 1), A: one(1, 2) },
    });
  });

  it('open from a link as they were shared, and the link stays the same', async () => {
    const data = await encoded(makeFactors(48, 32, 4));
    const e = change(defaults(), { target: 'matrix', data, d: 48, k: 32, rank: 4, alpha: 8, normalise: false });
    const link = writeLink(e, defaultView(), null);
    expect(link.length).toBeLessThan(8000);
    const { experiment, faults } = parseLink(link);
    expect([faults, experiment]).toEqual([[], e]);
    expect(writeLink(experiment, defaultView(), null)).toBe(link);
    expect(parseLink(`#v=1&target=picture&data=${data}`).faults).toMatchObject([{ key: 'data' }]);
  });

  it('come back with those that a run starts from, of another rank, which may be zero', async () => {
    await fc.assert(
      fc.asyncProperty(anyFactors(), fc.integer({ min: 1, max: 9 }), fc.boolean(), async (factors, rank, zero) => {
        const { rows, cols } = factors;
        const other = makeFactors(rows, cols, rank, 7, -0.25);
        if (zero) other.B.data.fill(0);
        const start = { B: other.B, A: other.A, scaling: -0.25, name: 'mid, from a' };
        const text = await encoded({ ...factors, start });
        expect([dataKind(text), isModuleData(text), holdsStart(text)]).toEqual(['matrix', true, true]);
        expect(holdsStart(await encoded(factors))).toBe(false);
        const back = await decodeData(text);
        if ('fault' in back || !('B' in back.drawing) || !back.drawing.start) throw new Error('no start');
        expect(bits(back.drawing)).toEqual(bits(factors));
        expect(bits({ ...back.drawing.start, rows, cols })).toEqual(bits({ ...start, rows, cols }));
      }),
      { numRuns: 40 },
    );
  });

  it('come back with W₀, with and without a start', async () => {
    await fc.assert(
      fc.asyncProperty(anyFactors(), fc.boolean(), async (factors, starts) => {
        const { rows, cols } = factors;
        const { data } = makeFactors(rows, cols, cols, 5).B;
        const base = { matrix: { rows, cols, data }, name: 'llama' };
        const { B, A } = makeFactors(rows, cols, 2, 7);
        const text = await encoded({ ...factors, base, ...(starts && { start: { B, A, scaling: 2, name: 'a' } }) });
        expect([dataKind(text), isModuleData(text), holdsStart(text)]).toEqual(['matrix', true, starts]);
        expect([holdsBase(text), holdsBase(await encoded(factors))]).toEqual([true, false]);
        const back = await decodeModule(text);
        if (!('B' in back)) throw new Error('no factors');
        expect(bits(back)).toEqual(bits(factors));
        expect(back.base?.name).toBe('llama');
        expect(bitsOf(back.base?.matrix.data as Float32Array)).toEqual(bitsOf(data));
        expect(back.start && bits({ ...back.start, rows, cols })).toEqual(
          starts ? bits({ rows, cols, B, A, scaling: 2, name: 'a' }) : undefined,
        );
      }),
      { numRuns: 30 },
    );
  });

  it('come back entry by entry where ΔW is that of two models, with W₀, a start or both', async () => {
    const parts = fc.constantFrom(['V', false, true] as const, ['T', true, false] as const, ['X', true, true] as const);
    await fc.assert(
      fc.asyncProperty(matrices(), parts, async ({ rows, cols, data }, [letter, starts, based]) => {
        fc.pre(data.some((value) => value !== data[0]));
        const [{ B, A }, W] = [makeFactors(rows, cols, 2, 7), makeFactors(rows, cols, cols, 5).B];
        const whole = {
          ...{ rows, cols, data: Float64Array.from(data), name: 'q, as tuned has changed it' },
          ...(starts && { start: { B, A, scaling: 2, name: 'a' } }),
          ...(based && { base: { matrix: W, name: 'llama' } }),
        };
        const text = await encoded(whole);
        expect([text[0], dataKind(text), isModuleData(text)]).toEqual([letter, 'matrix', true]);
        expect([holdsStart(text), holdsBase(text)]).toEqual([starts, based]);
        const back = await decodeData(text);
        if ('fault' in back || 'B' in back.drawing) throw new Error('no entries');
        expect(back.drawing).toEqual(whole);
        expect(bitsOf(Float32Array.from(back.drawing.data))).toEqual(bitsOf(data));
      }),
      { numRuns: 40 },
    );
    const flat = { rows: 2, cols: 2, data: new Float64Array(4), base: { matrix: makeFactors(2, 2, 2).B, name: 'm' } };
    expect(await encodeModule(flat)).toMatchObject({ fault: expect.stringMatching(/^every number is 0/) });
  });

  it('that have more numbers only name them: the same for the same numbers and no other', async () => {
    const filled = (n: number) => ({ rows: n, cols: n, data: new Float32Array(n * n).fill(1) });
    const base = { matrix: filled(1600), name: 'llama' };
    const whole = { ...filled(1600), name: 'q, as tuned has changed it' };
    whole.data[1] = 2;
    const start = { ...makeFactors(1600, 1600, 3, 2), name: 'q, from a' };
    const [factors, many] = [makeFactors(1600, 1600, 2), makeFactors(1600, 1600, 900)];
    const all: readonly (readonly [string, ModuleMatrix])[] = [
      ['p', many],
      ['r', { ...many, start }],
      ['t', { ...factors, base }],
      ['v', { ...factors, start, base }],
      ['z', { ...whole, rows: 1280, cols: 2000, start: { ...makeFactors(1280, 2000, 3), name: 'a' } }],
      ['1', { ...whole, base }],
      ['3', { ...whole, start, base }],
    ];
    for (const [letter, one] of all) {
      const text = await encoded(one);
      expect([text[0], isModuleData(text), isNamedMatrix(text)]).toEqual([letter, true, true]);
      expect([holdsStart(text), holdsBase(text)]).toEqual([one.start !== undefined, one.base !== undefined]);
      expect(text.length).toBeLessThan(500);
      expect(await decodeData(text)).toMatchObject({ fault: expect.stringMatching(/open it from its own files/) });
    }
    const text = await encoded({ ...whole, start, base });
    expect(await encoded({ ...whole, data: whole.data.slice(), start, base })).toBe(text);
    expect(await decodeModule(text)).toEqual({
      fault:
        'a matrix of up to 4096 × 4096; this one, 1600 × 1600, is too large for a link or a run file: open it from its own files in Adapters (ΔW of “q, as tuned has changed it”, from B and A of “q, from a”, with W₀ of “llama”)',
    });
    base.matrix.data[7] = 5;
    expect(await encoded({ ...whole, start, base })).not.toBe(text);
    await endsWell(Buffer.from(text, 'base64url'), 100, () => []);
  });

  it('end as entries or as a sentence, whatever the bytes of two models', async () => {
    const { B, A } = makeFactors(5, 4, 3, 2);
    const base = { matrix: { rows: 5, cols: 4, data: new Float32Array(20).fill(2) }, name: 'llama' };
    const own = { rows: 5, cols: 4, data: Float64Array.from({ length: 20 }, (_, i) => i - 7), name: 'q' };
    const text = await encoded({ ...own, base, start: { B, A, scaling: 1, name: 'a' } });
    const good = Buffer.from(text, 'base64url');
    await endsWell(good, 200, (read) => valuesOf(read));
    const ranked = Buffer.from(text, 'base64url');
    ranked[6] = 3;
    expect(await decodeModule(ranked.toString('base64url'))).toEqual({
      fault: 'a matrix of up to 4096 × 4096; its rank is 3; expected 0',
    });
  });

  it('end as factors or as a sentence, whatever the bytes of W₀', async () => {
    const base = { matrix: { rows: 5, cols: 4, data: new Float32Array(20).fill(2) }, name: 'llama' };
    const good = Buffer.from(await encoded({ ...makeFactors(5, 4, 2), base }), 'base64url');
    await endsWell(good, 200, (read) => [...(read.base?.matrix.data ?? []), ...valuesOf(read)]);
    const odd = { ...base, matrix: { ...base.matrix, data: new Float32Array(20).fill(Number.NaN) } };
    expect(await encodeModule({ ...makeFactors(5, 4, 2), base: odd })).toMatchObject({
      fault: expect.stringMatching(/^of W₀: /),
    });
  });

  it('end as factors or as a sentence, whatever the bytes of a start', async () => {
    const { B, A } = makeFactors(5, 4, 3, 2);
    const start = { B, A, scaling: 1, name: 'a' };
    const good = Buffer.from(await encoded({ ...makeFactors(5, 4, 2), start }), 'base64url');
    await endsWell(good, 200, (read) => [...(read.start?.B.data ?? []), ...valuesOf(read)]);
    expect(await encodeModule({ ...makeFactors(5, 4, 2), start: { ...start, scaling: 0 } })).toEqual({
      fault: 'of the start: its scaling s must be a number other than 0',
    });
  });

  it('keep half of their length where the file had 16-bit numbers', async () => {
    const factors = makeFactors(256, 256, 8);
    const halved = (data: Float32Array) =>
      new Float32Array(new Uint32Array(data.slice().buffer).map((word) => word & 0xffff0000).buffer);
    const half = (m: FactoredMatrix['B']) => ({ ...m, data: halved(m.data) });
    const [full, short] = [
      await encoded(factors),
      await encoded({ ...factors, B: half(factors.B), A: half(factors.A) }),
    ];
    expect(short.length).toBeLessThan(0.55 * full.length);
  });

  it('have a name that is cut between characters and cannot steer what stands beside it', async () => {
    const long = await encoded({ ...makeFactors(2, 2, 1), name: 'σ'.repeat(300) });
    expect(await decodeModule(long)).toMatchObject({ name: 'σ'.repeat(80) });
    const steering = await encoded({ ...makeFactors(2, 2, 1), name: '<b>\u202e\u0000' });
    expect(await decodeModule(steering)).toMatchObject({ name: '<b>��' });
  });

  it.each([
    ['nothing', '', 'it is something else or damaged'],
    ['no base64', 'Jw$%', 'it is damaged'],
    ['a few letters', 'JwAB', 'it is cut off'],
    ['a name that is cut off', packed([3, 2, 1], ones(0), 1, 'abc').slice(0, 22), 'it is cut off'],
    ['cut off', packed([64, 64, 8], NaNs(1024)).slice(0, 26), 'it is damaged or cut off'],
    ['of no rows', packed([0, 2, 1], ones(2)), 'the matrix is 0 × 2; expected at least one row and one column'],
    ['of 4,097 columns', packed([1, 4097, 1], ones(9)), 'the matrix is 1 × 4097; the limit is 4096 × 4096'],
    ['of rank 0', packed([3, 2, 0], ones(0)), 'its rank is 0; expected a whole number from 1 to 4096'],
    ['of rank 5,000', packed([3, 2, 5000], ones(9)), 'its rank is 5000; expected a whole number from 1 to 4096'],
    [
      '34 million numbers',
      packed([4096, 4096, 4096], ones(9)),
      'its factors have 33,554,432 numbers; the limit is 2,500,000',
    ],
    ['100 MB', packed([3, 2, 1], new Uint8Array(1e8)), 'it holds more than its 5 values'],
    ['short of a value', packed([3, 2, 1], ones(4)), 'it holds 4 of 5 values'],
    ['NaN', packed([3, 2, 1], NaNs(5)), 'B, row 1, column 1: expected a finite number, found NaN'],
    ['of s = 0', packed([3, 2, 1], ones(5), 0), 'its scaling s must be a number other than 0'],
    ['of s = ∞', packed([3, 2, 1], ones(5), Infinity), 'its scaling s must be a number other than 0'],
    [
      'all zero',
      packed([3, 2, 1], new Uint8Array(20)),
      'every entry of B is 0, so ΔW is 0 and there is nothing to learn',
    ],
    ['too large', packed([3, 2, 1], ones(5), 1e30), 'its product has entries above 10³⁰'],
    ['millions of letters', 'Jw'.repeat(7e6), 'it has 14,000,000 characters'],
  ])('that are %s are refused with a sentence', async (_, text, why) => {
    expect(await decodeModule(text)).toEqual({ fault: `the factors of a matrix of up to 4096 × 4096; ${why}` });
  });

  it('end as factors or as a sentence, whatever the bytes', async () => {
    const good = Buffer.from(await encoded(makeFactors(5, 4, 2)), 'base64url');
    await endsWell(good, 300, (read) => valuesOf(read));
  });

  it('are not made of what no reader would take', async () => {
    expect(await encodeModule(makeFactors(4, 4, 1, 1, Number.NaN))).toHaveProperty('fault');
    expect(await encodeModule(makeFactors(4097, 1, 1))).toHaveProperty('fault');
  });
});
