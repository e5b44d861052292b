import { NO_ROUNDS, type Rounds, updateRounds } from '../experiment/network/rounds.ts';
import { SAMPLE_HANDS, sampleDrawing } from '../experiment/network/sample-hands.ts';
import { HandPad } from '../ui/hand/hand-pad.tsx';
import { type GalleryEntry, StatefulExample } from './entry.tsx';

const drawn = Array.from({ length: 50 }, (_, i) => sampleDrawing(SAMPLE_HANDS.slanted, i % 10, Math.floor(i / 10)));

/** The 9 of the third round is on the pad; 4 was skipped once. */
const DRAWING: Rounds = {
  ...NO_ROUNDS,
  drawings: drawn.map((drawing, slot) => (slot < 29 && slot !== 14 ? drawing : null)),
  skipped: new Set([14]),
  current: 29,
  strokes: drawn[29].strokes,
};
const BEFORE = [0, 0, 0, 0.01, 0, 0, 0, 0.98, 0, 0.01];
const NOW = [0, 0, 0, 0, 0, 0, 0, 0.02, 0, 0.98];

function pad(start: Rounds, now: readonly number[] | null = NOW) {
  return (
    <StatefulExample start={start}>
      {(rounds, set) => {
        const drawing = rounds.strokes.length > 0;
        return (
          <HandPad
            rounds={rounds}
            dispatch={(event) => set(updateRounds(rounds, event))}
            before={drawing ? BEFORE : null}
            now={drawing ? now : null}
          />
        );
      }}
    </StatefulExample>
  );
}

export const HAND_ENTRIES: readonly GalleryEntry[] = [
  {
    group: 'network',
    name: 'hand-pad',
    states: () => ({
      'a 9': pad(DRAWING),
      'at first': pad(NO_ROUNDS, null),
      'all drawn': pad(updateRounds(NO_ROUNDS, { type: 'fill', drawings: drawn })),
    }),
  },
];
