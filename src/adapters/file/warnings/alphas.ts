import type { Adapter, Module } from '../model.ts';
import { type Check, counted, digits, NOTHING, titleOf } from './check.ts';

/** Modules for which neither file nor config says α. */
function lacking({ alphaFrom, modules }: Adapter): readonly Module[] {
  const said = modules.filter(({ oddAlpha }) => oddAlpha === undefined);
  if (alphaFrom === 'absent') return said.filter(({ scaling }) => scaling === null);
  if (alphaFrom !== 'person' && alphaFrom !== 'diffusers') return [];
  return said.filter(({ tensors, rule }) => !tensors.alpha && rule !== 'scale');
}

/** α is nowhere to be read: never assumed. */
export const alphaAbsent: Check = {
  passed: 'every α is known',
  reads: false,
  holds: ({ adapter: { alphaFrom, modules } }) =>
    alphaFrom !== 'none wanted' && modules.every(({ oddAlpha }) => oddAlpha === undefined),
  find({ adapter }) {
    const without = lacking(adapter);
    if (without.length === 0) return null;
    const all = without.length === adapter.modules.length;
    const hint = adapter.header.metadata.ss_network_alpha;
    const said = hint && /^[\d.]{1,12}$/.test(hint) ? ` The file's metadata says ss_network_alpha = ${hint}.` : '';
    return {
      about: 'alpha-absent',
      tone: 'look',
      title: all
        ? 'α is not in this file.'
        : `α is missing for ${counted(without.length, 'module')} of ${adapter.modules.length}.`,
      details: `${answerOf(adapter, without)}${said}${unclear(adapter)}`,
      modules: all ? [] : without.map(({ index }) => index),
      acts: all ? ['alpha'] : ['show', 'alpha'],
    };
  },
};

function answerOf({ alphaFrom }: Adapter, without: readonly Module[]): string {
  if (alphaFrom === 'absent') return 'Norms lack the factor s = α/r. Ranks and shares hold without it.';
  if (alphaFrom === 'diffusers')
    return 'diffusers then takes α = r, so s = 1 here. Norms scale with s; ranks and shares do not.';
  const [{ alpha, scaling }] = without;
  const same = without.every((module) => module.alpha === module.rank);
  const chosen = same ? 'You chose α = r, so s = 1.' : `You set α = ${digits(alpha ?? 0)}${sOf(without, scaling)}.`;
  return `${chosen} Norms scale with s; ranks and shares do not.`;
}

/** Why an α that the config has is not taken. */
function unclear({ config }: Adapter): string {
  // With an α for all there is no other reason.
  if (config === null || config.alpha === null || config.alphaPattern.length === 0) return '';
  return ' A pattern in alpha_pattern of adapter_config.json is not understood, so its α may not be the right one.';
}

const sOf = (modules: readonly Module[], s: number | null) =>
  s !== null && modules.every(({ scaling }) => scaling === s) ? `, so s = ${digits(s)}` : '';

/** What stands in the place of α and is none. */
export const alphaOdd: Check = {
  passed: null,
  reads: false,
  find({ adapter }) {
    const found = adapter.modules.filter(({ oddAlpha }) => oddAlpha !== undefined);
    if (found.length === 0) return null;
    const [first] = found;
    const one = found.length === 1;
    const all = found.length === adapter.modules.length;
    const unknown = found.some(({ scaling }) => scaling === null);
    const instead =
      unknown || adapter.alphaFrom === 'person'
        ? ` ${answerOf({ ...adapter, alphaFrom: unknown ? 'absent' : 'person' }, found)}`
        : ' The α of adapter_config.json is used.';
    return {
      about: 'alpha-odd',
      tone: 'bad',
      title: `α ${one ? `of ${titleOf(first)}` : `of ${counted(found.length, 'module')}`} cannot be used.`,
      details: `${one ? 'It' : `That of ${titleOf(first)}`} ${first.oddAlpha}.${instead}`,
      modules: all ? [] : found.map(({ index }) => index),
      acts: [
        ...(all ? [] : (['show'] as const)),
        ...(unknown || adapter.alphaFrom === 'person' ? (['alpha'] as const) : []),
      ],
    };
  },
};

