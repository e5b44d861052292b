import { useState } from 'react';
import { LONGEST_READ, LONGEST_SHARED, writeLink } from '../../experiment/link/link.ts';
import { count } from '../../experiment/numbers.ts';
import { isFactoredData, isMatrixData, isNamedMatrix } from '../../experiment/settings/data-kind.ts';
import { Check } from '../../kit/choice.tsx';
import { lastStep } from '../../state/run/run.ts';
import { changedWhileRunning, linkOf, rateOf } from '../../state/select.ts';
import { MAKE_CLASS_LINK } from '../bar/page-actions.tsx';
import { Press, useShown } from '../page.tsx';
import { sizeText } from '../words/parameters.ts';
import { Copyable } from './copyable.tsx';
import { Dialog } from './dialog.tsx';
import { embedCode, embedHeight, FIT } from './embed-code.ts';

const address = (fragment: string) => new URL(fragment, location.href).href;

/** The link of what is on screen, what it holds and what it does not. */
export function SharePanel() {
  const [begins, setBegins] = useState(useShown((s) => s.view.run || lastStep(s.run) > 0));
  const plain = useShown((s) => s.view.sweep === '' && s.view.view !== 'embed');
  const link = useShown((s) => linkOf(plain ? { ...s, view: { ...s.view, run: begins } } : s));
  const changed = useShown((s) => changedWhileRunning(s.run));
  const alone = useShown((s) => isNamedMatrix(s.experiment.data) && s.experiment.target === 'matrix');
  const long = alone || link.length > LONGEST_SHARED;
  return (
    <Dialog title="Share this experiment" kind="share">
      {alone ? (
        <Named />
      ) : long ? (
        <TooLarge length={link.length} />
      ) : (
        <>
          <Copyable label="Link" text={address(link)} rows={4} atOnce />
          {plain && (
            <Check checked={begins} onChange={setBegins}>
              Train at once when the link is opened
            </Check>
          )}
        </>
      )}
      {!long && (
        <p className="note">
          {count(link.length)} characters. The link holds the settings, not the trained run. They come after the #, so
          they never reach a server. Anyone who opens the link gets the same matrices, bit for bit.
        </p>
      )}
      {changed && (
        <p>
          Settings were changed during this run. The link starts a run with the values on screen; the run file keeps
          what happened. <SaveRun />
        </p>
      )}
      <p className="note">
        <Press className="link under" event={{ type: 'panel', panel: { name: 'keep' } }}>
          Save these settings on this device …
        </Press>{' '}
        <Press className="link under" event={MAKE_CLASS_LINK}>
          Make a class link …
        </Press>
      </p>
      {!long && <Embed />}
    </Dialog>
  );
}

function TooLarge({ length }: { readonly length: number }) {
  const matrix = useShown((s) => isMatrixData(s.experiment.data));
  return matrix ? <MatrixTooLarge length={length} /> : <DrawingTooLarge length={length} />;
}

/** A matrix that is neither in the link nor in the run file. */
function Named() {
  const size = useShown((s) => sizeText(s.experiment));
  return (
    <p>
      <b>Your matrix, {size}, is too large for a link and for a run file.</b> Pass on its file as well: whoever opens it
      on this page sees the same.
    </p>
  );
}

/** Without its matrix such a link is nothing. */
function MatrixTooLarge({ length }: { readonly length: number }) {
  const factored = useShown((s) => isFactoredData(s.experiment.data));
  return (
    <p>
      <b>
        {factored ? 'The update of this module' : 'Your matrix'} is too large for a link ({count(length)} of{' '}
        {count(LONGEST_SHARED)} characters).
      </b>{' '}
      A run file holds it. {length > LONGEST_READ && 'The address bar does not: after a reload, open it again. '}
      <SaveRun />
    </p>
  );
}

function DrawingTooLarge({ length }: { readonly length: number }) {
  const without = useShown((s) => writeLink({ ...s.experiment, data: '' }, s.view, rateOf(s)));
  return (
    <>
      <p>
        <b>
          The drawing is too large for a link ({count(length)} of {count(LONGEST_SHARED)} characters).
        </b>{' '}
        Everything else fits. A run file also holds the drawing. <SaveRun />
      </p>
      <Copyable label="Link without the drawing" text={address(without)} rows={4} />
    </>
  );
}

function SaveRun() {
  const ready = useShown((s) => s.run.ready !== null);
  return (
    <Press className="link under" disabled={!ready} event={{ type: 'command', command: 'save-run' }}>
      Save run file
    </Press>
  );
}

function Embed() {
  const fragment = useShown((s) => writeLink(s.experiment, { ...s.view, view: 'embed' }, rateOf(s)));
  const height = useShown((s) => embedHeight(s.experiment, s.view));
  return (
    <details>
      <summary>Embed in another page</summary>
      <Copyable
        label="HTML for your page: matrices, run buttons, charts and the rank slider (or the controls that show= names)"
        text={embedCode(address(fragment), height)}
        rows={5}
      />
      <Copyable label="Optional, once per page: fits the frame’s height to its content" text={FIT} rows={5} />
    </details>
  );
}
