import type { QuietRecord } from '../../engine/protocol/quiet-messages.ts';
import type { Experiment } from '../../experiment/settings/params.ts';
import type { Asked, Sampled } from '../../state/compare/compare.ts';
import { newRun, type Run, SHOWN } from '../../state/run/run.ts';

/** So many steps are observed: as many as a curve needs. */
const OBSERVED = 60;

/** Steps of a run at which its spectra are wanted, ascending: close at the beginning, where most happens. */
export function observedSteps(budget: number): number[] {
  const share = (i: number) => i / (OBSERVED - 1);
  const steps = Array.from({ length: OBSERVED }, (_, i) => Math.round((budget * share(i) * (1 + 2 * share(i))) / 3));
  return [...new Set(steps)].filter((step) => step < budget);
}

/** A run that was trained in the background as finished data. `number`: one that no other run has. */
function runOf(record: QuietRecord, experiment: Experiment, number: number): Run {
  const { summary, points, observed, kept, engine } = record;
  const length = summary.steps + 1;
  const good = observed.filter(({ step }) => step < length);
  const [module] = kept;
  const start = module?.moved ? [{ step: 0, modules: [factors(module.moved)] }] : [];
  const last = good.at(-1);
  const end = module?.factors
    ? [{ step: summary.steps, modules: [factors(module.factors, last?.modules[SHOWN].spectrum)] }]
    : [];
  return {
    ...newRun(number, experiment),
    rate: summary.rate,
    status: summary.status,
    trace: { length, ...points },
    frames: [...start, ...end],
    samples: good.map(({ step, modules }) => ({ step, spectra: modules.map(({ spectrum }) => spectrum) })),
    losses: lossesOf(good),
    computed: [{ from: 0, backend: engine.backend, device: engine.device }],
  };
}

const factors = (
  { A, B }: { readonly A: Float32Array; readonly B: Float32Array },
  spectrum: Float64Array | null = null,
) => ({
  ...{ A, B, spectrum, alignment: null },
});

function lossesOf(observed: QuietRecord['observed']): Run['losses'] {
  const known = observed.flatMap(({ step, losses }) => (losses ? [{ step, ...losses }] : []));
  return {
    steps: known.map(({ step }) => step),
    training: known.map(({ training }) => training),
    heldOut: known.map(({ heldOut }) => heldOut),
  };
}

/** The singular values of ΔW of a start that has moved a part of W₀; null for any other. */
function updateOf({ observed, summary }: QuietRecord): Sampled | null {
  const known = observed.flatMap(({ step, modules }) => {
    const { update } = modules[SHOWN];
    return update && step <= summary.steps ? [{ step, update }] : [];
  });
  if (known.length === 0) return null;
  return { steps: known.map(({ step }) => step), spectra: known.map(({ update }) => update) };
}

/** What a record says of a pin. */
export function foundIn(
  record: QuietRecord,
  experiment: Experiment,
  number: number,
): Required<Pick<Asked, 'run' | 'floor' | 'update'>> {
  const run = runOf(record, experiment, number);
  return { run, floor: record.summary.modules[SHOWN].floor, update: updateOf(record) };
}
