import { useId } from 'react';
import { number } from '../../experiment/numbers.ts';
import { Check, Choice } from '../../kit/button.tsx';
import { DataTable } from '../../kit/grids/data-table.tsx';
import { lastStep } from '../../state/run/run.ts';
import type { State } from '../../state/state.ts';
import { useDispatch, useLab } from '../page.tsx';
import {
  backendEffect,
  backendName,
  EQUAL_BITS_NOTE,
  engineObstacle,
  otherBackendLines,
  stepWords,
  TIMINGS_NOTE,
  timingText,
} from '../words/backend.ts';
import { Dialog, Facts } from './dialog.tsx';

type EngineShown = NonNullable<State['run']['engine']>;

const BACKENDS: readonly (readonly [State['choice']['backend'], string])[] = [
  [null, 'Choose for me'],
  ['webgpu', 'WebGPU'],
  ['wasm', 'WebAssembly'],
  ['cpu', 'Processor'],
];

export function DifferencePanel() {
  const engine = useLab((s) => s.run.engine);
  const missing = useLab((s) => engineObstacle(s.run));
  const seconds = useLab((s) => s.run.secondsPerStep);
  const made = useLab((s) => lastStep(s.run) > 0);
  const run = useLab((s) => s.run);
  const elsewhere = otherBackendLines(run, lastStep(run));
  const bytes = useLab((s) => s.run.ready?.bytes ?? 0);
  return (
    <Dialog title="How it is computed" kind="difference">
      {engine ? (
        <>
          <Facts
            list={[
              ['Back end', `${backendName(engine)}, float32`],
              ['Computed by', engine.stepper],
              ['Device', engine.device],
              elsewhere.length > 0 ? ['Steps so far', elsewhere.map((line) => <div key={line}>{line}</div>)] : null,
              seconds > 0 ? ['One step', stepWords(seconds, made)] : null,
              bytes > 0
                ? ['Memory', `at most about ${number(bytes / 1e6, 2)} MB for this run, including its history`]
                : null,
            ]}
          />
          {engine.why && <p>{engine.why}</p>}
          <TimedTable timed={engine.timed} />
          <p>{backendEffect(engine)}</p>
        </>
      ) : (
        <p>{missing}</p>
      )}
      <p>{EQUAL_BITS_NOTE}</p>
      <Choose />
    </Dialog>
  );
}

function TimedTable({ timed }: Pick<EngineShown, 'timed'>) {
  if (timed.length === 0) return null;
  return (
    <DataTable
      className="numbers ruled"
      caption={TIMINGS_NOTE}
      rows={timed}
      columns={[
        { key: 'stepper', head: 'Steps computed by', cell: ({ stepper }) => stepper },
        { key: 'ms', head: 'ms per step', cell: timingText },
      ]}
    />
  );
}

function Choose() {
  const about = useId();
  const { backend: chosen, stepper } = useLab((s) => s.choice);
  const dispatch = useDispatch();
  return (
    <>
      <p className="note" id={about}>
        Switch: training continues from this step. If a back end is not available, the page says so and uses the best
        that is.
      </p>
      <Choice
        aria-label="Back end"
        aria-describedby={about}
        options={BACKENDS}
        value={chosen}
        onChange={(backend) =>
          dispatch({ type: 'choose', choice: { backend, stepper: stepper === 'tfjs' ? stepper : null } })
        }
      />
      <Check
        checked={stepper === 'tfjs'}
        onChange={(on) => dispatch({ type: 'choose', choice: { backend: chosen, stepper: on ? 'tfjs' : null } })}
      >
        Cross-check with TensorFlow.js (slower)
      </Check>
    </>
  );
}
