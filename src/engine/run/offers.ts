import type { Backend } from '../backends/backend.ts';
import { type ContestTimes, timeSteppers } from '../backends/contest.ts';
import type { Stepper, StepperStart } from '../steppers/stepper.ts';
import type { Loop } from './loop.ts';
import type { Packs } from './packs.ts';
import { beforeTimeout, type TaskQueue } from './task-queue.ts';
import type { Trainer } from './trainer.ts';

export type Offers = Readonly<ReturnType<typeof offers>>;

interface Offer {
  readonly backend: Backend;
  readonly faster: (compared: ContestTimes) => boolean;
  readonly answer: (compared: ContestTimes | null) => void;
  readonly refuse: (error: unknown) => void;
}

interface OfferParts {
  readonly trainer: Trainer;
  readonly packs: Packs;
  readonly loop: Loop;
  readonly alone: TaskQueue;
  /** Milliseconds. */
  readonly clock: () => number;
}

const PATIENCE_MS = 10_000;

/** Other back ends, offered to an active run, one at a time. */
export function offers(parts: OfferParts) {
  let open: Offer | null = null;

  return {
    get isOpen() {
      return open !== null;
    },
    /** Times it at the run's step then, and switches to it if faster. Null if the run ends first. */
    make(backend: Backend, faster: Offer['faster']): Promise<ContestTimes | null> {
      if (parts.loop.closed) return Promise.resolve(null);
      return new Promise((answer, refuse) => {
        open = { backend, faster, answer, refuse };
      });
    },
    async settle() {
      const offer = open;
      open = null;
      if (offer) await settle(offer, parts);
    },
    drop: () => open?.answer(null),
  };
}

async function settle(offer: Offer, parts: OfferParts): Promise<void> {
  const { trainer, loop, alone } = parts;
  try {
    const other = await openRival(offer, await alone(() => trainer.start()), loop.whenClosed);
    if (other !== null) await contest(offer, other, parts);
    else if (loop.closed) offer.answer(null);
    else offer.refuse(new Error('It did not start in time.'));
  } catch (error) {
    // The rival failed; the run itself goes on as before.
    offer.refuse(error);
  }
}

async function contest(
  offer: Offer,
  other: Stepper,
  { trainer, packs, loop, alone, clock }: OfferParts,
): Promise<void> {
  let mine = true;
  try {
    // Closed while the rival was opened: the next run waits, and there is nothing to time.
    if (loop.closed) return offer.answer(null);
    const compared = { ...(await alone(() => timeSteppers(trainer.stepper, other, clock))), step: trainer.step };
    mine = loop.closed || !offer.faster(compared);
    if (!mine) {
      packs.moved({ leastPack: offer.backend.leastPack, secondsPerStep: compared.its });
      trainer.handOver(other).dispose();
    }
    offer.answer(loop.closed ? null : compared);
  } finally {
    if (mine) other.dispose();
  }
}

/** The rival's stepper; null, and disposed of on arrival, if it takes too long or `unwanted` comes first. */
async function openRival({ backend }: Offer, start: StepperStart, unwanted: Promise<void>): Promise<Stepper | null> {
  const opening = backend.open(start);
  const opened = await beforeTimeout(Promise.race([opening, unwanted.then(() => null)]), PATIENCE_MS);
  if (opened === null) void opening.then((late) => late.dispose()).catch(() => {});
  return opened;
}
