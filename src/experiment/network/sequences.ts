import type { Stream } from '../../math/random.ts';

/** Symbols 0 to 15, and the one that separates a question from its answers. */
export const SEPARATOR = 16;
export const VOCABULARY = SEPARATOR + 1;
/** Symbols of a question. */
const ASKED = 8;
const HELD_OUT = 1024;

/** Sequences as a decoder reads them, row by row: the question, the separator, all answers but the last. */
export interface SequenceSet {
  readonly count: number;
  /** count × length. */
  readonly inputs: Uint8Array;
  /** count × the answers of a sequence. */
  readonly answers: Uint8Array;
}

interface SequenceTask {
  /** Questions have symbols below it. */
  readonly base: number;
  readonly answers: number;
  readonly solve: (question: readonly number[]) => readonly number[];
}

/**
 * The sum of two numbers of four digits each, as five digits. All have their lowest digit first, so that a carry is
 * known before the digit that needs it.
 */
const addition = (base: number): SequenceTask => ({
  base,
  answers: ASKED / 2 + 1,
  solve: (question) => {
    let carry = 0;
    return Array.from({ length: ASKED / 2 + 1 }, (_, i) => {
      const sum = i < ASKED / 2 ? question[i] + question[ASKED / 2 + i] + carry : carry;
      carry = sum < base ? 0 : 1;
      return sum - carry * base;
    });
  },
});

const TASKS = {
  sort: { base: SEPARATOR, answers: ASKED, solve: (question) => question.toSorted((a, b) => a - b) },
  'sort-down': { base: SEPARATOR, answers: ASKED, solve: (question) => question.toSorted((a, b) => b - a) },
  copy: { base: SEPARATOR, answers: ASKED, solve: (question) => question },
  'copy-reverse': { base: SEPARATOR, answers: ASKED, solve: (question) => question.toReversed() },
  'base-5': addition(5),
  'base-6': addition(6),
} satisfies Readonly<Record<string, SequenceTask>>;

export type SequenceTaskName = keyof typeof TASKS;

export interface Sequences {
  /** Inputs of a sequence. */
  readonly length: number;
  /** Answers of a sequence: those of its last positions. */
  readonly asked: number;
  /** 1,024 sequences, of which no batch has one. */
  readonly heldOut: SequenceSet;
  /** The batch of a step, in any order of steps. */
  readonly at: (step: number) => SequenceSet;
}

/** Batches of `size` sequences, a stream ('sequences 0', 'sequences 1', …) each, so that a replay gets the same ones. */
export function sequencesOf(name: SequenceTaskName, size: number, streams: (purpose: string) => Stream): Sequences {
  const { base, answers, solve }: SequenceTask = TASKS[name];
  const length = ASKED + answers;

  function draw(count: number, source: Stream, isKnown: (question: string) => boolean): SequenceSet {
    const set = { count, inputs: new Uint8Array(count * length), answers: new Uint8Array(count * answers) };
    for (let i = 0; i < count; ) {
      const question = Array.from({ length: ASKED }, () => source.integer(base));
      if (isKnown(question.join())) continue;
      const answer = solve(question);
      set.inputs.set([...question, SEPARATOR, ...answer.slice(0, -1)], i * length);
      set.answers.set(answer, i * answers);
      i++;
    }
    return set;
  }

  const heldOut = draw(HELD_OUT, streams('held-out set'), () => false);
  const known = new Set(
    Array.from({ length: HELD_OUT }, (_, i) => heldOut.inputs.subarray(i * length, i * length + ASKED).join()),
  );
  return {
    length,
    asked: answers,
    heldOut,
    at: (step) => draw(size, streams(`sequences ${step}`), (question) => known.has(question)),
  };
}
