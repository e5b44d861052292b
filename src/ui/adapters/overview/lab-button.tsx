import { useId } from 'react';
import { count } from '../../../experiment/numbers.ts';
import type { AdaptersState } from '../../../state/adapters/adapters-state.ts';
import { notInLab } from '../../../state/adapters/in-lab.ts';
import { Typeset } from '../../symbols.tsx';
import { useAdapters, useAdaptersDispatch } from '../context.tsx';

/** Opens the chosen module in the Lab; off, with the reason beside it, where that is not possible. */
export function LabButton() {
  const why = useAdapters(reason);
  const rank = useAdapters((s) => s.files[0]?.adapter.modules[s.chosen]?.rank ?? 0);
  const dispatch = useAdaptersDispatch();
  const note = useId();
  return (
    <>
      <button
        type="button"
        className="btn main"
        disabled={why !== null}
        aria-describedby={note}
        onClick={() => dispatch({ type: 'lab' })}
      >
        Open in the Lab
      </button>
      <span id={note} className="note">
        <Typeset>{why ?? `its ΔW becomes the target, r = ${count(rank)}`}</Typeset>
      </span>
    </>
  );
}

function reason({ files: [file], chosen }: AdaptersState): string | null {
  const module = file?.adapter.modules[chosen];
  return file && module ? notInLab(module, file.figures[chosen] ?? null) : 'No module is chosen.';
}
