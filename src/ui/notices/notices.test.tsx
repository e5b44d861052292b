import { renderToStaticMarkup } from 'react-dom/server';
import { describe, expect, it } from 'vitest';
import type { Remark } from '../../experiment/link/faults.ts';
import { parseLink } from '../../experiment/link/link.ts';
import { linkNotices } from '../../state/notices.ts';
import { RemarkText } from './notices.tsx';

const html = (remark: Remark) => renderToStaticMarkup(<RemarkText>{remark}</RemarkText>);
const ofLink = (link: string) => linkNotices(parseLink(link).faults).flatMap(({ texts }) => texts.map(html));

describe('the sentences of a notice', () => {
  it('set the setting that they are about as code, whatever it holds', () => {
    expect(ofLink('#v=1&rank=900&colour=red')).toEqual([
      '<code>colour</code>: unknown setting, ignored.',
      '<code>rank=900</code>: must be a whole number from 1 to 64; using 8.',
    ]);
    expect(ofLink('#v=1&alpha=a b: c=d')[0]).toMatch(/^<code>alpha=a b: c=d<\/code>: must be /);
  });

  it('leave everything else as it is', () => {
    for (const text of ['The run up to there is kept.', 'B = 0, so ΔW = 0.', 'seed=1: a sentence'])
      expect(html(text)).toBe(text);
  });

  it('never let a value become markup', () => {
    expect(ofLink('#v=1&rank=<img src=x onerror=alert(1)>')[0]).not.toContain('<img');
    expect(html('<script>x=1</script>')).not.toContain('<script>');
  });
});
