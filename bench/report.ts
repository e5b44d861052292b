/** How a bench tells what it measured: a Markdown table for people, bench/results.json for programs. */

import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type Machine, machineWords } from './machine.ts';
import { markdown, type Results, type Row } from './table.mjs';

const RESULTS = fileURLToPath(new URL('results.json', import.meta.url));

/** Prints `rows` under `title`, and keeps them under `key`; columns are the keys of the first. `data`: what they were made of. */
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

/** Says what a bench is doing, since much of it takes seconds; beside the tables, which go to the standard output. */
export function say(words: string): void {
  console.error(`… ${words}`);
}
