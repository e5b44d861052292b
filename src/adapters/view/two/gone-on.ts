import { onlyModule } from '../../../experiment/export/exported.ts';
import { errorAtEnd, lastStep, scalingAt } from '../../../experiment/run-file/run-record.ts';
import type { State } from '../../../state/state.ts';
import type { TrainedFactors } from '../../file/resize/written-back-file.ts';
import type { AdaptersState, GoneOn } from '../../state/adapters-state.ts';

interface GoneOnRun {
  readonly of: Pick<GoneOn, 'file' | 'module'>;
  readonly step: number;
  /** ‖ΔW − ΔW_b‖/‖ΔW_b‖ at the first and the last step. */
  readonly errors: readonly [number, number] | null;
  /** Why it cannot be written back, without a full stop; null: it can. */
  readonly why: string | null;
  /** B and A of the last step, and the s that the file's ΔW has with them. */
  readonly trained: () => TrainedFactors;
}

/** What the Lab has trained from a module of an open file; null if its run is another, or has no step yet. */
export function goneOnRun(
  { goneOn, files }: Pick<AdaptersState, 'goneOn' | 'files'>,
  run: State['run'],
): GoneOnRun | null {
  const { experiment } = run;
  const frame = run.frames.at(-1);
  if (!goneOn || files[0]?.id !== goneOn.file || experiment.data !== goneOn.data || experiment.init !== 'file')
    return null;
  if (!frame || frame.step === 0) return null;
  const factors = onlyModule(frame);
  const { d, k, rank, normalise } = experiment;
  const finite = [factors.B, factors.A].every((data) => data.every(Number.isFinite));
  const series = run.trace.series.relativeError;
  const end = errorAtEnd(run);
  return {
    of: { file: goneOn.file, module: goneOn.module },
    step: frame.step,
    errors: series && end !== null && frame.step === lastStep(run) ? [series[0], end] : null,
    why: finite ? null : 'its numbers are not finite',
    trained: () => ({
      B: { rows: d, cols: rank, data: factors.B },
      A: { rows: rank, cols: k, data: factors.A },
      s: scalingAt(run) * (normalise ? goneOn.sigma1 : 1),
    }),
  };
}
