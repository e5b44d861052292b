/** Kinds of work by function name, of the engine and of the page: where the time of a profile goes. */

import type { Profile } from './profiler.ts';

export const WORKER = [
  'steps',
  'copies',
  'judge',
  'spectra',
  'frames',
  'later',
  'messages',
  'other',
  'waiting',
] as const;
export const PAGE = ['state', 'drawing', 'run file', 'other', 'waiting'] as const;

type Names = Readonly<Record<string, readonly string[]>>;

const IN_WORKER: Names = {
  copies: ['snapshot', 'copied', 'restore', 'read', 'fromPanels', 'rows', 'emptyEntries', 'note', 'writeCorrections'],
  judge: ['diverged', 'mayEnd', 'accept', 'candidate', 'exactBounds', 'boundsAfter', 'converged'],
  spectra: ['sample', 'spectrumOf', 'observe'],
  frames: ['flush', 'connect', 'seriesOf', 'add'],
  // Extremes and late spectra, computed in slices between which steps have their turn.
  later: ['runInSlices'],
  messages: ['send', 'post', 'postMessage', 'yieldTask', 'hear', 'receive', 'hand'],
};

const IN_PAGE: Names = {
  state: ['made.onmessage', 'dispatch'],
  drawing: ['redraw', 'performWorkOnRoot', 'commitRoot', 'performWorkUntilDeadline'],
  'run file': ['slicedFileOf', 'runFileInSlices', 'fileWithLists'],
};

/** Milliseconds of each kind out of `ms`; time without a sample counts as waiting. */
function phasesOf(profile: Profile, names: Names, ms: number, isSteps: (url: string) => boolean): Map<string, number> {
  const kinds = new Map(Object.entries(names).flatMap(([kind, list]) => list.map((name) => [name, kind])));
  const nodes = new Map(profile.nodes.map((node) => [node.id, node]));
  const parents = new Map(profile.nodes.flatMap(({ id, children = [] }) => children.map((child) => [child, id])));
  const known = new Map<number, string>();
  const kindOf = (id: number): string => {
    const node = nodes.get(id);
    if (!node) return 'other';
    const { functionName, url } = node.callFrame;
    const parent = parents.get(id);
    const own = isSteps(url) ? 'steps' : functionName === '(idle)' ? 'waiting' : kinds.get(functionName);
    // The nearest caller with a known name decides, except that a slice of later work keeps its kind whatever it calls.
    const above = parent === undefined ? 'other' : (known.get(parent) ?? kindOf(parent));
    const kind = above === 'later' ? above : (own ?? above);
    known.set(id, kind);
    return kind;
  };
  const found = new Map<string, number>();
  for (const [i, id] of profile.samples.entries()) {
    const kind = kindOf(id);
    found.set(kind, (found.get(kind) ?? 0) + (profile.timeDeltas[i + 1] ?? 0) / 1000);
  }
  const busy = [...found].reduce((sum, [kind, took]) => (kind === 'waiting' ? sum : sum + took), 0);
  return found.set('waiting', Math.max(0, ms - busy));
}

const isWasm = (url: string) => url.startsWith('wasm:');

export const workerPhases = (profile: Profile, ms: number) => phasesOf(profile, IN_WORKER, ms, isWasm);
export const pagePhases = (profile: Profile, ms: number) => phasesOf(profile, IN_PAGE, ms, () => false);
