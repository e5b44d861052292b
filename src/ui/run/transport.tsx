import { MainButton, RewindButton, StepButton } from './buttons.tsx';
import { Pace } from './pace.tsx';
import { StatusLine } from './status.tsx';
import { Timeline } from './timeline.tsx';

/** The run's buttons, how it stands, and its timeline above the step charts. On a phone the dock holds the main button. */
export function Transport({ docked }: { readonly docked: boolean }) {
  return (
    <section className="transport" aria-label="Run">
      <div className="tp">
        {!docked && <MainButton />}
        <StepButton />
        <RewindButton />
        <Pace />
        <StatusLine />
      </div>
      <Timeline />
    </section>
  );
}
