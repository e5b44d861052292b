import { count, number, percent, plural, trim } from '../../experiment/numbers.ts';
import { isOwl, isQuantised } from '../../experiment/settings/bounds.ts';
import { countsOf, trainedPerRank } from '../../experiment/settings/counts.ts';
import type { Experiment } from '../../experiment/settings/params.ts';
import { editWords } from '../../experiment/targets/names.ts';
import { shareOf } from '../words/parameters.ts';
import type { OwnFactors } from './own-factors.ts';
import type { Planes, Split } from './planes.ts';

/** The d × k matrices of the strip. A and B are at the corner of ΔW. */
export type SquareName = 'W' | 'W0' | 'dW' | 'target' | 'E';

/** Two lines below a matrix; `strong` is the bold part, or all, of the first. */
export interface CaptionText {
  readonly first: string;
  /** A number at the end of the first line, in bold. */
  readonly value?: string;
  readonly second: string;
}

export type Captions = Readonly<Record<SquareName, CaptionText>>;

/** Value of a cell that shows a block: the mean of the block, or its largest entry. */
export type BlockContent = 'means' | 'extremes';

export interface CaptionFacts {
  readonly d: number;
  readonly k: number;
  readonly rank: number;
  /** A noun for ΔW*: "a picture". */
  readonly about: string;
  /** Largest singular value of ΔW*; null if unknown. */
  readonly sigma1: number | null;
  readonly error: number | null;
  /** Least relative error within reach; null if unknown. */
  readonly floor: number | null;
  /** Cause of the floor: "at rank 8", "with PiSSA", "with this B". */
  readonly floorBy: string;
  readonly blocks: { readonly rows: number; readonly columns: number };
  readonly drawn: BlockContent;
  readonly shown: ShownSum;
  /** How far Q is off W₀, and Q + ΔW at step 0, as shares of ‖W₀‖; `rest`: A and B have taken their part before. */
  readonly quantised?: { readonly off: number; readonly start: number; readonly rest: boolean } | null;
  /** ‖s₀·B₀·A₀‖_F/‖W₀‖_F if the initialisation has moved that out of W₀; null if unknown. */
  readonly moved: number | null;
  readonly frozenFactor: 'A' | 'B' | null;
  /** A method beside LoRA; then `rank` is the thickness of the places of B and A. */
  readonly method?: StripMethod | null;
  readonly blank: boolean;
  readonly portrait: Portrait | null;
  /** True in a first visit: counts and errors in few words. */
  readonly first: boolean;
  /** Shown next to the picture: ΔW*, or E instead. */
  readonly aside: 'target' | 'E';
}

/** A method beside LoRA, as the strip writes it. */
export interface StripMethod {
  readonly label: string;
  /** ΔW in a few signs. */
  readonly formula: string;
  readonly trained: number;
  readonly places: OwnFactors;
}

/** Captions while no cell is pointed at. `brief`: a few words, for small matrices. */
export function captions(facts: CaptionFacts, brief: boolean): Captions {
  if (facts.portrait) return pictureCaptions(facts, facts.portrait.name, brief);
  const { d, k, shown } = facts;
  const size = `${count(d)} × ${count(k)}`;
  const trained = trainedIn(facts);
  const share = facts.moved === null ? null : percent(facts.moved);
  if (brief) {
    return {
      W: { first: `${size}; ${storedBase(facts)}${facts.method ? '' : ','}`, second: storedRest(facts) },
      W0: {
        first: shown === 'frozen' && share ? `${share} of ‖W₀‖ moved` : (offWords(facts) ?? plural(d * k, 'number')),
        second: '',
      },
      dW: { first: `${trained.count}, ${trained.share}`, second: '' },
      target: {
        first: facts.about.length > 12 ? facts.about : `${size}, ${facts.about}`,
        second: '',
      },
      E: { ...missing(facts, 'error '), second: '' },
    };
  }
  return {
    W: {
      first: `${size}, computed on the fly;`,
      second: facts.method
        ? `${namesOf(shown).base} and ${storedRest(facts)}`
        : `${storedBase(facts)}, B and A are stored`,
    },
    W0: {
      plain: { first: `${size} = ${plural(d * k, 'number')},`, second: 'none of them trained' },
      frozen: {
        first: 'W₀ minus what B and A took over:',
        second: share ? `‖s₀·B₀·A₀‖ = ${share} of ‖W₀‖` : 's₀·B₀·A₀',
      },
      update: { first: `${size}, as it was`, second: 'before B and A took over part of it' },
      quantised: quantisedBase(facts),
    }[shown],
    dW:
      shown === 'frozen'
        ? { first: `${trained.count}, ${trained.share} of W₀’s`, second: 'ΔW is this − s₀·B₀·A₀' }
        : {
            first: facts.method ? `${trained.count} trained,` : `${trained.sum} = ${trained.count},`,
            second: `${trained.share} as many as in W₀`,
          },
    target: facts.quantised
      ? { first: `${facts.about},`, second: averaged(facts) ?? 'and what NF4 took from W₀' }
      : { first: `${size}, ${facts.about}`, second: averaged(facts) ?? scaled(facts.sigma1) },
    E: { ...missing(facts, 'relative error '), second: bestWords(facts) },
  };
}

