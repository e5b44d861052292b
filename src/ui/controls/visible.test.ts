import { describe, expect, it } from 'vitest';
import { change, defaults } from '../../experiment/settings/experiment.ts';
import type { ParamKey } from '../../experiment/settings/params.ts';
import { isVisible, wantedControls } from './visible.ts';

describe('the controls that a link shows', () => {
  it('are all of them where it names none, or none that is known', () => {
    expect(wantedControls('')).toBeNull();
    expect(wantedControls('foo,bar')).toBeNull();
    expect(wantedControls('__proto__,constructor')).toBeNull();
  });

  it('are those it names; unknown names are ignored', () => {
    expect(wantedControls('rank,foo,alpha')).toEqual(['rank', 'alpha']);
  });

  it('are never those that the experiment has no use for', () => {
    const e = change(defaults(), { target: 'rotation' });
    const seen = (of: ParamKey) => isVisible(of, e, 'truerank,rank');
    expect([seen('truerank'), seen('rank'), seen('alpha')]).toEqual([false, true, false]);
  });
});
