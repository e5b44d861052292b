/** Checks of parsed JSON; each names the first thing that is wrong and what is allowed. */
import { quoted } from '../link/faults.ts';

/** A file that cannot be opened; the message is a sentence that names what is wrong and what is allowed. */
export class RunFileFault extends Error {}

export type Json = { readonly [key: string]: unknown };

export function fail(what: string): never {
  throw new RunFileFault(what);
}

export function shown(value: unknown): string {
  return value === undefined ? 'nothing' : quoted(JSON.stringify(value) ?? String(value));
}

export function object(value: unknown, where: string): Json {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    fail(`${where}: an object is needed, found ${shown(value)}.`);
  // Own keys only: a file cannot reach the prototype.
  return Object.assign(Object.create(null), value) as Json;
}

export function array(value: unknown, where: string, longest: number): readonly unknown[] {
  if (!Array.isArray(value)) fail(`${where}: a list is needed, found ${shown(value)}.`);
  if (value.length > longest) fail(`${where}: ${value.length} entries; allowed are ${longest}.`);
  return value;
}

export function finite(value: unknown, where: string): number {
  if (typeof value !== 'number' || !Number.isFinite(value))
    fail(`${where}: a finite number is needed, found ${shown(value)}.`);
  return value;
}

export function list(value: unknown, where: string, length: number): Float64Array {
  const entries = array(value, where, length);
  if (entries.length !== length) fail(`${where}: ${entries.length} entries, needed are ${length}.`);
  return Float64Array.from(entries, (v, i) => finite(v, `${where}, entry ${i}`));
}

export function matrix(value: unknown, where: string, rows: number, cols: number): Float32Array {
  const lines = array(value, where, rows);
  if (lines.length !== rows) fail(`${where}: ${lines.length} rows, needed are ${rows}.`);
  const data = new Float32Array(rows * cols);
  lines.forEach((line, i) => {
    data.set(list(line, `${where}, row ${i + 1}`, cols), i * cols);
  });
  if (!data.every(Number.isFinite)) fail(`${where}: an entry is too large for float32.`);
  return data;
}
