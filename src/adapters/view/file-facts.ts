import { count, plural } from '../../experiment/numbers.ts';
import type { Adapter, Module } from '../file/model.ts';
import { NAMINGS } from '../file/namings.ts';
import { countOf } from '../file/safetensors/numbers.ts';
import { megabytes } from './size-words.ts';

/** Up to four significant digits. */
const number = (value: number) => String(Number(value.toPrecision(4)));

export function fileLine({ bytes, config }: Adapter): string {
  return `${megabytes(bytes)}, ${config ? 'with' : 'no'} adapter_config.json`;
}

export function shortLine(adapter: Adapter): string {
  const { modules } = adapter;
  const parts = [
    plural(modules.length, 'module'),
    `rank ${range(modules.map(({ rank }) => rank))}`,
    alphaWords(adapter).replaceAll(' = ', '\u00a0=\u00a0'),
    formatWords(modules),
  ];
  return parts.filter((part) => part !== '').join(', ');
}

/** "145 MB · 264 modules, rank 96 · kohya, float16". */
export function summaryLine({ bytes, modules, naming }: Adapter): string {
  const ranks = range(modules.map(({ rank }) => rank));
  return `${megabytes(bytes)} · ${plural(modules.length, 'module')}, rank ${ranks} · ${NAMINGS[naming]}, ${formatWords(modules)}`;
}

export function factsOf(adapter: Adapter): readonly (readonly [name: string, value: string])[] {
  const { modules, naming, namesLike } = adapter;
  const sizes = [...modules].sort((a, b) => a.d * a.k - b.d * b.k);
  const [smallest, largest] = [sizes[0], sizes.at(-1)];
  const shape = ({ d, k }: Module) => `${count(d)} × ${count(k)}`;
  const same = smallest && largest && shape(smallest) === shape(largest);
  return [
    ['modules', count(modules.length)],
    ['rank r', rankWords(modules)],
    ['α and s', alphaWords(adapter) || 'not known'],
    ['trained parameters', count(numbersOf(modules))],
    ['number format', formatWords(modules)],
    ...(smallest && largest
      ? same
        ? [['size', shape(smallest)] as const]
        : [['smallest', shape(smallest)] as const, ['largest', shape(largest)] as const]
      : []),
    ['names', namesLike === '' ? NAMINGS[naming] : `${NAMINGS[naming]}, ${namesLike}`],
    ['also in the file', alsoWords(adapter)],
  ];
}

function range(values: readonly number[]): string {
  const [min, max] = [Math.min(...values), Math.max(...values)];
  return min === max ? number(min) : `${number(min)} to ${number(max)}`;
}

function rankWords(modules: readonly Module[]): string {
  const ranks = new Set(modules.map(({ rank }) => rank));
  const words = range([...ranks]);
  return ranks.size === 1 ? (modules.length > 1 ? `${words}, the same in all` : words) : words;
}

/** "α = 4, s = α/r = 1"; '' if none of them is known. */
function alphaWords({ modules, alphaFrom }: Adapter): string {
  if (alphaFrom === 'diffusers') return 's = 1, no α in the file';
  const known = modules.filter(({ scaling }) => scaling !== null);
  if (known.length === 0) return '';
  const alphas = known.flatMap(({ alpha }) => (alpha === null ? [] : [alpha]));
  const scales = range(known.flatMap(({ scaling }) => (scaling === null ? [] : [scaling])));
  const rules = new Set(known.map(({ rule }) => rule));
  const [rule] = rules;
  const s = rules.size === 1 && rule !== 'scale' ? `s = ${rule} = ${scales}` : `s = ${scales}`;
  return alphas.length === 0 ? s : `α = ${range(alphas)}, ${s}`;
}

export const FORMATS: Readonly<Record<string, string>> = {
  F32: 'float32',
  F16: 'float16',
  BF16: 'bfloat16',
  F64: 'float64',
  F8_E4M3: 'float8 (E4M3)',
  F8_E5M2: 'float8 (E5M2)',
};

function formatWords(modules: readonly Module[]): string {
  return [...new Set(modules.map(({ dtype }) => FORMATS[dtype] ?? dtype))].join(', ');
}

/** Parameters of all modules, α not counted. */
function numbersOf(modules: readonly Module[]): number {
  return modules.reduce(
    (sum, { tensors }) =>
      sum +
      Object.entries(tensors).reduce(
        (all, [part, tensor]) => all + (part === 'alpha' || !tensor ? 0 : countOf(tensor.shape)),
        0,
      ),
    0,
  );
}

function alsoWords({ others, unpaired }: Adapter): string {
  const parts = [
    others.length > 0 ? plural(others.length, 'whole tensor') : '',
    unpaired.length > 0 ? `${plural(unpaired.length, 'tensor')} without a partner` : '',
  ].filter((part) => part !== '');
  return parts.length === 0 ? 'nothing else' : parts.join(', ');
}
