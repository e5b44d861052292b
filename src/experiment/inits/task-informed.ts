import { transpose, zeros } from '../../math/matrix.ts';
import { FULL, LEADING, offeredWhere, type Rule } from './conditions.ts';
import { handed, initialisation, variance } from './initialisation.ts';

const ownInputs: Rule = ({ inputs }) =>
  inputs
    ? null
    : {
        why: 'needs task inputs; a matrix target has none (its inputs are treated as white, so no direction stands out)',
        nearest: { target: 'regression' },
      };

/** The directions are those of the k × k second moment. */
const leadingInputs: Rule = ({ k, rank }) =>
  k <= FULL || rank <= LEADING
    ? null
    : {
        why: `is available up to rank ${LEADING} when k is above ${FULL}; here the rank is ${rank}`,
        nearest: { rank: LEADING },
      };

export const taskInformed = initialisation({
  name: 'task-informed',
  label: 'Task-informed (EVA)',
  short: 'EVA',
  explanation:
    'The rows of A are the r main directions of the task’s inputs, orthonormal; B is zero, so the layer starts unchanged.',
  source: 'EVA, arXiv 2410.07170',
  variance: ({ k }) => ({ A: `not random: orthonormal rows, ${variance('1/k', 1 / k)}`, B: '0' }),
  filling: { A: 'ordered', B: 'zero' },
  params: [],
  needs: ['inputs'],
  ...offeredWhere('Task-informed initialisation', ownInputs, leadingInputs),
  draw: ({ d, rank, leadingInputs }) => ({
    A: transpose(handed(leadingInputs, 'leadingInputs')(rank).U),
    B: zeros(d, rank),
  }),
});
