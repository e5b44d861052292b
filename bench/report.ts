/** How a bench tells what it measured: a Markdown table for people, bench/results.json for programs. */

import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const RESULTS = fileURLToPath(new URL('results.json', import.meta.url));

type Row = Readonly<Record<string, string | number>>;

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? (sorted[middle] ?? Number.NaN) : ((sorted[middle - 1] ?? 0) + (sorted[middle] ?? 0)) / 2;
}

/** Prints `rows` under `title`, and keeps them under it; all rows have the keys of the first. */
export function report(title: string, rows: readonly Row[]): void {
  const heads = Object.keys(rows[0] ?? {});
  const line = (cells: readonly unknown[]) => `| ${cells.join(' | ')} |`;
  const table = [line(heads), line(heads.map(() => '---')), ...rows.map((row) => line(heads.map((head) => row[head])))];
  console.log(`\n### ${title}\n\n${table.join('\n')}\n`);
  const earlier = existsSync(RESULTS) ? JSON.parse(readFileSync(RESULTS, 'utf8')) : {};
  writeFileSync(RESULTS, `${JSON.stringify({ ...earlier, [title]: rows }, null, 2)}\n`);
}
