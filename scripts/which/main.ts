import { readFileSync, writeFileSync } from 'node:fs';
import { ADAPTERS, SIZE_RANKS } from '../../src/experiment/methods/which/adapters.ts';
import { KINDS } from '../../src/experiment/methods/which/kinds.ts';
import { measuredRow } from '../../src/experiment/methods/which/measured.ts';
import { withMap } from './page.ts';

const SEEDS = [1, 2, 3, 4, 5];
const TABLE = 'src/experiment/methods/which/table.json';
const PAGE = 'docs/methods.md';

/** Four decimals: floors of a float32 run differ by more. */
const rounded = (error: number | undefined) => Math.round((error ?? Number.NaN) * 1e4) / 1e4;

/** `--docs`: only the page, from the table as it is. */
export function main(args: readonly string[]): void {
  if (!args.includes('--docs')) writeFileSync(TABLE, tableText());
  writeFileSync(PAGE, withMap(readFileSync(PAGE, 'utf8'), JSON.parse(readFileSync(TABLE, 'utf8'))));
}

function tableText(): string {
  const lines = SIZE_RANKS.map((rank) => {
    const rows = KINDS.map((kind) => {
      console.error(`rank ${rank}: ${kind.label}`);
      const seeds = SEEDS.map((seed) => measuredRow(kind, rank, seed));
      const columns = [...ADAPTERS, 'shira-places' as const].map(
        (column) => `        "${column}": [${seeds.map((row) => rounded(row[column])).join(', ')}]`,
      );
      return `      "${kind.name}": {\n${columns.join(',\n')}\n      }`;
    });
    return `    "${rank}": {\n${rows.join(',\n')}\n    }`;
  });
  return `{\n  "seeds": [${SEEDS.join(', ')}],\n  "floors": {\n${lines.join(',\n')}\n  }\n}\n`;
}
