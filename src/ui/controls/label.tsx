import { param } from '../../experiment/settings/experiment.ts';
import type { ParamKey } from '../../experiment/settings/params.ts';
import { Typeset } from '../symbols.tsx';

/** A parameter's name at the head of its control, with its help for who rests on it. */
export function Label({ of }: { readonly of: ParamKey }) {
  const { label, help } = param(of);
  return (
    <span className="lb" title={help}>
      <Typeset>{label}</Typeset>
    </span>
  );
}
