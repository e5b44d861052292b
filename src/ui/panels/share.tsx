import { useState } from 'react';
import { MAX_FRAGMENT, MAX_SHARED, writeLink } from '../../experiment/link/link.ts';
import { count } from '../../experiment/numbers.ts';
import { isHand, isOwl } from '../../experiment/settings/bounds.ts';
import { isMatrixData, isModuleData, isNamedMatrix } from '../../experiment/settings/data-kind.ts';
import { Check } from '../../kit/button.tsx';
import { lastStep } from '../../state/run/run.ts';
import { hasChangesWhileRunning, isTrained, linkOf, rateOf } from '../../state/select.ts';
import { MAKE_CLASS_LINK } from '../bar/bar.tsx';
import { Press, useLab } from '../page.tsx';
import { sizeText } from '../words/parameters.ts';
import { Copyable } from './copyable.tsx';
import { Dialog } from './dialog.tsx';
import { embedCode, embedHeight, HEIGHT_SCRIPT } from './embed-code.ts';

const address = (fragment: string) => new URL(fragment, location.href).href;

export function SharePanel() {
  const [begins, setBegins] = useState(useLab((s) => s.view.run || lastStep(s.run) > 0));
  const plain = useLab((s) => s.view.sweep === '' && s.view.view !== 'embed');
  const changed = useLab((s) => hasChangesWhileRunning(s.run));
  const trained = useLab(isTrained);
  const starts = trained ? { done: begins, run: false } : { run: begins };
  const link = useLab((s) => linkOf(plain ? { ...s, view: { ...s.view, ...starts } } : s));
  const owl = useLab((s) => isOwl(s.experiment));
  const hand = useLab((s) => isHand(s.experiment));
  const alone = useLab((s) => isNamedMatrix(s.experiment.data) && s.experiment.target === 'matrix');
  const long = alone || link.length > MAX_SHARED;
  return (
    <Dialog title="Share this experiment" kind="share">
      {alone ? (
        <Named />
      ) : long ? (
        <TooLarge length={link.length} />
      ) : (
        <>
          <Copyable label="Link" text={address(link)} rows={4} atOnce />
          {plain && !hand && (
            <Check checked={begins} onChange={setBegins}>
              {trained ? 'Open the link with this run trained' : 'Train at once when the link is opened'}
            </Check>
          )}
        </>
      )}
      {!long && (
        <p className="note">
          {count(link.length)} characters. The link holds the settings, not the trained run. They come after the #, so
          they never reach a server.{' '}
          {hand
            ? 'It has neither your drawings nor what was learned from them: “Send your hand”, below the drawings, makes a link with the adapter.'
            : 'Anyone who opens the link gets the same matrices, bit for bit.'}
        </p>
      )}
      {changed && (
        <p>
          Settings were changed during this run. The link starts a run with the values on screen; the run file keeps
          what happened. <SaveRun />
        </p>
      )}
      {owl && (
        <p className="note">
          <Press className="link under" event={{ type: 'panel', panel: { name: 'share-owl' } }}>
            Share my owl …
          </Press>{' '}
          as a trained link, a picture or a film of ranks 1, 2, 4 and 8.
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
  const matrix = useLab((s) => isMatrixData(s.experiment.data));
  return matrix ? <MatrixTooLarge length={length} /> : <DrawingTooLarge length={length} />;
}

function Named() {
  const size = useLab((s) => sizeText(s.experiment));
  const module = useLab((s) => isModuleData(s.experiment.data));
  return (
    <p>
      <b>
        {module ? 'This module' : 'Your matrix'}, {size}, is too large for a link and for a run file.
      </b>{' '}
      {module
        ? 'Pass on its files as well: whoever opens it from them in Adapters gets the same numbers.'
        : 'Pass on its file as well: whoever opens it on this page sees the same.'}
    </p>
  );
}

/** Without its matrix such a link is useless. */
function MatrixTooLarge({ length }: { readonly length: number }) {
  const factored = useLab((s) => isModuleData(s.experiment.data));
  return (
    <p>
      <b>
        {factored ? 'The update of this module' : 'Your matrix'} is too large for a link ({count(length)} characters;
        the limit is {count(MAX_SHARED)}).
      </b>{' '}
      A run file holds it. {length > MAX_FRAGMENT && 'The address bar does not: after a reload, open it again. '}
      <SaveRun />
    </p>
  );
}

function DrawingTooLarge({ length }: { readonly length: number }) {
  const without = useLab((s) => writeLink({ ...s.experiment, data: '' }, s.view, rateOf(s)));
  return (
    <>
      <p>
        <b>
          The drawing is too large for a link ({count(length)} characters; the limit is {count(MAX_SHARED)}).
        </b>{' '}
        Everything else fits. A run file also holds the drawing. <SaveRun />
      </p>
      <Copyable label="Link without the drawing" text={address(without)} rows={4} />
    </>
  );
}

function SaveRun() {
  const ready = useLab((s) => s.run.ready !== null);
  return (
    <Press className="link under" disabled={!ready} event={{ type: 'command', command: 'save-run' }}>
      Save run file
    </Press>
  );
}

function Embed() {
  const fragment = useLab((s) => writeLink(s.experiment, { ...s.view, view: 'embed' }, rateOf(s)));
  const height = useLab((s) => embedHeight(s.experiment, s.view));
  return (
    <details>
      <summary>Embed in another page</summary>
      <Copyable
        label="HTML for your page: matrices, run buttons, charts and the rank slider (or the controls that show= names)"
        text={embedCode(address(fragment), height)}
        rows={5}
      />
      <Copyable label="Optional, once per page: fits the frame’s height to its content" text={HEIGHT_SCRIPT} rows={5} />
    </details>
  );
}