/** α = 0: B and A may be anything. */
export const alphaZero: Check = {
  passed: null,
  reads: false,
  find({ adapter: { modules } }) {
    const found = modules.filter(({ scaling }) => scaling === 0);
    if (found.length === 0) return null;
    const all = found.length === modules.length;
    return {
      about: 'alpha-zero',
      tone: 'bad',
      title: all ? NOTHING : `α is 0 in ${counted(found.length, 'module')}.`,
      details: `${all ? 'α = 0, so' : 'So'} s = 0 and ΔW = 0, whatever B and A are.`,
      modules: all ? [] : found.map(({ index }) => index),
      acts: all ? [] : ['show'],
    };
  },
};

/** s = α/√r. */
export const rslora: Check = {
  passed: null,
  reads: false,
  find({ adapter: { modules } }) {
    const found = modules.filter(({ rule }) => rule === 'α/√r');
    if (found.length === 0) return null;
    const { alpha, rank, scaling } = found[0];
    const example =
      alpha !== null && scaling !== null ? ` α = ${digits(alpha)} at r = ${rank} gives s = ${digits(scaling)}.` : '';
    return {
      about: 'rslora',
      tone: 'look',
      title: 'This adapter uses rsLoRA.',
      details: `s is α/√r, not α/r.${example} A tool that ignores use_rslora scales ΔW wrongly.`,
      modules: found.length === modules.length ? [] : found.map(({ index }) => index),
      acts: found.length === modules.length ? [] : ['show'],
    };
  },
};

/** Modules that differ in rank or α, by patterns or by their tensors. */
export const severalRanks: Check = {
  passed: null,
  reads: false,
  find({ adapter: { modules, config } }) {
    const pairs = modules.filter(({ kind }) => kind !== 'full');
    const ranks = commonest(pairs.map(({ rank }) => rank));
    const alphas = commonest(pairs.flatMap(({ alpha }) => (alpha === null ? [] : [alpha])));
    if (ranks.several === null && alphas.several === null) return null;
    const odd = pairs.filter(
      ({ rank, alpha }) => rank !== ranks.usual || (alphas.several && alpha !== null && alpha !== alphas.usual),
    );
    const what = [ranks.several && 'rank', alphas.several && 'α'].filter(Boolean).join(' or ');
    const patterns = [config?.rankPattern.length && 'rank_pattern', config?.alphaPattern.length && 'alpha_pattern'];
    const by = patterns.filter(Boolean).join(' and ');
    const values = [ranks.several && `r from ${ranks.several}`, alphas.several && `α from ${alphas.several}`];
    const text = values.filter(Boolean).join(', ');
    return {
      about: 'patterns',
      tone: 'look',
      title: `${counted(odd.length, 'module')} ${odd.length === 1 ? 'has' : 'have'} another ${what}.`,
      details: `${text}${by ? `, set by ${by}` : ''}. Each module is scaled by its own α and r.`,
      modules: odd.map(({ index }) => index),
      acts: ['show'],
    };
  },
};

/** The commonest value, and the smallest and largest in words where there is more than one. */
function commonest(values: readonly number[]): { readonly usual: number | null; readonly several: string | null } {
  const counts = new Map<number, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  if (counts.size === 0) return { usual: null, several: null };
  const [usual] = [...counts].reduce((most, of) => (of[1] > most[1] ? of : most));
  const sorted = [...counts.keys()].sort((a, b) => a - b);
  return { usual, several: sorted.length > 1 ? `${digits(sorted[0])} to ${digits(sorted[sorted.length - 1])}` : null };
}

/** Ranks in the config that the tensors do not have. */
export const configDiffers: Check = {
  passed: null,
  reads: false,
  find({ adapter: { modules, config } }) {
    if (!config || config.r === null || config.rankPattern.length > 0) return null;
    const found = modules.filter(({ kind, rank }) => kind === 'lora' && rank !== config.r);
    if (found.length === 0) return null;
    const all = found.length === modules.length;
    return {
      about: 'config-differs',
      tone: 'look',
      title: 'adapter_config.json does not match the tensors.',
      details: `It says r = ${config.r}; ${all ? 'every module has' : `${counted(found.length, 'module')} ${found.length === 1 ? 'has' : 'have'}`} another rank. Is it the config of another file? The rank of the tensors is used.`,
      modules: found.map(({ index }) => index),
      acts: all ? [] : ['show'],
    };
  },
};
