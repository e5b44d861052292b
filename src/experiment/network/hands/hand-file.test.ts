import { describe, expect, it } from 'vitest';
import { stream } from '../../../math/random.ts';
import { digits } from '../digits-target.ts';
import { decodeHand, encodeHand } from '../hand-adapter.ts';
import { NO_ROUNDS, testDrawings, trainingDrawings, updateRounds } from '../rounds.ts';
import { SAMPLE_HANDS, sampleDrawing } from '../sample-hands.ts';
import { readHandFile, writeHandFile } from './hand-file.ts';

const source = stream(1, 'hand file');
const values = (n: number) => Float32Array.from({ length: n }, () => source.normal());
const HAND = encodeHand({
  rank: 4,
  scaling: 2,
  layers: digits.layers.map(({ d, k }) => ({ A: values(4 * k), B: values(d * 4) })),
});
const drawings = Array.from({ length: 50 }, (_, slot) =>
  slot === 7 ? null : sampleDrawing(SAMPLE_HANDS.slanted, slot % 10, Math.floor(slot / 10)),
);
const TEXT = writeHandFile('Mei', HAND, drawings);

describe('a hand as a file', () => {
  it('has about 5 kB, and gives back the adapter and what the network sees of the drawings', () => {
    expect(TEXT.length).toBeGreaterThan(4000);
    expect(TEXT.length).toBeLessThan(6500);
    expect(TEXT).not.toContain('strokes');
    const rounds = { ...updateRounds(NO_ROUNDS, { type: 'clear' }), drawings };
    expect(readHandFile(TEXT)).toEqual({
      ...{ name: 'Mei', text: HAND },
      ...decodeHand(HAND),
      sets: { training: trainingDrawings(rounds), test: testDrawings(rounds) },
    });
  });

  const changed = (changes: object) => JSON.stringify({ ...JSON.parse(TEXT), ...changes });
  const list: unknown[] = JSON.parse(TEXT).drawings;
  const withFirst = (one: unknown) => changed({ drawings: [one, ...list.slice(1)] });
  it.each<[string, string, RegExp]>([
    ['cut off', TEXT.slice(0, 900), /./],
    ['deep', '['.repeat(9000), /nested/],
    ['long', changed({ more: 'x'.repeat(20_000) }), /characters; the limit is 20000/],
    ['a list', '[]', /format/],
    ['null', 'null', /not an object/],
    ['of another format', changed({ format: 'lora-explorer/run' }), /format/],
    ['of a later version', changed({ version: 2 }), /version/],
    ['without a name', changed({ name: { toString: 'x' } }), /name/],
    ['without an adapter', changed({ hand: 7 }), /no adapter/],
    ['with a broken adapter', changed({ hand: HAND.slice(0, -4) }), /of its adapter, it has \d+ bytes/],
    ['with an adapter that is no text of a link', changed({ hand: '<b>' }), /base64url/],
    ['without drawings', changed({ drawings: undefined }), /50 drawings/],
    ['with 51 drawings', changed({ drawings: [...list, null] }), /50 drawings/],
    ['with an object as drawings', changed({ drawings: { length: 50 } }), /50 drawings/],
    ['with a short drawing', withFirst('0'.repeat(63)), /drawing 1 is not 64 letters/],
    ['with a drawing darker than ink', withFirst('h'.repeat(64)), /drawing 1/],
    ['with a number as a drawing', withFirst(0), /drawing 1/],
  ])('is refused if it is %s', (_, text, why) => {
    expect(readHandFile(text)).toEqual({ fault: expect.stringMatching(why) });
  });

  it('shows a name without what controls or hides other text', () => {
    const read = readHandFile(changed({ name: `\u202e<b>${'M'.repeat(90)}` }));
    expect('name' in read && read.name.length).toBeLessThanOrEqual(25);
    expect('name' in read && read.name).not.toContain('\u202e');
  });
});
