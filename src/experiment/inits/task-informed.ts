import { transpose, zeros } from '../../math/matrix.ts';
import { FULL, LEADING, offeredWhere, type Rule } from './conditions.ts';
import { handed, initialisation, variance } from './initialisation.ts';

const ownInputs: Rule = ({ inputs }) =>
  inputs
    ? null
    : {
        why: 'needs inputs of the task, which a matrix target does not have (they count as white: no direction stands out)',
        nearest: { target: 'regression' },
      };

/** The directions are those of the k × k second moment. */
const leadingInputs: Rule = ({ k, rank }) =>
  k <= FULL || rank <= LEADING
    ? null
    : {
        why: `is offered up to rank ${LEADING} where k is above ${FULL}; here the rank is ${rank}`,
        nearest: { rank: LEADING },
      };

export const taskInformed = initialisation({
  name: 'task-informed',
  label: 'Task-informed (EVA)',
  explanation:
    'The rows of A are the r main directions of the task’s inputs, orthonormal; B is zero: the layer starts unchanged.',
  source: 'EVA, arXiv 2410.07170',
  variance: ({ k }) => ({ A: `not random: orthonormal rows, ${variance('1/k', 1 / k)}`, B: '0' }),
  filling: { A: 'ordered', B: 'zero' },
  params: [],
  needs: ['inputs'],
  ...offeredWhere('The task-informed start', ownInputs, leadingInputs),
  draw: ({ d, rank, leadingInputs }) => ({
    A: transpose(handed(leadingInputs, 'leadingInputs')(rank).U),
    B: zeros(d, rank),
  }),
});
