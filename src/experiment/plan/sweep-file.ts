import { csvField } from '../numbers.ts';
import type { Status } from '../run-file/run-file.ts';
import type { Outcome } from '../run-file/run-record.ts';
import { type Cell, cellLink, type SweepPlan, settingsAt } from './sweep.ts';

const SWEEP_FORMAT = 'lora-explorer/sweep';
const SWEEP_VERSION = 1;

interface SweepFileCell {
  readonly settings: Readonly<Record<string, number | string>>;
  readonly seed: number;
  readonly link: string;
  /** `idle`: not run; `stopped`, with a sentence in `why`: refused or interrupted. */
  readonly status: Status;
  readonly steps: number | null;
  readonly loss: number | null;
  readonly relativeError: number | null;
  readonly floor: number | null;
  readonly heldOutLoss: number | null;
  /** Of networks: held out, on the new task and on the old one. */
  readonly accuracy?: number | null;
  readonly oldAccuracy?: number | null;
  readonly effectiveRank: number | null;
  readonly why: string | null;
}

export interface SweepFile {
  readonly format: typeof SWEEP_FORMAT;
  readonly version: typeof SWEEP_VERSION;
  readonly app: string;
  readonly link: string;
  readonly axes: readonly { readonly key: string; readonly values: readonly (number | string)[] }[];
  readonly repeat: number;
  readonly cells: readonly SweepFileCell[];
}

const NONE = {
  steps: null,
  loss: null,
  relativeError: null,
  floor: null,
  heldOutLoss: null,
  effectiveRank: null,
} as const;

/** The file of a sweep; `results` by cell, null if not run. Awaits `turn` between two: links take a while. */
export async function sweepFileOf(
  { app, link }: { readonly app: string; readonly link: string },
  { axes, repeat }: SweepPlan,
  cells: readonly Cell[],
  results: readonly (Outcome | null)[],
  turn: () => Promise<void>,
): Promise<SweepFile> {
  const listed: SweepFileCell[] = [];
  for (const [i, cell] of cells.entries()) {
    const own = settingsAt(axes, cell.at);
    const settings = Object.fromEntries(axes.map(({ key }) => [key, plain(own[key])]));
    listed.push({ settings, seed: cell.seed, ...outcome(cell, results[i] ?? null) });
    await turn();
  }
  return {
    format: SWEEP_FORMAT,
    version: SWEEP_VERSION,
    app,
    link,
    axes: axes.map(({ key, values }) => ({ key, values: values.map(plain) })),
    repeat,
    cells: listed,
  };
}

function outcome(cell: Cell, result: Outcome | null): Omit<SweepFileCell, 'settings' | 'seed'> {
  const why = cell.why ?? (result && 'why' in result ? result.why : null);
  if (why !== null) return { link: cell.link, status: 'stopped', ...NONE, why };
  if (result === null || 'why' in result) return { link: cell.link, status: 'idle', ...NONE, why: null };
  const { status, steps, rate, loss, error, floor, heldOut, accuracy, oldAccuracy, effectiveRank } = result;
  return {
    link: cell.experiment ? cellLink(cell.experiment, rate) : cell.link,
    status,
    steps,
    loss: finite(loss),
    relativeError: finite(error),
    floor: finite(floor),
    heldOutLoss: finite(heldOut),
    ...(accuracy !== undefined && { accuracy: finite(accuracy), oldAccuracy: finite(oldAccuracy ?? null) }),
    effectiveRank: finite(effectiveRank),
    why: null,
  };
}

/** JSON has no other numbers. */
const finite = (value: number | null) => (value !== null && Number.isFinite(value) ? value : null);

const plain = (value: unknown) => (typeof value === 'number' ? value : String(value));

const FIGURES = ['status', 'steps', 'relativeError', 'floor', 'loss', 'heldOutLoss', 'effectiveRank'] as const;

/** A diverged run has no result: the table shows none either. */
const LOST: readonly string[] = ['relativeError', 'loss', 'heldOutLoss', 'accuracy', 'oldAccuracy', 'effectiveRank'];
/** After the held-out loss, if a cell is a network. */
const NETWORK_FIGURES = ['accuracy', 'oldAccuracy'] as const;

/** A sweep file as CSV (RFC 4180): a line per run with its settings, seed, ending and link. */
export function sweepCsv({ axes, cells }: SweepFile): string {
  const keys = axes.map(({ key }) => key);
  const network = cells.some(({ accuracy }) => accuracy !== undefined);
  const figures = FIGURES.flatMap((name) => (network && name === 'heldOutLoss' ? [name, ...NETWORK_FIGURES] : [name]));
  const lines = cells.map((cell) => [
    ...keys.map((key) => cell.settings[key]),
    cell.seed,
    ...figures.map((name) => (cell.status === 'diverged' && LOST.includes(name) ? null : (cell[name] ?? null))),
    cell.why,
    cell.link,
  ]);
  const head = [...keys, 'seed', ...figures, 'why', 'link'];
  return [head, ...lines].map((line) => `${line.map(csvField).join(',')}\r\n`).join('');
}
