import type { EngineChoice } from '../engine/protocol/engine-info.ts';
import { cached } from '../experiment/layer/cached.ts';
import type { PageEvent } from './events.ts';
import { newSession, newSharedState, type Session, type SharedState, type State, type Store } from './state.ts';
import { update } from './update.ts';

/** The whole state of the page, as plain data: one or more labs. */
export interface Page extends SharedState {
  /** Keys, the address bar and scripts act on the first. */
  readonly sessions: readonly [Session, ...Session[]];
}

export function initialPage(choice: EngineChoice): Page {
  return { ...newSharedState(choice), sessions: [newSession(0)] };
}

const empty = new Map<number, Session>();

function emptySession(session: number): Session {
  const known = empty.get(session) ?? newSession(session);
  empty.set(session, known);
  return known;
}

const labs = cached((_: Page) => new Map<number, State>());

/** One lab of the page, the same object while the page is the same; if unknown, an empty one. */
export function labOf(page: Page, session: number): State {
  const states = labs(page);
  const known = states.get(session);
  if (known) return known;
  const { sessions, ...shared } = page;
  const own = sessions.find((one) => one.session === session) ?? emptySession(session);
  const state = { ...shared, ...own };
  states.set(session, state);
  return state;
}

/** The lab of an event; null: all labs, or the page itself. */
function sessionOf(page: Page, event: PageEvent): number | null {
  if (event.type === 'hidden' || event.type === 'choose') return null;
  if (event.type !== 'engine') return event.session ?? page.sessions[0].session;
  const { message } = event;
  if (message.type === 'beat') return null;
  const has = ({ run, next }: Session) => next?.run.number === message.run || run.number === message.run;
  return page.sessions.find(has)?.session ?? null;
}

/** Pure: app/ derives the side effects (worker, address bar, files) from the difference. */
export function updatePage(page: Page, event: PageEvent): Page {
  switch (event.type) {
    case 'joined':
      return page.sessions.some(({ session }) => session === event.session)
        ? page
        : { ...page, sessions: [...page.sessions, emptySession(event.session)] };
    case 'left':
      return without(page, event.session);
    case 'hidden':
    case 'choose':
      return page.sessions.reduce((now, { session }) => updateLab(now, session, event), page);
    default: {
      const session = sessionOf(page, event);
      return session === null ? page : updateLab(page, session, event);
    }
  }
}

function updateLab(page: Page, session: number, event: PageEvent): Page {
  const before = labOf(page, session);
  const state = update(before, event);
  if (state === before) return page;
  const { lastNumber, theme, shortcuts, choice, hidden, mine, progress, ...own } = state;
  const shared: SharedState = { lastNumber, theme, shortcuts, choice, hidden, mine, progress };
  const [first, ...others] = page.sessions;
  const after = (one: Session) => (one.session === own.session ? own : one);
  return { ...shared, sessions: [after(first), ...others.map(after)] };
}

/** Removes a lab, never the first: a page has at least one. */
function without(page: Page, session: number): Page {
  const [first, ...others] = page.sessions;
  const kept = others.filter((one) => one.session !== session);
  return kept.length === others.length ? page : { ...page, sessions: [first, ...kept] };
}

export type PageStore = Store<Page>;

export function labStore({ state, dispatch, react, subscribe }: PageStore, session: number): Store {
  return {
    state: () => labOf(state(), session),
    dispatch: (event) => dispatch({ session, ...event }),
    react: (listener) =>
      react((now, before, event) => {
        const about = sessionOf(before, event);
        if (about === null || about === session) listener(labOf(now, session), labOf(before, session), event);
      }),
    subscribe,
  };
}
