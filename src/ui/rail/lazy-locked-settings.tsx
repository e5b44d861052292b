import { type ComponentProps, lazy, Suspense } from 'react';
import { useLab } from '../page.tsx';

const Locked = lazy(() => import('./locked-settings.tsx'));

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
