import type { SweepAxis } from '../../charts/sweep/cells.ts';
import { inits } from '../../experiment/inits/index.ts';
import { shortName } from '../../experiment/inits/init.ts';
import { count, exactText } from '../../experiment/numbers.ts';
import type { Axis } from '../../experiment/plan/sweep.ts';
import { isNumeric, param, unsetText } from '../../experiment/settings/experiment.ts';
import type { Experiment, ParamKey } from '../../experiment/settings/params.ts';

/** Prefix of a value in a sentence: "rate 0.2", "r = 16". Default: the name of the setting. */
const BEFORE: { readonly [key in ParamKey]?: string } = {
  rank: 'r = ',
  alpha: 'α = ',
  scaling: 's = ',
  lr: 'rate ',
  ratio: 'λ = ',
  init: '',
  train: '',
  quant: '',
  opt: '',
  target: '',
  picture: '',
  edit: '',
  modules: '',
  adapt: '',
  method: '',
};

const NAMES: { readonly [key in ParamKey]?: string } = {
  rank: 'rank r',
  alpha: 'α',
  scaling: 'scaling rule',
  lr: 'learning rate',
  ratio: 'ratio λ',
  init: 'initialisation',
  modules: 'matrices',
  adapt: 'new task',
};

function axisName(key: ParamKey): string {
  const { label } = param(key);
  return NAMES[key] ?? label.charAt(0).toLowerCase() + label.slice(1);
}

export function valueText(key: ParamKey, value: unknown): string {
  if (key === 'init') {
    const it = inits.byName(value as Experiment['init']);
    return `${shortName(it)}${it.moves ? ' †' : ''}`;
  }
  if (typeof value === 'number') return param(key).kind === 'integer' ? count(value) : exactText(value);
  if (key === 'modules') return value === '' ? 'all' : String(value).replaceAll(',', ' + ');
  const { names } = param(key) as { readonly names?: Readonly<Record<string, string>> };
  return names?.[String(value)] ?? (value === null ? unsetText(key) : String(value));
}

export function axisWords({ key, values }: Axis): SweepAxis {
  const p = param(key);
  const numeric = values.every((value) => typeof value === 'number');
  return {
    key,
    name: axisName(key),
    before: BEFORE[key] ?? `${axisName(key)} `,
    texts: values.map((value) => valueText(key, value)),
    numbers: numeric ? (values as readonly number[]) : null,
    scale: isNumeric(p) ? p.scale : 'linear',
  };
}
