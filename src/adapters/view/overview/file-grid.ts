import { count, number, plural, superscript } from '../../../experiment/numbers.ts';
import type { CaptionParts, GridCell, GridScene } from '../../../kit/modules/grid-scene.ts';
import { type Arrangement, arrange, gridPlaceOf, groupsOf } from '../../charts/grid/arrange.ts';
import type { Figures, Module, Warning } from '../../file/model.ts';
import { remembered } from '../../file/remembered.ts';
import { hasPairs } from '../../file/shapes.ts';
import type { Colour } from '../../state/adapters-state.ts';

export const COLOURS: Readonly<Record<Colour, { readonly name: string; readonly definition: string }>> = {
  rank95: { name: 'rank for 95%', definition: 'directions for 95% of the energy' },
  frobenius: { name: '‖ΔW‖', definition: 'Frobenius norm' },
  sigma1: { name: 'σ₁', definition: 'largest singular value' },
  effective: { name: 'effective rank', definition: 'exp(−Σ pᵢ ln pᵢ), pᵢ = σᵢ/Σσ' },
  relative: { name: '‖ΔW‖/‖W₀‖', definition: '‖ΔW‖ in % of ‖W₀‖' },
};

const VALUES: Readonly<Record<Exclude<Colour, 'relative'>, (of: Figures) => number>> = {
  rank95: ({ rank95 }) => rank95,
  frobenius: ({ frobenius }) => frobenius,
  sigma1: ({ sigma }) => sigma[0] ?? 0,
  effective: ({ effectiveRank }) => effectiveRank.entropy,
};

type ModuleCell = Omit<GridCell, 'index' | 'flagged' | 'bad'> & Partial<GridCell>;

interface ScenePlan extends Pick<GridScene, 'most' | 'widest' | 'margins'>, Partial<Pick<GridScene, 'hue' | 'lit'>> {
  readonly cell: (index: number) => ModuleCell;
  /** By module, for its share in the margins. */
  readonly energy?: readonly number[];
}

/** The grid of a list of modules: a cell of each, and the shares of energy of rows and columns. */
export function sceneOf({ rows, columns, cells }: Arrangement, { cell, energy = [], ...scene }: ScenePlan): GridScene {
  const whole = energy.reduce((sum, of) => sum + of, 0);
  const share = (of: readonly (number | null)[]) =>
    whole > 0 ? of.reduce<number>((sum, i) => sum + (i === null ? 0 : energy[i]), 0) / whole : null;
  const width = columns.length;
  return {
    rows: rows.map((text, i) => ({ text, share: share(cells.slice(i * width, (i + 1) * width)) })),
    columns: columns.map(({ type }, i) => ({ text: type, share: share(cells.filter((_, at) => at % width === i)) })),
    groups: groupsOf(columns),
    cells: cells.map((index) => (index === null ? null : { index, flagged: false, bad: false, ...cell(index) })),
    hue: 'dw',
    lit: null,
    ...scene,
  };
}

export interface FileGrid {
  readonly scene: GridScene;
  readonly caption: CaptionParts;
}

interface GridInput {
  readonly modules: readonly Module[];
  readonly figures: readonly (Figures | null)[];
  readonly warnings: readonly Warning[];
  readonly colour: Colour;
  /** The warning whose modules alone are not dimmed. */
  readonly pointed: string | null;
  /** ‖ΔW‖/‖W₀‖ of each module; null: not known. */
  readonly relative?: readonly (number | null)[];
}

