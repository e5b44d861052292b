import { count, percent, plural, trim } from '../../../experiment/numbers.ts';
import { gridPlaceOf } from '../../charts/grid/arrange.ts';
import type { Module, OutputType, ResizeWay } from '../../file/model.ts';
import { isAlphaInMetadata } from '../../file/resize/metadata.ts';
import { canBeCut } from '../../file/resize/predict-resize.ts';
import type { OpenedFile } from '../../state/adapters-state.ts';
import type { CutPlan } from '../../state/predictions.ts';
import { FORMATS } from '../file-facts.ts';
import { megabytes } from '../size-words.ts';

/** A share in percent with a decimal near 1: "95%", "99.4%"; only the whole is 100%. */
export function shareText(share: number): string {
  const value = 100 * share;
  if (share >= 1) return '100%';
  if (value > 99) return `${trim(Math.min(Math.floor(value * 10 + 1e-9) / 10, 99.9))}%`;
  return `${count(value)}%`;
}

export const setShare = (share: number) => `${trim(100 * share, 4)}%`;

export function cutClaim(cut: CutPlan): readonly [before: string, after: string] {
  const { file, spectra, foretold } = cut;
  const [all, kept] = spectra.reduce(
    ([a, k], one, i) => (one ? [a + one.sigma.length, k + Math.min(one.sigma.length, foretold.ranks[i] ?? 0)] : [a, k]),
    [0, 0],
  );
  const size = sizeWords(file.adapter.bytes, foretold.bytes);
  const rounding = cut.plan.dtype === null ? '' : ' but for rounding';
  const off = foretold.error === 0 ? ` unchanged${rounding}` : ` by ${offText(foretold.error)}`;
  const changes = foretold.error === 0 ? 'leaves ' : 'changes ';
  if (kept === all)
    return [`All ${count(all)} directions are kept: the file is ${size || 'as large as before'} and `, `${off}.`];
  const makes = size === '' ? 'leaves the file as large as before' : `makes the file ${size}`;
  return [`${keptWords(cut, kept, all)} Dropping the rest ${makes} and ${changes}`, `${off}.`];
}

function keptWords({ plan, spectra, foretold }: CutPlan, kept: number, all: number): string {
  const [k, n] = [count(kept), count(all)];
  const { way } = plan;
  const ranks = foretold.ranks.filter((_, i) => spectra[i]);
  const top = Math.max(...ranks);
  const capped =
    (plan.most !== null || plan.mostOfConvolutions !== null) && way.by !== 'rank' && way.by !== 'hand'
      ? ', with the rank limited'
      : '';
  switch (way.by) {
    case 'energy':
      return capped === ''
        ? `${k} of ${n} directions hold ${setShare(way.share)} of each module’s energy.`
        : `${k} of ${n} directions are kept for ${setShare(way.share)} of the energy${capped}.`;
    case 'rank':
    case 'served':
      return `At rank ${count(top)}, ${k} of ${n} directions are kept.`;
    case 'bytes':
      return `The best ${k} of ${n} directions fit into ${megabytes(Math.max(way.bytes, foretold.bytes))}${capped}.`;
    case 'sv_fro':
    case 'sv_cumulative':
    case 'sv_ratio':
      return `By ${way.by} at ${trim(way.t, 4)}, ${k} of ${n} directions are kept${capped}.`;
    case 'hand':
      return `With the cuts set by hand, ${k} of ${n} directions are kept.`;
    default:
      return way satisfies never;
  }
}

function sizeWords(before: number, after: number): string {
  if (after < before * 0.97) {
    const times = before / after;
    return times < 1.25 ? `${percent(1 - after / before)} smaller` : `${trim(times, 2)} times smaller`;
  }
  return after > before * 1.03 ? `${trim(after / before, 2)} times larger` : '';
}

function offText(error: number): string {
  return error < 0.0005 ? 'less than 0.1%' : percent(error);
}

const KINDS = [
  ['loha', 'LoHa'],
  ['lokr', 'LoKr'],
  ['full', 'whole ΔW'],
] as const;

export function cutObstacleWords({
  adapter: { modules },
  figures,
}: OpenedFile): readonly [fact: string, reason: string] | null {
  if (modules.some((module, i) => canBeCut(module) && (figures[i]?.sigma.length ?? 0) > 0)) return null;
  if (modules.some(({ magnitude }) => magnitude !== null))
    return [
      'This file is DoRA, so its rank cannot be cut.',
      'Its magnitudes scale W₀ + s·B·A, and W₀ is not in the file. What a cut of B·A would change cannot be known here.',
    ];
  const begun = modules.find(({ start }) => start !== undefined);
  if (begun)
    return [
      `This adapter began from W₀ (${begun.start}), so its rank cannot be cut.`,
      'PEFT takes its start off W₀ by the rank of the file: at another rank W₀ would be another. Saved as plain LoRA (path_initial_model_for_weight_conversion) it can be cut.',
    ];
  const kinds = new Set(modules.map(({ kind }) => kind));
  const names = KINDS.flatMap(([kind, name]) => (kinds.has(kind) ? [name] : [])).join(' and ');
  if (names !== '' && !kinds.has('lora'))
    return [
      `Every module is ${names}, so its rank cannot be cut.`,
      'Only a pair B·A has a rank that can be cut. Overview shows the norms and spectra of these modules.',
    ];
  return ['No module can be cut.', 'Their numbers are not finite. What to know in Overview names them.'];
}