/** What leads from Q to the goal, which stays as it was. */
const FROM_Q = 'W₀ + ΔW* − Q';

/** Two digits: LoftQ and the base alone differ by a fifth. */
const shareOff = (share: number) => `${trim(100 * share, 2)}%`;

/** "NF4 of W₀, 9.3% off it". */
function offWords({ quantised }: CaptionFacts): string | null {
  if (!quantised) return null;
  return quantised.rest
    ? `with B and A ${shareOff(quantised.start)} off W₀`
    : `NF4 of W₀, ${shareOff(quantised.off)} off it`;
}

function quantisedBase(facts: CaptionFacts): CaptionText {
  const { quantised } = facts;
  if (!quantised) return { first: '', second: '' };
  const { start, off, rest } = quantised;
  if (rest) return { first: 'NF4 of W₀ − s₀·B₀·A₀;', second: `with B and A ${shareOff(start)} off W₀` };
  const changed = start === off ? '4 bits a number, none trained' : `with B and A ${shareOff(start)} at first`;
  return { first: offWords(facts) ?? '', second: changed };
}

/** Whether a line about a layer's sizes is longer than `most` letters: of 4,096 × 1,024, or of a target with noise. */
export function areTooLong(facts: CaptionFacts, most: number): boolean {
  if (facts.portrait || facts.shown !== 'plain') return false;
  const { W, W0, dW, target } = captions(facts, false);
  return [W, W0, dW, target].some(({ first, second }) => Math.max(first.length, second.length) > most);
}

const storedBase = ({ shown }: CaptionFacts) =>
  isSplit(shown) ? 'W frozen' : shown === 'quantised' ? 'only Q' : 'only W₀';

const storedRest = ({ method }: CaptionFacts) =>
  method ? `the numbers of ${method.label} are stored` : 'B and A are stored';

const NO_BREAK = '\u00a0';

/** Captions if W₀ is a picture: W describes it, and the error is below ΔW*. */
function pictureCaptions(facts: CaptionFacts, name: string, brief: boolean): Captions {
  const { d, k, blank, floor, error } = facts;
  if (facts.first) return firstCaptions(facts, name, brief);
  // Both lines keep their place until their figures are known.
  const relative = error === null ? { first: NO_BREAK } : { first: 'relative error ', value: number(error) };
  const min = brief ? (floor === null ? NO_BREAK : `floor ${number(floor)}`) : bestWords(facts);
  const aside = { ...relative, second: min };
  const words = captions({ ...facts, portrait: null }, brief);
  const same = `so far the same as ${namesOf(facts.shown).base}`;
  const seen = brief
    ? { first: blank ? same : `${name} with the edit`, second: '' }
    : {
        first: `${count(d)} × ${count(k)}, applied to every input:`,
        second: blank ? same : `${name} plus what ΔW has learned`,
      };
  const W0 = brief ? { first: `${count(d * k)} numbers, frozen`, second: '' } : words.W0;
  return { ...words, W: seen, W0, target: aside, E: aside };
}