/** The grid of one file: a number per module, its spectrum, and its share of the file's energy. */
export function gridOfFile({ modules, figures, warnings, colour, pointed, relative = [] }: GridInput): FileGrid {
  const values = figures.map((of, i) => {
    if (colour === 'relative')
      return of && relative[i] !== null && relative[i] !== undefined ? 100 * relative[i] : null;
    return of?.finite ? VALUES[colour](of) : null;
  });
  const known = values.flatMap((value, i) => (value !== null && isMeasured(figures[i]) ? [value] : []));
  const unit = colour === 'frobenius' || colour === 'sigma1' ? unitOf(Math.max(0, ...known)) : 0;
  // Other kinds of modules may have the rank of the whole matrix.
  const pairs = modules.filter(hasPairs);
  const ranks = Math.max(1, ...(pairs.length > 0 ? pairs : modules).map(({ rank }) => rank));
  const [low, high] = colour === 'rank95' ? [0, ranks] : [Math.min(...known), Math.max(...known)];
  const { max, clipped } = topOf(figures);
  const flags = flagsOf(warnings, modules.length);
  const lit = pointed === null ? null : warnings.find(({ about }) => about === pointed)?.modules;
  const complete = figures.every((of) => of !== null);
  const texts = figures.map((of, i) => cellText(of, values[i], colour, unit));
  const cell = (index: number): ModuleCell => {
    const of = figures[index] ?? null;
    const text = texts[index];
    const value = of?.finite && text !== '' ? values[index] : null;
    return {
      text,
      tint: value === null ? null : high > low ? (value - low) / (high - low) : EVEN,
      beside: of && of.sigma.length > 0 ? { bars: of.sigma, kept: null } : null,
      flagged: flags.has(index),
      bad: of !== null && !of.finite,
      words: cellWords(modules[index], of, flags.get(index) ?? [], relative[index] ?? null),
    };
  };
  const drawn = sceneOf(arranged(modules), {
    cell,
    energy: complete ? energies(figures) : [],
    margins: true,
    most: max,
    widest: colour === 'rank95' ? '4' : '0.00',
    lit: lit && lit.length > 0 ? new Set(lit) : null,
  });
  const widest = drawn.cells.reduce((a, cell) => (cell && cell.text.length > a.length ? cell.text : a), drawn.widest);
  const scene: GridScene = { ...drawn, widest };
  return {
    scene,
    caption: captionOf({ colour, unit, modules, flags, clipped: clipped ? max : null, lit: lit?.length ?? 0 }),
  };
}

/** While a file is being read its modules stay the same. */
const arranged = remembered(arrange);

const EVEN = 0.3;

const isMeasured = (of: Figures | null) => of?.finite && (of.sigma.length > 0 || of.frobenius > 0);

function energies(figures: readonly (Figures | null)[]): number[] {
  const largest = figures.reduce((max, of) => Math.max(max, of?.finite ? of.frobenius : 0), 0);
  return figures.map((of) => (of?.finite && largest > 0 ? (of.frobenius / largest) ** 2 : 0));
}

/** Very small or large norms have a power of ten in the caption, so that each number has four characters at most. */
function unitOf(max: number): number {
  if (!(max > 0) || (max >= 0.1 && max < 1000)) return 0;
  return 3 * Math.floor(Math.log10(max) / 3);
}

function cellText(of: Figures | null, value: number | null, colour: Colour, unit: number): string {
  if (!of) return '';
  if (!of.finite) return 'NaN';
  if (colour !== 'frobenius' && colour !== 'relative' && of.sigma.length === 0) return '';
  if (value === null) return '';
  if (colour === 'rank95') return count(value);
  if (colour === 'effective') return value.toFixed(1);
  return digits(value / 10 ** unit);
}

/** Two significant digits, at most four characters: "0.03", "0.45", "3.9", "12", "123". */
const digits = (value: number) =>
  value >= 9.95 ? count(value) : value >= 0.995 || value === 0 ? value.toFixed(1) : value.toFixed(2);

/** Warnings that single out a module, as its cell words them. */
const SAID: Readonly<Record<string, string>> = {
  spikes: 'stands out by far',
  'stands-out': 'stands out',
  dead: 'has dead directions',
  'rank-one': 'nearly rank one',
  untrained: 'never trained',
  'not-finite': 'NaN or infinity in it',
};

/** A warning about more than this share of the modules makes none stand out. */
const COMMON = 0.25;

