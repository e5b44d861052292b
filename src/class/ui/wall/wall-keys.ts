import { useEffect, useRef } from 'react';
import { useWindowKeys } from '../../../kit/arrows.ts';
import { wanted } from '../../../ui/keys/keys.ts';

/** The keys of the wall: `event.key` → what happens; true from the function: it was used. */
export type WallKeys = Readonly<Record<string, () => void>>;

interface Outside {
  readonly shortcuts: () => boolean;
  readonly undo: () => void;
  /** A text of links, or files. */
  readonly paste: (text: string, files: readonly File[]) => void;
}

/** Keys and pasting anywhere on the wall, but where something is being typed. */
export function useWallKeys(keys: WallKeys, outside: Outside): void {
  useWindowKeys((event) => {
    const focus = event.target instanceof Element ? event.target : null;
    if (event.defaultPrevented || event.isComposing || wanted(event, focus)) return;
    const control = event.ctrlKey || event.metaKey;
    if (control && !event.altKey && !event.shiftKey && event.key.toLowerCase() === 'z') outside.undo();
    else if (control || event.altKey || event.repeat || !outside.shortcuts() || !Object.hasOwn(keys, event.key)) return;
    else keys[event.key]?.();
    event.preventDefault();
  });
  const paste = useRef(outside.paste);
  paste.current = outside.paste;
  useEffect(() => {
    const onPaste = (event: ClipboardEvent) => {
      const focus = event.target instanceof Element ? event.target : null;
      if (event.defaultPrevented || focus?.closest('input, textarea, dialog')) return;
      const text = event.clipboardData?.getData('text/plain') ?? '';
      const files = [...(event.clipboardData?.files ?? [])];
      if (text.trim() === '' && files.length === 0) return;
      event.preventDefault();
      paste.current(text, files);
    };
    window.addEventListener('paste', onPaste);
    return () => window.removeEventListener('paste', onPaste);
  }, []);
}
