import { Fragment, type ReactNode } from 'react';
import { bounded } from '../../../charts/adapters/grid/arrange.ts';

/** A name from a file as it may be shown: characters that are not seen, or that turn the text around, are marked; lines break after dots. */
export function VisibleName({ children }: { readonly children: string }): ReactNode {
  const visible = bounded(children, 400).replace(/[\p{C}\u2028\u2029]/gu, '�');
  return visible.split(/(?<=[._])/).map((part, i) => (
    <Fragment key={i}>
      {part}
      <wbr />
    </Fragment>
  ));
}
