import {
  approximationNote,
  availability,
  fullSizeRule,
  type InitRule,
  LEADING_COUNT,
  leadingRule,
  MAX_FULL,
  unquantisedRule,
} from './conditions.ts';
import { defineInit, variance } from './init.ts';

const ownInputs: InitRule = ({ inputs }) =>
  inputs
    ? null
    : {
        reason: 'needs task inputs',
        here: '; a matrix target has none (its inputs are treated as white, so no direction stands out)',
        nearest: { target: 'regression' },
      };

/** The directions are those of the k × k second moment. */
const leadingInputs: InitRule = ({ k, rank }) =>
  k <= MAX_FULL || rank <= LEADING_COUNT
    ? null
    : {
        reason: `is available up to rank ${LEADING_COUNT} when k is above ${MAX_FULL}`,
        here: `; here the rank is ${rank}`,
        nearest: { rank: LEADING_COUNT },
      };

export const taskInformed = defineInit({
  name: 'task-informed',
  label: 'Task-informed (EVA)',
  short: 'EVA',
  brief: 'The rows of A are the r main directions of the task’s inputs',
  variance: ({ k }) => ({ A: `not random: orthonormal rows, ${variance('1/k', 1 / k)}`, B: '0' }),
  filling: { A: 'ordered', B: 'zero' },
  needs: ['inputs'],
  params: ['size'],
  ...availability('Task-informed initialisation', ownInputs, leadingInputs),
});

/** Not in the list: only data that holds such factors offers it. */
export const fromFile = defineInit({
  name: 'file',
  label: 'A and B of a file',
  short: 'From file',
  brief: 'A and B of an adapter file, to continue from',
  variance: () => ({ A: 'as in the file', B: 'as in the file' }),
  filling: { A: 'ordered', B: 'ordered' },
  needs: ['file'],
});

export const corda = defineInit({
  name: 'corda',
  label: 'CorDA',
  brief: 'Like PiSSA, but W₀ is weighted by the second moment of the task’s inputs',
  variance: () => ({ A: '√(Sᵣ/s)·Vᵣᵀ·C⁻¹ of the SVD of W₀·C, not random', B: 'Uᵣ·√(Sᵣ/s)' }),
  filling: { A: 'ordered', B: 'ordered' },
  needs: ['base', 'inputs'],
  moves: true,
  ...availability('CorDA', fullSizeRule, unquantisedRule),
});

const roomForTwice: InitRule = ({ d, k, rank }) => {
  const size = Math.min(d, k);
  if (2 * rank <= size) return null;
  const reason = 'needs 2r directions';
  const here = `, which may not exceed the smaller of d and k, ${size}; here 2r is ${2 * rank}`;
  if (size > 1) return { reason, here, nearest: { rank: Math.floor(size / 2) } };
  return { reason, here, nearest: { ...(d < 2 ? { d: 2 } : {}), ...(k < 2 ? { k: 2 } : {}), rank: 1 } };
};

export const loraGa = defineInit({
  name: 'lora-ga',
  label: 'LoRA-GA',
  brief: 'A and B hold singular directions of the first gradient',
  variance: ({ d, k }) => ({
    A: `not random: orthonormal rows times ⁴√d/4${approximationNote({ d, k })}, ${variance('√d/(16k)', Math.sqrt(d) / (16 * k))}`,
    B: `orthonormal columns times ⁴√d/4, ${variance('1/(16√d)', 1 / (16 * Math.sqrt(d)))}`,
  }),
  filling: { A: 'ordered', B: 'ordered' },
  needs: ['gradient'],
  moves: true,
  // The lower bound decides: 2r ≤ 64 above 512.
  ...availability('LoRA-GA', leadingRule(2), roomForTwice, unquantisedRule),
});
