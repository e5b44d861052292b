import { expect, it } from 'vitest';
import { partOf } from '../../math/testing/part-of.ts';
import { inits } from '../inits/index.ts';
import { change, defaults, isActive } from '../settings/experiment.ts';
import type { Experiment } from '../settings/params.ts';
import { targets } from '../targets/index.ts';
import { editWords } from '../targets/names.ts';
import { pictures } from '../targets/pictures.ts';
import { bases } from './bases.ts';
import { layerCache } from './problem.ts';
import { prepareModule } from './testing/one-module.ts';

const names = (all: readonly { readonly name: string }[]) => all.map(({ name }) => name);

/** Two values or more of each setting that matrices and samples may be made from. */
const VALUES = {
  ...{
    base: names(bases.all),
    init: names(inits.all),
    quant: ['none', 'nf4'],
    picture: names(pictures.all),
    edit: names(editWords.all),
  },
  ...{ d: [12, 10], k: [14, 12], rank: [2, 5], alpha: [4, 9], seed: [1, 2], batch: [3, 10] },
  ...{
    truerank: [3, 4],
    shape: ['flat', 'geometric'],
    noise: [0, 0.1],
    align: [null, 0.5],
    law: ['power', 'geometric'],
  },
  ...{ rate: [0.8, 0.9], samples: [20, 25], condition: [1, 5], labelnoise: [0, 0.2], normalise: [true, false] },
  ...{ scaling: ['standard', 'rslora'], sigma: [0.02, 0.5], opt: ['sgd', 'adam'] },
} satisfies { readonly [key in keyof Experiment]?: readonly unknown[] };

/** Everything that a run is made of, as numbers and text. */
function contents(e: Experiment, cache = layerCache()) {
  const made = prepareModule(e, null, { cache });
  if ('why' in made) return made;
  const { base, frozen, A, B, target, targetNorm, facts, spectrum, data } = made;
  const samples = data && {
    ...{ X: data.X, Y: data.Y, heldOut: data.heldOut, floors: data.floors },
    batch: [...data.batches.at(0)],
  };
  return { base, frozen, A, B, target, targetNorm, facts, spectrum, samples };
}

const TARGETS = targets.all.filter(({ kind, name }) => kind !== 'network' && name !== 'matrix').map(({ name }) => name);

it.each([...TARGETS.entries()].map(([i, name]) => [name, i] as const))(
  'what was open before changes no number: %s',
  (target, i) => {
    const start = change(change(defaults(), { target }), { d: 12, k: 14, rank: 2, samples: 20, batch: 3 });
    const active = Object.entries({ ...VALUES, init: partOf(VALUES.init, 4, i) }).filter(([key]) =>
      isActive(key as keyof typeof VALUES, start),
    );
    for (const [key, values] of partOf(active, 3, i)) {
      const cache = layerCache();
      for (const value of [...values, values[0]]) {
        const e = change(start, { [key]: value });
        expect(contents(e, cache), `${key} = ${value}`).toEqual(contents(e));
      }
    }
  },
);
