import type { Chart, Scene } from '../../charts/chart.ts';

/** The figures of the run that is raised; null where none is. */
export function raisedWords(chart: Chart, scene: Scene): string | null {
  const raised = scene.others.find(({ pin }) => pin && pin.id === scene.raised);
  const words = raised ? chart.ofPin?.(raised, scene) : null;
  return raised && words ? `${raised.name}: ${words}` : null;
}
