import type { Kind, Read, Words } from './kind.ts';

interface FlagOptions extends Words {
  readonly default: boolean;
}

export function flag(options: FlagOptions): Kind<boolean> {
  const check = (value: unknown): Read<boolean> => {
    if (value === true || value === 1 || value === '1') return { value: true };
    if (value === false || value === 0 || value === '0') return { value: false };
    return { fault: '0 or 1' };
  };
  return {
    ...options,
    kind: 'flag',
    default: () => options.default,
    allowed: () => '0 or 1',
    check,
    read: check,
    // Left out is the default.
    write: (value) => (value ? '1' : options.default ? '0' : null),
  };
}
