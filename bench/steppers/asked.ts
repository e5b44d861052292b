import { digits } from '../statistics.ts';
import type { Row } from '../table.mjs';
import type { Counts } from './counts.ts';
import type { PagePlayer } from './players.ts';
import { type Size, sizeWords } from './start.ts';

/** Calls to the device and time on the page's thread, by contestant. */
export interface Asked {
  readonly name: string;
  readonly packs: readonly [number, number];
  readonly counts: readonly [Counts, Counts];
  /** Milliseconds of JavaScript a step. */
  readonly script: number;
}

/** A number of steps per submit that pays on every device. */
export const PACK = 16;
/** A longer pack of TensorFlow.js's many dispatches would wait for the browser's command queue to empty. */
export const TFJS_PACK = 2;
const MOST_PACKS = 60;

/**
 * Counts two packs, which separates the cost of a step from that of a pack. The script's time is that of a call until
 * it gives the thread back: a page's clock is coarse, so many packs are summed.
 */
export async function asked<Case>(player: PagePlayer<Case>, smaller: number, ms: number): Promise<Asked> {
  const larger = 2 * smaller;
  const pack = player.name.includes('tfjs') ? TFJS_PACK : PACK;
  await player.time(larger);
  const counts = [await player.count(smaller), await player.count(larger)] as const;
  let [script, all, packs] = [0, 0, 0];
  while (packs < MOST_PACKS && (all < ms || packs < 2)) {
    const timed = await player.time(pack);
    script += timed.script;
    all += timed.all;
    packs++;
  }
  return { name: player.name, packs: [smaller, larger], counts, script: script / (packs * pack) };
}

/** Count per step and count per pack, solved from two packs. */
export function split({ packs: [few, many], counts: [less, more] }: Asked, key: keyof Counts) {
  // Clamped at zero: a library that pools buffers allocates now more, now fewer.
  const step = Math.max(0, (more[key] - less[key]) / (many - few));
  return { step, pack: less[key] - few * step };
}

export const askedRow = (size: Size, asked: Asked): Row => ({ 'd = k, r': sizeWords(size), ...askedCells(asked) });

export function askedCells(asked: Asked): Row {
  const cell = (key: keyof Counts) => words(split(asked, key));
  return {
    contestant: asked.name,
    dispatches: cell('dispatches'),
    submits: cell('submits'),
    'read-backs': cell('readBacks'),
    'buffers created': cell('buffers'),
    'bytes read': cell('bytesRead'),
    'JavaScript, ms per step': digits(asked.script),
  };
}

function words({ step, pack }: { readonly step: number; readonly pack: number }): string {
  const trim = (x: number) => String(Math.round(x * 100) / 100);
  const parts = [step === 0 ? '' : `${trim(step)} a step`, Math.abs(pack) < 1e-9 ? '' : `${trim(pack)} a pack`];
  return parts.filter(Boolean).join(' + ').replace('+ -', '− ') || '0';
}
