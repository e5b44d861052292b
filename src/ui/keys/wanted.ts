const ARROWS = ['ArrowUp', 'ArrowDown', 'ArrowLeft', 'ArrowRight'];

/** True where the focused element has a use of its own for a key, or the page is not to be reached from there. */
export function wanted({ key, shiftKey }: Pick<KeyboardEvent, 'key' | 'shiftKey'>, focus: Element | null): boolean {
  if (!focus) return false;
  if (document.querySelector('dialog[open]')) return true;
  if (isTyping(focus) || focus.closest('select')) return true;
  const arrows = ARROWS.includes(key);
  // The timeline is that of the run: shift makes larger steps there as everywhere.
  if (shiftKey && focus.matches('.timeline input')) return !['ArrowLeft', 'ArrowRight'].includes(key) && arrows;
  if (focus.matches('input[type="range"], input[type="radio"]')) return arrows || ['Home', 'End'].includes(key);
  if (key === ' ') return focus.closest('button, summary, a, input, [role="tab"]') !== null;
  // A scrolled list, a chart or a matrix that takes the focus keeps the arrows.
  return arrows && focus.closest('[tabindex="0"], [role="tablist"]') !== null;
}

function isTyping(focus: Element): boolean {
  if (focus instanceof HTMLElement && focus.isContentEditable) return true;
  if (focus.closest('textarea')) return true;
  return focus instanceof HTMLInputElement && !['range', 'checkbox', 'radio', 'button'].includes(focus.type);
}
