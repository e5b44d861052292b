import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readName } from '../namings.ts';
import { fixtures } from '../testing/fixtures.ts';

const DOCS = readFileSync('docs/adapters.md', 'utf8');
/** Cells of the rows of the table that begins with this cell. */
function rowsOf(first: string): string[][] {
  const from = DOCS.indexOf(`| ${first} |`);
  const lines = DOCS.slice(from).split('\n');
  const end = lines.findIndex((line) => !line.startsWith('|'));
  return lines.slice(2, end).map((line) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
}
const names = (cell: string) =>
  [...cell.matchAll(/`([^`]*<m>[^`]*)`/g)].map(([, name]) => name.replace('<m>', 'x.0.y'));

const NAMINGS: Readonly<Record<string, string>> = {
  PEFT: 'peft',
  kohya: 'kohya',
  diffusers: 'diffusers',
  'diffusers, Flux, Wan': 'diffusers',
  LyCORIS: 'lycoris',
  MLX: 'mlx',
};

describe('docs/adapters.md', () => {
  it('has names that are read as its table says', () => {
    const rows = rowsOf('family');
    expect(rows.map(([family]) => family)).toEqual(Object.keys(NAMINGS));
    for (const [family, down, up, alpha, magnitude] of rows) {
      const factors = [...names(down), ...names(up)];
      expect(factors.length).toBeGreaterThan(1);
      for (const name of factors) expect([name, readName(name)?.naming]).toEqual([name, NAMINGS[family]]);
      if (family !== 'LyCORIS') {
        expect(names(down).map((name) => readName(name)?.part)).toEqual(
          names(down).map((name) => (name.includes('mid') ? 'mid' : 'down')),
        );
        expect(new Set(names(up).map((name) => readName(name)?.part))).toEqual(new Set(['up']));
      }
      for (const name of names(alpha)) expect([name, readName(name)?.part]).toEqual([name, 'alpha']);
      for (const name of names(magnitude)) expect([name, readName(name)?.part]).toEqual([name, 'magnitude']);
    }
  });

  it('has a row for every fixture, and a fixture for every row', async () => {
    const made = (await fixtures()).map(({ row }) => row);
    for (const [family] of rowsOf('family')) expect(made).toContain(family);
  });
});
