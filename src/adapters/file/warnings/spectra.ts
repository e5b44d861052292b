import type { Warning } from '../model.ts';
import {
  type Check,
  checkSentence,
  digits,
  type FileKnowledge,
  hasAllSpectra,
  indicesOf,
  type MeasuredModule,
  median,
  moduleTitle,
  percent,
  plural,
} from './check.ts';

/** Factors above the file's median at which σ₁ stands out, and stands out by far. */
const STANDS_OUT = 2.5;
const BY_FAR = 8;
/** One direction with a larger share of the energy is nearly all of ΔW. */
const NEARLY_ALL = 0.99;

/** Modules by σ₁ over the file's median. If s is unknown they can be compared only if all have the same rank. */
function standing(known: FileKnowledge, from: number, below: number) {
  const { moved } = known;
  if (!comparable(known)) return null;
  const middle = median(moved.map(([, { sigma }]) => sigma[0]));
  const found = moved.filter(([, { sigma }]) => sigma[0] > from * middle && sigma[0] <= below * middle);
  return found.length === 0 ? null : { found, middle };
}

const comparable = ({ adapter: { modules }, moved }: FileKnowledge) =>
  moved.length > 2 && modules.every(({ scaling, rank }, _, [first]) => scaling !== null || rank === first.rank);

function spikes(from: number, below: number, far: boolean): Check['find'] {
  return (known) => {
    const all = standing(known, from, below);
    if (!all) return null;
    const { found, middle } = all;
    const effect = far
      ? 'Such a spike outweighs everything else when adapters are added.'
      : 'Such spikes can dominate a sum of adapters.';
    const modules = modulesOf(found);
    const by = far ? ' by far' : '';
    return {
      about: far ? 'spikes' : 'stands-out',
      tone: far ? 'bad' : 'look',
      title: checkSentence(modules, `stands out${by}`, `stand out${by}`),
      details:
        found.length === 1
          ? `σ₁ = ${digits(found[0][1].sigma[0])}, the median is ${digits(middle)}. ${effect}`
          : `σ₁ is over ${from} times the median of ${digits(middle)}. ${effect}`,
      modules: indicesOf(modules),
      acts: ['show'],
    };
  };
}

export const strongSpikes: Check = { reads: true, find: spikes(BY_FAR, Infinity, true) };
export const mildSpikes: Check = {
  passed: 'nothing stands out',
  reads: true,
  find: spikes(STANDS_OUT, BY_FAR, false),
  holds: (known) => comparable(known) && hasAllSpectra(known) && standing(known, BY_FAR, Infinity) === null,
};

const modulesOf = (found: readonly MeasuredModule[]) => found.map(([module]) => module);

/** Modules with magnitudes are not cut. */
const actsOn = (found: readonly MeasuredModule[]): Warning['acts'] =>
  found.some(([{ magnitude }]) => magnitude === null) ? ['show', 'resize'] : ['show'];

/** σᵢ < 10⁻⁶·σ₁. */
export const deadDirections: Check = {
  passed: 'no dead directions',
  reads: true,
  holds: hasAllSpectra,
  find({ adapter, moved }) {
    const found = moved.filter(([{ kind }, figures]) => kind === 'lora' && figures.dead > 0);
    if (found.length === 0) return null;
    const [{ rank }, { dead: count }] = found[0];
    const alike = found.every(([module, figures]) => module.rank === rank && figures.dead === count);
    const sum = (of: (one: MeasuredModule) => number) => found.reduce((total, one) => total + of(one), 0);
    const where =
      found.length === adapter.modules.length
        ? 'in every module'
        : found.length === 1
          ? `in ${moduleTitle(found[0][0])}`
          : `in ${plural(found.length, 'module')}`;
    return {
      about: 'dead',
      tone: 'look',
      title: alike
        ? `${count} of ${rank} directions ${count === 1 ? 'is' : 'are'} dead ${where}.`
        : `${sum(([, figures]) => figures.dead)} of ${sum(([, { sigma }]) => sigma.length)} directions are dead ${where}.`,
      details: `σᵢ < 10⁻⁶·σ₁, as when a rank is raised with zeros. ${alike ? `Resizing to ${rank - count}` : 'Cutting them'} loses practically nothing.`,
      modules: indicesOf(modulesOf(found)),
      acts: actsOn(found),
    };
  },
};

/** Half of its directions, or fewer, hold 95% of a module's energy. */
export const unusedRank: Check = {
  passed: 'every module uses most of its rank',
  reads: true,
  holds: hasAllSpectra,
  find({ moved }) {
    const found = moved.filter(
      ([{ kind }, { rank95, sigma }]) => kind === 'lora' && sigma.length > 1 && 2 * rank95 <= sigma.length,
    );
    if (found.length === 0) return null;
    const lengths = new Set(found.map(([, { sigma }]) => sigma.length));
    const [length] = lengths;
    const half = Math.floor(length / 2);
    const max =
      lengths.size > 1
        ? 'Half of their directions keep'
        : half === 1
          ? `1 of ${length} directions keeps`
          : `${half} of ${length} directions keep`;
    return {
      about: 'half-rank',
      tone: 'look',
      title: checkSentence(modulesOf(found), 'uses half its rank or less', 'use half their rank or less'),
      details: `${max} 95% of the energy.`,
      modules: indicesOf(modulesOf(found)),
      acts: actsOn(found),
    };
  },
};

/** σ₁² is more than 99% of Σσ². */
export const rankOneModules: Check = {
  passed: 'none is nearly rank one',
  reads: true,
  holds: hasAllSpectra,
  find({ moved }) {
    const share = ([, { sigma }]: MeasuredModule) => 1 / sigma.reduce((sum, s) => sum + (s / sigma[0]) ** 2, 0);
    const found = moved.filter((one) => one[0].rank > 1 && one[1].sigma.length > 1 && share(one) > NEARLY_ALL);
    if (found.length === 0) return null;
    const [first] = found;
    return {
      about: 'rank-one',
      tone: 'look',
      title: checkSentence(modulesOf(found), 'is nearly rank one', 'are nearly rank one'),
      details:
        found.length === 1
          ? `σ₁ holds ${percent(share(first))} of its energy, in 1 of ${first[1].sigma.length} directions.`
          : 'σ₁ holds over 99% of the energy of each.',
      modules: indicesOf(modulesOf(found)),
      acts: ['show'],
    };
  },
};
