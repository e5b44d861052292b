import type { Adapter, Figures, Module, ModuleKind, TensorEntry, Warning } from '../model.ts';
import { PLAIN_LORA } from '../resize/metadata.ts';
import { countOf } from '../safetensors/numbers.ts';
import { isUpdate } from '../shapes.ts';
import {
  type Check,
  checkSentence,
  digits,
  type FileKnowledge,
  type Finding,
  hasAllSpectra,
  layersOf,
  type MeasuredModule,
  median,
  moduleCheck,
  moduleTitle,
  percent,
  plural,
  shortName,
  usualOf,
} from './check.ts';

const NO_CHANGE_TEXT = 'This adapter changes nothing.';

/** Factors above the file's median at which σ₁ stands out, and stands out by far. */
const STANDS_OUT = 2.5;
const BY_FAR = 8;
/** One direction with a larger share of the energy is nearly all of ΔW. */
const NEARLY_ALL = 0.99;

const KINDS: Readonly<Record<Exclude<ModuleKind, 'lora' | 'experts'>, string>> = {
  loha: 'LoHa',
  lokr: 'LoKr',
  full: 'a whole ΔW',
};

/** In the order in which they are reported. */
const CHECKS: readonly Check[] = [
  // α = 0: B and A may be anything.
  moduleCheck({
    about: 'alpha-zero',
    tone: 'bad',
    among: ({ adapter }) => adapter.modules.filter(({ scaling }) => scaling === 0),
    says: (found, { all }) => ({
      title: all ? NO_CHANGE_TEXT : `α is 0 in ${plural(found.length, 'module')}.`,
      details: `${all ? 'α = 0, so' : 'So'} s = 0 and ΔW = 0, whatever B and A are.`,
    }),
  }),
  moduleCheck({
    about: 'alpha-odd',
    tone: 'bad',
    among: ({ adapter }) => adapter.modules.filter(({ oddAlpha }) => oddAlpha !== undefined),
    says(found, { one, acts, known: { adapter } }) {
      const [first] = found;
      const unknown = found.some(({ scaling }) => scaling === null);
      const asked = unknown || adapter.alphaFrom === 'person';
      const instead = asked ? answerOf(unknown ? 'absent' : 'person', found) : 'The α of adapter_config.json is used.';
      return {
        title: `α ${one ? `of ${moduleTitle(first)}` : `of ${plural(found.length, 'module')}`} cannot be used.`,
        details: `${one ? 'It' : `That of ${moduleTitle(first)}`} ${first.oddAlpha}. ${instead}`,
        acts: asked ? [...acts, 'alpha'] : acts,
      };
    },
  }),
  moduleCheck({
    about: 'not-finite',
    tone: 'bad',
    passed: 'no NaN',
    reads: true,
    each: true,
    among: ({ read }) => read.filter(({ figures }) => !figures.finite),
    says: (found, { one }) => ({
      title: `NaN in ${one ? moduleTitle(found[0]) : plural(found.length, 'module')}.`,
      details: `${one ? 'It has' : 'They have'} NaN or infinite numbers, or ΔW is infinite, so nothing is computed for ${one ? 'this module' : 'them'}.`,
    }),
  }),
  // Every entry of B is 0: as initialised.
  moduleCheck({
    about: 'untrained',
    tone: 'bad',
    passed: 'no all-zero B',
    reads: true,
    among: ({ read }) => read.filter(({ figures }) => figures.untrained && figures.finite),
    says(found, { one, all }) {
      const zero = all
        ? 'Every B is all zero, as before the first step of training, so every ΔW is 0.'
        : `${one ? 'Its' : 'Their'} B is all zero, so ΔW = 0.`;
      return {
        title: all ? NO_CHANGE_TEXT : checkSentence(found, 'was never trained', 'were never trained'),
        details: found.every(({ kind }) => kind === 'lora')
          ? zero
          : `${all ? 'Every ΔW is 0' : 'ΔW = 0'}: its factors are zero.`,
      };
    },
  }),
  moduleCheck({
    about: 'spikes',
    tone: 'bad',
    reads: true,
    each: true,
    among: (known) => standing(known, BY_FAR, Infinity),
    says: (found, { known }) => ({
      title: checkSentence(found, 'stands out by far', 'stand out by far'),
      details: `${standingWords(found, known, BY_FAR)} Such a spike outweighs everything else when adapters are added.`,
    }),
  }),
  // α is nowhere to be read: never assumed.
  moduleCheck({
    about: 'alpha-absent',
    passed: 'every α is known',
    holds: ({ adapter: { alphaFrom, modules } }) =>
      alphaFrom !== 'none wanted' && modules.every(({ oddAlpha }) => oddAlpha === undefined),
    among: ({ adapter }) => lacking(adapter),
    says(found, { all, acts, known: { adapter } }) {
      const hint = adapter.header.metadata.ss_network_alpha;
      const said = hint && /^[\d.]{1,12}$/.test(hint) ? ` The file's metadata says ss_network_alpha = ${hint}.` : '';
      return {
        title: all
          ? 'α is not in this file.'
          : `α is missing for ${plural(found.length, 'module')} of ${adapter.modules.length}.`,
        details: `${answerOf(adapter.alphaFrom, found)}${said}${unclear(adapter)}`,
        acts: [...acts, 'alpha'],
      };
    },
  }),
  moduleCheck({
    about: 'stands-out',
    passed: 'nothing stands out',
    reads: true,
    each: true,
    holds: (known) => comparable(known) && hasAllSpectra(known) && standing(known, BY_FAR, Infinity).length === 0,
    among: (known) => standing(known, STANDS_OUT, BY_FAR),
    says: (found, { known }) => ({
      title: outstandingTitle(found, standing(known, BY_FAR, Infinity).length),
      details: `${standingWords(found, known, STANDS_OUT)} Such spikes can dominate a sum of adapters.`,
    }),
  }),
  // σᵢ < 10⁻⁶·σ₁.
  moduleCheck({
    about: 'dead',
    passed: 'no dead directions',
    reads: true,
    each: true,
    holds: hasAllSpectra,
    among: ({ moved }) => moved.filter(({ kind, figures }) => kind === 'lora' && figures.dead > 0),
    says(found, { one, all }) {
      const [{ rank, figures }] = found;
      const count = figures.dead;
      const alike = found.every((module) => module.rank === rank && module.figures.dead === count);
      const sum = (of: (one: MeasuredModule) => number) => found.reduce((total, one) => total + of(one), 0);
      const some = one ? `in ${moduleTitle(found[0])}` : `in ${plural(found.length, 'module')}`;
      const where = all ? 'in every module' : some;
      return {
        title: alike
          ? `${count} of ${rank} directions ${count === 1 ? 'is' : 'are'} dead ${where}.`
          : `${sum((of) => of.figures.dead)} of ${sum((of) => of.figures.sigma.length)} directions are dead ${where}.`,
        details: `σᵢ < 10⁻⁶·σ₁, as when a rank is raised with zeros. ${alike ? `Resizing to ${rank - count}` : 'Cutting them'} loses practically nothing.`,
        acts: actsOn(found),
      };
    },
  }),
  // Half of its directions, or fewer, hold 95% of a module's energy.
  moduleCheck({
    about: 'half-rank',
    passed: 'every module uses most of its rank',
    reads: true,
    each: true,
    holds: hasAllSpectra,
    among: ({ moved }) =>
      moved.filter(
        ({ kind, figures: { rank95, sigma } }) => kind === 'lora' && sigma.length > 1 && 2 * rank95 <= sigma.length,
      ),
    says(found) {
      const lengths = new Set(found.map(({ figures }) => figures.sigma.length));
      const [length] = lengths;
      const half = Math.floor(length / 2);
      const max = half === 1 ? `1 of ${length} directions keeps` : `${half} of ${length} directions keep`;
      return {
        title: checkSentence(found, 'uses half its rank or less', 'use half their rank or less'),
        details: `${lengths.size > 1 ? 'Half of their directions keep' : max} 95% of the energy.`,
        acts: actsOn(found),
      };
    },
  }),
  // σ₁² is more than 99% of Σσ².
  moduleCheck({
    about: 'rank-one',
    passed: 'none is nearly rank one',
    reads: true,
    each: true,
    holds: hasAllSpectra,
    among: ({ moved }) =>
      moved.filter((of) => of.rank > 1 && of.figures.sigma.length > 1 && firstShare(of) > NEARLY_ALL),
    says: (found, { one }) => ({
      title: checkSentence(found, 'is nearly rank one', 'are nearly rank one'),
      details: one
        ? `σ₁ holds ${percent(firstShare(found[0]))} of its energy, in 1 of ${found[0].figures.sigma.length} directions.`
        : 'σ₁ holds over 99% of the energy of each.',
    }),
  }),
  // Pairs of no known tool.
  {
    about: 'unknown-names',
    find: ({ adapter: { naming, namesLike } }) =>
      naming === 'other'
        ? {
            title: 'The names are of no known tool.',
            details: `Pairs were found by their ends and shapes (${namesLike}). They are shown and compared; such a file is not written, since what reads it is not known.`,
          }
        : null,
  },
  moduleCheck({
    about: 'adalora',
    among: ({ adapter }) => adapter.modules.filter(({ tensors }) => tensors.diagonal),
    says: () => ({
      title: 'This adapter is AdaLoRA.',
      details:
        'ΔW is s·B·diag(E)·A with s = α/r₀, where r₀ is the rank before directions were pruned (init_r). It is shown and compared; as a further file of a merge it becomes plain LoRA.',
    }),
  }),
  // Magnitudes make ΔW depend on W₀.
  moduleCheck({
    about: 'dora',
    among: ({ adapter }) => adapter.modules.filter(({ magnitude }) => magnitude !== null),
    says(found, { one, all }) {
      const axis = found.every(({ magnitude }) => magnitude === 'per input') ? 'column' : 'row';
      const off = `${one ? 'this module is' : 'these modules are'} not resized or merged`;
      return {
        title: all ? 'This file is DoRA.' : `${plural(found.length, 'module')} ${one ? 'is' : 'are'} DoRA.`,
        details: `Magnitudes scale W₀ + s·B·A ${axis} by ${axis}, and W₀ is not in the file: the true ΔW needs the base model. Shown are s·B·A and the magnitudes; ${all ? 'resize and merge are off' : off}.`,
      };
    },
  }),
  moduleCheck({
    about: 'start',
    among: ({ adapter }) => adapter.modules.filter(({ start }) => start !== undefined),
    says: ([{ start }]) => ({
      title: `This adapter began from W₀ (${start}).`,
      details: `${start === 'LoftQ' ? 'PEFT quantises W₀ again' : 'PEFT takes its start s·B₀·A₀ off W₀'} as it loads the file, so training changed W₀ by ${start === 'LoftQ' ? 'another matrix than' : 's·(B·A − B₀·A₀), not by'} s·B·A. Shown is s·B·A; it is not resized, merged or converted. ${start === 'PiSSA' || start === 'OLoRA' ? 'With its base beside it, ΔW is known. ' : ''}${PLAIN_LORA}`,
    }),
  }),
  {
    about: 'activated',
    find: ({ adapter: { config } }) =>
      config?.activated
        ? {
            title: 'This adapter is an activated LoRA (aLoRA).',
            details:
              'It acts from its invocation tokens on (alora_invocation_tokens). Merged into W₀, or in a file that another tool reads, it acts on every token.',
          }
        : null,
  },
  moduleCheck({
    about: 'patterns-differ',
    among: ({ adapter }) => adapter.modules.filter(({ otherAlpha }) => otherAlpha !== undefined),
    says: (found, { one }) => ({
      title: checkSentence(found, 'fits two patterns for α', 'fit two patterns for α'),
      details: `Of ${one ? 'its' : 'their'} patterns in alpha_pattern the first in the file counts: α = ${digits(found[0].alpha ?? 0)} for ${shortName(found[0].name)}, not ${digits(found[0].otherAlpha ?? 0)}. PEFT sorts the patterns when it saves a file, so training may have used the other.`,
    }),
  }),
  moduleCheck({
    about: 'rslora',
    among: ({ adapter }) => adapter.modules.filter(({ rule }) => rule === 'α/√r'),
    says([{ alpha, rank, scaling }]) {
      const known = alpha !== null && scaling !== null;
      const example = known ? ` α = ${digits(alpha)} at r = ${rank} gives s = ${digits(scaling)}.` : '';
      return {
        title: 'This adapter uses rsLoRA.',
        details: `s is α/√r, not α/r.${example} A tool that ignores use_rslora scales ΔW wrongly.`,
      };
    },
  }),
  moduleCheck({
    about: 'patterns',
    each: true,
    among({ adapter }) {
      const { pairs, ranks, alphas } = usualOf(adapter);
      return pairs.filter(
        ({ rank, alpha }) =>
          (ranks.several && rank !== ranks.usual) || (alphas.several && alpha !== null && alpha !== alphas.usual),
      );
    },
    says(found, { one, known: { adapter } }) {
      const { ranks, alphas } = usualOf(adapter);
      const what = [ranks.several && 'rank', alphas.several && 'α'].filter(Boolean).join(' or ');
      const { rankPattern, alphaPattern } = adapter.config ?? { rankPattern: [], alphaPattern: [] };
      const by = [rankPattern.length > 0 && 'rank_pattern', alphaPattern.length > 0 && 'alpha_pattern'];
      const source = by.some(Boolean) ? `, set by ${by.filter(Boolean).join(' and ')}` : '';
      const values = [ranks.several && `r from ${ranks.several}`, alphas.several && `α from ${alphas.several}`];
      return {
        title: `${plural(found.length, 'module')} ${one ? 'has' : 'have'} another ${what}.`,
        details: `${values.filter(Boolean).join(', ')}${source}. Each module is scaled by its own α and r.`,
      };
    },
  }),
  // Ranks in the config that the tensors do not have.
  moduleCheck({
    about: 'config-differs',
    among: ({ adapter: { modules, config } }) =>
      !config || config.r === null || config.rankPattern.length > 0
        ? []
        : modules.filter(({ kind, rank }) => kind === 'lora' && rank !== config.r),
    says(found, { one, all, known: { adapter } }) {
      const who = all ? 'every module has' : `${plural(found.length, 'module')} ${one ? 'has' : 'have'}`;
      return {
        title: 'adapter_config.json does not match the tensors.',
        details: `It says r = ${adapter.config?.r}; ${who} another rank. Is it the config of another file? The rank of the tensors is used.`,
        modules: found.map(({ index }) => index),
      };
    },
  }),
  // GPT-2's layers keep their weights as in × out.
  {
    about: 'fan-in-fan-out',
    find: ({ adapter: { config } }) =>
      config?.fanInFanOut
        ? {
            title: 'Weights are stored transposed (fan_in_fan_out).',
            details: 'd and k are shown as the layer uses them.',
          }
        : null,
  },
  // Tensors that are no part of an adapted layer: modules_to_save, embeddings.
  {
    about: 'whole',
    find({ adapter: { others, header, bytes } }) {
      if (others.length === 0) return null;
      const share = bytesOf(others) / Math.max(1, Math.min(bytesOf(header.tensors), bytes));
      const numbers = others.reduce((sum, { shape }) => sum + countOf(shape), 0);
      const names = layersOf(others);
      const few = names.length > 2 ? `${plural(others.length, 'tensor')}, such as ${names[0]},` : names.join(' and ');
      return {
        title: `${percent(share)} of the file is not LoRA.`,
        details: `${few} ${names.length === 1 ? 'is' : 'are'} stored whole (${plural(numbers, 'number')}) and copied unchanged.`,
        acts: ['names'],
      };
    },
  },
  {
    about: 'unpaired',
    passed: 'every A has its B',
    find({ adapter: { unpaired: list } }) {
      if (list.length === 0) return null;
      const [tensor, why] = list[0];
      const one = list.length === 1;
      const alone = list.every(([, reason]) => reason.endsWith('is missing.'));
      const what = alone ? `${one ? 'has' : 'have'} no partner` : `${one ? 'is' : 'are'} not read as part of a module`;
      return {
        title: `${plural(list.length, 'tensor')} ${what}.`,
        details: `${shortName(tensor.name)}: ${why} ${one ? 'It is' : 'They are'} copied unchanged.`,
        acts: ['names'],
      };
    },
  },
  // Parameters of several experts: figures are of all of them.
  moduleCheck({
    about: 'experts',
    reads: true,
    each: true,
    among: ({ read }) => read.filter(({ kind }) => kind === 'experts'),
    says(found, { one }) {
      const norms = found.flatMap(({ figures: { expertNorms = [] } }) => [...expertNorms]);
      const still = norms.filter((norm) => norm === 0).length;
      const [{ experts = 1 }] = found;
      const alike = found.every((module) => module.experts === experts);
      return {
        title: `${one ? '1 module holds' : `${plural(found.length, 'module')} hold`} all experts of a layer${alike ? ` (${experts})` : ''}.`,
        details: `σᵢ is √Σσᵢ² over them, and r is the rank of each. ${still === 0 ? 'Every expert was trained.' : `${plural(still, 'expert')} of ${plural(norms.length, 'expert').split(' ')[0]} never trained: ΔW = 0.`}`,
      };
    },
  }),
  moduleCheck({
    about: 'kinds',
    among: ({ adapter }) => adapter.modules.filter(({ kind }) => kind !== 'lora' && kind !== 'experts'),
    says(found, { one, all, known: { adapter } }) {
      const named = (['loha', 'lokr', 'full'] as const)
        .map((kind) => [found.filter((module) => module.kind === kind).length, KINDS[kind]] as const)
        .flatMap(([n, kind]) => (n === 0 ? [] : [`${n} ${kind}`]))
        .join(', ');
      const rest = adapter.modules.length - found.length;
      const others = all ? '' : ` The other ${rest === 1 ? 'module is one' : `${plural(rest, 'module')} are`}.`;
      return {
        title: all
          ? `This file has no LoRA pairs (${named}).`
          : `${plural(found.length, 'module')} ${one ? 'is no LoRA pair' : 'are no LoRA pairs'} (${named}).`,
        details: `${one ? 'It is' : 'They are'} shown, but only LoRA pairs are resized and merged.${others}`,
      };
    },
  }),
];

