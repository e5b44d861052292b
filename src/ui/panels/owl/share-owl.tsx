import { isOwl } from '../../../experiment/settings/bounds.ts';
import './share-owl.css';
import { useEffect, useMemo, useState } from 'react';
import { remarkText } from '../../../experiment/link/faults.ts';
import { count } from '../../../experiment/numbers.ts';
import { Button, LinkButton } from '../../../kit/button.tsx';
import { Heatmap } from '../../../kit/grids/heatmap.tsx';
import {
  missingWords,
  numbersIn,
  OWL_FILM,
  owlExperiments,
  owlLinkOf,
  snapshotsOf,
  trainedOwls,
} from '../../../state/owl/owl.ts';
import { FIRST_LESSON_MINUTES } from '../../../state/places.ts';
import { shownModule } from '../../../state/run/run.ts';
import type { OwlRun } from '../../../state/view.ts';
import { useTheme } from '../../looks/theme.tsx';
import { Press, useDispatch, useLab } from '../../page.tsx';
import { owlPixels } from '../../strip/owl-pixels.ts';
import { filmFormat } from '../../words/film-format.ts';
import { copyText } from '../copyable.tsx';
import { Dialog } from '../dialog.tsx';

/** The owl on screen trained at ranks 1, 2, 4 and 8, as a link, a picture or a film. */
export default function ShareOwlPanel() {
  const shown = useLab((s) => s.experiment);
  const any = isOwl(shown);
  const untrained = useMemo(() => owlExperiments(shown).map((experiment) => ({ experiment, result: null })), [shown]);
  const owl = useLab((s) => s.owl) ?? untrained;
  return (
    <Dialog title="My owl, one rank at a time" kind="owls">
      {any ? (
        <ul className="owls">
          {owl.map((run) => (
            <Owl key={run.experiment.rank} run={run} />
          ))}
        </ul>
      ) : (
        <p>There is no owl on screen. Choose sunglasses, a hat or confetti as the target, or draw on the owl.</p>
      )}
      {any && (
        <div className="under-rule owl-foot">
          <div>
            <p className="prose">
              Whoever opens the link sees this owl, trained, and can change its rank. The drawing is in the link itself;
              nothing is uploaded.
            </p>
            <Actions ranks={owl.map((run) => run.experiment.rank)} />
          </div>
          <Next />
        </div>
      )}
    </Dialog>
  );
}

function Owl({ run }: { readonly run: OwlRun }) {
  const { rank, d, k } = run.experiment;
  const now = useLab((s) => s.experiment.rank === rank);
  const module = useLab(shownModule);
  const theme = useTheme();
  const last = snapshotsOf(run).at(-1) ?? null;
  const pixels = useMemo(() => module && owlPixels(module, last), [module, last, theme]);
  const why = run.result && 'why' in run.result ? run.result.why : 'training …';
  const words = last ? missingWords(last.error) : why;
  return (
    <li className={now ? 'now' : undefined}>
      <Heatmap pixels={pixels} className="picture" role="img" aria-label={`The owl at rank ${rank}`} />
      <p>
        <b>Rank {rank}</b> · {count(numbersIn({ d, k, rank }))} numbers
        <span className="muted block">{words}</span>
      </p>
    </li>
  );
}

function Actions({ ranks }: { readonly ranks: readonly number[] }) {
  const [said, setSaid] = useState('');
  const link = useLab(owlLinkOf);
  const trained = useLab((s) => trainedOwls(s.owl) !== null);
  const last = useLab((s) => s.notices.findLast(({ about }) => about === 'file'));
  const [old] = useState(last?.id);
  useEffect(() => {
    if (last && last.id !== old) setSaid([last.title, ...last.texts.map(remarkText)].join(' '));
  }, [last, old]);
  const copy = async () => {
    const address = new URL(link ?? '', location.href).href;
    setSaid(
      (await copyText(address)) ? 'Link copied.' : `This browser does not let the page copy. The link: ${address}`,
    );
  };
  const does = (owl: 'picture' | 'film' | 'share') => ({ type: 'command', command: { owl } }) as const;
  return (
    <>
      <p className="row wrap">
        <Button className="btn main" disabled={link === null} onClick={() => void copy()}>
          Copy link
        </Button>
        <Press disabled={!trained} event={does('picture')}>
          Save picture
        </Press>
        <Press disabled={!trained} event={does('film')}>
          Save film, {ranks.length * OWL_FILM.secondsPerRank} s
        </Press>
        {canShareFiles() && (
          <Press disabled={!trained || link === null} event={does('share')}>
            Share …
          </Press>
        )}
        <span className="note">
          1,200 × 630 PNG · 720 × 720 {filmFormat().name}, rank 1 to {ranks.at(-1)}
        </span>
      </p>
      {link === null && (
        <p className="note">
          This drawing is too large for a link. A run file holds it.{' '}
          <Press className="link under" event={{ type: 'command', command: 'save-run' }}>
            Save run file
          </Press>
        </p>
      )}
      <p className="note" role="status">
        {said}
      </p>
    </>
  );
}

/** Whether the device has a share sheet that takes a picture. */
function canShareFiles(): boolean {
  const picture = () => new File([''], 'owl.png', { type: 'image/png' });
  return typeof navigator.canShare === 'function' && navigator.canShare({ files: [picture()] });
}

function Next() {
  const dispatch = useDispatch();
  const read = () => {
    dispatch({ type: 'panel', panel: null });
    dispatch({ type: 'viewed', changes: { view: 'lab', lesson: 'what-is-lora', step: 1 } });
  };
  return (
    <div className="next">
      <p className="note">Next</p>
      <LinkButton className="link under entry-title" onClick={read}>
        What is LoRA? A {FIRST_LESSON_MINUTES}-minute lesson
      </LinkButton>
    </div>
  );
}
