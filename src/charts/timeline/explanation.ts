import { number } from '../../experiment/numbers.ts';
import type { Explanation } from '../chart.ts';
import { errorOf, floorOf } from '../error/values.ts';
import type { Scene } from '../scene.ts';

export function explain(scene: Scene): Explanation {
  const value = errorOf(scene);
  const floor = floorOf(scene);
  return {
    paragraphs: [
      'The same error as in “Error against rank”, step by step: 1 when nothing has been learned, 0 when ΔW equals ΔW*.',
      'Drag the cursor to look back; every matrix and chart follows.',
    ],
    formula: '‖ΔW − ΔW*‖_F / ‖ΔW*‖_F',
    numbers: [value === null ? '' : number(value), floor === null ? '' : `floor ${number(floor)}`]
      .filter((part) => part !== '')
      .join('; '),
  };
}
