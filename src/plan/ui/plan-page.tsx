import { Notices } from '../../ui/notices/notices.tsx';
import { usePageTitle } from '../../ui/page.tsx';
import { Calculator } from './calculator.tsx';

/** Plan a run: what an adapter of the visitor's model costs. */
export default function PlanPage() {
  usePageTitle('Plan a run');
  return (
    <main id="main" tabIndex={-1} className="plan-page">
      <Notices />
      <Calculator />
    </main>
  );
}
