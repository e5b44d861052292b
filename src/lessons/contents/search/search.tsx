import { type KeyboardEvent, useId, useMemo, useState } from 'react';
import { Announced } from '../../../kit/announced.tsx';
import { Group } from '../../../kit/choice.tsx';
import { choosePreset } from '../../../ui/bar/experiments.tsx';
import { useDispatch } from '../../../ui/page.tsx';
import type { TermName } from '../../glossary/terms.ts';
import { LESSONS } from '../../list.ts';
import { useLessonOpener } from '../reader.tsx';
import { find, GROUPS, type SearchHit, type SearchTarget, searchEntries } from './find.ts';

/** Searches lessons, experiments and the glossary; ↑ ↓ choose, Enter opens. */
export function Search({ setTerm }: { readonly setTerm: (name: TermName | null) => void }) {
  const all = useMemo(() => searchEntries(LESSONS), []);
  const [query, setQuery] = useState('');
  const [at, setAt] = useState(0);
  const [closed, setClosed] = useState(false);
  const id = useId();
  const read = useLessonOpener();
  const dispatch = useDispatch();
  const groups = useMemo(() => find(query, all), [query, all]);
  const found = groups.flatMap(([, list]) => list);
  const shown = found.length > 0 && !closed;
  const open = (place: SearchTarget) => {
    if (place.kind === 'lesson') return read(place.lesson, place.step);
    if (place.kind === 'place') return dispatch({ type: 'viewed', changes: { view: place.view, lesson: '', step: 1 } });
    if (place.kind === 'experiment') return choosePreset(place.preset, dispatch);
    setTerm(place.term);
    setQuery('');
    read('glossary');
  };
  const press = (event: KeyboardEvent) => {
    const by = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    if (by !== 0 && found.length > 0) {
      event.preventDefault();
      setClosed(false);
      setAt(shown ? (at + by + found.length) % found.length : at);
    } else if (event.key === 'Enter' && shown) {
      event.preventDefault();
      open(found[at].place);
    } else if (event.key === 'Escape' && query !== '') {
      event.preventDefault();
      setQuery('');
    }
  };
  return (
    <search className="find">
      <input
        type="search"
        role="combobox"
        aria-label="Search lessons, experiments and glossary"
        placeholder="Search lessons and glossary"
        autoComplete="off"
        aria-autocomplete="list"
        aria-expanded={shown}
        aria-controls={shown ? id : undefined}
        aria-activedescendant={shown ? `${id}-${at}` : undefined}
        value={query}
        onChange={(event) => {
          setQuery(event.currentTarget.value);
          setAt(0);
          setClosed(false);
        }}
        onKeyDown={press}
        onBlur={() => setClosed(true)}
        onFocus={() => setClosed(false)}
      />
      <Announced>{query.trim() === '' ? '' : saidOf(groups)}</Announced>
      {shown && (
        // Keeps the focus in the field on a press.
        <div
          id={id}
          role="listbox"
          aria-label="Found"
          className="found"
          onMouseDown={(event) => event.preventDefault()}
        >
          {groups.map(([kind, list]) => (
            <Group key={kind} aria-labelledby={`${id}-${kind}`}>
              <div className="group" id={`${id}-${kind}`}>
                {GROUPS[kind]}
              </div>
              {list.map((one) => {
                const i = found.indexOf(one);
                return (
                  <div
                    key={i}
                    id={`${id}-${i}`}
                    role="option"
                    tabIndex={-1}
                    aria-selected={i === at}
                    onClick={() => open(one.place)}
                    onKeyDown={press}
                    onMouseMove={() => setAt(i)}
                  >
                    <b className="clamp">{one.title}</b>
                    <span className="clamp soft">{one.about}</span>
                  </div>
                );
              })}
            </Group>
          ))}
        </div>
      )}
      {query.trim() !== '' && found.length === 0 && <p className="note">Nothing found for “{query.trim()}”.</p>}
    </search>
  );
}

function saidOf(groups: readonly (readonly [kind: SearchTarget['kind'], found: readonly SearchHit[]])[]): string {
  const all = groups.reduce((sum, [, list]) => sum + list.length, 0);
  if (all === 0) return 'Nothing found.';
  return `${all} found: ${groups.map(([kind, list]) => `${list.length} in ${GROUPS[kind]}`).join(', ')}.`;
}
