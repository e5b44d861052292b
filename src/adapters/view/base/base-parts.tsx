import { useMemo } from 'react';
import { plural } from '../../../experiment/numbers.ts';
import { LinkButton } from '../../../kit/button.tsx';
import { Subscripts } from '../../../kit/symbols.tsx';
import type { Adapter, Module } from '../../file/model.ts';
import type { BaseState } from '../../state/base-state.ts';
import { towardsObstacle } from '../../state/lab-module.ts';
import { filesOf } from '../../state/reading.ts';
import { EventButton, useAdapters, useAdaptersDispatch } from '../context.tsx';
import { NumberTable } from '../overview/number-table.tsx';
import { StartButton } from '../progress.tsx';
import { megabytes } from '../size-words.ts';
import { WriteBack } from '../two/go-on.tsx';
import { ChooseButton } from '../use-file-import.tsx';
import { baseSentence, besideLines, besideSentence, missingWords } from './base-words.ts';

interface BaseModelProps {
  readonly base: BaseState;
  readonly adapter: Adapter;
}

/** The base that is open beside the file, in the rail. */
export function BaseModel({ base, adapter }: BaseModelProps) {
  const dispatch = useAdaptersDispatch();
  const { model, matched, reading } = base;
  const missing = reading ? null : missingWords(base);
  const of = plural(adapter.modules.length, 'module');
  return (
    <section aria-label="Base model">
      <h2>Base model</h2>
      <b>{model.name}</b>
      <p className="note">{matched ? `${megabytes(matched.bytes)}; W₀ of ${matched.found} of ${of}` : 'Opening it'}</p>
      {missing !== null && <p className="note">{missing}</p>}
      <div className="acts">
        <ChooseButton as="adapter-base" className="link">
          Change
        </ChooseButton>
        <LinkButton onClick={() => dispatch({ type: 'base-close' })}>Remove</LinkButton>
      </div>
    </section>
  );
}

/** The file beside its base, in a sentence. */
export function BaseClaim({ base }: { readonly base: BaseState }) {
  const sentence = useMemo(() => baseSentence(base), [base]);
  return (
    <p className="note base-claim space-below">
      <Subscripts>{sentence}</Subscripts>
    </p>
  );
}

/** The way into the Lab from B and A towards ΔW of a fine-tuned model, and back. */
export function GoOnTowards({ module }: { readonly module: Module }) {
  const file = useAdapters((s) => s.files[0]);
  const fine = useAdapters((s) => s.models?.fine ?? null);
  if (!file) return null;
  const why = towardsObstacle([module, file.figures[module.index] ?? null]);
  return (
    <section className="space-above stack" aria-label="Continue in the Lab">
      <div className="acts">
        <ChooseButton as="aim" disabled={why !== null}>
          Continue towards a fine-tuned model…
        </ChooseButton>
        {fine && (
          <EventButton disabled={why !== null} event={{ type: 'files', files: filesOf(fine), as: 'aim' }}>
            {`Towards ${fine.name}`}
          </EventButton>
        )}
      </div>
      <p className="note">
        {why === null
          ? 'The Lab continues from B and A of this module towards W − W₀, what that model changed. To continue towards another adapter, add it as a second file.'
          : `Not possible: ${why}.`}
      </p>
      <WriteBack isOf={{ file: file.id, module: module.index }} />
    </section>
  );
}

/** Of a large W₀ only on demand. */
function FindLeading({ module }: { readonly module: number }) {
  const finding = useAdapters((s) => s.base?.leading ?? null);
  const busy = useAdapters((s) => s.base?.reading != null);
  return (
    <div className="acts">
      <StartButton
        disabled={busy || (finding !== null && finding !== module)}
        event={{ type: 'base-leading', module }}
        going={finding === module ? 'Finding them …' : null}
      >
        Find the leading directions of W₀
      </StartButton>
    </div>
  );
}

/** A module beside its W₀ in a sentence; sizes, alignment and what merging leaves of ΔW on demand, so that charts stay in sight. */
export function BesideModule({ module }: { readonly module: Module }) {
  const of = useAdapters((s) => s.base?.figures[module.index] ?? null);
  const stopped = useAdapters((s) => s.base?.reading?.stopped ?? false);
  return (
    <section className="space-above" aria-label="Beside W₀" tabIndex={-1}>
      {of === null || typeof of === 'string' ? (
        <>
          <h3>Beside W₀</h3>
          <p className="note">{of ?? (stopped ? 'Not measured.' : 'Being measured.')}</p>
        </>
      ) : (
        <>
          <details>
            <summary className="strong">Beside W₀</summary>
            <NumberTable lines={besideLines(of)} />
            {of.alignment?.leading === null && <FindLeading module={module.index} />}
          </details>
          <p className="note">
            <Subscripts>{besideSentence(of)}</Subscripts>
          </p>
        </>
      )}
    </section>
  );
}
