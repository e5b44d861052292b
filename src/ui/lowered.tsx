import type { ReactNode } from 'react';

/** Running text in which "W_frozen" and "‖E‖_F" have what follows the line set low. */
export function Lowered({ children }: { readonly children: string }): ReactNode {
  return children.split(/_(\w+)/).map((part, i) => (i % 2 === 1 ? <sub key={i}>{part}</sub> : part));
}
