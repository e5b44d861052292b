import type { EngineInfo } from '../protocol/engine-info.ts';
import type { ReadyMessage, ReadyModule } from '../protocol/ready.ts';
import { againstStart } from './against-link.ts';
import { train } from './begin.ts';
import { movedTo } from './computed.ts';
import { withContradictions } from './contradicted.ts';
import { withoutFactors } from './frames.ts';
import { engineNotice, longRunNotice, withNotice, withoutNotices } from './notices.ts';
import { lastStep, type Run, shownModule } from './run.ts';
import type { Next, State } from './state.ts';

/** The matrices of the next run exist: it takes the place of the one on screen. */
export function onReady(state: State, next: Next, ready: ReadyMessage): State {
  const known = next.run.replay !== null || next.run.recorded;
  const old = state.run;
  const run: Run = {
    ...next.run,
    ready,
    rate: next.run.rate ?? ready.rate,
    engine: ready.engine,
    computed: computedFrom(next.run, ready.engine),
    secondsPerStep: ready.secondsPerStep,
    progress: null,
    // The worker repeats the known steps before it takes any further wish.
    workerStep: next.run.replay?.to ?? 0,
    status: next.after ?? 'idle',
  };
  const [before, now] = [shownModule(old), shownModule(run)];
  const sameSize = before?.d === now?.d && before?.k === now?.k;
  const ghost =
    !known && before && sameSize && lastStep(old) > 0
      ? {
          trace: old.trace,
          frames: old.frames.map(withoutFactors),
          samples: old.samples,
          losses: old.losses,
          rank: before.rank,
        }
      : null;
  let after: State = {
    ...state,
    run,
    next: null,
    ghost,
    look: known ? state.look : null,
    cell: now && cellInside(state, now),
  };
  // What was said of a file goes with its run.
  if (!next.run.replay) after = withoutNotices(after, ['recorded']);
  after = withContradictions(after, againstStart(run, ready));
  const news = engineNotice(after);
  if (news && old.engine?.why !== ready.engine.why) after = withNotice(after, news);
  if (!news && old.engine?.why) after = withoutNotices(after, ['engine']);
  const long = next.start === 'yes' ? null : longRunNotice(after);
  if (long && next.start === 'link') after = withNotice(after, long);
  const goes = next.start === 'yes' || (next.start === 'link' && after.view.run && !long);
  if (next.start === 'link' && after.hidden) return after;
  return goes ? train(after, next.steps, next.run.scripted) : after;
}

/** A recorded run was computed where its file says, until it goes on here; one without a step begins here. */
function computedFrom(run: Run, { backend, device }: EngineInfo): Run['computed'] {
  const { computed, recorded, replay } = run;
  if (recorded && !replay && lastStep(run) > 0) return computed;
  return movedTo(computed, { from: replay?.to ?? 0, backend, device });
}

function cellInside(state: State, { d, k }: ReadyModule): State['cell'] {
  const { cell } = state;
  return cell && cell.row < d && cell.column < k ? cell : null;
}