/** The warnings of a file, the worst first, then the passed checks. Figures of an unread module are null. */
export function warningsOf(adapter: Adapter, figures: readonly (Figures | null)[]): Warning[] {
  const read = adapter.modules.flatMap((module): readonly MeasuredModule[] => {
    const of = figures[module.index];
    return of ? [{ ...module, figures: of }] : [];
  });
  const moved = read.filter(({ figures: { finite, sigma } }) => finite && sigma.length > 0 && sigma[0] > 0);
  const known: FileKnowledge = { adapter, read, moved };
  const found = CHECKS.map(({ find }) => find(known));
  const warnings = CHECKS.flatMap((check, i) => warningFrom(check, found[i]));
  const complete = read.length === adapter.modules.length;
  // A file without any change gets no praise.
  if (complete && moved.length === 0 && read.every((of) => of.figures.frobenius === 0)) return warnings;
  const looked = CHECKS.flatMap(({ passed, reads = false, holds }, i) => {
    if (passed === undefined || (reads && !complete)) return [];
    return found[i] === null && holds?.(known) === false ? [] : [{ passed, found: found[i] !== null }];
  });
  const title = looked.flatMap(({ passed, found }) => (found ? [] : [passed])).join(', ');
  if (title === '') return warnings;
  const kept = looked.filter((of) => !of.found).length;
  const fine: Warning = {
    about: 'passed',
    tone: 'fine',
    title: `${title[0].toUpperCase()}${title.slice(1)}`,
    details: `${kept} of ${looked.length} checks passed`,
    modules: [],
    acts: [],
  };
  return [...warnings, fine];
}

