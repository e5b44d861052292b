import type { ComponentProps } from 'react';

/** A framed button: class `btn main` for the primary one. */
export function Button(props: ComponentProps<'button'>) {
  return <button type="button" className="btn" {...props} />;
}

export function LinkButton(props: ComponentProps<'button'>) {
  return <button type="button" className="link" {...props} />;
}
