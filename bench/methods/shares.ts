import { startWasmBackend } from '../../src/engine/backends/own-backends.ts';
import { settingsOf, tuningOf } from '../../src/engine/run/tuner.ts';
import type { StepperStart } from '../../src/engine/steppers/stepper.ts';
import { initialFactors, startFrom, taskOf } from '../../src/engine/tasks/task.ts';
import '../../src/engine/testing/wasm-in-node.ts';
import { layerCache, prepareProblem } from '../../src/experiment/layer/problem.ts';
import { methods } from '../../src/experiment/methods/index.ts';
import { optimisers } from '../../src/experiment/optimisers.ts';
import { decide, param } from '../../src/experiment/settings/experiment.ts';
import type { Experiment } from '../../src/experiment/settings/params.ts';
import { shuffled } from '../statistics.ts';

/** Steps of a pack, as between two spectra of a run of 1,500, and packs of one run from the start. */
const PACK = 24;
const RUN = 62;

export interface Contender {
  readonly name: string;
  readonly changes: Partial<Experiment>;
  /** Multiply-adds of a step on a d × k matrix. */
  readonly cost: number;
}

export interface Share {
  readonly name: string;
  /** Milliseconds a step, and multiply-adds a second as a share of the first contender's, by rounds. */
  readonly ms: readonly number[];
  readonly shares: readonly number[];
}

const experimentOf = (wanted: Partial<Experiment>): Experiment =>
  decide((key, draft) => wanted[key] ?? param(key).default(draft));

const sized = (d: number, rank: number) => ({ target: 'rotation', d, k: d, rank }) as const;

/** LoRA and each method beside it, with Adam. */
export function ofMethods(d: number, rank: number): readonly Contender[] {
  return methods.all.map(({ name, cost }) => {
    const e = experimentOf({ ...sized(d, rank), method: name });
    return { name, changes: e, cost: cost(e) };
  });
}

/** SGD and each other optimiser of LoRA: the products of a step are counted, what an update takes is not. */
export function ofOptimisers(d: number, rank: number): readonly Contender[] {
  return optimisers.all.map(({ name, label }) => ({
    ...{ name: label, changes: experimentOf({ ...sized(d, rank), opt: name }) },
    cost: methods.byName('lora').cost(experimentOf(sized(d, rank))),
  }));
}

const cache = layerCache();

function startOf(changes: Partial<Experiment>): StepperStart {
  const e = experimentOf(changes);
  const problem = prepareProblem(e, null, { cache, vectors: false });
  if ('why' in problem) throw new Error(problem.why);
  const settings = settingsOf(tuningOf(e, problem.modules), problem.modules);
  return { ...startFrom(taskOf(problem), initialFactors(problem)), settings };
}

/** Times each in turn, in shuffled order, for about `budget` ms a round. The first is what the others are shares of. */
export async function sharesOf(
  contenders: readonly Contender[],
  rounds: number,
  budget: number,
): Promise<readonly Share[]> {
  const backend = startWasmBackend('relaxed');
  if ('missing' in backend) throw new Error(backend.missing);
  const open = async ({ changes }: Contender) => {
    const stepper = await backend.open(startOf(changes));
    const start = stepper.snapshot();
    /** Milliseconds of the processor that so many packs take. */
    const time = async (packs: number) => {
      const from = process.cpuUsage();
      for (let i = 0; i < packs; i++) {
        if (i % RUN === 0) start.restore();
        await stepper.steps(PACK);
      }
      const { user, system } = process.cpuUsage(from);
      return (user + system) / 1000;
    };
    let packs = 1;
    while ((await time(packs)) < budget / 2) packs *= 2;
    const ms: number[] = [];
    return { ms, round: async () => ms.push((await time(packs)) / packs / PACK) };
  };
  const players: Awaited<ReturnType<typeof open>>[] = [];
  for (const one of contenders) players.push(await open(one));
  for (let round = 0; round < rounds; round++) for (const player of shuffled(players, round)) await player.round();
  const [first] = players;
  return contenders.map(({ name, cost }, i) => {
    const { ms } = players[i];
    return { name, ms, shares: ms.map((own, round) => (cost / own / contenders[0].cost) * first.ms[round]) };
  });
}
