import type { Adapter, Module } from '../model.ts';
import { type Check, countsOf, digits, indicesOf, marksOf, moduleTitle, NO_CHANGE_TEXT, plural } from './check.ts';

function lacking({ alphaFrom, modules }: Adapter): readonly Module[] {
  const said = modules.filter(({ oddAlpha }) => oddAlpha === undefined);
  if (alphaFrom === 'absent') return said.filter(({ scaling }) => scaling === null);
  if (alphaFrom !== 'person' && alphaFrom !== 'diffusers') return [];
  return said.filter(({ tensors, rule }) => !tensors.alpha && rule !== 'scale');
}

/** α is nowhere to be read: never assumed. */
export const absentAlpha: Check = {
  passed: 'every α is known',
  holds: ({ adapter: { alphaFrom, modules } }) =>
    alphaFrom !== 'none wanted' && modules.every(({ oddAlpha }) => oddAlpha === undefined),
  find({ adapter }) {
    const without = lacking(adapter);
    if (without.length === 0) return null;
    const { modules, acts } = marksOf(without, adapter);
    const hint = adapter.header.metadata.ss_network_alpha;
    const said = hint && /^[\d.]{1,12}$/.test(hint) ? ` The file's metadata says ss_network_alpha = ${hint}.` : '';
    return {
      about: 'alpha-absent',
      tone: 'look',
      title:
        without.length === adapter.modules.length
          ? 'α is not in this file.'
          : `α is missing for ${plural(without.length, 'module')} of ${adapter.modules.length}.`,
      details: `${answerOf(adapter, without)}${said}${unclear(adapter)}`,
      modules,
      acts: [...acts, 'alpha'],
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

function unclear({ config }: Adapter): string {
  // If one α holds for all, there is no other reason.
  if (config === null || config.alpha === null || config.alphaPattern.length === 0) return '';
  return ' A pattern in alpha_pattern of adapter_config.json is not understood, so its α may not be the right one.';
}

const sOf = (modules: readonly Module[], s: number | null) =>
  s !== null && modules.every(({ scaling }) => scaling === s) ? `, so s = ${digits(s)}` : '';

export const oddAlpha: Check = {
  find({ adapter }) {
    const found = adapter.modules.filter(({ oddAlpha }) => oddAlpha !== undefined);
    if (found.length === 0) return null;
    const [first] = found;
    const one = found.length === 1;
    const { modules, acts } = marksOf(found, adapter);
    const unknown = found.some(({ scaling }) => scaling === null);
    const asked = unknown || adapter.alphaFrom === 'person';
    const instead = asked
      ? ` ${answerOf({ ...adapter, alphaFrom: unknown ? 'absent' : 'person' }, found)}`
      : ' The α of adapter_config.json is used.';
    return {
      about: 'alpha-odd',
      tone: 'bad',
      title: `α ${one ? `of ${moduleTitle(first)}` : `of ${plural(found.length, 'module')}`} cannot be used.`,
      details: `${one ? 'It' : `That of ${moduleTitle(first)}`} ${first.oddAlpha}.${instead}`,
      modules,
      acts: asked ? [...acts, 'alpha'] : acts,
    };
  },
};

/** α = 0: B and A may be anything. */
export const zeroAlpha: Check = {
  find({ adapter }) {
    const found = adapter.modules.filter(({ scaling }) => scaling === 0);
    if (found.length === 0) return null;
    const all = found.length === adapter.modules.length;
    return {
      about: 'alpha-zero',
      tone: 'bad',
      title: all ? NO_CHANGE_TEXT : `α is 0 in ${plural(found.length, 'module')}.`,
      details: `${all ? 'α = 0, so' : 'So'} s = 0 and ΔW = 0, whatever B and A are.`,
      ...marksOf(found, adapter),
    };
  },
};

export const rslora: Check = {
  find({ adapter }) {
    const found = adapter.modules.filter(({ rule }) => rule === 'α/√r');
    if (found.length === 0) return null;
    const { alpha, rank, scaling } = found[0];
    const example =
      alpha !== null && scaling !== null ? ` α = ${digits(alpha)} at r = ${rank} gives s = ${digits(scaling)}.` : '';
    return {
      about: 'rslora',
      tone: 'look',
      title: 'This adapter uses rsLoRA.',
      details: `s is α/√r, not α/r.${example} A tool that ignores use_rslora scales ΔW wrongly.`,
      ...marksOf(found, adapter),
    };
  },
};

export const mixedRanks: Check = {
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
      title: `${plural(odd.length, 'module')} ${odd.length === 1 ? 'has' : 'have'} another ${what}.`,
      details: `${text}${by ? `, set by ${by}` : ''}. Each module is scaled by its own α and r.`,
      modules: indicesOf(odd),
      acts: ['show'],
    };
  },
};

/** The commonest value, and the smallest and largest in words if there is more than one. */
function commonest(values: readonly number[]): { readonly usual: number | null; readonly several: string | null } {
  const counts = countsOf(values);
  if (counts.size === 0) return { usual: null, several: null };
  const [usual] = [...counts].reduce((max, of) => (of[1] > max[1] ? of : max));
  const sorted = [...counts.keys()].sort((a, b) => a - b);
  return { usual, several: sorted.length > 1 ? `${digits(sorted[0])} to ${digits(sorted[sorted.length - 1])}` : null };
}

/** Ranks in the config that the tensors do not have. */
export const configMismatch: Check = {
  find({ adapter: { modules, config } }) {
    if (!config || config.r === null || config.rankPattern.length > 0) return null;
    const found = modules.filter(({ kind, rank }) => kind === 'lora' && rank !== config.r);
    if (found.length === 0) return null;
    const all = found.length === modules.length;
    return {
      about: 'config-differs',
      tone: 'look',
      title: 'adapter_config.json does not match the tensors.',
      details: `It says r = ${config.r}; ${all ? 'every module has' : `${plural(found.length, 'module')} ${found.length === 1 ? 'has' : 'have'}`} another rank. Is it the config of another file? The rank of the tensors is used.`,
      modules: indicesOf(found),
      acts: all ? [] : ['show'],
    };
  },
};
