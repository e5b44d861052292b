import type { ReactNode } from 'react';
import { Formula as Maths } from '../../kit/formula/formula.tsx';
import { Formula } from '../pane/prose.tsx';
import type { LessonValues } from '../pane/values.tsx';
import { heldIn } from '../pane/values.tsx';
import { ByHand } from './figure.tsx';
import { PLACE, type ProductPlace } from './values.ts';

/** The figure of a step, opened at a place of its own. `asks`: it keeps back what the step asks for. */
export const openedAt = (begins: ProductPlace, asks = false) => ({
  place: 'lab' as const,
  Figure: () => <ByHand begins={begins} asks={asks} />,
});

/** Whether the figure shows a number of a stage. */
export function isAt(values: LessonValues, wanted: ProductPlace): boolean {
  const at = heldIn(values, PLACE);
  return at?.step === wanted.step && at.stage === wanted.stage && at.product === wanted.product;
}

/** A formula in letters; with "numbers in formulas" below it that of the example. */
export function Line({ plain, numbers }: { readonly plain: string; readonly numbers?: string }): ReactNode {
  return <Formula plain={<Maths>{plain}</Maths>} numbers={numbers && <Maths>{numbers}</Maths>} />;
}
