import { quote } from '../../experiment/link/faults.ts';
import { MAX_SHARED, writeLink } from '../../experiment/link/link.ts';
import { encodeFactored } from '../../experiment/matrix-file/factored-data.ts';
import { count } from '../../experiment/numbers.ts';
import { change } from '../../experiment/settings/experiment.ts';
import type { FactoredMatrix } from '../../experiment/targets/factored-matrix.ts';
import { noticeEvent } from '../../state/notices.ts';
import { goTo } from '../../state/places.ts';
import type { Store } from '../../state/store.ts';
import { type LabModuleFacts, labSettings } from '../state/lab-module.ts';

export interface LabModule extends Omit<LabModuleFacts, 'd' | 'k'> {
  readonly name: string;
  /** As the page shows it: "up 2·2 · cross-attention out". */
  readonly module: string;
  /** d × r and r × k, without s. Numbers of a file in float64 are rounded once to float32. */
  readonly B: Factor;
  readonly A: Factor;
}

interface Factor {
  readonly rows: number;
  readonly cols: number;
  readonly data: Float32Array | Float64Array;
}

const LONGEST_MODULE = 80;
const LONGEST_FILE = 60;

/** Makes the module's ΔW the target of the Lab, one step of undo, and shows the Lab. Returns why if impossible. */
export async function openInLab(lab: Store, of: LabModule): Promise<string | null> {
  const name = `${quote(of.module, LONGEST_MODULE)}, from ${quote(of.name, LONGEST_FILE)}`;
  const [B, A] = [of.B, of.A].map(({ rows, cols, data }) => ({ rows, cols, data: Float32Array.from(data) }));
  const drawing: FactoredMatrix = { rows: B.rows, cols: A.cols, B, A, scaling: of.s, name };
  const data = await encodeFactored(drawing);
  if (typeof data !== 'string') return `The Lab cannot take this module: ${data.fault}.`;
  const { experiment, editor, view } = lab.state();
  const { changes, remarks } = labSettings({ ...of, d: B.rows, k: A.cols }, experiment);
  const { length } = writeLink(change(experiment, { ...changes, data }), { ...view, view: 'lab' }, null);
  const travels =
    length <= MAX_SHARED
      ? 'Its factors fit in a link.'
      : `Its factors are too large for a link (${count(length)} of ${count(MAX_SHARED)} characters). A run file holds them.`;
  // First, since a run keeps the view in which it began.
  lab.dispatch(goTo('lab'));
  if (editor !== null) lab.dispatch({ type: 'draw', on: null });
  lab.dispatch({ type: 'drawn', data, drawing, changes });
  const texts = [
    // Differences from the file come first: the rest may be folded.
    ...remarks,
    'W₀ is random, since an adapter file does not hold it.',
    travels,
    'Its singular values come from the factors, so the floor is exact.',
  ];
  const back = ['Back to Adapters', goTo('adapters')] as const;
  lab.dispatch(noticeEvent('file', 'plain', `Opened as the target: ΔW of ${name}.`, texts, [back]));
  return null;
}