function flagsOf(warnings: readonly Warning[], all: number): ReadonlyMap<number, readonly string[]> {
  const flags = new Map<number, string[]>();
  for (const { about, tone, modules } of warnings) {
    const words = Object.hasOwn(SAID, about) ? SAID[about] : null;
    if (words === null || (tone !== 'bad' && modules.length > Math.max(1, COMMON * all))) continue;
    for (const module of modules) flags.set(module, [...(flags.get(module) ?? []), words]);
  }
  return flags;
}

/** "mid, cross-attention out: 3 of 4 directions for 95%, norm 3.90, σ₁ 3.31, stands out". */
function cellWords(module: Module, of: Figures | null, why: readonly string[], relative: number | null): string {
  const { layer, group, type } = gridPlaceOf(module);
  const name = `${layer}, ${group === '' ? type : `${group} ${type}`}`;
  if (!of) return `${name}: not read yet`;
  if (!of.finite) return `${name}: not finite, nothing is computed`;
  const times = module.scaling === null ? ' × s' : '';
  if (of.sigma.length === 0) return `${name}: norm ${number(of.frobenius)}${times}, its spectrum is not computed`;
  if (of.frobenius === 0) return [`${name}: ΔW = 0`, ...why].join(', ');
  const parts = [
    `${count(of.rank95)} of ${count(of.sigma.length)} ${of.sigma.length === 1 ? 'direction' : 'directions'} for 95%`,
    `norm ${number(of.frobenius)}${times}`,
    `σ₁ ${number(of.sigma[0])}${times}`,
    ...(relative === null ? [] : [`${number(100 * relative)}% of W₀`]),
    ...why,
  ];
  return `${name}: ${parts.join(', ')}`;
}

/** A spike above this multiple of the median is cut off at the top of its cell, or all else would be invisible. */
const SPIKE = 8;

function topOf(figures: readonly (Figures | null)[]): { readonly max: number; readonly clipped: boolean } {
  const largest = Float64Array.from(figures.flatMap((of) => (of && of.sigma[0] > 0 ? [of.sigma[0]] : []))).sort();
  if (largest.length === 0) return { max: 0, clipped: false };
  const max = largest[largest.length - 1];
  const limit = SPIKE * largest[largest.length >> 1];
  return { max: Math.min(max, limit), clipped: max > limit };
}

interface GridCaption {
  readonly colour: Colour;
  readonly unit: number;
  readonly modules: readonly Module[];
  readonly flags: ReadonlyMap<number, readonly string[]>;
  readonly clipped: number | null;
  readonly lit: number;
}

function captionOf({ colour, unit, modules, flags, clipped, lit }: GridCaption): CaptionParts {
  const unscaled = modules.some(({ scaling }) => scaling === null) && (colour === 'frobenius' || colour === 'sigma1');
  const power = unit === 0 ? '' : ` in 10${superscript(unit)}`;
  const only = [...flags.values()].flat().every((words) => words.startsWith('stands out'));
  const flagged = flags.size === 0 ? [] : [only ? '▲ stands out' : '▲ see What to know'];
  return [
    ...(lit > 0 ? [`${count(lit)} of ${plural(modules.length, 'module')} pointed out`] : []),
    `number and tint: ${COLOURS[colour].definition}${unscaled ? ' × s' : ''}${power}`,
    { beside: clipped === null ? 'bars: σᵢ' : `bars: σᵢ up to ${number(clipped, 2)}` },
    ...flagged,
  ];
}

export function singleGroup(scene: GridScene, group: number): GridScene {
  const { from, to } = scene.groups[group] ?? { from: 0, to: scene.columns.length };
  const width = scene.columns.length;
  const rows = scene.rows.flatMap((head, i) => {
    const cells = scene.cells.slice(i * width + from, i * width + to);
    return cells.some((cell) => cell !== null) ? [{ head, cells }] : [];
  });
  return {
    ...scene,
    rows: rows.map(({ head }) => head),
    columns: scene.columns.slice(from, to),
    groups: [],
    margins: false,
    cells: rows.flatMap(({ cells }) => cells),
  };
}
