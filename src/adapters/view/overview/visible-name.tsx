import { Fragment, type ReactNode } from 'react';
import { bounded } from '../../charts/grid/arrange.ts';

/** A name from a file as it may be shown: characters that are not seen, or that turn the text around, are marked; lines break after dots. */
export function VisibleName({ children }: { readonly children: string }): ReactNode {
  return bounded(children, 400)
    .split(/(?<=[._])/)
    .map((part, i) => (
      <Fragment key={i}>
        {part}
        <wbr />
      </Fragment>
    ));
}
