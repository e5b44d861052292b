import { useEffect, useState } from 'react';
import { Button } from '../../kit/button.tsx';
import { forgetAll, openShelf, SHELF, type StoredPart, storedNames, storedTexts } from '../../kit/storage.ts';
import { useDispatch } from '../page.tsx';
import { Dialog } from '../panels/dialog.tsx';

export const OWN = 'lora-explorer/';
/** All that the page stores, by where it lies. */
export const PARTS: readonly StoredPart[] = [
  { shelf: SHELF, prefix: OWN },
  storedTexts(OWN),
  { shelf: openShelf('lora-explorer-sweeps', 'sweeps'), prefix: '' },
];

/** What lies under a key, in words. */
const NAMES: Readonly<Record<string, string>> = {
  'lora-explorer/kept-run': 'your last run',
  'lora-explorer/left-run': 'your last run',
  'lora-explorer/experiments': 'your own experiments',
  'lora-explorer/lessons': 'your progress and answers in the lessons',
  'lora-explorer/nickname': 'your nickname',
  'lora-explorer/opening': 'that you have seen the introduction',
  'lora-explorer/charts': 'which charts you chose to see',
  'lora-explorer/teaching': 'the plan that you are teaching',
  'lora-explorer/hand': 'the digits that you drew',
  'lora-explorer/speed': 'how fast this device trains',
  'lora-explorer/places': 'that you know where everything is',
};

export function storedWords(names: readonly (readonly string[])[]): readonly string[] {
  const [shelf, texts, sweeps] = names;
  const words = [...shelf, ...texts].map((name) => (Object.hasOwn(NAMES, name) ? NAMES[name] : 'other settings'));
  return [...new Set(words), ...(sweeps.length > 0 ? ['the results of your sweeps'] : [])];
}

/** Asks once, with all that goes; afterwards the page is as on a first visit. */
export default function ForgetPanel() {
  const [words, setWords] = useState<readonly string[] | null>(null);
  const [going, setGoing] = useState(false);
  const dispatch = useDispatch();
  useEffect(() => {
    void Promise.all(PARTS.map(storedNames)).then((names) => setWords(storedWords(names)));
  }, []);
  const forget = () => {
    setGoing(true);
    // Without a fragment the page is loaded anew.
    void forgetAll(PARTS).then(() => location.assign(location.pathname + location.search));
  };
  return (
    <Dialog title="Forget everything on this device" kind="forget">
      {words === null ? (
        <p>Looking …</p>
      ) : words.length === 0 ? (
        <p>Nothing of yours is stored here.</p>
      ) : (
        <>
          <p>This browser keeps, for this page alone:</p>
          <ul>
            {words.map((one) => (
              <li key={one}>{one}</li>
            ))}
          </ul>
          <p>
            All of it goes, and so does what is on screen: a class plan, the wall and opened files too. It cannot be
            undone. Links and files that you saved stay yours.
          </p>
        </>
      )}
      <p className="acts">
        {words !== null && (
          <Button className="btn main" disabled={going} onClick={forget}>
            Forget everything
          </Button>
        )}
        <Button onClick={() => dispatch({ type: 'panel', panel: null })}>Keep it</Button>
      </p>
    </Dialog>
  );
}
