import type { SequenceAdaptation } from '../network/adaptations.ts';
import { isSequenceTask } from '../network/adaptations.ts';
import type { DecoderRest } from '../network/network-data.ts';
import { SEPARATOR, VOCABULARY } from '../network/sequences.ts';
import type { Experiment } from '../settings/params.ts';
import type { Section } from './lesson.ts';
import type { Tensor } from './safetensors.ts';

/** The parts of a decoder that no adapter changes. */
export function decoderTensors(rest: DecoderRest): Tensor[] {
  const width = rest.head.length / VOCABULARY;
  return (['embedding', 'positions', 'head'] as const).map((name) => ({
    ...{ name, shape: [rest[name].length / width, width] },
    data: rest[name],
  }));
}

export const NORM = `def norm(x):
    """Each position over its root mean square."""
    return x / (x.square().mean(-1, keepdim=True) + 1e-5).sqrt()`;

interface PythonTask {
  /** Questions have symbols below it. */
  readonly base: number;
  readonly prose: string;
  readonly body: readonly string[];
}

const TASKS: Readonly<Record<SequenceAdaptation, PythonTask>> = {
  'sort-down': {
    base: SEPARATOR,
    prose: 'The answer has the symbols of the question, the largest first.',
    body: ['return sorted(question, reverse=True)'],
  },
  'copy-reverse': {
    base: SEPARATOR,
    prose: 'The answer is the question from its end.',
    body: ['return question[::-1]'],
  },
  'base-6': {
    base: 6,
    prose: 'A question is two numbers of four digits in base 6, lowest digit first, and the answer is their sum.',
    body: [
      'carry, digits = 0, []',
      'for a, b in [*zip(question[:4], question[4:]), (0, 0)]:',
      '    carry, digit = divmod(a + b + carry, BASE)',
      '    digits.append(digit)',
      'return digits',
    ],
  },
};

/** The page's sequences drawn again, by the same generator (math/random.ts), in plain Python. */
export function sequences({ adapt, seed, batch }: Experiment, length: number): Section {
  if (!isSequenceTask(adapt)) throw new Error('This task has no sequences.');
  const { base, prose, body } = TASKS[adapt];
  return {
    title: 'The sequences',
    prose: [
      prose,
      'A decoder reads question, separator and answer, and guesses each symbol of the answer from those before it.',
      'Each step draws new questions. seeded() gives the same numbers as the page, so they are its questions, too: a',
      'xoshiro128** generator from a hash of the seed and a purpose. 1,024 questions are held out: no step draws them.',
    ],
    code: `BASE, SEPARATOR, ASKED = ${base}, ${SEPARATOR}, 8  # questions have 8 symbols below BASE
ANSWERS = ${length - 8}
SEED, BATCH = ${seed}, ${batch}


def low(number):
    """The lowest 32 bits."""
    return number & 0xFFFFFFFF


def turned(word, by):
    return low(word << by) | word >> (32 - by)


def absorb(h, word):
    mixed = low(turned(low(word * 0xCC9E2D51), 15) * 0x1B873593)
    return low(turned(h ^ mixed, 13) * 5 + 0xE6546B64)


def seeded(purpose):
    """Endless whole numbers below 2**32, those of the page for this seed and purpose."""
    state = []
    for word in range(1, 5):
        h = low(word * 0x9E3779B9)
        for number in [low(SEED), low(SEED >> 32), *map(ord, purpose)]:
            h = absorb(h, number)
        h ^= len(purpose)
        h = low((h ^ h >> 16) * 0x85EBCA6B)
        h = low((h ^ h >> 13) * 0xC2B2AE35)
        state.append(h ^ h >> 16)
    a, b, c, d = state
    while True:
        yield low(turned(low(b * 5), 7) * 9)
        shifted = low(b << 9)
        c ^= a
        d ^= b
        b ^= c
        a ^= d
        c ^= shifted
        d = turned(d, 11)


def questions(count, purpose, known=()):
    limit = 2**32 // BASE * BASE  # above it the small symbols would be likelier
    symbols = (number % BASE for number in seeded(purpose) if number < limit)
    found = []
    while len(found) < count:
        question = tuple(next(symbols) for _ in range(ASKED))
        if question not in known:
            found.append(question)
    return found


def solve(question):
${body.map((line) => `    ${line}`).join('\n')}


HELD_OUT = set(questions(1024, "held-out set"))


def sequences(step):
    """Inputs and answers of a step, a list for each sequence."""
    asked = questions(BATCH, f"sequences {step}", HELD_OUT)
    inputs = [[*question, SEPARATOR, *solve(question)][:-1] for question in asked]
    return inputs, [list(solve(question)) for question in asked]`,
  };
}
