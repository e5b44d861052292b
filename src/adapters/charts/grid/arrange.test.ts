import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ModulePlace } from '../../file/model.ts';
import { arrange, boundedText, gridPlaceOf, groupsOf, moduleTitle } from './arrange.ts';

const module = (layer: string, order: number[], group: string, type: string) => ({
  name: `${layer}.${group}.${type}`,
  place: { layer, order, group, type } satisfies ModulePlace,
});

const inFileOrder = ['k', 'out', 'q', 'v'].flatMap((type) => [
  module('down 0', [0, 0], 'self-attention', type),
  module('mid', [1], 'self-attention', type),
  module('mid', [1], 'cross-attention', type),
]);

describe('modules in rows and columns', () => {
  it('has rows as a pass meets them, columns in groups as a layer computes them, and "nothing" where there is no module', () => {
    const { rows, columns, cells } = arrange([...inFileOrder, module('up 3', [2, 3], 'mlp', 'proj')]);
    expect(rows).toEqual(['down 0', 'mid', 'up 3']);
    expect(groupsOf(columns)).toEqual([
      { text: 'self-attention', from: 0, to: 4 },
      { text: 'cross-attention', from: 4, to: 8 },
      { text: 'mlp', from: 8, to: 9 },
    ]);
    expect(columns.map(({ type }) => type).join(' ')).toBe('q k v out q k v out proj');
    expect(cells.filter((cell) => cell !== null).toSorted((a, b) => a - b)).toEqual(
      Array.from({ length: 13 }, (_, i) => i),
    );
    expect(cells.slice(4, 8)).toEqual([null, null, null, null]);
  });

  it('names no row, column or module with characters that turn the text around or are not seen', () => {
    const hostile = ['a\u202eb.q\u200b', 'x\u2066', 'layer\u2028.v', '\ufeff_y'].map((name) => ({ name, place: null }));
    const { rows, columns } = arrange(hostile);
    const shown = [
      ...rows,
      ...columns.map(({ type }) => type),
      ...hostile.map(moduleTitle),
      boundedText('\u202e'.repeat(999)),
    ];
    for (const text of shown) expect(text).not.toMatch(/[\p{C}\u2028]/u);
    expect(moduleTitle(hostile[0])).toBe('a�b · q�');
  });

  it('loses no module, whatever their names', () => {
    const place = fc.option(
      fc.record({
        layer: fc.constantFrom('layer 0', 'layer 1', 'mid'),
        order: fc.array(fc.nat(3), { maxLength: 2 }),
        group: fc.constantFrom('', 'attention'),
        type: fc.constantFrom('q', 'v', 'x'),
      }),
    );
    const list = fc.array(fc.record({ name: fc.string({ minLength: 1 }), place }), { maxLength: 40 });
    fc.assert(
      fc.property(list, (modules) => {
        const { rows, columns, cells } = arrange(modules);
        expect(cells).toHaveLength(rows.length * columns.length);
        const found = cells.filter((cell) => cell !== null).toSorted((a, b) => a - b);
        expect(found).toEqual(modules.map((_, i) => i));
      }),
      { numRuns: 100 },
    );
  });

  it('one row per prefix where a name tells no layer', () => {
    const unknown = ['a.b.query', 'a.b.value', 'c.query', 'lone'].map((name) => ({ name, place: null }));
    expect(arrange(unknown).rows).toEqual(['a.b', 'c', 'lone']);
    expect(gridPlaceOf({ name: 'lora_unet_conv_in', place: null })).toMatchObject({
      layer: 'lora_unet_conv',
      type: 'in',
    });
    expect(moduleTitle({ name: 'a.b.query', place: null })).toBe('a.b · query');
    expect(moduleTitle(module('mid', [1], 'cross-attention', 'out'))).toBe('mid · cross-attention out');
  });

  it('a file whose names make no grid is a list, at once', () => {
    const odd = Array.from({ length: 5000 }, (_, i) => module(`layer ${i}`, [i], '', `kind ${i}`));
    const { rows, columns, cells } = arrange(odd);
    expect([rows.length, columns.length, cells.length]).toEqual([5000, 1, 5000]);
    expect(rows[7]).toBe('layer 7 · kind 7');
  });

  it('two modules of one place have a row each', () => {
    const twins = [module('layer 0', [0], 'mlp', 'up'), module('layer 0', [0], 'mlp', 'up')];
    expect(arrange(twins)).toMatchObject({ rows: ['layer 0', 'layer 0 (2)'], cells: [0, 1] });
  });
});

it('bounds names that are as long as a header, and keeps both ends of them', () => {
  const name = `first.${'x<b>'.repeat(25_000)}.last`;
  const { rows, columns } = arrange([{ name, place: null }]);
  expect([rows[0].length, rows[0].slice(0, 6), rows[0].slice(-3)]).toEqual([160, 'first.', '<b>']);
  expect(columns[0].type).toBe('last');
});
