import { say } from '../report.ts';
import { shuffled } from '../statistics.ts';
import type { Player } from './players.ts';
import type { Size } from './start.ts';

export interface Plan {
  readonly rounds: number;
  /** Milliseconds that each contestant gets in a round. */
  readonly budget: number;
  /** Names of those who take so long that one step, timed once, is all there is time for. */
  readonly once?: readonly string[];
}

/** Milliseconds a step, one number a round. */
export interface Times {
  readonly name: string;
  /** Steps a round. */
  readonly steps: number;
  readonly all: readonly number[];
}

const MOST_STEPS = 256;
const TRIES = 5;
const SEED = 20;

/**
 * Times the players side by side: each round times every one once, in an order that a seed shuffles. How many steps a
 * round has for a player follows from its own speed. All are open on their size when this is called, and stay so.
 */
export async function timed(players: readonly Player[], what: string, plan: Plan): Promise<Times[]> {
  const { rounds, budget, once = [] } = plan;
  const kept = new Map<Player, { steps: number; all: number[] }>();
  for (const player of players) {
    say(`${what}: ${player.name} warms up`);
    const brief = once.includes(player.name);
    if (brief) await player.time(1);
    kept.set(player, { steps: brief ? 1 : await warm(player, budget), all: [] });
  }
  for (let round = 0; round < rounds; round++) {
    say(`${what}: round ${round + 1} of ${rounds}`);
    for (const player of shuffled(players, SEED + round)) {
      const own = kept.get(player);
      if (!own || (round > 0 && once.includes(player.name))) continue;
      own.all.push((await player.time(own.steps)).all / own.steps);
    }
  }
  return [...kept].map(([{ name }, own]) => ({ name, ...own }));
}

/** Compiles and heats up what a player needs; returns how many steps fill its budget. */
async function warm(player: Player, budget: number): Promise<number> {
  if (player.fixed !== undefined) {
    await player.time(player.fixed);
    return player.fixed;
  }
  await player.time(1);
  let steps = 1;
  for (let tries = 0; tries < TRIES; tries++) {
    const { all } = await player.time(steps);
    // A short pack waits for its answer more than it works, so it promises too few: at most four times as many a try.
    const fitting = Math.round((budget * steps) / Math.max(all, 0.01));
    const next = Math.min(MOST_STEPS, 4 * steps, Math.max(1, fitting));
    if (next <= steps) return next;
    steps = next;
  }
  return steps;
}

/** Opens all on a size, does something, closes all. */
export async function opened<T>(players: readonly Player[], size: Size, work: () => Promise<T>): Promise<T> {
  try {
    for (const player of players) await player.open(size);
    return await work();
  } finally {
    for (const player of players) await player.close();
  }
}
