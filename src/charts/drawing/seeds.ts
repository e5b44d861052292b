import { number, plural } from '../../experiment/numbers.ts';
import type { Scale } from '../../kit/chart/axes.ts';
import { type Mark, type Nested, polyline, withAttributes } from '../../kit/chart/marks.ts';
import type { MarginLabel } from '../../kit/chart/picture.ts';
import type { OtherRun, Scene } from '../chart.ts';
import { type Band, bandMark, bandOf, finiteParts, type StepCurve } from '../sweep/marks.ts';

/** Fewer seeds have no band, only their lines. */
const LEAST = 4;

/** Several seeds, behind the run of the lab: the middle half as a band with its median, or single lines. */
export function seedMarks(
  key: string,
  hue: string,
  curves: readonly StepCurve[],
  last: number,
  x: Scale,
  y: Scale,
): Nested<Mark> {
  const shown = curves.filter(({ steps }) => steps.length > 0);
  const inside = (step: number) => step <= last;
  if (shown.length < LEAST)
    return shown.map(({ steps, values }, i) =>
      finiteParts(steps.filter(inside), values, x, y).map((points, part) =>
        polyline(`${key} seed ${i} ${part}`, `pin faint ${hue}`, points),
      ),
    );
  const { steps, low, median, high } = seedBand(shown);
  const edges = steps.flatMap((step, i): [number, number, number][] => {
    const [from, to] = [low[i] ?? Number.NaN, high[i] ?? Number.NaN];
    return inside(step) && Number.isFinite(from) && Number.isFinite(to) ? [[x(step), y(from), y(to)]] : [];
  });
  return [
    edges.length > 1 && bandMark(`${key} band`, hue, edges),
    finiteParts(steps.filter(inside), median, x, y).map((points, part) =>
      polyline(`${key} median ${part}`, `ref ${hue} dashed`, points),
    ),
  ];
}

function seedBand(curves: readonly StepCurve[]): Band {
  const longest = curves.reduce((a, b) => ((b.steps.at(-1) ?? 0) > (a.steps.at(-1) ?? 0) ? b : a));
  return bandOf(curves, longest.steps);
}

/** The label of the band, at the end of its median: "median of 10 seeds 0.172". `low`: there is space for one line. */
export function seedLabel(key: string, curves: readonly StepCurve[], y: Scale, low = false): MarginLabel | null {
  const n = plural(curves.length, 'seed');
  const end = seedEnd(curves);
  if (end === null) return null;
  const [long, short, band] = [`median of ${n} ${number(end)}`, `${n}: ${number(end)}`, 'band: middle half'];
  const texts = low ? [long, short] : [[long, band], [short, band], short];
  return {
    key: `${key} seeds`,
    className: 'ink-2',
    at: y(end),
    texts: curves.length < LEAST ? [`${n}, each a line`, n] : texts,
    optional: true,
  };
}

/** The end of the median of several seeds, or of the first of few; if none, null. */
function seedEnd(curves: readonly StepCurve[]): number | null {
  if (curves.length === 0) return null;
  const end = curves.length < LEAST ? curves[0]?.values.at(-1) : seedBand(curves).median.at(-1);
  return end !== undefined && Number.isFinite(end) ? end : null;
}

/** A sentence with a leading space; empty without other seeds. */
export function seedSentence(curves: readonly StepCurve[], what: string): string {
  const end = seedEnd(curves);
  if (end === null || curves.length < LEAST) return '';
  const { low, high } = seedBand(curves);
  const half = `${number(low.at(-1) ?? Number.NaN)} to ${number(high.at(-1) ?? Number.NaN)}`;
  return ` Over ${plural(curves.length, 'seed')} the median ${what} at the end is ${number(end)}, the middle half ${half}.`;
}

/** Columns of median and quartiles of several seeds, null at steps at which they were not kept; for few seeds, none. */
export function seedColumns(curves: readonly StepCurve[]) {
  if (curves.length < LEAST) return [];
  const { steps, low, median, high } = seedBand(curves);
  const place = new Map(steps.map((step, i) => [step, i]));
  const column = (head: string, values: readonly number[]) => {
    const at = (step: number) => {
      const value = values[place.get(step) ?? -1];
      return value !== undefined && Number.isFinite(value) ? value : null;
    };
    return [head, at] as const;
  };
  return [
    column(`median of ${curves.length} seeds`, median),
    column('1st quartile', low),
    column('3rd quartile', high),
  ];
}

/** The classes of a thin line of another run: full hue if highlighted, faded if a different one is. */
export function otherRunClass(hue: string, { pale, pin }: OtherRun, { raised = null }: Pick<Scene, 'raised'>): string {
  if (raised !== null && pin) return raised === pin.id ? `${hue} raised` : `${hue} faint`;
  return `${hue}${pale ? ' pale' : ''}`;
}

/** Identifies the run of a mark, for the pointer. */
const runData = ({ pin }: OtherRun): Mark['attributes'] => (pin ? { 'data-run': pin.id } : {});

/** The marks of every other run; `className` are the classes of its lines in the hue of ΔW. */
export function otherRuns(
  scene: Scene,
  marksOf: (other: OtherRun, i: number, className: string) => Nested<Mark>,
): Mark[] {
  return scene.others.flatMap((other, i) =>
    withAttributes(marksOf(other, i, otherRunClass('dw', other, scene)), runData(other)),
  );
}

/** The name of another run in the margin, without its height. */
export function otherName(other: OtherRun, { raised = null }: Scene, key: string | number) {
  const { pin } = other;
  const className = pin && raised === pin.id ? 'ink strong' : raised === null || !pin ? 'ink-2' : 'ink-3';
  return { key: `other label ${key}`, className, texts: [other.name], optional: true, more: runData(other) };
}

/** The texts of that name: a pin's with its value, which stays if the name is cut. */
export function nameTexts({ name, pin }: OtherRun, value: string): Pick<MarginLabel, 'texts' | 'kept'> {
  return pin ? { texts: [`${name}: ${value}`], kept: `: ${value}` } : { texts: [name] };
}