const warningFrom = ({ about, tone }: Check, finding: Finding | null): readonly Warning[] =>
  finding ? [{ about, tone: tone ?? 'look', modules: [], acts: [], ...finding }] : [];

/** Modules of kinds that are shown only in part: known before any is read. */
export function kindWarnings(adapter: Adapter): readonly Warning[] {
  const known: FileKnowledge = { adapter, read: [], moved: [] };
  const checks = CHECKS.filter(({ about }) => about === 'dora' || about === 'kinds');
  return checks.flatMap((check) => warningFrom(check, check.find(known)));
}

/** Below those that stand out by far, the others do so by less. */
function outstandingTitle(found: readonly Module[], byFar: number): string {
  if (byFar === 0) return checkSentence(found, 'stands out', 'stand out');
  return found.length === 1
    ? checkSentence(found, 'stands out too, by less', '')
    : `${plural(found.length, 'more module')} stand out, by less.`;
}

function lacking({ alphaFrom, modules }: Adapter): readonly Module[] {
  const said = modules.filter(({ oddAlpha }) => oddAlpha === undefined);
  if (alphaFrom === 'absent') return said.filter(({ scaling }) => scaling === null);
  if (alphaFrom !== 'person' && alphaFrom !== 'diffusers') return [];
  return said.filter(({ tensors, rule }) => !tensors.alpha && rule !== 'scale');
}

