import { floorAtRank } from '../experiment/layer/floor.ts';
import type { Module } from '../experiment/layer/module.ts';
import type { Problem } from '../experiment/layer/problem.ts';
import type { SampleSet } from '../experiment/regression/samples.ts';
import { frobenius } from '../math/matrix.ts';
import type { ReadyMessage, ReadyModule, ReadyWanted, SentSamples, SentSet } from '../protocol/ready.ts';
import { reducedOf, sentOf } from './drawn.ts';
import { isKnown } from './task.ts';

/** What is known of a run beside its problem. */
type Known = Pick<ReadyMessage, 'run' | 'engine' | 'rate' | 'secondsPerStep' | 'bytes'>;

/** Copies of what the page shows of a problem: the worker keeps its own for the next run. */
export function readyOf(problem: Problem, known: Known): ReadyMessage {
  const [first, ...others] = problem.modules;
  return {
    type: 'ready',
    ...known,
    modules: [moduleOf(first), ...others.map(moduleOf)],
    samples: samplesOf(problem),
  };
}

function moduleOf(module: Module): ReadyModule {
  const { name, facts, d, k, rank, base, frozen, A, B, moved, frozenFactor } = module;
  const { whole, reduced } = sentOf(base, rank);
  return {
    ...{ name, facts, d, k, rank, frozenFactor },
    base: whole,
    basePlane: reduced,
    baseNorm: frobenius(base),
    wanted: wantedOf(module),
    A: A.data.slice(),
    B: B.data.slice(),
    moved: moved && { ...moved, frozen: reducedOf(frozen, rank) },
  };
}

function wantedOf(module: Module): ReadyWanted | null {
  if (!isKnown(module)) return null;
  const { matrix, norm, spectrum } = module.wanted;
  const { whole, reduced } = sentOf(matrix, module.rank);
  return {
    matrix: whole,
    plane: reduced,
    norm,
    spectrum: spectrum.values.slice(),
    known: { how: spectrum.how, error: spectrum.error, open: spectrum.open?.slice() },
    floorAtRank: floorAtRank(module),
  };
}

/** What a regression target trains on. */
function samplesOf(problem: Problem): SentSamples | null {
  if (problem.kind !== 'samples') return null;
  const { data } = problem;
  const { training, heldOut } = data.floorsByRank;
  return {
    training: setOf(data),
    heldOut: setOf(data.heldOut),
    floors: data.floors,
    floorsByRank: { training: training.slice(), heldOut: heldOut.slice() },
  };
}

function setOf({ X, Y }: SampleSet): SentSet {
  return { count: X.cols, X: X.data.slice(), Y: Y.data.slice() };
}
