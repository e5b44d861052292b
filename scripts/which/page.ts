import {
  ADAPTER_WORDS,
  ADAPTERS,
  BUDGET_RANKS,
  budgetOf,
  sizeWithin,
} from '../../src/experiment/methods/which/adapters.ts';
import { KINDS, SIDE } from '../../src/experiment/methods/which/kinds.ts';
import type { FloorTable } from '../../src/experiment/methods/which/measured.ts';
import { median } from '../../src/math/median.ts';

const MARKED = /(<!-- which -->\n)[\s\S]*?(<!-- end -->)/;

/** The page with the table of each budget between its marks. */
export function withMap(page: string, table: FloorTable): string {
  const parts = BUDGET_RANKS.map((rank) => {
    const budget = budgetOf(rank, SIDE, SIDE);
    const head = ADAPTERS.map(
      (name) => `${ADAPTER_WORDS[name].label} ${sizeWithin(name, SIDE, SIDE, budget).parameters}`,
    );
    const rows = KINDS.map(({ name, label }) => {
      const floors = table.floors[`${rank}`][name];
      return [label, ...[...ADAPTERS, 'shira-places' as const].map((column) => cell(floors[column]))];
    });
    const columns = ['', ...head, `SHiRA ${budget / 2} and their places`];
    const lines = [columns, columns.map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |`);
    return `${budget} parameters:\n\n${lines.join('\n')}\n`;
  });
  return page.replace(MARKED, (_, open, close) => `${open}\n${parts.join('\n')}\n${close}`);
}

/** The median, and the range where it is wider than ± 0.04. */
function cell(floors: readonly number[]): string {
  const [low, middle, high] = [Math.min(...floors), median(floors), Math.max(...floors)];
  const digits = (error: number) => (error < 5e-4 ? '0' : error.toFixed(3).replace(/^0/, ''));
  const wide = Math.max(high - middle, middle - low) > 0.04;
  return digits(middle) + (wide ? ` (${digits(low)}–${digits(high)})` : '');
}
