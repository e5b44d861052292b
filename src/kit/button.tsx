import type { ComponentProps } from 'react';

/** A button in a frame: `btn main` as its class is the one that leads on. */
export function Button(props: ComponentProps<'button'>) {
  return <button type="button" className="btn" {...props} />;
}

/** A button that looks like a link. */
export function LinkButton(props: ComponentProps<'button'>) {
  return <button type="button" className="link" {...props} />;
}
