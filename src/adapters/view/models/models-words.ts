import { count, number, plural } from '../../../experiment/numbers.ts';
import type { DifferenceFigures } from '../../file/checkpoints/difference-figures.ts';
import type { ModelsState } from '../../state/models-state.ts';
import type { LoraOutlook } from '../../worker/protocol.ts';
import { errorWords } from '../size-words.ts';

/** The norm of several matrices together. */
export const hypot = (values: readonly number[]) => values.reduce((sum, value) => Math.hypot(sum, value), 0);

interface ChangedMatrix {
  readonly sides: number;
  readonly rank95: number | null;
  readonly known: number;
}

/** What fine-tuning did, in numbers of these two models. */
export function modelsSentence({ matched, figures, reading }: ModelsState): string {
  const known = figures.filter((of) => of !== null);
  if (known.length === 0) return 'The first tensor is being read.';
  const so = reading ? `So far, of ${count(known.length)} tensors: ` : '';
  const changed = known.filter(({ change }) => change === 'changed');
  const rounded = known.filter(({ change }) => change === 'rounded').length;
  const sentence = (text: string) => so + (so === '' ? text : text.charAt(0).toLowerCase() + text.slice(1));
  if (changed.length === 0 && rounded > 0)
    return sentence(
      `${plural(rounded, 'tensor')} of ${count(known.length)} differ by rounding to another type alone. Nothing was learned.`,
    );
  if (changed.length === 0) return sentence('Nothing changed: all numbers of both models are the same.');
  const share = (100 * hypot(changed.map(({ norm }) => norm))) / hypot(changed.map(({ baseNorm }) => baseNorm));
  const norm = Number.isFinite(share) ? `, by ${number(share, 2)}% of their norm` : '';
  const first = `Fine-tuning changed ${count(changed.length)} of ${plural(known.length, 'tensor')}${norm}.`;
  return sentence(`${first}${ranksSentence(changedMatrices(matched?.pairs ?? [], figures))}`);
}

function changedMatrices(
  pairs: NonNullable<ModelsState['matched']>['pairs'],
  figures: readonly (DifferenceFigures | null)[],
): readonly ChangedMatrix[] {
  return figures.flatMap((of, i) => {
    const matrix = pairs[i]?.matrix;
    if (!of?.spectrum || !matrix) return [];
    return [{ sides: Math.min(matrix.d, matrix.k), rank95: of.spectrum.rank95, known: of.spectrum.sigma.length }];
  });
}

/** The median of the needed ranks: those above all known directions count as the largest. */
function ranksSentence(matrices: readonly ChangedMatrix[]): string {
  if (matrices.length === 0) return '';
  if (matrices.length === 1) {
    const [{ rank95, sides, known }] = matrices;
    return ` Its matrix needs ${rank95 === null ? `more than ${count(known)}` : count(rank95)} of ${count(sides)} directions for 95% of ΔW.`;
  }
  const sorted = [...matrices].sort((a, b) => (a.rank95 ?? Infinity) - (b.rank95 ?? Infinity));
  const { rank95, known } = sorted[Math.ceil(sorted.length / 2) - 1];
  if (rank95 === null)
    return ` More than half of the ${count(matrices.length)} matrices need over ${count(known)} directions for 95% of ΔW.`;
  const least = Math.min(...matrices.map(({ sides }) => sides));
  return ` Half of the ${count(matrices.length)} matrices hold 95% of ΔW in ${rank95 === 1 ? 'one direction' : `${count(rank95)} directions or fewer`}, of at least ${count(least)}.`;
}

export interface ModelsRemark {
  readonly title: string;
  readonly details: string;
  readonly names: readonly string[];
  readonly tone: 'bad' | 'look' | 'fine';
}

/** What is not in the grid, or says something about both files. */
export function modelsRemarks({ matched, figures }: ModelsState): readonly ModelsRemark[] {
  if (!matched) return [];
  const { pairs, onlyBase, onlyFine, unlike, notFloat, prefix } = matched;
  const named = (test: (of: DifferenceFigures, i: number) => boolean) =>
    figures.flatMap((of, i) => (of && test(of, i) ? [pairs[i].name] : []));
  const vectors = figures.filter((of, i) => of?.change === 'changed' && !pairs[i].matrix).filter((of) => of !== null);
  const odd = figures.flatMap((of) => of?.odd ?? []);
  const same = named(({ change }) => change === 'same bits' || change === 'same values');
  const rounded = named(({ change }) => change === 'rounded');
  const remark = (names: readonly string[], title: string, details: string, tone: ModelsRemark['tone'] = 'look') =>
    names.length > 0 ? [{ title, details, names, tone }] : [];
  return [
    ...remark(odd, `${plural(odd.length, 'tensor')} with NaN or infinity`, 'Not measured, and in no LoRA.', 'bad'),
    ...remark(unlike, `${plural(unlike.length, 'tensor')} of different shapes`, 'Not compared.', 'bad'),
    ...remark(onlyBase, `${plural(onlyBase.length, 'tensor')} only in the base`, 'Not compared.'),
    ...remark(onlyFine, `${plural(onlyFine.length, 'tensor')} only in the fine-tuned model`, 'Not compared.'),
    ...remark(
      notFloat,
      `${plural(notFloat.length, 'tensor')} without float numbers`,
      'Integers or quantised: not compared.',
    ),
    ...remark(same, `${plural(same.length, 'tensor')} unchanged`, 'The same numbers in both.', 'fine'),
    ...remark(
      rounded,
      `${plural(rounded.length, 'tensor')} rounded alone`,
      'Another type, and nothing but the rounding to it.',
    ),
    ...remark(
      named(({ change }, i) => change === 'changed' && !pairs[i].matrix),
      `${plural(vectors.length, 'tensor')} that ${vectors.length === 1 ? 'is' : 'are'} no matrix changed`,
      `Norms, biases and the like: ‖ΔW‖ ${number(hypot(vectors.map(({ norm }) => norm)))} in all. A LoRA has no place for them.`,
    ),
    ...(prefix === ''
      ? []
      : [
          {
            title: `Names match without “${prefix}”`,
            details: 'One of the two models has it in front.',
            names: [],
            tone: 'fine' as const,
          },
        ]),
  ];
}

/** "0.412 of ‖ΔW‖ is lost; 0.44 of all that changed". */
export function outlookWords({ error, errorOfAll }: LoraOutlook): string {
  const all = Math.abs(errorOfAll - error) < 0.0005 ? '' : `; of all that changed ${errorWords(errorOfAll)}`;
  return `${errorWords(error)}${all}`;
}
