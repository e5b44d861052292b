import { counted, number, superscript } from '../../experiment/numbers.ts';
import type { Measure } from '../../experiment/plan/cell-run.ts';
import { cellName, type Summary, type SweepCell, type SweepScene, summaryOf } from './cells.ts';

/** A value in a cell: so many significant digits, plain from 0.001 up, since a power of ten takes more room than a zero. */
export function cellNumber(value: number, digits: 2 | 3): string {
  if (value === 0) return '0';
  if (value >= 0.001 && value < 10 ** Math.max(3, digits)) {
    const power = Math.floor(Math.log10(Number(value.toPrecision(digits))));
    return value.toFixed(Math.max(0, digits - 1 - power));
  }
  const [mantissa, exponent] = value.toExponential(1).split('e');
  return `${mantissa}·10${superscript(Number(exponent))}`;
}

/** Steps are counted. */
export const measured = (value: number, measure: Measure, digits: 2 | 3 = 3) =>
  measure === 'steps' ? String(Math.round(value)) : cellNumber(value, digits);

/** A cell for a screen reader: "α/√r, rank 16, rate 0.2: error 0.123, 1.59 times the floor, 3 seeds". */
export function cellWords(scene: SweepScene, cell: SweepCell): string {
  return `${cellName(scene, cell.at)}: ${cellFigures(scene, cell)}`;
}

/** What is known of a cell, without its name. */
export function cellFigures(scene: SweepScene, cell: SweepCell): string {
  if (cell.why !== null) return `impossible. ${cell.why}`;
  const main = summaryOf(cell, scene.samples ? 'heldOut' : 'error');
  if (main.n === 0) return 'not run yet';
  const seeds = counted(main.n, 'seed');
  if (main.median === Number.POSITIVE_INFINITY)
    return `diverged in ${main.diverged === main.n ? 'all of ' : `${main.diverged} of `}${seeds}`;
  const parts = [
    ...(main.median === null ? [] : [`${scene.samples ? 'held-out loss' : 'error'} ${number(main.median)}`]),
    ...ratioWords(scene, cell),
    ...(scene.measure === 'steps' ? stepsWords(summaryOf(cell, 'steps')) : []),
    seeds + spreadWords(main),
  ];
  if (main.diverged > 0) parts.push(`${main.diverged} of them diverged`);
  return parts.join(', ');
}

function ratioWords(scene: SweepScene, cell: SweepCell): string[] {
  if (scene.samples) return [];
  const { median } = summaryOf(cell, 'ratio');
  return median === null || !Number.isFinite(median) ? [] : [`${number(median)} times the floor`];
}

function stepsWords({ median }: Summary): string[] {
  if (median === null) return [];
  return [
    Number.isFinite(median) ? `within 5% of the floor at step ${Math.round(median)}` : 'never within 5% of the floor',
  ];
}

/** "from 0.122 to 0.133" where there are several. */
function spreadWords({ values }: Summary): string {
  const finite = values.filter(Number.isFinite);
  const [low, high] = [finite[0], finite[finite.length - 1]];
  if (low === undefined || high === undefined || finite.length < 2) return '';
  return low === high ? '' : ` from ${number(low)} to ${number(high)}`;
}
