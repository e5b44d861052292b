import { csvBytes, peftBytes, pythonBytes, runBytes, type SizeFacts, sharesOf } from '../../experiment/export/sizes.ts';
import { lastStep, type Run, SHOWN } from '../run/run.ts';
import { sampledOf } from '../select.ts';

/** The whole page as an archive, in bytes; a test of the build holds it. */
export const SITE_BYTES = 1_200_000;

/** How large the files of a run are, in bytes and estimated. Null before its matrices exist. */
export function sizesOf(run: Run) {
  const { ready, experiment } = run;
  if (!ready) return null;
  const { d, k, rank, moved, base, wanted } = ready.modules[SHOWN];
  const [W0, target] = [sharesOf(base), sharesOf(wanted?.matrix)];
  const samples = ready.samples?.training.count ?? 0;
  const facts: SizeFacts = {
    ...{ d, k, rank, samples },
    steps: Math.max(0, lastStep(run)),
    budget: experiment.steps,
    spectra: sampledOf(run).steps.length,
    heldOut: ready.samples?.heldOut.count ?? 0,
    batch: Math.min(experiment.batch, samples),
    moved: moved !== null,
    filled: [W0.filled, target.filled],
    varied: [W0.varied, target.varied],
  };
  return { run: runBytes(facts), csv: csvBytes(facts), python: pythonBytes(facts), peft: peftBytes(facts) };
}
