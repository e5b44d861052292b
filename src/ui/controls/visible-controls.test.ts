import { describe, expect, it } from 'vitest';
import { change, defaults } from '../../experiment/settings/experiment.ts';
import type { ParamKey } from '../../experiment/settings/params.ts';
import { isVisible, requestedControls } from './visible-controls.ts';

describe('the controls that a link shows', () => {
  it('are all of them where it names none, or none that is known', () => {
    for (const show of ['', 'foo,bar', '__proto__,constructor'])
      expect(requestedControls({ show, view: 'lab' })).toBeNull();
  });

  it('are those it names; unknown names are ignored', () => {
    for (const view of ['lab', 'embed'] as const)
      expect(requestedControls({ show: 'rank,foo,alpha', view })).toEqual(['rank', 'alpha']);
  });

  it('are the rank in a frame whose link names none, and none where it names no setting', () => {
    expect(requestedControls({ show: '', view: 'embed' })).toEqual(['rank']);
    expect(requestedControls({ show: 'pace', view: 'embed' })).toEqual([]);
  });

  it('are never those that the experiment has no use for', () => {
    const e = change(defaults(), { target: 'rotation' });
    const seen = (of: ParamKey) => isVisible(of, e, { show: 'truerank,rank', view: 'lab' });
    expect([seen('truerank'), seen('rank'), seen('alpha')]).toEqual([false, true, false]);
  });
});