function answerOf(alphaFrom: Adapter['alphaFrom'], without: readonly Module[]): string {
  if (alphaFrom === 'absent') return 'Norms lack the factor s = α/r. Ranks and shares hold without it.';
  if (alphaFrom === 'diffusers')
    return 'diffusers then takes α = r, so s = 1 here. Norms scale with s; ranks and shares do not.';
  const [{ alpha, scaling: s }] = without;
  const same = without.every((module) => module.alpha === module.rank);
  const scale = s !== null && without.every(({ scaling }) => scaling === s) ? `, so s = ${digits(s)}` : '';
  const chosen = same ? 'You chose α = r, so s = 1.' : `You set α = ${digits(alpha ?? 0)}${scale}.`;
  return `${chosen} Norms scale with s; ranks and shares do not.`;
}

function unclear({ config }: Adapter): string {
  // If one α holds for all, there is no other reason.
  if (config === null || config.alpha === null || config.alphaPattern.length === 0) return '';
  return ' A pattern in alpha_pattern of adapter_config.json is not understood, so its α may not be the right one.';
}

/** Modules by σ₁ over the file's median. If s is unknown they can be compared only if all have the same rank. */
function standing(known: FileKnowledge, from: number, below: number): readonly MeasuredModule[] {
  if (!comparable(known)) return [];
  const middle = middleOf(known);
  return single(known).filter(({ figures: { sigma } }) => sigma[0] > from * middle && sigma[0] <= below * middle);
}

const comparable = (known: FileKnowledge) =>
  single(known).length > 2 &&
  known.adapter.modules.every(({ scaling, rank }, _, [first]) => scaling !== null || rank === first.rank);

const middleOf = (known: FileKnowledge) => median(single(known).map(({ figures }) => figures.sigma[0]));

/** σ of E experts together is √E larger. */
const single = ({ moved }: FileKnowledge) => moved.filter(({ kind }) => kind !== 'experts');

const standingWords = (found: readonly MeasuredModule[], known: FileKnowledge, from: number) =>
  found.length === 1
    ? `σ₁ = ${digits(found[0].figures.sigma[0])}, the median is ${digits(middleOf(known))}.`
    : `σ₁ is over ${from} times the median of ${digits(middleOf(known))}.`;

const actsOn = (found: readonly Module[]): Warning['acts'] => (found.some(isUpdate) ? ['show', 'resize'] : ['show']);

/** σ₁² over Σσ². */
const firstShare = ({ figures: { sigma } }: MeasuredModule) =>
  1 / sigma.reduce((sum, s) => sum + (s / sigma[0]) ** 2, 0);

const bytesOf = (tensors: readonly TensorEntry[]) => tensors.reduce((sum, { from, to }) => sum + to - from, 0);
