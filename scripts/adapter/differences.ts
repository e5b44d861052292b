import type { Checkpoint } from '../../src/adapters/file/checkpoints/checkpoint.ts';
import {
  type DifferenceFigures,
  differenceFigures,
  LEADING,
  pairPlaces,
} from '../../src/adapters/file/checkpoints/difference-figures.ts';
import {
  type DifferenceLora,
  type DifferenceWay,
  errorOverAll,
  type WrittenErrors,
} from '../../src/adapters/file/checkpoints/lora-file.ts';
import { matchTensors, type TensorMatches } from '../../src/adapters/file/checkpoints/match-tensors.ts';
import { comparePlaces } from '../../src/adapters/file/places.ts';
import { showProgress, tableLines, withDigits } from './info.ts';
import { valueOrThrow } from './open.ts';

export interface MeasuredDifferences {
  readonly base: Checkpoint;
  readonly fine: Checkpoint;
  readonly matches: TensorMatches;
  /** Of each pair. */
  readonly figures: readonly DifferenceFigures[];
}

interface MeasureOptions {
  readonly intruders: boolean;
  /** A rank above the usual number of directions asks for more of them. */
  readonly way: DifferenceWay | null;
}

/** Measures all pairs one after another; progress goes to the error stream of a terminal. */
export async function measureDifferences(
  base: Checkpoint,
  fine: Checkpoint,
  { intruders, way }: MeasureOptions,
): Promise<MeasuredDifferences> {
  const matches = valueOrThrow(matchTensors(base, fine));
  const directions = Math.max(LEADING, way?.by === 'rank' ? way.rank : 0);
  const figures: DifferenceFigures[] = [];
  for (const [i, pair] of matches.pairs.entries()) {
    showProgress(`${i + 1} of ${matches.pairs.length} tensors`);
    figures.push(await differenceFigures(pair, { directions, intruders }));
  }
  showProgress(null);
  return { base, fine, matches, figures };
}

const finite = (value: number) => (Number.isFinite(value) ? value : null);
/** ‖ΔW‖/‖W₀‖; null if W₀ is 0. */
const shareOf = ({ norm, baseNorm }: DifferenceFigures) => finite(norm / baseNorm);

/** For scripts. */
export function differencesOf({ base, fine, matches, figures }: MeasuredDifferences) {
  const { pairs, onlyBase, onlyFine, unlike, notFloat, prefix } = matches;
  const places = pairPlaces(pairs);
  return {
    base: { name: base.name, bytes: base.bytes, tensors: base.tensors.size },
    fine: { name: fine.name, bytes: fine.bytes, tensors: fine.tensors.size },
    prefix,
    onlyBase: onlyBase.map(({ name }) => name),
    onlyFine: onlyFine.map(({ name }) => name),
    otherShape: unlike.map(([a, b]) => ({ name: a.name, base: a.shape, fine: b.shape })),
    notFloat: notFloat.map(([a, b]) => ({ name: a.name, base: a.dtype, fine: b.dtype })),
    tensors: pairs.map((pair, i) => {
      const { change, norm, baseNorm, odd, spectrum } = figures[i];
      return {
        ...{ name: pair.name, shape: pair.shape, dtypes: [pair.base.dtype, pair.fine.dtype], change },
        ...{ layer: places[i]?.layer ?? null, type: places[i]?.type ?? null },
        ...{ norm: finite(norm), baseNorm: finite(baseNorm), relative: shareOf(figures[i]), odd },
        spectrum: spectrum && {
          sigma: [...spectrum.sigma],
          exact: spectrum.bounds === null,
          upper: spectrum.bounds && [...spectrum.bounds.upper],
          rest: spectrum.bounds?.rest ?? null,
          ...{ rank90: spectrum.rank90, rank95: spectrum.rank95, rank99: spectrum.rank99 },
          ...{ stableRank: spectrum.stableRank, effectiveRank: spectrum.effectiveRank, intruders: spectrum.intruders },
        },
      };
    }),
  };
}

const short = withDigits(4);
const percent = (value: number) => `${Number((100 * value).toPrecision(3))}%`;

/** A table of what changed, and sentences about the rest. */
export function differenceText(measured: MeasuredDifferences): string {
  const { base, fine, matches, figures } = measured;
  const { pairs } = matches;
  const places = pairPlaces(pairs);
  const changed = pairs
    .map((pair, i) => ({ pair, of: figures[i], place: places[i] }))
    .filter(({ of }) => of.change === 'changed')
    .sort((a, b) => comparePlaces(a.place, b.place));
  const rows = changed.map(({ pair, of }) => {
    const { spectrum, norm } = of;
    const share = shareOf(of);
    const start = [pair.name, pair.shape.join(' × '), short(norm), share === null ? '–' : percent(share)];
    if (!spectrum) return [...start, '', '', '', '', '', ''];
    const { sigma, bounds, rank90, rank95, rank99, intruders } = spectrum;
    const needed = [rank90, rank95, rank99].map((rank) => (rank === null ? `> ${sigma.length}` : String(rank)));
    // The largest share by which a leading σ may be larger than found; 0: exact.
    const bound = bounds ? `+${percent(bounds.upper[0] / sigma[0] - 1)}` : 'exact';
    return [...start, short(sigma[0]), bound, short(spectrum.stableRank), ...needed].concat(
      intruders ? [String(intruders.count ?? '?')] : [],
    );
  });
  const columns = ['tensor', 'shape', '‖ΔW‖', '‖ΔW‖/‖W₀‖', 'σ₁', 'bound', 'stable', '90%', '95%', '99%'];
  const counted = changed.some(({ of }) => of.spectrum?.intruders);
  const width = columns.length + (counted ? 1 : 0);
  const table = [[...columns, ...(counted ? ['intruders'] : [])], ...rows.map((row) => [...row, ''].slice(0, width))];
  const head = `${base.name} → ${fine.name}: ${pairs.length} tensors in both, ${changed.length} changed`;
  return [head, ...(rows.length > 0 ? tableLines(table) : []), ...remarks(measured)].join('\n');
}