/** In a first visit; on a phone the error is below W. */
function firstCaptions(facts: CaptionFacts, name: string, brief: boolean): Captions {
  const { d, k, rank, blank, floor, error } = facts;
  const trained = trainedIn(facts);
  const same = `so far the same ${name.replace('the ', '')}`;
  const low = floor === null ? '' : number(floor);
  const relative = error === null ? { first: NO_BREAK } : { first: 'relative error ', value: number(error) };
  const target = { ...relative, second: floor === null ? NO_BREAK : `lowest possible at rank ${rank}: ${low}` };
  const all = plural(d * k, 'number');
  if (brief) {
    const ends = error === null || blank ? same : `error ${number(error)}${low && `, lowest ${low}`}`;
    const dW = { first: `${trained.count}, trained`, second: '' };
    return { W: { first: ends, second: '' }, W0: { first: all, second: '' }, dW, target, E: target };
  }
  return {
    W: { first: blank ? same : `${name} plus what ΔW has learned`, second: '' },
    W0: { first: `${all},`, second: 'none of them trained' },
    dW: { first: `${trained.count},`, second: `${trained.share} as many as in W₀` },
    ...{ target, E: target },
  };
}

function bestWords({ floor, floorBy }: CaptionFacts): string {
  return floor === null ? '' : `lowest possible ${floorBy}: ${number(floor)}`;
}

/** r·(d + k), or the trained part if a factor is frozen. */
function trainedIn(facts: CaptionFacts) {
  const { d, k, rank, frozenFactor, method } = facts;
  if (method) {
    const own = { ...facts, own: method.trained };
    return { sum: method.formula, count: plural(method.trained, 'number'), share: shareOf(own) };
  }
  const perRank = frozenFactor === null ? `(${count(d)} + ${count(k)})` : count(trainedPerRank(facts));
  return { sum: `${count(rank)}·${perRank}`, count: plural(countsOf(facts).trained, 'number'), share: shareOf(facts) };
}

function missing({ error, floor }: CaptionFacts, words: string): Pick<CaptionText, 'first' | 'value'> {
  if (error === null) return { first: '' };
  const short = words === 'error ' && floor !== null;
  return short ? { first: `error ${number(error)}, floor ${number(floor)}` } : { first: words, value: number(error) };
}

export function isInBlocks({ blocks }: CaptionFacts): boolean {
  return blocks.rows > 1 || blocks.columns > 1;
}

function averaged(facts: CaptionFacts): string | null {
  if (!isInBlocks(facts)) return null;
  const size = `${facts.blocks.rows} × ${facts.blocks.columns}`;
  return facts.drawn === 'means' ? `means of ${size} blocks` : `largest in each ${size} block`;
}

function scaled(sigma1: number | null): string {
  if (sigma1 === null) return '';
  return Math.abs(sigma1 - 1) < 1e-4 ? 'scaled to σ₁ = 1' : `σ₁ = ${trim(sigma1)}`;
}

/** Sum shown by the strip: W = W₀ + ΔW with ΔW = s·B·A, or one of two if a part of W₀ was moved. */
export type ShownSum = 'plain' | 'quantised' | Split;

/** Whether a part of W₀ was moved, so that there are two sums to choose from. */
export const isSplit = (shown: ShownSum): shown is Split => shown === 'frozen' || shown === 'update';

interface MatrixNames {
  readonly base: string;
  readonly update: string;
  readonly of: Readonly<Record<keyof Planes, string>>;
}

const OF = {
  W: 'W, the weight that the layer uses',
  W0: 'W₀, the frozen weight',
  A: 'A, trained',
  B: 'B, trained',
  dW: 'ΔW = s·B·A, the learned update',
  target: 'ΔW*, the target update',
  E: 'E = ΔW − ΔW*, the remaining error',
};

const NAMES: Readonly<Record<ShownSum, MatrixNames>> = {
  plain: { base: 'W₀', update: 'ΔW', of: OF },
  quantised: {
    base: 'Q',
    update: 'ΔW',
    of: {
      ...OF,
      W0: 'Q, the frozen weight: what NF4 leaves of W₀',
      target: 'W₀ + ΔW* − Q, the target for ΔW',
      E: 'E, the remaining error: W less W₀ + ΔW*',
    },
  },
  frozen: {
    base: 'W frozen',
    update: 's·B·A',
    of: { ...OF, W0: 'W frozen = W₀ − s₀·B₀·A₀, the frozen weight', dW: 's·B·A, the adapter' },
  },
  update: {
    base: 'W₀',
    update: 'ΔW',
    of: {
      ...OF,
      W0: 'W₀, the weight before a part of it was moved',
      dW: 'ΔW = s·B·A − s₀·B₀·A₀, the learned update',
    },
  },
};

