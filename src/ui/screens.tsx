import { type ComponentType, type LazyExoticComponent, lazy, Suspense } from 'react';
import type { Screen } from '../state/view.ts';

/** Screens that take the place of rail and main column, each loaded when it is opened. */
const SCREENS: { readonly [name in Screen]?: LazyExoticComponent<ComponentType> } = {
  class: lazy(() => import('../class/ui/class-page.tsx')),
  experiments: lazy(() => import('./experiments/all-experiments.tsx')),
  sweep: lazy(() => import('./sweep/sweep-screen.tsx')),
};

/** Whether a screen stands in the place of the lab. */
export const replacesLab = (screen: Screen) => Object.hasOwn(SCREENS, screen);

export function ScreenInPlace({ screen }: { readonly screen: Screen }) {
  const Shown = SCREENS[screen];
  return (
    Shown && (
      <Suspense fallback={<main id="main" tabIndex={-1} />}>
        <Shown />
      </Suspense>
    )
  );
}
