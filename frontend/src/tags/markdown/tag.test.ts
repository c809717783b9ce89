import { expect, it } from 'vitest';
import { dedent } from './dedent';

it('takes away the indentation of the XML around, and no more', () => {
  expect(dedent('\n    # Title\n\n    - one\n      - two\n  ')).toBe('# Title\n\n- one\n  - two');
  expect(dedent('# Title\n    - one')).toBe('# Title\n- one');
  expect(dedent('  plain  ')).toBe('plain');
});
