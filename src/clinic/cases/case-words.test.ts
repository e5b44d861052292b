import { describe, expect, it } from 'vitest';
import { number, percent, round } from '../../experiment/numbers.ts';
import type { ClinicCase, Prose } from './case.ts';
import { CASES } from './cases.ts';
import { checkOf } from './testing/case-checks.ts';
import { ownFigures } from './testing/recorded-cases.ts';

const spoken = (text: Prose): string => text.map((piece) => (typeof piece === 'string' ? piece : '')).join('');

/** What a case says of its runs. */
const sentencesOf = ({ cause, see, look, why, remedy, wrong }: ClinicCase): readonly string[] => [
  ...[cause, spoken(see), spoken(look), spoken(why), remedy.effect],
  ...wrong.map(({ effect }) => effect),
];

/** Decimals, powers of ten and percentages: figures. Whole numbers are settings and steps. */
const FIGURE = /\d[\d,]*\.\d+(?:·10[⁻⁰¹²³⁴-⁹]+)?%?|\d+%/g;

/** As it may be written in a sentence. */
const written = (x: number): readonly string[] => [number(x), number(x, 2), round(x, 2), percent(x)];

describe.each(CASES)('$name', (of) => {
  const { settings = [] } = checkOf(of.name);

  it('says no figure that its runs do not show', () => {
    const { symptom, cure, wrong, further } = ownFigures(of);
    const figures = [symptom, cure, ...wrong, further].flatMap((one) => Object.values(one));
    const known = new Set([...figures.flatMap(written), ...settings]);
    const said = sentencesOf(of).flatMap((text) => text.match(FIGURE) ?? []);
    expect(said.filter((figure) => !known.has(figure))).toEqual([]);
  });

  it('names what each wrong cure gave', () => {
    for (const { label, effect } of of.wrong) expect(`${label}: ${effect}`).toMatch(/\d/);
  });
});
