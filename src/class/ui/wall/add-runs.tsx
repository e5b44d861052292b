import { useId, useState } from 'react';
import { Button } from '../../../kit/button.tsx';
import { useDispatch } from '../../../ui/page.tsx';
import type { WallOrder } from '../../state/wall.ts';

export function useWallOrder(): (order: WallOrder) => void {
  const dispatch = useDispatch();
  return (wall) => dispatch({ type: 'command', command: { wall } });
}

/** Import of runs: files, and links as text. `done`: something was added. */
export function AddRunsForm({ done }: { readonly done?: () => void }) {
  const order = useWallOrder();
  const [text, setText] = useState('');
  const id = useId();
  const add = () => {
    if (text.trim() === '') return;
    order({ paste: text });
    setText('');
    done?.();
  };
  return (
    <div className="add-runs">
      <section className="drop-here">
        <h2>Drop run files here</h2>
        <p>All at once or one by one. Nothing leaves this device, and nothing is stored.</p>
        <Button
          className="btn main"
          onClick={() => {
            order('pick');
            done?.();
          }}
        >
          Choose files …
        </Button>
      </section>
      <section className="paste-here">
        <label htmlFor={id}>Or paste links, one per line</label>
        <textarea
          id={id}
          rows={6}
          spellCheck={false}
          value={text}
          aria-describedby={`${id}note`}
          placeholder="https://…/#v=1&target=low-rank&…&by=Ada"
          onChange={(event) => setText(event.currentTarget.value)}
        />
        <p id={`${id}note`} className="note">
          Each link is trained here. Up to 60 runs. If a link has no name, write one in front of it.
        </p>
        <Button onClick={add} disabled={text.trim() === ''}>
          Add links
        </Button>
      </section>
    </div>
  );
}

/** Explains the sources of runs on an empty wall. */
export function RunSources() {
  return (
    <p className="where-from">
      On the page you gave them, students press <b>Hand in …</b> to save a run file or copy a link with their nickname.
      Collect the files or links the way you collect other homework.
    </p>
  );
}
