import { type ReactNode, useEffect, useId, useState } from 'react';
import { flushSync } from 'react-dom';

/** By component, in the order in which their values changed: the newest value of each. */
const waiting = new Map<string, () => void>();
let channel: MessageChannel | null = null;

function next(): void {
  const [turn] = waiting;
  if (!turn) return;
  const [id, show] = turn;
  waiting.delete(id);
  show();
  if (waiting.size > 0) channel?.port2.postMessage(null);
}

function inTurn(id: string, show: () => void): void {
  if (!channel) {
    channel = new MessageChannel();
    channel.port1.onmessage = next;
  }
  if (waiting.size === 0) channel.port2.postMessage(null);
  waiting.set(id, show);
}

/**
 * A value that arrives in a task of its own, `first` until then: parts of a page that follow the same state are drawn
 * one after another, and the browser answers between them. A value that changes again before its turn is not drawn.
 */
export function useInTurn<T, F = T>(value: T, first: F): T | F {
  const id = useId();
  const [shown, setShown] = useState<T | F>(first);
  useEffect(() => {
    inTurn(id, () => flushSync(() => setShown(() => value)));
    return () => void waiting.delete(id);
  }, [id, value]);
  return shown;
}

interface InTurnProps {
  /** Until then: an empty element in its place. */
  readonly instead?: ReactNode;
  readonly children: ReactNode;
}

/** Adds its children to the page in a task of their own; from then on they follow the page at once. */
export const InTurn = ({ instead = null, children }: InTurnProps): ReactNode =>
  useInTurn(true, false) ? children : instead;
