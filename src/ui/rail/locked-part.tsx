import { type ComponentProps, lazy, Suspense } from 'react';
import { useShown } from '../page.tsx';

const Locked = lazy(() => import('./locked.tsx'));

/** Most links lock nothing. */
export function LockedPart(props: ComponentProps<typeof Locked>) {
  const some = useShown((s) => s.view.lock !== '');
  return (
    some && (
      <Suspense>
        <Locked {...props} />
      </Suspense>
    )
  );
}
