import { count, number } from '../../../experiment/numbers.ts';
import { keptPercent } from '../../charts/energy/file-energy.ts';
import type { Figures, Module } from '../../file/model.ts';

/** A line of a module's numbers; without a value it is a head. */
export interface NumberLine {
  readonly name: string;
  readonly value: string | null;
  readonly optional?: boolean;
}

type ModuleFigures = Pick<Module, 'scaling' | 'magnitude'>;

/** The measured matrix: with a DoRA's magnitudes s·B·A is not ΔW. */
export const updateSymbol = ({ magnitude }: Pick<Module, 'magnitude'>) => (magnitude === null ? 'ΔW' : 's·B·A');

export function numberLines({ scaling, magnitude }: ModuleFigures, of: Figures): NumberLine[] {
  const times = scaling === null ? ' × s' : '';
  const { sigma, frobenius, effectiveRank: ranks } = of;
  const norm = { name: `‖${updateSymbol({ magnitude })}‖, Frobenius`, value: `${number(frobenius)}${times}` };
  const [largest] = sigma;
  if (sigma.length === 0) return [norm, ...magnitudes(of)];
  return [
    norm,
    { name: 'σ₁', value: `${number(largest)}${times}` },
    { name: 'energy in σ₁', value: frobenius > 0 ? keptPercent(Math.min(1, (largest / frobenius) ** 2)) : '–' },
    { name: 'rank for 90%', value: count(of.rank90), optional: true },
    { name: 'rank for 95%', value: count(of.rank95) },
    { name: 'rank for 99%', value: count(of.rank99), optional: true },
    { name: 'effective rank', value: null },
    { name: 'entropy of σ', value: ranks.entropy.toFixed(2) },
    { name: 'entropy of σ²', value: ranks.energy.toFixed(2) },
    { name: 'participation', value: ranks.participation.toFixed(2) },
    { name: 'stable', value: ranks.stable.toFixed(2) },
    ...magnitudes(of),
  ];
}

function magnitudes({ magnitudes: of }: Figures): NumberLine[] {
  if (of === null) return [];
  const [smallest, middle, max] = of.map((value) => number(value));
  return [
    { name: 'DoRA magnitudes', value: null },
    { name: 'median', value: middle },
    { name: 'smallest, largest', value: `${smallest}, ${max}` },
  ];
}

export function shortLines({ scaling, magnitude }: ModuleFigures, of: Figures): NumberLine[] {
  const times = scaling === null ? ' × s' : '';
  const { sigma, frobenius } = of;
  const norm = { name: `‖${updateSymbol({ magnitude })}‖, Frobenius`, value: `${number(frobenius)}${times}` };
  if (sigma.length === 0) return [norm, ...magnitudes(of)];
  const energy = frobenius > 0 ? `, with ${keptPercent(Math.min(1, (sigma[0] / frobenius) ** 2))} of the energy` : '';
  return [
    norm,
    { name: `σ₁${energy}`, value: `${number(sigma[0])}${times}` },
    { name: 'rank for 90, 95, 99%', value: [of.rank90, of.rank95, of.rank99].map(count).join(', ') },
    { name: 'effective rank (entropy of σ)', value: of.effectiveRank.entropy.toFixed(2) },
    ...magnitudes(of),
  ];
}
