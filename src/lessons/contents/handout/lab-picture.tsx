import { CHARTS } from '../../../charts/charts.ts';
import { LabRoom } from '../../../kit/media.tsx';
import { ChartFigure } from '../../../ui/figures/chart-figure.tsx';
import { useShown } from '../../../ui/page.tsx';
import { Strip } from '../../../ui/strip/strip.tsx';
import { LAB, type Step } from '../../step.tsx';

interface LabPictureProps {
  readonly step: Step;
  /** Whether a chart that the step marks stands below the matrices. */
  readonly charts: boolean;
}

/** The matrices of a step, or the chart that it marks, as the lab draws them. */
export function LabPicture({ step: { title, shows = [] }, charts }: LabPictureProps) {
  const session = useShown((s) => s.session);
  const marked = charts ? CHARTS.filter(({ name }) => shows.some((at) => at.includes(`[data-chart="${name}"]`))) : [];
  const strip = marked.length === 0 || shows.some((at) => at.startsWith('.hero') || at === LAB.W0);
  return (
    <LabRoom session={session} label={`The lab at the step ${title}`}>
      {strip && <Strip />}
      {marked.length > 0 && (
        <section className="charts" aria-label="Charts">
          {marked.map((chart) => (
            <ChartFigure key={chart.name} chart={chart} />
          ))}
        </section>
      )}
    </LabRoom>
  );
}
