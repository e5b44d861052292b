import { count } from '../../../experiment/numbers.ts';
import type { Figures, Module } from '../../file/model.ts';
import { notInLab } from '../../state/in-lab.ts';
import { useAdaptersDispatch } from '../context.tsx';

interface LabProps {
  readonly module: Module;
  readonly figures: Figures | null;
  /** Without the words beside it. */
  readonly alone?: boolean;
}

/** Makes the ΔW of the chosen module the Lab's target. */
export function LabButton({ module, figures, alone }: LabProps) {
  const dispatch = useAdaptersDispatch();
  const why = notInLab(module, figures);
  return (
    <>
      <button type="button" className="btn main" disabled={why !== null} onClick={() => dispatch({ type: 'lab' })}>
        Open in the Lab
      </button>
      {(!alone || why !== null) && (
        <span className="note">{why ?? `its ΔW becomes the target, r = ${count(module.rank)}`}</span>
      )}
    </>
  );
}

/** The numbers of the chosen module, and its ΔW, as files. */
export function SaveLinks({ figures }: { readonly figures: Figures | null }) {
  const dispatch = useAdaptersDispatch();
  const none = !figures?.finite;
  return (
    <>
      <button
        type="button"
        className="link"
        disabled={none}
        aria-label="Save the spectrum of this module as CSV"
        onClick={() => dispatch({ type: 'save', what: 'module-csv' })}
      >
        CSV
      </button>
      <button
        type="button"
        className="link"
        disabled={none}
        aria-label="Save ΔW of this module as .npy"
        onClick={() => dispatch({ type: 'save', what: 'module-npy' })}
      >
        .npy
      </button>
    </>
  );
}
