import type { Problem } from '../../experiment/layer/problem.ts';
import type { SpectraMessage } from '../../protocol/frame.ts';
import { spectrumOf } from '../metrics.ts';
import type { Factors } from '../steppers/stepper.ts';
import { inSlices } from './slices.ts';

/** Factors that nobody changes, at a step whose spectra nobody has. */
interface Owed {
  readonly step: number;
  readonly scaling: number;
  readonly modules: readonly Factors[];
}

/** Bytes of factors that are kept for later, and ms that their spectra may take: of more, every second one is given up. */
const MOST_BYTES = 16e6;
const MOST_MS = 800;

export interface LateSpectra {
  readonly keep: (owed: Owed) => void;
  /** From a step on what was kept no longer holds. */
  readonly cut: (step: number) => void;
  /** The run rests: works out what is owed, up to the step on which it stands. */
  readonly begin: (step: number) => void;
  readonly forget: () => void;
}

/**
 * Spectra that were too slow to be taken beside the steps of a run that is over in a moment: worked out once it rests, in
 * slices between which messages have their turn, and told all at once.
 */
export function lateSpectra(
  { modules }: Pick<Problem, 'modules'>,
  clock: () => number,
  tell: (samples: SpectraMessage['samples']) => void,
  fail: (error: unknown) => void,
): LateSpectra {
  let kept: Owed[] = [];
  let found: SpectraMessage['samples'][number][] = [];
  let work: symbol | null = null;
  const thinned = () => {
    kept = kept.filter((_, i) => i % 2 === 1);
  };

  function* all(): Generator<void, void> {
    let left = MOST_MS;
    for (let next = kept.shift(); next; next = kept.shift()) {
      const before = clock();
      const { step, scaling, modules: factors } = next;
      found.push({ step, spectra: modules.map((module, i) => spectrumOf(module, factors[i], scaling)), losses: null });
      const ms = clock() - before;
      left -= ms;
      while (kept.length > 0 && ms * kept.length > left) thinned();
      yield;
    }
  }

  async function begin(): Promise<void> {
    const mine = Symbol();
    work = mine;
    const done = await inSlices(all(), clock, () => work === mine);
    if (!done) return;
    work = null;
    const samples = found.sort((a, b) => a.step - b.step);
    found = [];
    if (samples.length > 0) tell(samples);
  }

  return {
    keep(owed) {
      kept.push(owed);
      const bytes = owed.modules.reduce((sum, { A, B }) => sum + A.byteLength + B.byteLength, 0);
      while (kept.length > 1 && bytes * kept.length > MOST_BYTES) thinned();
    },
    cut(step) {
      kept = kept.filter((owed) => owed.step < step);
      found = found.filter((sample) => sample.step < step);
    },
    begin(step) {
      kept = kept.filter((owed) => owed.step < step);
      if (kept.length > 0 && work === null) begin().catch(fail);
    },
    forget() {
      work = null;
      kept = [];
      found = [];
    },
  };
}
