import type { Backend } from './backends/backend.ts';
import type { Compared } from './contest.ts';
import type { Start, Stepper } from './steppers/stepper.ts';

/** Another back end that waits to be timed. */
export interface Offer {
  readonly backend: Backend;
  readonly faster: (compared: Compared) => boolean;
  readonly answer: (compared: Compared | null) => void;
  readonly refuse: (error: unknown) => void;
}

/** A rival that has not opened by then (a graphics process that hangs) is let go. */
const PATIENCE_MS = 10_000;

/** The rival's stepper; null where it takes too long or `unwanted` comes first, and then it is disposed of when it comes. */
export async function openRival({ backend }: Offer, start: Start, unwanted: Promise<void>): Promise<Stepper | null> {
  const opening = backend.open(start);
  const opened = await inTime(opening, PATIENCE_MS, unwanted);
  if (opened === null) void opening.then((late) => late.dispose()).catch(() => {});
  return opened;
}

/** The value, or null where it takes longer or is no longer wanted. */
async function inTime<T>(value: Promise<T>, ms: number, unwanted: Promise<void>): Promise<T | null> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<null>((resolve) => {
    timer = setTimeout(() => resolve(null), ms);
  });
  try {
    return await Promise.race([value, late, unwanted.then(() => null)]);
  } finally {
    clearTimeout(timer);
  }
}
