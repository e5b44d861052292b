import { describe, expect, it } from 'vitest';
import { methods, trainedBy } from '../../../experiment/methods/index.ts';
import { ADAPTERS, BUDGET_RANKS } from '../../../experiment/methods/which/adapters.ts';
import { KINDS, type KindName } from '../../../experiment/methods/which/kinds.ts';
import {
  cellOf,
  type MapView,
  mapViewText,
  parametersOf,
  readMapView,
  rowOf,
} from '../../../experiment/methods/which/map.ts';
import { change, defaults } from '../../../experiment/settings/experiment.ts';
import {
  cellSentence,
  cellText,
  cellTitle,
  errorText,
  headLine,
  isOffBudget,
  shiraLine,
  spokenCell,
} from './map-words.ts';
import { cellExperiment } from './updates.ts';

const view = (changes: Partial<MapView> = {}): MapView => ({ ...readMapView(''), ...changes });
const views: readonly MapView[] = BUDGET_RANKS.flatMap((rank) =>
  KINDS.flatMap(({ name: kind }) =>
    ADAPTERS.flatMap((adapter) => [true, false].map((places) => view({ kind, adapter, rank, places }))),
  ),
);

const errorAt = (at: MapView) => cellOf(at.kind as KindName, at.adapter, at);

describe('the line above the map', () => {
  it('counts the kinds that have an adapter', () => {
    expect(headLine({ rank: 8, places: false })).toBe(
      'No adapter is best for every update. Six kinds of update each have one that leaves nothing but the noise in them; noise itself has none.',
    );
    expect(headLine({ rank: 4, places: false })).toBe(
      'No adapter is best for every update. Two kinds of update each have one that leaves nothing but the noise in them; noise itself has none.',
    );
  });

  it('says what the table says', () => {
    for (const rank of BUDGET_RANKS)
      for (const places of [true, false]) {
        const noise = { 'low-rank': 0.05, kronecker: 0.05 } as Readonly<Record<string, number>>;
        const solved = KINDS.filter(({ name }) => {
          const least = Math.min(...Object.values(rowOf(name, { rank, places })));
          return least <= (noise[name] ?? 5e-4);
        });
        const words = ['No', 'One', 'Two', 'Three', 'Four', 'Five', 'Six', 'Seven'];
        expect(headLine({ rank, places })).toContain(` ${words[solved.length]} kind`);
      }
  });
});

describe('the sentence of a cell', () => {
  it.each([
    [{}, 'brings LoRA below 0.73 on the turn of W₀: the update has all 64 directions, LoRA 8.'],
    [
      { kind: 'low-rank' },
      'LoRA can write all but the noise of the low-rank update: it has 8 directions, and the update 8.',
    ],
    [{ kind: 'low-rank', rank: 4 }, 'below 0.70 on the low-rank update: the update has 8 directions, LoRA 4.'],
    [
      { adapter: 'oft' },
      'OFT can write the turn of W₀: it turns blocks of 32 rows, and the update turns blocks of 32.',
    ],
    [{ adapter: 'oft', rank: 4 }, 'the update turns 32 rows together, and it turns 16.'],
    [{ adapter: 'hira', kind: 'noise' }, 'It is no bound: training may pass it.'],
    [{ adapter: 'shira', kind: 'noise' }, 'its 1,024 entries hold 72% of the energy of the update.'],
    [{ adapter: 'shira', kind: 'noise', places: true }, 'its 512 entries hold 50% of the energy of the update.'],
    [{ adapter: 'b-only', kind: 'noise' }, 'the rows of A span 25% of its energy.'],
  ] as const)('%o', (changes, end) => {
    const at = view(changes);
    expect(cellSentence(at, errorAt(at))).toMatch(new RegExp(`${end.replace(/[.()]/g, '\\$&')}$`));
  });

  it('never calls the lowest error found a floor, and never claims what the table does not have', () => {
    for (const at of views) {
      const error = errorAt(at);
      const text = cellSentence(at, error);
      if (['hira', 'dora'].includes(at.adapter)) expect(text).not.toMatch(/floor|No rate/);
      else if (error > 0.06) expect(text).toContain(`below ${errorText(error)} on`);
      expect(text).not.toMatch(/undefined|NaN|null/);
      expect(cellTitle(at, error)).toMatch(/: (0|0\.\d{3})$/);
    }
  });
});

it('SHiRA’s line counts the rows in which it leaves less than LoRA', () => {
  expect(shiraLine({ rank: 8, places: false })).toBe(
    'SHiRA trains the largest entries of the first gradient. It leaves less than LoRA in every row but low rank.',
  );
  expect(shiraLine({ rank: 8, places: true })).toContain(
    'With its places counted it has 512 entries, and it leaves less',
  );
});

it('a number has a star if it is the lowest found', () => {
  expect(cellText('dora', 0.3456)).toBe('0.35*');
  expect(cellText('dora', 0)).toBe('0');
  expect(cellText('lora', 0.0437)).toBe('0.044');
  expect(spokenCell('dots', 'shira', rowOf('dots', view()))).toBe('0, best of the row, made for this');
  expect(spokenCell('noise', 'dora', rowOf('noise', view()))).toBe('0.81, lowest found');
});

it('IA³ alone is far off a budget of 1,024', () => {
  expect(isOffBudget(64, view())).toBe(true);
  expect(isOffBudget(960, view())).toBe(false);
});

it('a cell of one’s own update says so until its number is there, and then what follows from it alone', () => {
  const at = view({ kind: 'own', rank: 4 });
  expect(cellTitle(at, null)).toBe('Your own update, LoRA');
  expect(cellSentence(at, null)).toMatch(/is being computed/);
  expect(cellSentence(at, 0.6, { d: 32, k: 96 })).toContain('its 4 directions hold 64% of the energy');
  const places = { ...at, adapter: 'shira', places: true } as const;
  expect(cellSentence(places, 0.6, { d: 32, k: 96 })).toContain('its 256 entries hold 64%');
  expect(cellSentence(at, 0)).toBe('LoRA can write your own update.');
  expect(spokenCell('own', 'dora', {})).toBe('being computed');
  expect(spokenCell('own', 'lora', { lora: 0.2, dora: 0.1 })).toBe('0.20');
});

it('a link leads back to the same cell, and a wrong word to the usual one', () => {
  for (const at of views) expect(readMapView(mapViewText(at))).toEqual(at);
  expect(readMapView('rotation,nothing,9')).toEqual(readMapView(''));
  expect(readMapView('own,oft').kind).toBe('own');
});

it('the experiment of a cell has as many parameters as its column, and the update of its row', () => {
  for (const at of views) {
    const e = cellExperiment(at, defaults());
    if (!e) throw new Error(`${at.adapter} cannot be trained`);
    const kind = KINDS.find(({ name }) => name === at.kind);
    expect(e).toMatchObject({ ...kind?.settings, d: 64, k: 64, seed: 1 });
    const places = at.places && at.adapter === 'shira';
    const method = methods.byName(e.method);
    if (at.adapter === 'b-only') expect([e.method, e.train, e.rank]).toEqual(['lora', 'B', 2 * at.rank]);
    else
      expect([method.name, trainedBy(method, e) * (places ? 2 : 1)]).toEqual([
        at.adapter,
        parametersOf(at.adapter, at),
      ]);
  }
});

it('from samples the Lab trains LoRA alone', () => {
  const own = change(defaults(), { target: 'regression' });
  const trained = ADAPTERS.filter((adapter) => cellExperiment(view({ kind: 'own', adapter }), own));
  expect(trained).toEqual(['lora']);
});
