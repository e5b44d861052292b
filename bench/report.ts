/** Output of a bench: a Markdown table for people, bench/results.json for programs. */

import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type Machine, machineWords } from './machine.ts';
import { markdown, type Results, type Row } from './table.mjs';

const RESULTS = fileURLToPath(new URL('results.json', import.meta.url));

/** Prints `rows` under `title` and keeps them under `key`, with the columns of the first row. */
export function report(
  key: string,
  title: string,
  machine: Machine,
  rows: readonly Row[],
  notes: readonly string[] = [],
  data?: unknown,
): void {
  if (rows.length === 0) return;
  const table = { title, rows, notes, measured: machineWords(machine), data };
  console.log(`### ${title}\n\n${markdown(table)}\n`);
  const earlier: Results = existsSync(RESULTS)
    ? JSON.parse(readFileSync(RESULTS, 'utf8'))
    : { machine: { ...machine }, tables: {} };
  const results: Results = { machine: { ...machine }, tables: { ...earlier.tables, [key]: table } };
  writeFileSync(RESULTS, `${JSON.stringify(results, null, 2)}\n`);
}

/** Progress messages, kept out of the standard output, which has the tables. */
export function say(words: string): void {
  console.error(`… ${words}`);
}
