import type { ReactNode } from 'react';

/** The sentence on top of a view of the file: computed from its numbers. */
export function TopSentence({ children }: { readonly children: ReactNode }) {
  return <p className="claim">{children}</p>;
}
