import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { imageSize } from './image.ts';
import { decodeMatrix, encodeMatrix } from './matrix-data.ts';
import { readMatrixFile } from './read.ts';
import { anyFile } from './testing/any-file.ts';

/** A readable sentence: no stack, no raw control character, not a page long. */
function expectSentence(fault: string) {
  expect(fault).toMatch(/^[^\p{Cc}]{10,300}\.$/u);
  expect(fault).not.toMatch(/undefined|\[object|Error/);
}

describe('whatever is dropped on the page', () => {
  it('ends as a matrix within the limits or as a sentence', () => {
    const name = fc.constantFrom('a.csv', 'a.npy', 'a.json', 'a.png', '', '__proto__');
    fc.assert(
      fc.property(anyFile, name, (bytes, called) => {
        const read = readMatrixFile(called, bytes);
        if ('fault' in read) return expectSentence(read.fault);
        expect(read.data.length).toBe(read.rows * read.cols);
        expect(read.data.every((v) => Math.abs(v) <= Math.fround(1e30))).toBe(true);
        expect(read.data.some((v) => v !== 0)).toBe(true);
      }),
      { numRuns: 1000 },
    );
  });

  it('has a size as a picture or a sentence', () => {
    fc.assert(
      fc.property(anyFile, (bytes) => {
        const size = imageSize(bytes);
        if ('fault' in size) return expectSentence(size.fault);
        expect(size.width * size.height).toBeLessThanOrEqual(40e6);
        expect(Math.min(size.width, size.height)).toBeGreaterThanOrEqual(1);
      }),
      { numRuns: 1000 },
    );
  });
});

describe('whatever a link holds', () => {
  it('ends as a matrix or as what is allowed', async () => {
    const start = await encodeMatrix({ rows: 3, cols: 4, data: Float32Array.from({ length: 12 }, (_, i) => i / 7) });
    const letter = fc.constantFrom(...'ABCDEFwxyz0189-_');
    const near = fc
      .tuple(fc.array(fc.tuple(fc.nat(), letter), { maxLength: 3 }), fc.nat(start.length + 8))
      .map(([changes, length]) => {
        const letters = [...start.padEnd(length, 'A').slice(0, length)];
        for (const [at, to] of changes) if (letters.length > 0) letters[at % letters.length] = to;
        return letters.join('');
      });
    const any = fc
      .array(letter, { maxLength: 40 })
      .map((letters) => `${letters.length % 2 ? 'Dw' : 'Hw'}${letters.join('')}`);
    await fc.assert(
      fc.asyncProperty(fc.oneof(near, any, fc.string()), async (text) => {
        const read = await decodeMatrix(text);
        if ('fault' in read) expect(read.fault).toMatch(/^a matrix of up to 4096 × 4096; [^\p{Cc}]{5,120}$/u);
        else expect(read.data.every(Number.isFinite)).toBe(true);
      }),
      { numRuns: 1000 },
    );
  });
});