export function namesOf(shown: ShownSum): MatrixNames {
  return NAMES[shown];
}

/** Parts of a symbol, each with the class of its colour; default: ink. */
export type SymbolPart = readonly [text: string, className?: string, tag?: 'span' | 'sub'];

const PRODUCT: readonly SymbolPart[] = [['s'], ['·', 'soft'], ['B', 'b'], ['·', 'soft'], ['A', 'a']];

/** The symbol below a matrix. `brief`: without its sum, if that is long; `sum`: W with its sum. */
export function symbolOf(
  of: SquareName,
  shown: ShownSum,
  brief: boolean,
  sum = false,
  method: StripMethod | null = null,
): readonly SymbolPart[] {
  switch (of) {
    case 'W':
      return sum && shown !== 'frozen'
        ? [['W'], [' = ', 'soft'], [namesOf(shown).base, 'w0'], [' + ', 'soft'], ['ΔW', 'dw']]
        : [['W']];
    case 'W0':
      if (shown !== 'frozen') return [[namesOf(shown).base, 'w0']];
      return [['W', 'w0'], ['frozen', 'w0', 'sub'], ...(brief ? [] : ([[' = W₀ − s₀·B₀·A₀']] as const))];
    case 'dW':
      if (shown === 'frozen') return PRODUCT;
      if ((shown === 'update' || method) && brief) return [['ΔW', 'dw']];
      if (method) return [['ΔW', 'dw'], [' = ', 'soft'], [method.formula.split(',')[0]]];
      return [['ΔW', 'dw'], [' = ', 'soft'], ...PRODUCT, ...(shown === 'update' ? ([[' − s₀·B₀·A₀']] as const) : [])];
    case 'target':
      return shown === 'quantised' ? [[FROM_Q, 'dwt']] : [['ΔW*', 'dwt']];
    case 'E':
      return shown === 'quantised' ? [['E = W − W₀ − ΔW*']] : [['E = ΔW − ΔW*']];
  }
}

interface Portrait {
  /** The frozen weight, W₀ or Q, and what it shows: "an owl in grey". */
  readonly symbol: 'W₀' | 'Q';
  readonly base: string;
  /** Short name: "the owl". */
  readonly name: string;
  /** What ΔW* adds: "the sunglasses". */
  readonly edit: string;
  /** W after the edit: "the owl with sunglasses". */
  readonly worn: string;
}

const OWL = { symbol: 'W₀', base: 'an owl in grey', name: 'the owl' } as const;

/** Null if W₀ is no picture. */
export function portraitOf(settings: Experiment): Portrait | null {
  if (!isOwl(settings)) return null;
  const own = isQuantised(settings) ? { ...OWL, symbol: 'Q' as const, base: `${OWL.base} through 4 bits` } : OWL;
  if (settings.data !== '') return { ...own, edit: 'what was painted on it', worn: `${OWL.name} with that on it` };
  const { label, worn, atRank1 } = editWords.byName(settings.edit);
  const seen = settings.rank === 1 ? (atRank1 ?? worn) : worn;
  return { ...own, edit: `the ${label}`, worn: `${OWL.name} ${seen}` };
}

interface PortraitFacts {
  readonly portrait: Portrait;
  readonly blank: boolean;
  readonly aside: 'target' | 'E';
}

/** Text alternative of the strip, in one sentence. */
export function portraitWords({ portrait, blank, aside }: PortraitFacts, error: string | null): string {
  const W = blank ? `the same ${portrait.name.replace('the ', '')}` : portrait.worn;
  const beside = aside === 'target' ? `ΔW*, ${portrait.edit} to be learned` : 'E, what ΔW still misses of ΔW*';
  const far = error === null ? '' : ` Relative error ${error}.`;
  return `${portrait.symbol}, ${portrait.base}, plus ΔW, the product of B and A, gives W, ${W}. Beside them ${beside}.${far}`;
}
