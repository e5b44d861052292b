import { readFileSync, writeFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { capacity } from './capacity.ts';
import * as tables from './network-tables.ts';
import { pretrainings } from './pretrainings.ts';

const FILE = new URL('../../docs/networks.md', import.meta.url);
const MARK = '<!-- The tables below are written by UPDATE_TABLES=1 npx vitest run scripts/tables -->';
const DIGIT_TASKS = ['rotate', 'mirror', 'invert', 'shuffle', 'relabel', 'zero-to-nine', 'five-to-nine'] as const;
const RANKS = [1, 2, 4, 8, 16];

const accuracyOf = {
  digits: (seeds?: number[]) => tables.accuracyByRank('digits', DIGIT_TASKS, RANKS, seeds),
  transformer: () => tables.accuracyByRank('transformer', ['sort-down', 'copy-reverse', 'base-6'], RANKS),
  classifier: () =>
    tables.accuracyByRank(
      'classifier',
      ['circles-spirals', 'moons-rotated', 'spirals-rotated', 'spirals-relabelled'],
      RANKS,
    ),
};

const written = () => readFileSync(FILE, 'utf8');

it.runIf(process.env.UPDATE_TABLES)(
  'all tables are made again',
  async () => {
    const parts: string[] = [];
    const keep = (table: tables.NetworkTable) => {
      parts.push(tables.markdown(table));
      console.log(parts[parts.length - 1]);
    };
    keep(await accuracyOf.digits());
    keep(await tables.byMatrix());
    keep(await tables.cutOrTrained());
    keep(await tables.spectraOfUpdates());
    const runs = await tables.planeRuns();
    for (const of of [tables.plane, tables.keptAtEqual, tables.intrudersBySize, tables.bestRates]) keep(of(runs));
    keep(await accuracyOf.classifier());
    keep(await accuracyOf.transformer());
    keep(await tables.decoderRates());
    keep(await tables.decoderModules());
    keep(await tables.equalNumbers());
    keep(await pretrainings());
    keep(capacity());
    writeFileSync(FILE, `${written().split(MARK)[0]}${MARK}\n\n${parts.join('\n\n')}\n`);
  },
  7_200_000,
);

it('the table of digits has the figures of a run of today: rotated, rank 4, seed 1', async () => {
  const row = written()
    .split('\n')
    .find((line) => line.startsWith('| rotate | '));
  const cells = row?.split('|').map((cell) => cell.trim()) ?? [];
  const [, least, most] = /\[(\S+)–(\S+)\]/.exec(cells[6])?.map(Number) ?? [];
  const { rows } = await tables.accuracyByRank('digits', ['rotate'], [4], [1]);
  expect(rows[0].cells[0]).toBe(cells[2]);
  const now = Number.parseFloat(rows[0].cells[2]);
  expect(now).toBeGreaterThanOrEqual(least);
  expect(now).toBeLessThanOrEqual(most);
});
