import { train } from '../../src/engine/testing/float64.ts';
import { matrixOf } from '../../src/engine/testing/starts.ts';
import { say } from '../report.ts';
import type { Row } from '../table.mjs';
import { reached } from './goal.ts';
import type { PagePlayer } from './players.ts';
import { type Size, sizeWords, startOf } from './start.ts';

const STEPS = 200;
/** Bound on the relative error. */
const MOST: Readonly<Record<string, number>> = {
  'fused direct': 1e-6,
  'fused algebraic': 1e-5,
  wasm: 1e-6,
  'wasm plain': 1e-6,
};

/** The loss after 200 steps against the float64 loop, one row per size and contestant. */
export async function accuracyRows(players: readonly PagePlayer[], sizes: readonly Size[]): Promise<Row[]> {
  const rows: Row[] = [];
  for (const size of sizes) {
    say(`d = k = ${size.d}, r = ${size.rank}: ${STEPS} steps in float64`);
    const { loss } = oracle(size);
    const wanted = loss[STEPS];
    for (const player of players) {
      say(`d = k = ${size.d}, r = ${size.rank}: ${STEPS} steps of ${player.name}`);
      const error = Math.abs((await player.lossAfter(size, STEPS)) / wanted - 1);
      const most = MOST[player.name];
      rows.push({
        'd = k, r': sizeWords(size),
        contestant: player.name,
        'loss of its start': (wanted / loss[0]).toPrecision(3),
        error: error.toExponential(1),
        'at most': most === undefined ? '–' : most.toExponential(0),
        reached: reached(most === undefined ? undefined : error <= most),
      });
    }
  }
  return rows;
}

function oracle(size: Size) {
  const { d, k, rank, target, A, B, settings } = startOf(size);
  return train(matrixOf(d, k, target), matrixOf(rank, k, A), matrixOf(d, rank, B), settings, STEPS);
}
