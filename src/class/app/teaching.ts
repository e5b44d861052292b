import { storedText } from '../../kit/storage.ts';
import type { Store } from '../../state/state.ts';
import type { Teaching } from '../../state/view.ts';

const KEPT = storedText('lora-explorer/teaching', 'window');

/** "owl:2", the plan and its line; without a line, not begun. */
function readTeaching(text: string | null): Teaching | null {
  const [, plan, line] = /^([a-z-]{1,20}):(\d{0,2})$/.exec(text ?? '') ?? [];
  return plan === undefined ? null : { plan, line: line === '' ? null : Number(line) };
}

/** The plan that is taught in this window outlasts a reload. */
export function keepTeaching(store: Store): void {
  const teaching = readTeaching(KEPT.get());
  if (teaching) store.dispatch({ type: 'teaching', teaching });
  store.react(({ teaching: now }, { teaching: before }) => {
    if (now !== before) KEPT.set(`${now.plan}:${now.line ?? ''}`);
  });
}