/** The first three names, and how many more. */
export const listed = (names: readonly string[]) =>
  `${names.slice(0, 3).join(', ')}${names.length > 3 ? ` and ${names.length - 3} more` : ''}`;

function remarks({ matches, figures }: MeasuredDifferences): string[] {
  const { pairs, onlyBase, onlyFine, unlike, notFloat, prefix } = matches;
  const of = (change: DifferenceFigures['change']) => pairs.filter((_, i) => figures[i].change === change);
  const line = (names: readonly string[], words: string) => (names.length > 0 ? [`${words}: ${listed(names)}.`] : []);
  const named = (all: readonly { readonly name: string }[]) => all.map(({ name }) => name);
  const spectra = figures.flatMap(({ spectrum }) => spectrum ?? []);
  const [found] = spectra.filter(({ bounds }) => bounds);
  const retyped = pairs.filter(({ base, fine }) => base.dtype !== fine.dtype);
  return [
    ...line(named(of('same bits')), `Unchanged, bit for bit (${of('same bits').length})`),
    ...line(named(of('same values')), 'The same numbers in other bits'),
    ...line(named(of('rounded')), `Changed by the rounding to another type alone (${of('rounded').length})`),
    ...line(
      retyped.map(({ name, base, fine }) => `${name} (${base.dtype}, ${fine.dtype})`),
      'Of different types',
    ),
    ...line(named(onlyBase), 'Only in the base'),
    ...line(named(onlyFine), 'Only in the fine-tuned model'),
    ...line(
      unlike.map(([a, b]) => `${a.name} (${a.shape.join(' × ')}, ${b.shape.join(' × ')})`),
      'Of different shapes, not compared',
    ),
    ...line(
      notFloat.map(([a]) => `${a.name} (${a.dtype})`),
      'No floats, not compared',
    ),
    ...figures.flatMap(({ odd }) => odd ?? []),
    ...(prefix === '' ? [] : [`Names match without “${prefix}”, which one of the two models has in front.`]),
    ...(found
      ? [
          `Beyond 1024 on both sides, σ are the leading ${found.sigma.length} by a randomised range finder: never above the true ones, and below by at most the bound (of σ₁ here, of all with --json; with probability 1 − 10⁻⁶). ‖ΔW‖ is exact. Ranks are those of a cut from these directions.`,
        ]
      : []),
  ];
}

interface LoraEnds {
  readonly foretold: WrittenErrors;
  readonly measured: WrittenErrors | null;
  readonly bytes: number;
}

/** For scripts. */
export function loraOf(lora: DifferenceLora, { foretold, measured, bytes }: LoraEnds, out: string | null) {
  const { adapter, ranks, errors, norms } = lora;
  return {
    ...{ file: out, bytes, error: foretold.error, measured: measured?.error ?? null },
    errorOfAll: errorOverAll(lora, foretold.error),
    modules: adapter.modules.map(({ name, d, k }, i) => ({
      ...{ name, d, k, rank: ranks[i], norm: norms[i], unrounded: errors[i] },
      ...{ error: foretold.errors[i], measured: measured?.errors[i] ?? null },
    })),
    short: lora.short,
    left: lora.left.map(([{ name }, why]) => ({ name, why })),
  };
}

export function loraText(lora: DifferenceLora, { foretold, measured, bytes }: LoraEnds, out: string | null): string {
  const { adapter, ranks, short: lacking, left } = lora;
  const rows = adapter.modules.map(({ name }, i) => [name, String(ranks[i]), percent(foretold.errors[i])]);
  const more = left.length > 5 ? [`${left.length - 5} more changed tensors are not in it.`] : [];
  const size = out === null ? `The LoRA would have ${bytes} bytes.` : `${out}: ${bytes} bytes.`;
  const errors = measured
    ? `Read back: error ${short(measured.error)}, predicted ${short(foretold.error)}`
    : `Error as it would be written: ${short(foretold.error)}`;
  return [
    ...tableLines([['module of the LoRA', 'rank', 'error'], ...rows]),
    ...left.slice(0, 5).map(([, why]) => why),
    ...more,
    ...(lacking.length > 0
      ? [`${lacking.length} modules need more directions than were looked for, and have all of these: ${lacking[0]}, …`]
      : []),
    `${size} ${errors}; ${short(errorOverAll(lora, foretold.error))} of all that changed, with what it leaves out.`,
  ].join('\n');
}
