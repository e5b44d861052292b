import { type ComponentProps, Suspense } from 'react';
import { lazyPart, useLab } from '../page.tsx';

const Locked = lazyPart(() => import('./locked-settings.tsx'));

/** Loaded on demand: most links lock nothing. */
export function LazyLockedSettings(props: ComponentProps<typeof Locked>) {
  const some = useLab((s) => s.view.lock !== '');
  return (
    some && (
      <Suspense>
        <Locked {...props} />
      </Suspense>
    )
  );
}
