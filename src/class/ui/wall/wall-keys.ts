import { useEffect, useRef } from 'react';
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
  const now = useRef({ keys, outside });
  now.current = { keys, outside };
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const focus = event.target instanceof Element ? event.target : null;
      if (event.defaultPrevented || event.isComposing || wanted(event, focus)) return;
      const { keys: own, outside: acts } = now.current;
      const control = event.ctrlKey || event.metaKey;
      if (control && !event.altKey && !event.shiftKey && event.key.toLowerCase() === 'z') acts.undo();
      else if (control || event.altKey || event.repeat || !acts.shortcuts() || !Object.hasOwn(own, event.key)) return;
      else own[event.key]?.();
      event.preventDefault();
    };
    const onPaste = (event: ClipboardEvent) => {
      const focus = event.target instanceof Element ? event.target : null;
      if (event.defaultPrevented || focus?.closest('input, textarea, dialog')) return;
      const text = event.clipboardData?.getData('text/plain') ?? '';
      const files = [...(event.clipboardData?.files ?? [])];
      if (text.trim() === '' && files.length === 0) return;
      event.preventDefault();
      now.current.outside.paste(text, files);
    };
    window.addEventListener('keydown', onKey);
    window.addEventListener('paste', onPaste);
    return () => {
      window.removeEventListener('keydown', onKey);
      window.removeEventListener('paste', onPaste);
    };
  }, []);
}