export function copiedModulesWords({ file, spectra }: CutPlan): string {
  const carried = spectra.filter((one) => one === null).length;
  return carried === 0
    ? ''
    : `${plural(carried, 'module')} cannot be cut and ${carried === 1 ? 'is' : 'are'} copied unchanged, of ${count(file.adapter.modules.length)}.`;
}

/** A new rank needs a new α: if it is unknown, no file can be written. */
export const lacksAlpha = ({ file, spectra }: Pick<CutPlan, 'file' | 'spectra'>) =>
  file.adapter.modules.some(({ scaling }, i) => spectra[i] && scaling === null);

export const typeName = (dtype: string) => (FORMATS[dtype] ?? dtype).split(' ')[0];
export const OUTPUT_TYPES: readonly OutputType[] = ['F32', 'F16', 'BF16'];

export const factorTypes = (modules: readonly Module[]) => [...new Set(modules.map(({ dtype }) => dtype))];

export function formatNote(types: readonly string[], chosen: OutputType | null): string {
  const [own] = types;
  if (types.length !== 1 || own === undefined)
    return chosen === null
      ? `as in the file: ${types.map(typeName).join(', ')}`
      : `the file has ${types.map(typeName).join(', ')}`;
  const written = chosen ?? (OUTPUT_TYPES.find((type) => type === own) || null);
  if (written !== own) return `the file has ${typeName(own)}`;
  return own === 'F32' ? 'as in the file; float16 would halve it' : 'as in the file; float32 would double it';
}

export function alphaNote({ file, spectra }: CutPlan): string {
  const { modules, naming, alphaFrom, config } = file.adapter;
  const cut = modules.filter((_, i) => spectra[i]);
  if (cut.every(({ rule }) => rule === 'scale')) return 'The scale in adapter_config.json stays.';
  if (cut.some(({ scaling }) => scaling === null)) return '';
  const scales = [...new Set(cut.map(({ scaling }) => scaling))];
  const [s] = scales;
  const root = cut.some(({ rule }) => rule === 'α/√r');
  const stays = scales.length === 1 && typeof s === 'number' ? `s stays ${trim(s)}` : 's stays';
  const times = root
    ? 's·√r of its new rank'
    : s === 1 && scales.length === 1
      ? 'its new rank'
      : 's times its new rank';
  const where =
    alphaFrom === 'config' || (config && naming === 'peft')
      ? ', in rank_pattern and alpha_pattern'
      : naming === 'peft'
        ? ', in adapter_config.json'
        : alphaFrom === 'metadata' || (config === null && isAlphaInMetadata(file.adapter, cut[0].name))
          ? ', in the metadata'
          : ', in its .alpha';
  return `${stays}: each module’s α becomes ${times}${where}.`;
}

export const wayNote = ({ by }: ResizeWay): string => NOTES[by] ?? '';

const NOTES: { readonly [by in ResizeWay['by']]?: string } = {
  sv_fro: 'The fewest directions whose Frobenius norm is at least t times the whole. kohya’s script keeps one more.',
  sv_cumulative:
    'The fewest directions whose σᵢ add up to at least t times the whole sum. kohya’s script keeps one more.',
  sv_ratio: 'All directions with σᵢ above σ₁/t. kohya’s script keeps one more.',
  bytes: 'Over the whole file, the directions that save the most error for their bytes are kept.',
};

/** "self-attention" is "self" next to cross-attention. */
const short = (group: string) => group.replace(/-attention$/, '');

/** The kinds of modules in one word or two: "q", "self q" if there are several groups. */
export function typesOf(modules: readonly Module[]): readonly string[] {
  const places = modules.map(gridPlaceOf);
  const several = new Set(places.map(({ group }) => group)).size > 1;
  return places.map(({ group, type }) => (several && group !== '' ? `${short(group)} ${type}` : type));
}

/** The shortest distinct names of the modules of a file: layers if all are of one kind, else layer and kind. */
export function namesOf(modules: readonly Module[]): readonly string[] {
  const types = typesOf(modules);
  const same = new Set(types).size === 1;
  return modules.map((module, i) => (same ? gridPlaceOf(module).layer : `${gridPlaceOf(module).layer} ${types[i]}`));
}

export function rowNames(modules: readonly Module[]): readonly string[] {
  const types = typesOf(modules);
  return modules.map((module, i) => `${gridPlaceOf(module).layer.replace(/^layer /, '')} ${types[i]}`);
}
