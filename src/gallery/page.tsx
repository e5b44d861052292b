/**
 * npm run dev → /gallery: every chart and every component of the kit in all its states. Not part of the build. The page
 * shows itself in a frame, whose window is as wide as the look says, so that media queries hold.
 */

import '../ui/looks/all.ts';
import './gallery.css';
import { useSyncExternalStore } from 'react';
import { createRoot } from 'react-dom/client';
import { CHART_ENTRIES } from './charts.tsx';
import { type Entry, LOOKS, type Look } from './entry.tsx';
import { KIT_ENTRIES } from './kit.tsx';
import { NETWORK_ENTRIES } from './network.tsx';

// All style sheets, as none knows which entry needs it.
import.meta.glob('../{adapters,class,kit,lessons,ui}/**/*.css', { eager: true });

const ENTRIES: readonly Entry[] = [...KIT_ENTRIES, ...CHART_ENTRIES, ...NETWORK_ENTRIES];
const NAMES = Object.keys(LOOKS) as Look[];

const lookOf = (name: string | null): Look => NAMES.find((look) => look === name) ?? 'light';

/** #of=error&look=dark: an entry, or a group of them. */
function useAddress() {
  const hash = useSyncExternalStore(
    (changed) => {
      addEventListener('hashchange', changed);
      return () => removeEventListener('hashchange', changed);
    },
    () => location.hash,
  );
  const asked = new URLSearchParams(hash.slice(1));
  return { of: asked.get('of') ?? ENTRIES[0].group, look: lookOf(asked.get('look')) };
}

function Gallery() {
  const { of, look } = useAddress();
  const link = (next: { of?: string; look?: Look }, text: string) => (
    <a
      href={`#${new URLSearchParams({ of, look, ...next })}`}
      aria-current={(next.look ?? look) === look && (next.of ?? of) === of ? 'page' : undefined}
    >
      {text}
    </a>
  );
  const inner = new URLSearchParams({ look, of });
  return (
    <div className="gallery-page">
      <nav aria-label="Looks">
        {NAMES.map((name) => (
          <span key={name}>{link({ look: name }, name)}</span>
        ))}
      </nav>
      <nav aria-label="Entries">
        {[...new Set(ENTRIES.map(({ group }) => group))].map((group) => (
          <section key={group}>
            <h2>{link({ of: group }, group)}</h2>
            {ENTRIES.filter((entry) => entry.group === group).map(({ name }) => (
              <div key={name}>{link({ of: name }, name)}</div>
            ))}
          </section>
        ))}
      </nav>
      <iframe
        key={`${inner}`}
        title={`${of}, ${look}`}
        src={`/gallery?${inner}`}
        style={{ width: LOOKS[look].width }}
      />
    </div>
  );
}

/** The states of entries, one below the other. */
function Shown({ entries, look }: { readonly entries: readonly Entry[]; readonly look: Look }) {
  return entries.map((entry) => (
    <section key={entry.name} className="gallery-entry">
      <h2>{entry.name}</h2>
      {Object.entries(entry.states(look)).map(([state, shown]) => (
        <figure key={state}>
          <figcaption>{state}</figcaption>
          <div>{shown}</div>
        </figure>
      ))}
    </section>
  ));
}

const root = document.getElementById('root');
const asked = new URLSearchParams(location.search);
const of = asked.get('of');
if (root && of !== null) {
  const look = lookOf(asked.get('look'));
  Object.assign(document.documentElement.dataset, { theme: LOOKS[look].theme, view: LOOKS[look].view });
  const entries = ENTRIES.filter(({ group, name }) => of === group || of === name);
  createRoot(root).render(<Shown entries={entries} look={look} />);
} else if (root) createRoot(root).render(<Gallery />);
