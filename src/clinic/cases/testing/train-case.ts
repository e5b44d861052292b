import { recordOf as runRecordOf } from '../../../app/pool.ts';
import { exampleHand, joinedHands } from '../../../class/model/class-hands.ts';
import { trainInBackground } from '../../../engine/background-runs/background-run.ts';
import { recordOf } from '../../../engine/background-runs/background-runs.ts';
import { assetsInNode } from '../../../engine/testing/assets-in-node.ts';
import { nodeBackends } from '../../../engine/testing/node-backends.ts';
import { layerCache, type Problem } from '../../../experiment/layer/problem.ts';
import { parseLink } from '../../../experiment/link/link.ts';
import type { HandSets } from '../../../experiment/network/digits.ts';
import type { RunRecord } from '../../../experiment/run-file/run-record.ts';
import { drain } from '../../../math/progress.ts';
import type { CaseRun, CaseRuns, ClinicCase } from '../case.ts';
import { measuredFactors } from '../measured-factors.ts';

/** The seed of a case's links, from which those of all its runs are counted. */
export function ownSeed({ runs }: Pick<ClinicCase, 'runs'>): number {
  const [first] = runs;
  return parseLink(first.link).experiment.seed;
}

/** Those that the page trains, and those of what does not help. */
export const allRuns = ({ runs, wrong }: ClinicCase): readonly CaseRun[] => [
  ...runs,
  ...wrong.flatMap(({ runs: tried = [] }) => tried),
];

const handsRead = new Map<number, HandSets>();

function handOf(number: number): HandSets {
  const sets = handsRead.get(number) ?? drain(exampleHand(number));
  handsRead.set(number, sets);
  return sets;
}

/** The drawings of several hands as those of one. */
const joined = (hands: readonly number[]): HandSets => joinedHands(hands.map((hand) => ({ sets: handOf(hand) })));

export interface CaseTraining {
  /** In the place of the case's own. */
  readonly seed?: number;
  /** Stops there. */
  readonly most?: number;
}

/** Trains runs of a case as the page does, in their order, and reads those without steps. */
export async function trainCase(
  clinicCase: ClinicCase,
  wanted: (run: CaseRun) => boolean = () => true,
  { seed = ownSeed(clinicCase), most }: CaseTraining = {},
): Promise<CaseRuns> {
  const by = seed - ownSeed(clinicCase);
  const cache = layerCache();
  const known = new Map<string, RunRecord>();
  for (const run of allRuns(clinicCase).filter(wanted)) {
    const { experiment: linked, faults } = parseLink(run.link);
    if (faults.length > 0) throw new Error(`${run.key}: ${JSON.stringify(faults)}`);
    const steps = Math.min(linked.steps, most ?? linked.steps);
    const experiment = { ...linked, seed: linked.seed + by, steps };
    const measures = run.measures && (measuredFactors(run, known) ?? undefined);
    if (run.measures && !measures) throw new Error(`${run.key} is made of runs that are not known`);
    const observe = most === undefined ? run.observe : undefined;
    const trained = await trainInBackground<Problem>(experiment, {
      ...{ backends: nodeBackends, network: await assetsInNode(experiment, ''), cache, observe, measures },
      ...(run.hands && { hand: joined(run.hands) }),
    });
    const asked = { observe, keep: run.keepsFactors ? (['factors'] as const) : undefined };
    known.set(run.key, runRecordOf(recordOf(trained, asked), experiment));
  }
  return known;
}
