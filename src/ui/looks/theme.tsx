import { type ReactNode, useLayoutEffect } from 'react';
import { LargeType } from '../../kit/chart/use-plot.ts';
import { useMedia, useProjectorWidth } from '../../kit/media.tsx';
import { hasBar } from '../../state/places.ts';
import type { State } from '../../state/state.ts';
import { useLab } from '../page.tsx';

export type PageAppearance = 'light' | 'dark' | 'projector';

const presents = ({ view, wall }: State) =>
  view.view === 'present' || (view.view === 'wall' && wall?.presents === true);

/** Provides the text size of pictures: large on a projector. */
export function PictureType({ children }: { readonly children: ReactNode }) {
  return <LargeType value={useLab(presents)}>{children}</LargeType>;
}

/** The set of tokens in force. A projector has deeper colours on white, unless dark is chosen. */
export function useTheme(): PageAppearance {
  const theme = useLab((s) => s.theme);
  const present = useLab(presents);
  const dark = useMedia('(prefers-color-scheme: dark)');
  const printed = useLab((s) => /^(handout|key)/.test(s.view.lesson));
  if (printed) return 'light';
  const chosen = theme === 'system' ? (dark ? 'dark' : 'light') : theme;
  return present && chosen === 'light' ? 'projector' : chosen;
}

/**
 * Sets view and theme on <html> for tokens.css. The page's first child: its effect precedes those that read a colour.
 */
export function PageTheme() {
  const theme = useTheme();
  const asked = useLab((s) => (presents(s) ? 'present' : hasBar(s.view) ? 'lab' : s.view.view));
  const small = !useProjectorWidth();
  // A projector's sizes need a large window.
  const view = asked === 'present' && small ? 'small' : asked;
  useLayoutEffect(() => {
    Object.assign(document.documentElement.dataset, { theme, view });
  }, [theme, view]);
  return null;
}
