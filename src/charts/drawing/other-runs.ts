import type { MarginLabel } from '../../kit/chart/labels.ts';
import { type Mark, type Nested, withAttributes } from '../../kit/chart/marks.ts';
import type { OtherRun, Scene } from '../chart.ts';

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
