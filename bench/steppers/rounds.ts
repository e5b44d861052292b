import { say } from '../report.ts';
import { shuffled } from '../statistics.ts';
import type { Player } from './players.ts';

export interface Plan {
  readonly rounds: number;
  /** Milliseconds per contestant and round. */
  readonly budget: number;
  /** Fewest steps per round, which share the cost of a call; default 1. */
  readonly least?: number;
  /** Contestants too slow for more than one step, timed once. */
  readonly once?: readonly string[];
}

export interface Times {
  readonly name: string;
  readonly steps: number;
  readonly all: readonly number[];
}

const MOST_STEPS = 256;
const TRIES = 5;
const SEED = 20;

/**
 * Times the players side by side: each round times every player once, in an order shuffled by a seed. The steps per
 * round follow from a player's own speed. All players are open on their size before and after.
 */
export async function timed<Case>(players: readonly Player<Case>[], what: string, plan: Plan): Promise<Times[]> {
  const { rounds, once = [] } = plan;
  const kept = new Map<Player<Case>, { steps: number; all: number[] }>();
  for (const player of players) {
    say(`${what}: ${player.name} warms up`);
    const brief = once.includes(player.name);
    if (brief) await player.time(1);
    kept.set(player, { steps: brief ? 1 : await warm(player, plan), all: [] });
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

/** Warms a player up; returns how many steps fill its budget. */
async function warm<Case>(player: Player<Case>, { budget, least = 1 }: Plan): Promise<number> {
  if (player.fixed !== undefined) {
    await player.time(player.fixed);
    return player.fixed;
  }
  await player.time(1);
  let steps = least;
  let fastest = Number.POSITIVE_INFINITY;
  for (let tries = 0; tries < TRIES; tries++) {
    fastest = Math.min(fastest, (await player.time(steps)).all / steps);
    const fitting = Math.max(least, Math.min(MOST_STEPS, Math.round(budget / Math.max(fastest, 0.001))));
    // The first try may have met a busy machine, and a short pack waits more than it works: both give too few.
    if (fitting <= steps && tries > 0) return fitting;
    steps = Math.min(4 * steps, Math.max(steps, fitting));
  }
  return steps;
}

export async function opened<T, Case>(
  players: readonly Player<Case>[],
  size: Case,
  work: () => Promise<T>,
): Promise<T> {
  try {
    for (const player of players) await player.open(size);
    return await work();
  } finally {
    for (const player of players) await player.close();
  }
}
