import type { ReactNode } from 'react';
import type { State } from '../../../state/state.ts';
import { StillLab } from '../../../ui/page.tsx';

/** What shows the lab as it stood then; where nothing was recorded, as it is. */
export function At({ state, children }: { readonly state?: State; readonly children: ReactNode }) {
  return state ? <StillLab state={state}>{children}</StillLab> : children;
}
