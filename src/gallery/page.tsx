/**
 * npm run dev → /gallery: every chart and every component of the kit in all its states. Not part of the build. The page
 * shows itself in a frame as wide as the chosen appearance, so that media queries apply.
 */

import '../ui/looks/style-sheets.ts';
import './gallery.css';
import { useSyncExternalStore } from 'react';
import { createRoot } from 'react-dom/client';
import { CHART_ENTRIES } from './charts.tsx';
import { APPEARANCES, type Appearance, type GalleryEntry } from './entry.tsx';
import { HAND_ENTRIES } from './hand.tsx';
import { KIT_ENTRIES } from './kit.tsx';
import { NETWORK_ENTRIES } from './network.tsx';

// All style sheets, as it is unknown which entry needs which.
import.meta.glob('../{adapters,class,kit,lessons,ui}/**/*.css', { eager: true });

const ENTRIES: readonly GalleryEntry[] = [...KIT_ENTRIES, ...CHART_ENTRIES, ...HAND_ENTRIES, ...NETWORK_ENTRIES];
const NAMES = Object.keys(APPEARANCES) as Appearance[];

const lookOf = (name: string | null): Appearance => NAMES.find((appearance) => appearance === name) ?? 'light';

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
  const { of, look: appearance } = useAddress();
  const link = (next: { of?: string; look?: Appearance }, text: string) => (
    <a
      href={`#${new URLSearchParams({ of, look: appearance, ...next })}`}
      aria-current={(next.look ?? appearance) === appearance && (next.of ?? of) === of ? 'page' : undefined}
    >
      {text}
    </a>
  );
  const inner = new URLSearchParams({ look: appearance, of });
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
        title={`${of}, ${appearance}`}
        src={`/gallery?${inner}`}
        style={{ width: APPEARANCES[appearance].width }}
      />
    </div>
  );
}

function Shown({
  entries,
  look: appearance,
}: {
  readonly entries: readonly GalleryEntry[];
  readonly look: Appearance;
}) {
  return entries.map((entry) => (
    <section key={entry.name} className="gallery-entry">
      <h2>{entry.name}</h2>
      {Object.entries(entry.states(appearance)).map(([state, shown]) => (
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
  const appearance = lookOf(asked.get('look'));
  Object.assign(document.documentElement.dataset, {
    theme: APPEARANCES[appearance].theme,
    view: APPEARANCES[appearance].view,
  });
  const entries = ENTRIES.filter(({ group, name }) => of === group || of === name);
  createRoot(root).render(<Shown entries={entries} look={appearance} />);
} else if (root) createRoot(root).render(<Gallery />);
