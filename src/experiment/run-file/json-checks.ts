import { quote } from '../link/faults.ts';

/** Deeper than any file that this page reads. */
const DEEPEST = 100;

/** JSON as a value, or its fault. Depth is counted first: nested brackets take JSON.parse many seconds. */
export function parseJson(text: string): { readonly value: unknown } | { readonly fault: string } {
  if (depthOf(text) > DEEPEST) return { fault: `nested more than ${DEEPEST} deep` };
  try {
    return { value: JSON.parse(text) };
  } catch (error) {
    const bare = /(?<=[[,:]\s{0,9})-?(NaN|Infinity|None)\b/.exec(text);
    if (bare) return { fault: `found ${bare[0]} in ${placeOf(bare.index, text)}, which JSON does not have` };
    const message = error instanceof Error ? error.message : '';
    const at = /position (\d+)/.exec(message)?.[1];
    const position = /line (\d+) column (\d+)/.exec(message);
    if (at !== undefined) return { fault: placeOf(Number(at), text) };
    return { fault: position ? `line ${position[1]}, column ${position[2]}` : 'it is damaged or cut off' };
  }
}

function placeOf(at: number, text: string): string {
  const before = text.slice(0, at);
  return `line ${before.split('\n').length}, column ${at - before.lastIndexOf('\n')}`;
}

/** Nesting depth of lists and objects, counted up to one more than the limit. */
function depthOf(text: string): number {
  let [depth, deepest, quoted] = [0, 0, false];
  for (let i = 0; i < text.length && deepest <= DEEPEST; i++) {
    const code = text.charCodeAt(i);
    if (quoted && code === 0x5c)
      i++; // what a backslash escapes does not end the text
    else if (code === 0x22) quoted = !quoted;
    else if (quoted) continue;
    else if (code === 0x5b || code === 0x7b) deepest = Math.max(deepest, ++depth);
    else if (code === 0x5d || code === 0x7d) depth--;
  }
  return deepest;
}

/** A file that cannot be opened; the message is a sentence with the fault and the allowed values. */
export class RunFileFault extends Error {}

export type Json = { readonly [key: string]: unknown };

export function fail(what: string): never {
  throw new RunFileFault(what);
}

export function jsonText(value: unknown): string {
  return value === undefined ? 'nothing' : quote(JSON.stringify(value) ?? String(value));
}

export function object(value: unknown, where: string): Json {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    fail(`${where}: expected an object, found ${jsonText(value)}.`);
  // Own keys only: a file cannot reach the prototype.
  return Object.assign(Object.create(null), value) as Json;
}

export function array(value: unknown, where: string, longest: number): readonly unknown[] {
  if (!Array.isArray(value)) fail(`${where}: expected a list, found ${jsonText(value)}.`);
  if (value.length > longest) fail(`${where}: ${value.length} entries; the limit is ${longest}.`);
  return value;
}

export function finite(value: unknown, where: string): number {
  if (typeof value !== 'number' || !Number.isFinite(value))
    fail(`${where}: expected a finite number, found ${jsonText(value)}.`);
  return value;
}

export function list(value: unknown, where: string, length: number): Float64Array {
  const entries = array(value, where, length);
  if (entries.length !== length) fail(`${where}: ${entries.length} entries, expected ${length}.`);
  return Float64Array.from(entries, (v, i) => finite(v, `${where}, entry ${i}`));
}

export function matrix(value: unknown, where: string, rows: number, cols: number): Float32Array {
  const lines = array(value, where, rows);
  if (lines.length !== rows) fail(`${where}: ${lines.length} rows, expected ${rows}.`);
  const data = new Float32Array(rows * cols);
  lines.forEach((line, i) => {
    data.set(list(line, `${where}, row ${i + 1}`, cols), i * cols);
  });
  if (!data.every(Number.isFinite)) fail(`${where}: an entry is too large for float32.`);
  return data;
}
