import { type ReactNode, Suspense, use, useState } from 'react';
import { type PRESET_GROUPS, presets } from '../../experiment/presets.ts';
import { LinkButton } from '../../kit/button.tsx';
import type { PageEvent } from '../../state/events.ts';
import type { PresetAction, WordsByName } from '../experiments/preset-words/preset-words.ts';
import { Press, useLab } from '../page.tsx';

/** The texts of a question are loaded with the first of its experiments. */
const LOAD: Readonly<Record<keyof typeof PRESET_GROUPS, () => Promise<{ readonly words: WordsByName }>>> = {
  rank: () => import('../experiments/preset-words/rank.ts'),
  start: () => import('../experiments/preset-words/init.ts'),
  rate: () => import('../experiments/preset-words/rate.ts'),
  method: () => import('../experiments/preset-words/method.ts'),
  after: () => import('../experiments/preset-words/after-training.ts'),
  network: () => import('../experiments/preset-words/network.ts'),
};

const loaded = new Map<string, ReturnType<(typeof LOAD)['rank']>>();

/** The texts of all experiments on the same question; the same promise each time. */
function wordsWith(preset: string) {
  const { group } = presets.byName(preset);
  const words = loaded.get(group) ?? LOAD[group]();
  loaded.set(group, words);
  // After a failed load the next experiment tries again.
  words.catch(() => loaded.delete(group));
  return words;
}

function eventOfAct({ does }: PresetAction): PageEvent {
  if (does === 'train') return { type: does };
  if (does === 'step') return { type: 'train', steps: 1 };
  if (does === 'merge') return { type: 'panel', panel: { name: 'merge' } };
  return { type: 'retry', changes: does };
}

interface WatchNotesProps {
  /**
   * On the screen of a sweep, or of runs side by side: only of an experiment that is one, and without actions, since
   * the other settings are shown already. Any other note is about the lab.
   */
  readonly about?: 'sweep' | 'compare';
}

/** Notes on the experiment, until dismissed. */
export default function WatchNotes({ about }: WatchNotesProps) {
  const elsewhere = useLab((s) => about && !(s.preset !== null && hasOwn(s.preset, about)));
  if (elsewhere) return null;
  return (
    <Suspense fallback={about ? null : <div className="acts soft watch" />}>
      <Words bare={about !== undefined} />
    </Suspense>
  );
}

/** Above runs side by side: what an experiment claims of them, in few words; else `found`. */
export function Headline({ found }: { readonly found: ReactNode }) {
  const name = useLab((s) => s.preset);
  return name !== null && hasOwn(name, 'compare') ? (
    <Suspense fallback={found}>
      <OwnHeadline name={name} found={found} />
    </Suspense>
  ) : (
    found
  );
}

function OwnHeadline({ name, found }: { readonly name: string; readonly found: ReactNode }) {
  return use(wordsWith(name)).words[name].headline ?? found;
}

const hasOwn = (preset: string, key: 'sweep' | 'compare') => presets.byName(preset).link.includes(`&${key}=`);

function Words({ bare }: { readonly bare: boolean }) {
  const name = useLab((s) => s.preset);
  const [dismissed, setDismissed] = useState<string | null>(null);
  const [limits, setLimits] = useState<string | null>(null);
  const trains = useLab((s) => ['idle', 'paused', 'stopped'].includes(s.run.status));
  if (name === null || name === dismissed) return null;
  const { watch, limits: where, source, acts } = use(wordsWith(name)).words[name];
  const open = limits === name;
  return (
    <div className="acts soft watch" role="note" aria-label="About this experiment">
      <p>
        <b>Watch:</b> {watch}
      </p>
      <span className="acts">
        {(bare ? [] : acts).map((act) => (
          <Press key={act.label} disabled={act.does === 'train' && !trains} event={eventOfAct(act)}>
            {act.label}
          </Press>
        ))}
        <LinkButton aria-expanded={open} onClick={() => setLimits(open ? null : name)}>
          Limits
        </LinkButton>
        <LinkButton aria-label="Hide this note" onClick={() => setDismissed(name)}>
          Hide
        </LinkButton>
      </span>
      {open && (
        <p className="limits">
          <b>Limits:</b> {where}
          {source && ` Source: ${source}.`}
        </p>
      )}
    </div>
  );
}
