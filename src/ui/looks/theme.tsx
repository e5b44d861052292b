import { type ReactNode, useLayoutEffect } from 'react';
import { LargeType } from '../../kit/chart/use-plot.ts';
import { useMedia, useProjectorWidth } from '../../kit/media.tsx';
import type { State } from '../../state/state.ts';
import { useLab } from '../page.tsx';

export type PageAppearance = 'light' | 'dark' | 'projector';

/** Whether the page is large, for a projector: the lab, or the class wall. */
const presents = ({ view, wall }: State) =>
  view.view === 'present' || (view.view === 'wall' && wall?.presents === true);

/** Every picture below knows whether the page is large. */
export function PictureType({ children }: { readonly children: ReactNode }) {
  return <LargeType value={useLab(presents)}>{children}</LargeType>;
}

/** The set of tokens in force. A projector has deeper hues on white; who wants it dark gets it dark there too. */
export function useTheme(): PageAppearance {
  const theme = useLab((s) => s.theme);
  const present = useLab(presents);
  const dark = useMedia('(prefers-color-scheme: dark)');
  // What is printed is on white paper.
  const printed = useLab((s) => s.view.lesson.startsWith('handout'));
  if (printed) return 'light';
  const chosen = theme === 'system' ? (dark ? 'dark' : 'light') : theme;
  return present && chosen === 'light' ? 'projector' : chosen;
}

/**
 * Writes view and theme on <html>, where tokens.css looks for them. The first child of the page: its effect runs before
 * those of everything that reads a colour.
 */
export function PageTheme() {
  const theme = useTheme();
  const asked = useLab((s) => (presents(s) ? 'present' : s.view.view));
  const small = !useProjectorWidth();
  // A projector's sizes need a projector's room.
  const view = asked === 'present' && small ? 'small' : asked;
  useLayoutEffect(() => {
    Object.assign(document.documentElement.dataset, { theme, view });
  }, [theme, view]);
  return null;
}
