import { memo, useEffect, useRef, useState } from 'react';
import type { Experiment } from '../../experiment/settings/params.ts';
import type { View } from '../../experiment/settings/view.ts';
import { LabContainer, useContainerWidth, useWidth } from '../../kit/media.tsx';
import { Bar } from '../../ui/bar/bar.tsx';
import { Column } from '../../ui/column.tsx';
import { SessionProvider, useDispatch, useGetLab, useLab } from '../../ui/page.tsx';
import { Rail } from '../../ui/rail/rail.tsx';

/** Session of the students' page; 0 is the page's own. */
export const PREVIEW = 1;
/** px of a small laptop. */
const WINDOW = { width: 1160, height: 760 };

/** The page as students see it, live but inert. */
export const StudentPage = memo(function StudentPage({ e, view }: { readonly e: Experiment; readonly view: View }) {
  const dispatch = useDispatch();
  const drawing = useLab((s) => s.drawing);
  const here = useLab((s) => s.session);
  const [box, px] = useContainerWidth<HTMLDivElement>();
  const desk = useWidth() === 'desk';
  const [joined, setJoined] = useState(false);
  const asked = useRef(view);
  asked.current = view;
  useEffect(() => {
    dispatch({ type: 'joined', session: PREVIEW });
    setJoined(true);
    return () => dispatch({ type: 'left', session: PREVIEW });
  }, [dispatch]);
  useEffect(() => {
    if (!joined) return;
    const opened = { experiment: e, view: inPlace(asked.current), drawing, notices: [], preset: null };
    dispatch({ type: 'opened', session: PREVIEW, ...opened });
  }, [dispatch, joined, e, drawing]);
  useEffect(() => {
    if (joined) dispatch({ type: 'viewed', session: PREVIEW, changes: inPlace(view) });
  }, [dispatch, joined, view]);
  const { width, height } = WINDOW;
  const scale = px / width;
  const style = desk ? { width, height, transform: `scale(${scale})` } : undefined;
  return (
    <div ref={box} className="as-student" style={desk ? { height: height * scale } : undefined} inert data-of={here}>
      <div className="page" style={style}>
        {joined && (
          <SessionProvider session={PREVIEW}>
            <RunAsAsked run={view.run} />
            <LabContainer session={PREVIEW} label="The page as students see it">
              <Inside />
            </LabContainer>
          </SessionProvider>
        )}
      </div>
    </div>
  );
});

/** A projector's sizes belong to a whole window: here it is the lab. */
const inPlace = ({ view, ...others }: View): View => ({
  ...others,
  ...{ lesson: '', step: 1 },
  view: view === 'embed' ? view : 'lab',
});

function Inside() {
  const embedded = useLab((s) => s.view.view === 'embed');
  const room = useWidth();
  if (embedded) return <Column docked={false} />;
  return (
    <>
      <Bar />
      <div className={room === 'phone' ? undefined : 'lab'}>
        {room !== 'phone' && <Rail />}
        <div className="column">
          <Column docked={false} />
        </div>
      </div>
    </>
  );
}

/** Trains if the link does so, and is at step 0 if it does not. */
function RunAsAsked({ run }: { readonly run: boolean }) {
  const dispatch = useDispatch();
  const now = useGetLab();
  const ready = useLab((s) => s.run.ready !== null);
  useEffect(() => {
    if (!ready) return;
    const { status } = now().run;
    if (run && status === 'idle') dispatch({ type: 'train' });
    if (!run && now().run.trace.length > 1) dispatch({ type: 'rewind' });
  }, [run, ready, now, dispatch]);
  return null;
}
