import { expect, it } from 'vitest';
import { faultTexts, remarkText } from '../experiment/link/faults.ts';
import { parseLink, writeLink } from '../experiment/link/link.ts';
import { digits } from '../experiment/network/digits-target.ts';
import { encodeHand } from '../experiment/network/hand-adapter.ts';
import { defaultView } from '../experiment/settings/view.ts';

import { stream } from '../math/random.ts';
import { engineChoice, engineChoiceNotice, openLink } from './address.ts';
import { openData } from './opening/open-data.ts';

const textsOf = (search: string) => {
  const event = engineChoiceNotice(search);
  return event?.type === 'notice' ? event.notice.texts.map(remarkText) : [];
};

it('leaves out an adapter of a hand that cannot be read, in a sentence, whatever it is, and keeps one that can', async () => {
  const source = stream(1, 'hostile hands');
  const layers = digits.layers.map(({ d, k }) => ({
    A: new Float32Array(2 * k).fill(0.5),
    B: new Float32Array(d * 2),
  }));
  const good = encodeHand({ rank: 2, scaling: 2, layers });
  const base = '#v=1&target=digits&adapt=hand&hand=';
  const { event, remarks } = await openLink(base + good);
  expect([event.view?.hand, remarks]).toEqual([good, []]);
  expect(writeLink(event.experiment, event.view ?? defaultView(), null)).toContain(`&hand=${good}`);
  for (let i = 0; i < 40; i++) {
    const at = source.integer(good.length);
    const wrong = [good.slice(0, at), `${good.slice(0, at)}${good}`, 'AQ', '__________', `${good}!`][i % 5];
    const opened = await openLink(base + wrong);
    expect(opened.event.view?.hand).toBe('');
    if (wrong !== '')
      expect(opened.remarks.join()).toMatch(/hand=.*(cannot be read: .*; left out\.|must be an adapter)/);
  }
  // Nothing but a hand is read by an adapter to one.
  expect((await openLink(`#v=1&target=digits&hand=${good}`)).event.view?.hand).toBe('');
});

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
    const event = engineChoiceNotice(search);
    return event?.type === 'notice' ? event.notice.title : null;
  };
  expect(title('?backend=cuda')).toBe('Unknown back end in the address.');
  expect(title('?stepper=jax')).toBe('Unknown stepper in the address.');
  expect(title('?backend=cuda&stepper=jax')).toBe('Unknown back end and stepper in the address.');
  expect(engineChoice('?backend=cuda&stepper=jax')).toEqual({ backend: null, stepper: null });
  expect(textsOf('?backend=cuda&stepper=jax')).toHaveLength(2);
});

it('opens what a link asks for beside one run as far as it is possible, and says what was left out', async () => {
  const { event, remarks } = await openLink(
    '#v=1&compare=opt:sgd;rank:900&sweep=rank:1,2,900&goal=error:0.05,steps:0&repeat=3&title=Which%20rank%3F',
  );
  expect(event.view).toMatchObject({
    compare: 'opt:sgd',
    sweep: 'rank:1,2',
    goal: 'error:0.05',
    repeat: 3,
    title: 'Which rank?',
  });
  expect(remarks).toHaveLength(3);
  expect(remarks[0]).toBe('compare=rank:900: must be a whole number from 1 to 64; this pin is left out.');
});

const open = async (link: string) => {
  const { experiment, faults } = await openData(link, parseLink(link));
  return { experiment, said: faultTexts(faults) };
};

it.each([
  ['edit', 'hat', 'FwAQABAAAA', 'painting'],
  ['picture', 'lighthouse', 'AAAA____', 'drawing'],
])('keeps the %s that a link names beside damaged data', async (key, value, data, what) => {
  for (const link of [
    `#v=1&target=${key}&${key}=${value}&data=${data}`,
    `#v=1&data=${data}&${key}=${value}&target=${key}`,
  ]) {
    const { experiment, said } = await open(link);
    expect(experiment).toMatchObject({ target: key, [key]: value, data: '' });
    expect(said).toEqual([expect.stringContaining(`data=${data}: must be a ${what} of up to 128 × 128; `)]);
    expect(said[0]).toMatch(/; left out\.$/);
  }
});

it('takes the usual edit where none is named, and says what else is wrong', async () => {
  const { experiment, said } = await open('#v=1&target=edit&data=FwAQABAAAA&data=FwAQ&rank=900');
  expect(experiment).toMatchObject({ edit: 'sunglasses', data: '', rank: 8 });
  expect(said).toHaveLength(3);
  const named = await open('#v=1&target=edit&data=FwAQABAAAA&edit=crown');
  expect(named.said).toEqual([expect.stringMatching(/^edit=crown: must be /), expect.stringMatching(/^data=/)]);
});
