import { LARGEST_RUN_FILE } from '../experiment/run-file.ts';
import { type Breathe, fileWith, rowsInSlices, sourcesOf } from './run-file.ts';
import type { Run } from './state.ts';

/** Where a matrix stands in the text: each is longer than what a page can afford in one piece. */
const PLACES = ['"initial":{"A":[', '],"B":[', ']},"final":{"A":[', '],"B":[', ']},"base":[', '],"target":['];
/** A float32 written as a JSON number has about so many characters. */
const CHARACTERS = 20;

/**
 * The run file as text, in pieces that are made in slices so that the page stays quick. W₀ and ΔW* can be left out
 * (`matrices` false). Null before the matrices exist.
 */
export async function runTextOf(run: Run, app: string, matrices: boolean, breathe: Breathe): Promise<string[] | null> {
  const { ready } = run;
  if (!ready) return null;
  const { layers, ...file } = fileWith(run, ready, app, [[], [], [], []]);
  const { initial: _, final: __, base, target, ...layer } = layers[0];
  const sources = sourcesOf(run, ready, matrices);
  const pieces = [`${JSON.stringify(file).slice(0, -1)},"layers":[${JSON.stringify(layer).slice(0, -1)},`];
  for (const [i, source] of sources.entries()) {
    let comma = '';
    pieces.push(PLACES[i]);
    for (const slice of rowsInSlices(source)) {
      pieces.push(comma, JSON.stringify(slice).slice(1, -1));
      comma = ',';
      await breathe();
    }
  }
  pieces.push(sources.length > 4 ? ']}]}' : `]},"base":${base},"target":${target}}]}`);
  return pieces;
}

/** Whether the text of a run would be too long to be read again. */
export function isTooLong({ ready }: Run): boolean {
  return ready !== null && CHARACTERS * 2 * (ready.A.length + ready.B.length) > LARGEST_RUN_FILE;
}
