import { expect, it } from 'vitest';
import { remarkText } from '../experiment/link/faults.ts';
import { choiceNotice, engineChoice } from './address.ts';

const textsOf = (search: string) => {
  const event = choiceNotice(search);
  return event?.type === 'notice' ? event.notice.texts.map(remarkText) : [];
};

it('reads back end and stepper from the query', () => {
  expect(engineChoice('')).toEqual({ backend: null, stepper: null });
  expect(engineChoice('?backend=cpu&stepper=tfjs')).toEqual({ backend: 'cpu', stepper: 'tfjs' });
  expect(engineChoice('?backend=webgpu&stepper=direct')).toEqual({ backend: 'webgpu', stepper: 'direct' });
  expect(engineChoice('?stepper=direct')).toEqual({ backend: null, stepper: 'direct' });
  for (const search of ['', '?backend=wasm', '?stepper=direct']) expect(textsOf(search)).toEqual([]);
});

it('never leaves the back end that was named for a form that it does not have, and says so', () => {
  expect(engineChoice('?backend=cpu&stepper=direct')).toEqual({ backend: 'cpu', stepper: null });
  expect(textsOf('?backend=cpu&stepper=direct')).toEqual([
    'stepper=direct: must be tfjs, or direct on webgpu; left out.',
  ]);
});

it('names what is not known', () => {
  const title = (search: string) => {
    const event = choiceNotice(search);
    return event?.type === 'notice' ? event.notice.title : null;
  };
  expect(title('?backend=cuda')).toBe('Unknown back end in the address.');
  expect(title('?stepper=jax')).toBe('Unknown stepper in the address.');
  expect(title('?backend=cuda&stepper=jax')).toBe('Unknown back end and stepper in the address.');
  expect(engineChoice('?backend=cuda&stepper=jax')).toEqual({ backend: null, stepper: null });
  expect(textsOf('?backend=cuda&stepper=jax')).toHaveLength(2);
});
